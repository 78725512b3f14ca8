//! A case: a world, a request, its plan, and the run of it, with whatever goes wrong.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use unpool::removal::{Action, Event, Run, Survey};
use unpool::{Client, Document, Error};

use crate::adversary::{self, Touched};
use crate::chance::Chance;
use crate::cloud::{Act, Cloud, Family, Temper};
use crate::fault::{self, Fault};
use crate::generate;
use crate::select;
use crate::vendor::{self, Asked};
use crate::watch::Watch;

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

/// What came of a case.
pub enum End {
    /// There was nothing to run: why.
    Unplanned(&'static str),
    Ran(Box<Ran>),
}

pub struct Ran {
    pub weather: Weather,
    pub cloud: Cloud,
    /// How it all was when the plan was made, and what others alone have made of it.
    pub before: Cloud,
    pub shadow: Cloud,
    pub touched: Touched,
    pub watch: Watch,
    pub plan: Value,
    pub report: Value,
    /// Which faults there were, and at how many calls.
    pub faults: Vec<Fault>,
    pub aborted: bool,
    pub paused: bool,
}

struct Lane {
    /// What it is told next, and when.
    event: Event,
    at: i64,
    over: bool,
}

/// What a lane was told and said, to be told and said once more.
struct Heard {
    lane: usize,
    event: (u8, String),
    now: i64,
    random: u32,
    action: Action,
}

fn retold(event: &(u8, String)) -> Event {
    match event.0 {
        0 => Event::Ready,
        1 => Event::Answer(event.1.clone()),
        2 => Event::Failed(event.1.clone()),
        3 => Event::Held,
        _ => Event::Stopped(event.1.clone()),
    }
}

fn kept(event: &Event) -> (u8, String) {
    match event {
        Event::Ready => (0, String::new()),
        Event::Answer(text) => (1, text.clone()),
        Event::Failed(text) => (2, text.clone()),
        Event::Held => (3, String::new()),
        Event::Stopped(text) => (4, text.clone()),
    }
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
            Action::Send(text) => {
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
fn checked(client: &Client, text: &str) -> Value {
    let document: Document<'_> = unpool::json::parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    if let Err(error) = client.check(document.value()) {
        let error: Error = error;
        panic!("refused as {error}: {text}");
    }
    serde_json::from_str(text).expect("JSON")
}

pub fn play(client: &Client, family: Family, weather: Weather, seed: u64, told: bool) -> End {
    let mut chance = Chance::new(seed);
    let temper = Temper {
        lag_ms: if weather.slow && family != Family::Openstack && chance.permille(600) {
            chance.range(1, 6_000)
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
            return End::Unplanned("unreadable");
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
    let setting = client.setting().expect("an open client");
    let text = drawn.to_string();
    let mut run = match Run::new(setting.clone(), &text, cloud.now) {
        Ok(run) => run,
        Err(error) => {
            assert_eq!(error.kind(), unpool::Kind::Refused, "{error}");
            assert!(refused(&drawn), "{error}");
            return End::Unplanned("refused");
        }
    };
    assert!(!refused(&drawn), "a plan with refusals runs: {drawn}");
    let count = run.lanes().len();
    if count == 0 {
        return End::Unplanned("nothing to do");
    }
    let ids: Vec<String> = run.lanes().iter().map(|lane| lane.id.clone()).collect();
    let mut watch = Watch::new(&cloud, &ids, &drawn);
    let (meant, absent) = select::select(&cloud, &request);
    assert_eq!(watch.entries.keys().cloned().collect::<BTreeSet<_>>(), meant, "P2: the plan is about something else");
    assert_eq!(drawn["absent"], Value::Array(absent), "P2: what the request names and is not there");
    let before = cloud.clone();
    let mut shadow = Cloud::new(family, Temper::default(), cloud.real.clone());
    let mut touched = Touched::default();
    let planned: Vec<(usize, usize, String)> = watch.entries.keys().cloned().collect();
    let mut next = 5_000;
    let mut faults = Vec::new();
    let mut heard: Vec<Heard> = Vec::new();
    let began = cloud.now;
    // How many changes there would be without trouble: what is to happen once happens at one of them.
    let changes = drawn["calls"]["changes"].as_u64().unwrap_or(1) as usize;
    let forbidden_from = if weather.forbidden { chance.below(changes + 1) } else { usize::MAX };
    let hindered = *chance.pick(&[
        Fault::Forbidden,
        Fault::Forbidden,
        Fault::Busy,
        Fault::Throttled,
        Fault::Server,
        Fault::NotSent,
        Fault::LostUndone,
    ]);
    let lost_at = if weather.one_lost { chance.below(changes.max(1)) } else { usize::MAX };
    let stop_at =
        if chance.permille(weather.abort + weather.pause) { chance.below(changes * 6 + 8) } else { usize::MAX };
    let aborts = chance.below((weather.abort + weather.pause).max(1) as usize) < weather.abort as usize;
    let before_call = chance.permille(300);
    let (mut aborted, mut paused, mut mutations, mut blind) = (false, false, 0, usize::MAX);
    let mut lanes: Vec<Lane> = (0..count).map(|_| Lane { event: Event::Ready, at: 0, over: false }).collect();
    let mut steps = 0;
    let most = 400 * (watch.entries.len() + watch.rules.len() + 4);
    'run: while lanes.iter().any(|lane| !lane.over) {
        if chance.permille(weather.adversary) {
            adversary::act(
                &mut cloud,
                &mut shadow,
                &mut touched,
                &mut chance,
                &planned,
                &mut next,
                weather.only_health,
            );
        }
        if steps >= stop_at {
            if !aborts && !before_call {
                paused = true;
                break;
            }
            aborted |= aborts;
        }
        steps += 1;
        assert!(steps < most, "a run without end: {steps} steps for {} entries", watch.entries.len());
        let ready: Vec<usize> =
            (0..count).filter(|lane| !lanes[*lane].over && (aborted || lanes[*lane].at <= cloud.now)).collect();
        if ready.is_empty() {
            let wait = lanes.iter().filter(|lane| !lane.over).map(|lane| lane.at).min().unwrap_or(0);
            cloud.pass(wait - cloud.now);
            continue;
        }
        let place = *chance.pick(&ready);
        let lane = &mut lanes[place];
        let event = match (aborted, &lane.event) {
            (true, Event::Ready) => Event::Failed(fault::aborted(false).to_string()),
            _ => core::mem::take(&mut lane.event),
        };
        let random = chance.bits() as u32;
        let event_kept = kept(&event);
        watch.told(place);
        let told_next = run.next(place, event, cloud.now, random);
        for note in &told_next.notes {
            serde_json::from_str::<Value>(note).expect("a note is JSON");
        }
        if told {
            println!("{} {place} < {} {}", cloud.now - began, event_kept.0, event_kept.1);
            for note in &told_next.notes {
                println!("  note {note}");
            }
            println!("{} {place} > {:?}", cloud.now - began, told_next.action);
        }
        heard.push(Heard { lane: place, event: event_kept, now: cloud.now, random, action: told_next.action.clone() });
        lane.event = match told_next.action {
            Action::Done => {
                lane.over = true;
                Event::Ready
            }
            Action::Sleep(millis) => {
                lane.at = cloud.now + i64::from(millis);
                Event::Ready
            }
            Action::Send(text) => {
                let op = checked(client, &text);
                if chance.permille(weather.adversary / 2) {
                    adversary::act(
                        &mut cloud,
                        &mut shadow,
                        &mut touched,
                        &mut chance,
                        &planned,
                        &mut next,
                        weather.only_health,
                    );
                }
                if steps > stop_at && !aborts {
                    // It stops before this call is made, and says so, or is never heard of again.
                    paused = true;
                    if chance.permille(500) {
                        let event = Event::Held;
                        heard.push(Heard {
                            lane: place,
                            event: kept(&event),
                            now: cloud.now,
                            random,
                            action: Action::Done,
                        });
                        assert_eq!(run.next(place, event, cloud.now, random).action, Action::Done);
                    } else {
                        watch.calls[place] += 1;
                    }
                    break 'run;
                }
                cloud.pass(chance.range(5, 60));
                let asked = vendor::ask(&cloud, &op);
                let reads = matches!(asked, Asked::Read(..));
                let fault = if blind == place {
                    Fault::Forbidden
                } else if !reads && mutations == lost_at {
                    *chance.pick(&[
                        Fault::LostDone,
                        Fault::LostUndone,
                        Fault::LostLate,
                        Fault::GarbageDone,
                        Fault::GarbageUndone,
                    ])
                } else if !reads && mutations >= forbidden_from {
                    hindered
                } else if chance.permille(weather.faults / if reads { 4 } else { 1 }) {
                    *chance.pick(if reads { fault::ON_READ } else { fault::ON_CHANGE })
                } else {
                    Fault::None
                };
                if fault != Fault::None {
                    faults.push(fault);
                    if told {
                        println!("  fault {fault:?}");
                    }
                }
                let event = match asked {
                    Asked::Read(..) if aborted => Event::Failed(fault::aborted(false).to_string()),
                    Asked::Read(Ok(answer), seen) if fault == Fault::None => {
                        watch.saw(&cloud, place, &seen);
                        Event::Answer(answer.to_string())
                    }
                    Asked::Read(Err(error), _) if fault == Fault::None => Event::Failed(error.to_string()),
                    Asked::Read(..) => Event::Failed(fault.error(false, &mut chance).to_string()),
                    Asked::Change(mut change) => {
                        if mutations == lost_at && weather.blind {
                            blind = place;
                        }
                        mutations += 1;
                        let refusal = vendor::refusal(&cloud, &change);
                        if let Act::RuleCreate(rule) = &mut change.act {
                            rule.id = cloud.fresh("policy-again-");
                        }
                        let left = chance.permille(500);
                        let error = if aborted {
                            fault::aborted(left)
                        } else if fault != Fault::None {
                            fault.error(true, &mut chance)
                        } else {
                            refusal.clone().unwrap_or(Value::Null)
                        };
                        let effect = if aborted { left && chance.permille(500) } else { fault.is_done() };
                        let effect = effect && refusal.is_none();
                        watch.sends(&cloud, place, &change, &error, effect);
                        let answer = match &change.act {
                            Act::RuleCreate(rule) => json!({"retCode": 0, "policyId": rule.id}),
                            _ => json!({"retCode": 0}),
                        };
                        if effect && fault == Fault::LostLate {
                            let settle = [5_000, 10_000, 2_000][family as usize];
                            let millis = chance.range(1, settle - 100);
                            cloud.delay(change, millis);
                        } else if effect {
                            cloud.accept(change, true, &mut chance);
                        }
                        if told {
                            println!("  effect {effect} error {error}");
                        }
                        cloud.pass(chance.range(5, 60));
                        if error.is_null() {
                            Event::Answer(answer.to_string())
                        } else {
                            Event::Failed(error.to_string())
                        }
                    }
                };
                // An abort before it left is no call.
                let unsent = aborted && matches!(&event, Event::Failed(text) if text.contains("\"sent\":false"));
                watch.calls[place] += usize::from(!unsent);
                event
            }
        };
    }
    let report = run.report(cloud.now).into_text();
    again(&setting, &text, began, heard, &report, cloud.now);
    let report: Value = serde_json::from_str(&report).expect("a report is JSON");
    End::Ran(Box::new(Ran {
        weather,
        cloud,
        before,
        shadow,
        touched,
        watch,
        plan: drawn,
        report,
        faults,
        aborted,
        paused,
    }))
}

/// The same events give the same actions, lane by lane, in whatever order the lanes are asked.
fn again(setting: &unpool::removal::Setting, plan: &str, began: i64, mut heard: Vec<Heard>, report: &str, now: i64) {
    let mut run = Run::new(setting.clone(), plan, began).expect("it was taken before");
    heard.sort_by_key(|one| one.lane);
    for one in heard {
        let next = run.next(one.lane, retold(&one.event), one.now, one.random);
        assert_eq!(next.action, one.action, "P11: another action after the same events");
    }
    assert_eq!(run.report(now).into_text(), report, "P11: another report after the same events");
}
