//! An undo that was cut off, and gone on with from its journal: what it could not put back is tried again, and what it
//! has sent last is not sent twice meanwhile.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says so by failing")]

use serde_json::{Value, json};
use unpool::removal::{Action, Event, Run, Survey};
use unpool::{Client, json as reader};

/// A load balancer with two pools of three members each; the first of each is to go, and to come back.
struct Cloud {
    pools: [Vec<(String, String)>; 2],
    /// Pools to which nobody may add anything.
    forbidden: [bool; 2],
    /// Members that are there, and shown from this time on.
    late: Vec<(i64, usize, String)>,
    visible_after: i64,
    calls: Vec<String>,
}

impl Cloud {
    fn new() -> Self {
        let pool = |name: &str| (1..4).map(|own| (format!("{name}-{own}"), format!("10.0.0.{own}"))).collect();
        let pools = [pool("a"), pool("b")];
        Cloud { pools, forbidden: [false; 2], late: Vec::new(), visible_after: 0, calls: Vec::new() }
    }

    fn answer(&mut self, operation: &str, now: i64) -> Event {
        let operation: Value = serde_json::from_str(operation).unwrap();
        let name = operation["operation"].as_str().unwrap();
        let id = operation["poolId"].as_str().unwrap_or_default();
        let pool = usize::from(id == "pool-b");
        for (_, pool, address) in self.late.extract_if(.., |(from, ..)| *from <= now) {
            self.pools[pool].push((format!("new-{address}"), address));
        }
        let answer = match name {
            "GetLoadBalancer" => json!({"loadbalancer": {"id": "lb-1", "name": "web", "listeners": [],
                "pools": [{"id": "pool-a"}, {"id": "pool-b"}]}}),
            "GetPool" => json!({"pool": {"id": id, "name": "pool", "protocol": "TCP", "lbAlgorithm": "ROUND_ROBIN",
                "loadbalancers": [{"id": "lb-1"}], "listeners": [], "members": []}}),
            "ListMembers" => {
                let member = |(id, address): &(String, String)| {
                    json!({"id": id, "name": "", "address": address, "protocolPort": 80, "weight": 1,
                        "adminStateUp": true, "operatingStatus": "ONLINE"})
                };
                json!({"members": self.pools[pool].iter().map(member).collect::<Vec<_>>()})
            }
            _ => {
                self.calls.push(format!("{name} {id}"));
                if name == "CreateMember" && self.forbidden[pool] {
                    return Event::Failed(
                        r#"{"kind":"forbidden","message":"no","retryable":false,"sent":true}"#.into(),
                    );
                }
                match name {
                    "DeleteMember" => self.pools[pool].retain(|(id, _)| *id != operation["memberId"]),
                    "CreateMember" => {
                        let address = operation["address"].as_str().unwrap().to_owned();
                        self.late.push((now + self.visible_after, pool, address));
                    }
                    other => panic!("{other}"),
                }
                json!({})
            }
        };
        Event::Answer(answer.to_string())
    }
}

struct World {
    client: Client,
    cloud: Cloud,
    now: i64,
}

impl World {
    fn new() -> Self {
        let options = r#"{"vendor": "openstack", "endpoint": "https://octavia.example.com",
            "credentials": {"token": "t"}}"#;
        let client = Client::new(reader::parse(options).unwrap().value()).unwrap();
        World { client, cloud: Cloud::new(), now: 1_700_000_000_000 }
    }

    /// The report of a run of the plan, which takes the first member out of each pool.
    fn removed(&mut self) -> String {
        let setting = || self.client.setting().unwrap();
        let request = r#"{"from": {"loadBalancerId": "lb-1"}, "remove": {"address": "10.0.0.1"}, "drain": false}"#;
        let mut survey = Survey::plan(setting(), request).unwrap();
        let mut event = Event::Ready;
        while let Action::Read(operation) = survey.next(0, event, 0) {
            event = self.cloud.answer(&operation, self.now);
        }
        let plan = survey.finish(self.now).unwrap().into_text();
        let mut run = Run::new(setting(), &plan, self.now).unwrap();
        self.play(&mut run, &mut Vec::new(), usize::MAX);
        let report = run.report(self.now).into_text();
        assert_eq!(serde_json::from_str::<Value>(&report).unwrap()["status"], "done", "{report}");
        self.cloud.calls.clear();
        report
    }

    /// Undoes it, or goes on with that, and is cut off when this many changes were answered.
    fn undo(&mut self, report: &str, journal: &mut Vec<String>, cut_after: usize) -> Value {
        let text = format!(r#"{{"of": {report}, "entries": [{}]}}"#, journal.join(","));
        let mut run = Run::undo(self.client.setting().unwrap(), &text, self.now).unwrap();
        self.play(&mut run, journal, cut_after);
        serde_json::from_str(&run.report(self.now).into_text()).unwrap()
    }

    fn play(&mut self, run: &mut Run, journal: &mut Vec<String>, cut_after: usize) {
        let (mut event, mut changes) = (Event::Ready, 0);
        loop {
            let next = run.next(0, event, self.now, 0);
            journal.extend(next.entries);
            if changes == cut_after {
                return;
            }
            event = match next.action {
                Action::Done => return,
                Action::Sleep(millis) => {
                    self.now += i64::from(millis);
                    Event::Ready
                }
                Action::Read(operation) => self.cloud.answer(&operation, self.now),
                Action::Change(operation) => {
                    changes += 1;
                    journal.extend(next.intent);
                    self.cloud.answer(&operation, self.now)
                }
            };
        }
    }
}

#[test]
fn what_an_undo_could_not_put_back_before_it_was_cut_off_is_tried_again() {
    let mut world = World::new();
    let (report, mut journal) = (world.removed(), Vec::new());
    world.cloud.forbidden[0] = true;
    world.undo(&report, &mut journal, 2);
    assert_eq!(world.cloud.calls, ["CreateMember pool-a", "CreateMember pool-b"]);
    world.cloud.forbidden[0] = false;
    let report = world.undo(&report, &mut journal, usize::MAX);
    assert_eq!(report["status"], "done", "{report:#}");
    assert_eq!(world.cloud.calls[2..], ["CreateMember pool-a"]);
}

#[test]
fn the_last_call_of_an_earlier_run_is_waited_for_though_another_was_made_first() {
    let mut world = World::new();
    let (report, mut journal) = (world.removed(), Vec::new());
    world.cloud.forbidden[0] = true;
    world.cloud.visible_after = 5_000;
    world.undo(&report, &mut journal, 2);
    (world.cloud.forbidden[0], world.cloud.visible_after) = (false, 0);
    let report = world.undo(&report, &mut journal, usize::MAX);
    assert_eq!(report["status"], "done", "{report:#}");
    // The second pool's was answered well, and shows some seconds later: a second one would be one too many.
    assert_eq!(world.cloud.calls[2..], ["CreateMember pool-a"]);
}
