//! Runs that are cut off, and gone on with from exactly what their journal holds.

use std::rc::Rc;

use serde_json::Value;
use unpool::Client;

use crate::case::{self, Weather};
use crate::chance::Chance;
use crate::cloud::{Backend, Balancer, Family, Rule};
use crate::judge;
use crate::stage::{ALL, At, Cut, How, Source, Stage};
use crate::tally::Tally;
use crate::tamper::tamper;

/// Goes on with what was cut off until it is over; it may be cut off again.
pub fn go_on(stage: &mut Stage, source: &Source, again: u32) {
    loop {
        // A plan that was not begun gets too old.
        let pauses = if stage.lines.iter().any(|line| line.whole) { 6 } else { 4 };
        let pause = [0, 0, 300, 2_000, 20_000, 3_600_000][stage.chance.below(pauses)];
        stage.cloud.pass(pause);
        stage.rest();
        stage.cuts += 1;
        stage.watch.cut();
        let cut = (stage.cuts < 6 && stage.chance.permille(again)).then(|| by_chance(stage));
        if stage.told {
            println!("again from {} lines, {cut:?}", stage.lines.len());
        }
        if stage.carry(source, cut) {
            return;
        }
    }
}

/// A cut somewhere.
pub fn by_chance(stage: &mut Stage) -> Cut {
    let how = *stage.chance.pick(&ALL);
    let at = if stage.chance.permille(700) {
        At::Change(stage.chance.below(stage.watch.entries.len() + stage.watch.rules.len() + 2))
    } else {
        At::Step(stage.chance.below(40))
    };
    Cut { at, how }
}

/// All cuts that leave another journal or another world than one before.
pub fn all(steps: &[crate::stage::Step]) -> Vec<Cut> {
    let mut out = Vec::new();
    for (number, step) in steps.iter().enumerate() {
        let at = At::Step(number);
        if step.entries > 0 {
            out.push(Cut { at, how: How::Entries });
            out.push(Cut { at, how: How::Before });
        }
        if step.changes {
            out.extend(ALL.into_iter().filter(|how| !matches!(how, How::Entries)).map(|how| Cut { at, how }));
        }
    }
    out.push(Cut { at: At::Step(0), how: How::Before });
    out
}

/// What a world is, apart from the ids that the vendor gives and the order of things.
pub fn plain(balancers: &[Balancer], family: Family) -> Vec<String> {
    let mut out = Vec::new();
    for balancer in balancers {
        for group in &balancer.groups {
            let name = |one: &Backend| format!("{} {}:{}", one.server, one.ip, one.port);
            let named = |id: &String| group.backend(id).map_or(format!("nothing {id}"), name);
            let backend = |one: &Backend| {
                // Which API tells a description again.
                let text = if family == Family::Ucloud { "" } else { &one.description };
                format!("{} weight {} {} {text:?}", name(one), one.weight, one.enabled)
            };
            let rule = |one: &Rule| {
                let mut held: Vec<String> = one.backends.iter().map(named).collect();
                held.sort();
                format!("{} {} {} {} {held:?}", one.kind, one.matches, one.mode, one.priority)
            };
            let mut lines: Vec<String> = group.backends.iter().map(backend).collect();
            lines.extend(group.rules.iter().filter(|rule| rule.own && group.is_l7()).map(rule));
            lines.sort();
            out.extend(lines.into_iter().map(|line| format!("{} {}: {line}", balancer.id, group.id)));
        }
    }
    out
}

fn outcomes(stage: &Stage) -> Vec<String> {
    let entries = stage.report["entries"].as_array().into_iter().flatten();
    entries.map(|one| format!("{} {} {} {}", one["groupId"], one["id"], one["outcome"], one["state"])).collect()
}

/// A run that nothing hinders, and the same cut off at every action in turn.
pub fn every(
    client: &Rc<Client>,
    family: Family,
    weather: Weather,
    seed: u64,
    told: bool,
    one: Option<usize>,
    tally: &mut Tally,
) -> Result<usize, &'static str> {
    let stage = case::begin(client, family, weather, seed, told)?;
    let mut whole = stage.clone();
    whole.carry(&Source::Journaled, None);
    judge::judge(&mut whole, tally);
    let wanted = (plain(&whole.cloud.real, family), outcomes(&whole), whole.report["status"].clone());
    let cuts = all(&whole.steps);
    for (number, cut) in cuts.iter().enumerate().filter(|(number, _)| one.is_none_or(|one| one == *number)) {
        let mut stage = stage.clone();
        if told {
            println!("cut {number}: {cut:?}");
        }
        let over = stage.carry(&Source::Journaled, Some(*cut));
        assert!(!over, "a cut that was not met");
        // Cut off at another moment, all that follows is by chance of its own.
        stage.chance = Chance::new(seed.wrapping_mul(1_000).wrapping_add(number as u64));
        go_on(&mut stage, &Source::Journaled, 300);
        if told {
            println!("report {:#}", stage.report);
        }
        judge::judge(&mut stage, tally);
        let again = format!("R1: cut {number}, {cut:?}");
        assert_eq!(outcomes(&stage), wanted.1, "{again}: other outcomes");
        assert_eq!(stage.report["status"], wanted.2, "{again}: another status");
        assert_eq!(plain(&stage.cloud.real, family), wanted.0, "{again}: another world");
        tally.add("checked", "R1");
    }
    Ok(cuts.len())
}

/// The lane whose end a line tells.
fn ended(line: &str) -> Option<String> {
    let told: Value = serde_json::from_str(line).expect("an entry is JSON");
    (told["entry"] == "end").then(|| told["lane"].as_str().unwrap_or_default().to_owned())
}

/// Where nothing went wrong from then on, nothing is unknown at last, but for lanes that were over before.
pub fn nothing_unknown(stage: &Stage, ended: &[String]) {
    if !stage.quiet {
        return;
    }
    for told in stage.report["entries"].as_array().into_iter().flatten() {
        let over = ended.iter().any(|lane| told["loadBalancerId"] == lane.as_str());
        let known = told["outcome"] != "unknown" && told["state"] != "unknown";
        assert!(over || known, "R2: unknown, though nothing hindered the last run: {told}");
    }
}

/// A run with whatever goes wrong, cut off somewhere.
pub fn some(
    client: &Rc<Client>,
    family: Family,
    weather: Weather,
    seed: u64,
    told: bool,
    tally: &mut Tally,
) -> Result<Stage, &'static str> {
    let mut stage = case::begin(client, family, weather, seed, told)?;
    let cut = by_chance(&mut stage);
    let over = stage.carry(&Source::Journaled, Some(cut));
    let mut chance = Chance::new(seed.wrapping_add(7));
    tamper(&stage, &Source::Journaled, &mut chance, tally);
    // Whoever aborted or stopped it may go on with it, too.
    if !over || ((stage.aborted || stage.paused) && stage.chance.permille(700)) {
        if stage.chance.permille(300) {
            stage.lull();
        }
        let ended: Vec<String> =
            stage.lines.iter().filter(|line| line.whole).filter_map(|line| ended(&line.text)).collect();
        go_on(&mut stage, &Source::Journaled, 300);
        nothing_unknown(&stage, &ended);
    }
    if told {
        println!("plan {:#}\nreport {:#}", stage.plan, stage.report);
    }
    Ok(stage)
}
