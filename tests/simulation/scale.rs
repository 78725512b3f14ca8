//! How calls, time and memory grow with the number of entries: fifty on each load balancer, ten in
//! each of its five groups of twenty. Four lanes at once, as by default.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use unpool::removal::{Action, Event, Run, Survey};

use crate::case;
use crate::chance::Chance;
use crate::cloud::{Backend, Balancer, Cloud, Family, Group, Health, Rule, Temper};
use crate::vendor::{self, Asked};

const GROUPS: usize = 5;
const BACKENDS: usize = 20;
const OUT: usize = 10;

fn world(family: Family, count: usize) -> Vec<Balancer> {
    let prefix = ["lb-", "ulb-", "elb-"][family as usize];
    let group_prefix = ["rsp-", "vserver-", "pool-"][family as usize];
    let backend = |balancer: usize, group: usize, number: usize, default: bool| {
        let server = balancer * BACKENDS + number;
        let ip = format!("10.{}.{}.{}", server / 65_536, server / 256 % 256, server % 256);
        let name = match family {
            Family::Alibaba => format!("i-{server:06}"),
            Family::Ucloud => format!("uhost-{server:06}"),
            Family::Openstack => ip.clone(),
        };
        Backend {
            id: match family {
                Family::Alibaba if default => name.clone(),
                Family::Alibaba => format!("{name}:80"),
                Family::Ucloud => format!("backend-{balancer:05}-{group}-{number:02}"),
                Family::Openstack => format!("member-{balancer:05}-{group}-{number:02}"),
            },
            server: name,
            ip,
            port: 80,
            kind: "ecs",
            weight: 100,
            enabled: true,
            health: Health::Good,
            description: String::new(),
            dead: false,
            deleting: false,
            drained_by_us: false,
        }
    };
    let group = |balancer: usize, number: usize, id: &str| {
        let default = family == Family::Alibaba && number == 0;
        let backends: Vec<Backend> = (0..BACKENDS).map(|place| backend(balancer, number, place, default)).collect();
        let rule = |place: usize| Rule {
            id: format!("policy-{balancer}-{number}-{place}"),
            kind: "Domain",
            matches: format!("{place}.example"),
            mode: "Wildcard",
            priority: 0,
            own: true,
            backends: backends.iter().map(|one| one.id.clone()).collect(),
        };
        Group {
            id: if default { id.to_owned() } else { format!("{group_prefix}{balancer}-{number}") },
            default,
            protocol: if family == Family::Ucloud { "HTTP" } else { "http" },
            ports: vec![1_000 + number as u16],
            method: if family == Family::Ucloud { "WeightRoundrobin" } else { "ROUND_ROBIN" },
            rules: if family == Family::Ucloud { (0..2).map(rule).collect() } else { vec![] },
            backends,
            ..Group::default()
        }
    };
    let balancer = |number: usize| {
        let id = format!("{prefix}{number:05}");
        Balancer { groups: (0..GROUPS).map(|place| group(number, place, &id)).collect(), id, broken: false }
    };
    (0..count).map(balancer).collect()
}

fn request(family: Family, world: &[Balancer]) -> String {
    let place = if family == Family::Ucloud { "ulbId" } else { "loadBalancerId" };
    let from: Vec<Value> = world.iter().map(|balancer| json!({place: balancer.id})).collect();
    let mut remove = Vec::new();
    for balancer in world {
        for group in &balancer.groups {
            for backend in group.backends.iter().take(OUT) {
                match family {
                    // One server is in all groups.
                    Family::Alibaba if !group.default => {}
                    Family::Alibaba => remove.push(json!({"serverId": backend.server})),
                    Family::Ucloud => remove.push(json!({"backendId": backend.id})),
                    Family::Openstack => remove.push(json!({"memberId": backend.id})),
                }
            }
        }
    }
    json!({"from": from, "remove": remove}).to_string()
}

/// Answers an action; what the model takes for that is not counted.
fn answer(cloud: &mut Cloud, text: &str, chance: &mut Chance) -> Event {
    let op: Value = serde_json::from_str(text).expect("JSON");
    match vendor::ask(cloud, &op) {
        Asked::Read(Ok(answer), _) => Event::Answer(answer.to_string()),
        Asked::Read(Err(error), _) => Event::Failed(error.to_string()),
        Asked::Change(change) => {
            assert!(vendor::refusal(cloud, &change).is_none(), "{text}");
            cloud.accept(change, true, chance);
            Event::Answer("{\"retCode\":0}".to_owned())
        }
    }
}

/// The most memory that this process ever had, in MiB.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().unwrap_or(0) / 1_024
}

fn resident() -> usize {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    text.split(' ').nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0usize) * 4 / 1_024
}

pub fn measure(family: Family, balancers: usize) {
    let client = case::client(family);
    let mut chance = Chance::new(1);
    let world = world(family, balancers);
    let request = request(family, &world);
    let mut cloud = Cloud::new(family, Temper::default(), world);
    let before = resident();
    let mut spent = Duration::ZERO;
    let mut timed = |work: &mut dyn FnMut() -> Action| {
        let began = Instant::now();
        let action = work();
        spent += began.elapsed();
        action
    };
    let began = Instant::now();
    let mut survey = Survey::plan(client.setting().expect("open"), &request).expect("a request");
    let mut reads = 0usize;
    for lane in 0..survey.lanes() {
        let mut event = Event::Ready;
        loop {
            match timed(&mut || survey.next(lane, core::mem::take(&mut event), 0)) {
                Action::Done => break,
                Action::Sleep(_) => event = Event::Ready,
                Action::Read(text) | Action::Change(text) => {
                    reads += 1;
                    event = answer(&mut cloud, &text, &mut chance);
                }
            }
        }
    }
    let survey_ms = spent.as_millis();
    let now = Instant::now();
    let plan = survey.finish(cloud.now).expect("a plan").into_text();
    let plan_ms = now.elapsed().as_millis();
    let now = Instant::now();
    let mut run = Run::new(client.setting().expect("open"), &plan, cloud.now).expect("no refusals");
    let open_ms = now.elapsed().as_millis();
    spent = Duration::ZERO;
    let mut timed = |work: &mut dyn FnMut() -> Action| {
        let began = Instant::now();
        let action = work();
        spent += began.elapsed();
        action
    };
    let mut changes = 0usize;
    let mut events = 0usize;
    let count = run.lanes().len();
    let (mut open, mut fresh): (Vec<(usize, Event)>, usize) = (Vec::new(), 0);
    loop {
        while open.len() < 4 && fresh < count {
            open.push((fresh, Event::Ready));
            fresh += 1;
        }
        if open.is_empty() {
            break;
        }
        let mut still = Vec::new();
        for (lane, mut event) in open {
            let (at, random) = (cloud.now, chance.bits() as u32);
            let action = timed(&mut || {
                let next = run.next(lane, core::mem::take(&mut event), at, random);
                events += next.notes.len();
                next.action
            });
            match action {
                Action::Done => {}
                Action::Sleep(millis) => {
                    cloud.pass(i64::from(millis));
                    still.push((lane, Event::Ready));
                }
                Action::Read(text) | Action::Change(text) => {
                    changes += usize::from(
                        !text.contains("\"Describe") && !text.contains("\"Get") && !text.contains("\"List"),
                    );
                    still.push((lane, answer(&mut cloud, &text, &mut chance)));
                }
            }
        }
        open = still;
    }
    let run_ms = spent.as_millis();
    let now = Instant::now();
    let report = run.report(cloud.now).into_text();
    let report_ms = now.elapsed().as_millis();
    let told: Value = serde_json::from_str(&report).expect("JSON");
    assert_eq!(told["status"], "done");
    let drawn: Value = serde_json::from_str(&plan).expect("JSON");
    let planned = drawn["calls"]["reads"].as_u64().unwrap() + drawn["calls"]["changes"].as_u64().unwrap();
    assert_eq!(told["calls"].as_u64(), Some(planned), "as many calls as planned");
    for balancer in &cloud.real {
        assert!(balancer.groups.iter().all(|group| group.backends.len() == BACKENDS - OUT));
    }
    println!(
        "| {family:?} | {} | {balancers} | {reads} | {planned} ({changes} changes) | {survey_ms}+{plan_ms} | {open_ms}+{run_ms}+{report_ms} | {} KiB | {} KiB | {} MiB of {} | {} ms |",
        balancers * GROUPS * OUT,
        plan.len() / 1_024,
        report.len() / 1_024,
        peak().saturating_sub(before),
        peak(),
        began.elapsed().as_millis(),
    );
    let _ = events;
}
