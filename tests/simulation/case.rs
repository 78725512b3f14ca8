//! A case: a world, a request, its plan, and the run of it.

use std::collections::BTreeSet;
use std::rc::Rc;

use serde_json::Value;
use unpool::removal::{Action, Event, Survey};
use unpool::{Client, Document, Error};

use crate::chance::Chance;
use crate::cloud::{Cloud, Family, Temper};
use crate::fault::{self, Fault};
use crate::generate;
use crate::select;
use crate::stage::{Source, Stage};
use crate::vendor::{self, Asked};

/// What a series of cases has.
#[derive(Clone, Copy, Debug, Default)]
pub struct Weather {
    pub name: &'static str,
    /// How many halves of the cases.
    pub share: u32,
    /// Faults of changes and of reads, in a thousand.
    pub faults: u32,
    /// Exactly one lost answer; nothing is readable afterwards where `blind`.
    pub one_lost: bool,
    pub blind: bool,
    /// From some call on nothing can be changed any more, always for the same reason.
    pub forbidden: bool,
    /// Between two calls, in a thousand.
    pub adversary: u32,
    pub only_health: bool,
    /// Delayed visibility, locks, asynchronous changes.
    pub slow: bool,
    /// The caller aborts or stops at some point, in a thousand cases.
    pub abort: u32,
    pub pause: u32,
}

pub fn client(family: Family) -> Client {
    let options = match family {
        Family::Alibaba => {
            r#"{"vendor": "alibaba", "region": "cn-hangzhou", "credentials": {"accessKeyId": "a", "accessKeySecret": "s"}}"#
        }
        Family::Ucloud => {
            r#"{"vendor": "ucloud", "region": "cn-bj2", "credentials": {"publicKey": "p", "privateKey": "k"}}"#
        }
        Family::Openstack => {
            r#"{"vendor": "openstack", "endpoint": "https://octavia.example.com", "credentials": {"token": "t"}}"#
        }
    };
    let document = unpool::json::parse(options).expect("JSON");
    Client::new(document.value()).expect("good options")
}

/// The plan of a request: only read, and read well.
fn plan(client: &Client, cloud: &mut Cloud, request: &str, chance: &mut Chance, shaky: bool) -> Result<Value, String> {
    let setting = client.setting().expect("an open client");
    let mut survey = Survey::plan(setting, request).map_err(|error| error.to_string())?;
    let mut events: Vec<Option<Event>> = (0..survey.lanes()).map(|_| Some(Event::Ready)).collect();
    let mut steps = 0;
    while events.iter().any(Option::is_some) {
        let open: Vec<usize> = (0..events.len()).filter(|lane| events[*lane].is_some()).collect();
        let lane = *chance.pick(&open);
        let event = events[lane].take().unwrap_or_default();
        steps += 1;
        assert!(steps < 5_000, "a survey without end");
        events[lane] = match survey.next(lane, event, chance.bits() as u32) {
            Action::Done => None,
            Action::Sleep(millis) => {
                cloud.pass(i64::from(millis));
                Some(Event::Ready)
            }
            Action::Change(text) => panic!("a plan changes something: {text}"),
            Action::Read(text) => {
                let op = checked(client, &text);
                cloud.pass(20);
                let fault = if shaky && chance.permille(100) { *chance.pick(fault::ON_READ) } else { Fault::None };
                Some(match (fault, vendor::ask(cloud, &op)) {
                    (_, Asked::Change(_)) => panic!("a plan changes something: {text}"),
                    (Fault::None, Asked::Read(Ok(answer), _)) => Event::Answer(answer.to_string()),
                    (Fault::None, Asked::Read(Err(error), _)) => Event::Failed(error.to_string()),
                    (fault, _) => Event::Failed(fault.error(false, chance).to_string()),
                })
            }
        };
    }
    let text = survey.finish(cloud.now)?.into_text();
    Ok(serde_json::from_str(&text).expect("a plan is JSON"))
}

/// An operation as the client takes it: nothing is ever sent that it would refuse.
pub fn checked(client: &Client, text: &str) -> Value {
    let document: Document<'_> = unpool::json::parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    if let Err(error) = client.check(document.value()) {
        let error: Error = error;
        panic!("refused as {error}: {text}");
    }
    serde_json::from_str(text).expect("JSON")
}

/// A world and the plan of a request, ready to be run; or why there is nothing to run.
pub fn begin(
    client: &Rc<Client>,
    family: Family,
    weather: Weather,
    seed: u64,
    told: bool,
) -> Result<Stage, &'static str> {
    let mut chance = Chance::new(seed);
    let temper = Temper {
        lag_ms: if weather.slow && family != Family::Openstack && chance.permille(600) {
            // Within what is waited for after a lost answer: what shows later than that, nobody can know.
            chance.range(1, if family == Family::Alibaba { 4_500 } else { 6_000 })
        } else {
            0
        },
        lock_ms: if weather.slow && chance.permille(600) { chance.range(1, 8_000) } else { 0 },
        accepts: family == Family::Openstack && chance.permille(700),
        strict: chance.permille(300),
    };
    let mut cloud = Cloud::new(family, temper, generate::balancers(&mut chance, family));
    let mut request = generate::request(&mut chance, family, &cloud.real);
    let shaky = weather.faults > 0 && chance.permille(50);
    let mut drawn = match plan(client, &mut cloud, &request.to_string(), &mut chance, shaky) {
        Ok(plan) => plan,
        Err(error) if shaky => {
            assert!(error.starts_with('{'), "{error}");
            return Err("unreadable");
        }
        Err(error) => panic!("{error}: {request}"),
    };
    let refused = |plan: &Value| plan["refusals"].as_array().is_some_and(|list| !list.is_empty());
    if refused(&drawn) && chance.permille(600) {
        // By name, what was refused.
        let mut allow: Vec<Value> = request["allow"].as_array().cloned().unwrap_or_default();
        for refusal in drawn["refusals"].as_array().into_iter().flatten() {
            if !allow.contains(&refusal["guard"]) && refusal["guard"] != "locked-or-error" {
                allow.push(refusal["guard"].clone());
            }
        }
        request["allow"] = Value::Array(allow);
        drawn = match plan(client, &mut cloud, &request.to_string(), &mut chance, false) {
            Ok(plan) => plan,
            Err(error) => panic!("{error}: {request}"),
        };
    }
    let stage = Stage::new(client, weather, cloud, chance, drawn, told);
    let run = match stage.run(&Source::Plain, &[], stage.cloud.now) {
        Ok(run) => run,
        Err(error) => {
            assert_eq!(error.kind(), unpool::Kind::Refused, "{error}");
            assert!(refused(&stage.plan), "{error}");
            return Err("refused");
        }
    };
    assert!(!refused(&stage.plan), "a plan with refusals runs: {}", stage.plan);
    if run.lanes().is_empty() {
        return Err("nothing to do");
    }
    let (meant, absent) = select::select(&stage.cloud, &request);
    assert_eq!(
        stage.watch.entries.keys().cloned().collect::<BTreeSet<_>>(),
        meant,
        "P2: the plan is about something else"
    );
    assert_eq!(stage.plan["absent"], Value::Array(absent), "P2: what the request names and is not there");
    Ok(stage)
}

/// A plan and its run, without a journal.
pub fn play(
    client: &Rc<Client>,
    family: Family,
    weather: Weather,
    seed: u64,
    told: bool,
) -> Result<Stage, &'static str> {
    let mut stage = begin(client, family, weather, seed, told)?;
    stage.carry(&Source::Plain, None);
    Ok(stage)
}
