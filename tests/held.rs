//! A run that is paused directly before a call, and gone on with: what the reads before that call have shown is known
//! to whoever goes on, though the call itself was never made.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says so by failing")]

use serde_json::{Value, json};
use unpool::removal::{Action, Event, Run, Survey};
use unpool::{Client, json as reader};

/// A load balancer with three backends at one VServer, the first of which is to go.
struct Cloud {
    enabled: [bool; 3],
    removed: bool,
    calls: Vec<String>,
    /// Whether nothing may be read.
    unreadable: bool,
}

impl Cloud {
    fn answer(&mut self, operation: &str) -> String {
        let operation: Value = serde_json::from_str(operation).unwrap();
        match operation["operation"].as_str().unwrap() {
            "UpdateBackendAttribute" => {
                let index: usize = operation["backendId"].as_str().unwrap()[8..].parse().unwrap();
                self.enabled[index] = operation["enabled"] == 1;
                self.calls.push(format!("enabled {}", operation["enabled"]));
            }
            "ReleaseBackend" => {
                self.removed = true;
                self.calls.push("remove".to_owned());
            }
            _ => {}
        }
        let backends = (0..3).filter(|index| *index > 0 || !self.removed).map(|index| {
            json!({"backendId": format!("backend-{index}"), "resourceId": format!("uhost-{index}"), "status": 0,
                "enabled": u8::from(self.enabled[index])})
        });
        let group = json!({"vServerId": "vserver-1", "protocol": "TCP", "frontendPort": 80,
            "backendSet": backends.collect::<Vec<_>>()});
        json!({"retCode": 0, "dataSet": [group]}).to_string()
    }
}

struct World {
    client: Client,
    cloud: Cloud,
    plan: String,
    journal: Vec<String>,
    now: i64,
}

impl World {
    fn new() -> Self {
        let options =
            r#"{"vendor": "ucloud", "region": "cn-bj2", "credentials": {"publicKey": "p", "privateKey": "k"}}"#;
        let client = Client::new(reader::parse(options).unwrap().value()).unwrap();
        let mut cloud = Cloud { enabled: [true; 3], removed: false, calls: Vec::new(), unreadable: false };
        let request =
            r#"{"from": {"ulbId": "ulb-1"}, "remove": {"resourceId": "uhost-0"}, "drain": {"waitMs": 60000}}"#;
        let now = 1_700_000_000_000;
        let mut survey = Survey::plan(client.setting().unwrap(), request).unwrap();
        let mut event = Event::Ready;
        while let Action::Read(operation) = survey.next(0, event, 0) {
            event = Event::Answer(cloud.answer(&operation));
        }
        let plan = survey.finish(now).unwrap().into_text();
        World { client, cloud, plan, journal: Vec::new(), now }
    }

    /// Runs the plan, or goes on with it, until it is over or would make its call number `held`, which it is told is
    /// not made.
    fn run(&mut self, held: Option<usize>) -> Value {
        let text = format!(r#"{{"plan": {}, "entries": [{}]}}"#, self.plan, self.journal.join(","));
        let mut run = Run::journaled(self.client.setting().unwrap(), &text, self.now).unwrap();
        let (mut event, mut changes) = (Event::Ready, 0);
        loop {
            let next = run.next(0, event, self.now, 0);
            self.journal.extend(next.entries);
            event = match next.action {
                Action::Done => break,
                Action::Sleep(millis) => {
                    self.now += i64::from(millis);
                    Event::Ready
                }
                Action::Change(_) if held == Some(changes) => Event::Held,
                Action::Read(_) if self.cloud.unreadable => {
                    Event::Failed(r#"{"kind":"forbidden","message":"no","retryable":false,"sent":true}"#.to_owned())
                }
                Action::Read(operation) => Event::Answer(self.cloud.answer(&operation)),
                Action::Change(operation) => {
                    changes += 1;
                    self.journal.extend(next.intent);
                    Event::Answer(self.cloud.answer(&operation))
                }
            };
        }
        serde_json::from_str(&run.report(self.now).into_text()).unwrap()
    }
}

#[test]
fn what_was_seen_before_a_held_call_is_known_to_the_next_run() {
    let mut world = World::new();
    // The drain is the first call. It is seen, waited for, and the removal is not made.
    let report = world.run(Some(1));
    assert_eq!(report["status"], "paused");
    assert_eq!(report["entries"][0]["state"], "drained");
    // Somebody wants the server back.
    world.cloud.enabled[0] = true;
    let report = world.run(None);
    assert_eq!(report["status"], "refused", "{report:#}");
    assert_eq!(report["loadBalancers"][0]["refusal"]["guard"], "changed-by-someone");
    assert_eq!(world.cloud.calls, ["enabled 0"], "nothing is done to what somebody has changed");
}

#[test]
fn a_held_call_is_made_by_the_next_run() {
    let mut world = World::new();
    world.run(Some(1));
    let report = world.run(None);
    assert_eq!(report["status"], "done", "{report:#}");
    assert_eq!(world.cloud.calls, ["enabled 0", "remove"]);
    // The wait was over before: nobody waits twice.
    assert_eq!(report["loadBalancers"][0]["calls"], report["calls"]);
}

#[test]
fn an_intent_holds_its_call_and_nothing_else() {
    let mut world = World::new();
    world.run(None);
    let entries: Vec<Value> = world.journal.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let intents: Vec<&Value> = entries.iter().filter(|entry| entry["entry"] == "intent").collect();
    assert_eq!(intents.len(), 2);
    for intent in intents {
        assert!(intent.get("backends").is_none() && intent.get("rules").is_none(), "{intent}");
    }
    // What the first call's effect was is told before the second is announced.
    let seen = entries.iter().position(|entry| entry["backends"][0]["state"] == "drained").unwrap();
    let second = entries.iter().rposition(|entry| entry["entry"] == "intent").unwrap();
    assert!(seen < second);
}

#[test]
fn a_run_that_is_held_before_its_first_call_leaves_no_journal() {
    let mut world = World::new();
    let report = world.run(Some(0));
    assert_eq!(report["status"], "paused");
    assert!(world.journal.is_empty(), "all of it is found again: {:?}", world.journal);
}

#[test]
fn a_run_that_can_read_nothing_does_not_end_what_another_run_has_begun() {
    let mut world = World::new();
    world.run(Some(1));
    world.cloud.unreadable = true;
    let report = world.run(None);
    assert_eq!(report["loadBalancers"][0]["status"], "failed", "{report:#}");
    let ended = |line: &String| line.contains(r#""entry":"end""#);
    assert!(!world.journal.iter().any(ended), "the server is drained: {:#?}", world.journal);
    // Somebody has seen to the permissions.
    world.cloud.unreadable = false;
    let report = world.run(None);
    assert_eq!(report["loadBalancers"][0]["status"], "failed", "{report:#}");
    assert_eq!(world.cloud.calls, ["enabled 0", "enabled 1"], "it is put back");
}
