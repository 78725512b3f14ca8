//! Undoing: of a run that is over, from its report; of one that was cut off, from its plan and journal. What is
//! looked at is whether all is as it was, and whether the undo's report is true.

use std::collections::BTreeSet;
use std::rc::Rc;

use serde_json::Value;
use unpool::Client;

use crate::case::{self, Weather};
use crate::chance::Chance;
use crate::cloud::{Backend, Family, Group};
use crate::cut::{self, plain};
use crate::judge;
use crate::stage::{Source, Stage, listed};
use crate::tally::Tally;
use crate::tamper::tamper;
use crate::watch::Place;

/// A run, cut off or not, gone on with or not; and of what it is to be undone.
fn run(
    client: &Rc<Client>,
    family: Family,
    weather: Weather,
    seed: u64,
    told: bool,
) -> Result<(Stage, Source), &'static str> {
    let mut stage = case::begin(client, family, weather, seed, told)?;
    let cut = stage.chance.permille(500).then(|| cut::by_chance(&mut stage));
    let mut over = stage.carry(&Source::Journaled, cut);
    if !over && stage.chance.permille(400) {
        cut::go_on(&mut stage, &Source::Journaled, 300);
        over = true;
    }
    let of = if over && stage.chance.permille(500) {
        // All that was read is in the report.
        stage.watch.keep_all();
        stage.report.to_string()
    } else {
        format!(r#"{{"plan":{},"journal":{}}}"#, stage.plan, listed(&stage.lines))
    };
    let pause = [0, 0, 300, 2_000, 20_000, 3_600_000][stage.chance.below(6)];
    stage.cloud.pass(pause);
    if weather.adversary > 0 || weather.faults > 0 {
        stage.cloud.release(&mut stage.chance, 60);
    }
    stage.begin_undo();
    Ok((stage, Source::Undo(of)))
}

/// An undo that nothing hinders, and the same cut off at every action in turn.
pub fn every(
    client: &Rc<Client>,
    family: Family,
    weather: Weather,
    seed: u64,
    told: bool,
    one: Option<usize>,
    tally: &mut Tally,
) -> Result<usize, &'static str> {
    let (stage, source) = run(client, family, weather, seed, told)?;
    let mut whole = stage.clone();
    if told {
        println!("undo");
    }
    whole.carry(&source, None);
    let cuts = cut::all(&whole.steps);
    restored(&mut whole, &source, tally);
    for (number, cut) in cuts.iter().enumerate().filter(|(number, _)| one.is_none_or(|one| one == *number)) {
        let mut stage = stage.clone();
        if told {
            println!("cut {number}: {cut:?}");
        }
        if stage.carry(&source, Some(*cut)) {
            assert!(whole.steps.is_empty(), "a cut that was not met");
            continue;
        }
        stage.chance = Chance::new(seed.wrapping_mul(1_000).wrapping_add(number as u64));
        cut::go_on(&mut stage, &source, 300);
        restored(&mut stage, &source, tally);
    }
    Ok(cuts.len())
}

/// Nothing hindered it, so all is as it was; and once more there is nothing to do.
fn restored(stage: &mut Stage, source: &Source, tally: &mut Tally) {
    let before = stage.watch.changes - stage.watch.repeats;
    judge(stage, tally);
    let (is, was) = (plain(&stage.cloud.real, stage.family()), plain(&stage.before.real, stage.family()));
    assert_eq!(is, was, "R4: not as it was: {}", stage.report);
    assert_eq!(stage.report["status"], "done", "R4: {}", stage.report);
    if !stage.chance.permille(350) {
        return;
    }
    stage.lines.clear();
    stage.rest();
    stage.cuts += 1;
    stage.watch.cut();
    if stage.told {
        println!("undo once more");
    }
    assert!(stage.carry(source, None), "it is over");
    assert_eq!(stage.watch.changes - stage.watch.repeats, before, "R4: a second undo changes something");
    assert_eq!(stage.report["status"], "done", "R4: the second: {}", stage.report);
    judge(stage, tally);
}

/// A run and its undo with whatever goes wrong, both cut off somewhere.
pub fn some(
    client: &Rc<Client>,
    family: Family,
    weather: Weather,
    seed: u64,
    told: bool,
    tally: &mut Tally,
) -> Result<Stage, &'static str> {
    let (mut stage, source) = run(client, family, weather, seed, told)?;
    stage.again_by_chance();
    if stage.chance.permille(200) {
        stage.lull();
    }
    let cut = stage.chance.permille(700).then(|| cut::by_chance(&mut stage));
    if told {
        println!("undo, {cut:?}");
    }
    let over = stage.carry(&source, cut);
    let mut chance = Chance::new(seed.wrapping_add(7));
    tamper(&stage, &source, &mut chance, tally);
    if !over || ((stage.aborted || stage.paused) && stage.chance.permille(700)) {
        cut::go_on(&mut stage, &source, 300);
    }
    cut::nothing_unknown(&stage, &[]);
    Ok(stage)
}

/// Whether an undo's report is true, and what it has left behind.
pub fn judge(stage: &mut Stage, tally: &mut Tally) {
    stage.cloud.settle();
    let status = stage.report["status"].as_str().unwrap_or_default().to_owned();
    tally.run(stage, &status);
    judge::nothing_else(stage);
    judge::bounds(stage);
    let touched: BTreeSet<Place> =
        stage.touched.backends.iter().map(|(balancer, group, id)| stage.watch.place((*balancer, *group), id)).collect();
    let entries = stage.report["entries"].as_array().cloned().unwrap_or_default();
    let mut told_of = BTreeSet::new();
    for told in &entries {
        let place = judge::place(stage, told);
        entry(stage, &place, told, touched.contains(&place));
        tally.entry(stage, told);
        tally.add("checked", "R4");
        told_of.insert(place);
    }
    for (place, entry) in &stage.watch.entries {
        let done = entry.drain || entry.removal.is_some();
        assert!(told_of.contains(place) || !done, "R4: nothing is told of {place:?}");
    }
    for told in stage.report["rules"].as_array().into_iter().flatten() {
        rule(stage, told, &touched);
        tally.add("checked", "R4");
    }
}

fn standing<'g>(stage: &Stage, group: &'g Group, place: &Place) -> Option<&'g Backend> {
    group.backends.iter().find(|one| stage.watch.place((place.0, place.1), &one.id) == *place)
}

fn entry(stage: &Stage, place: &Place, told: &Value, touched: bool) {
    let text = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
    let (outcome, state) = (text("outcome"), text("state"));
    let says = format!("R4: {place:?} {outcome} {state}");
    let entry = &stage.watch.entries[place];
    let family = stage.family();
    let is = |group: &Group| match standing(stage, group, place) {
        None => "gone",
        Some(one) if group.is_drained(family, one) || one.deleting => "drained",
        Some(_) => "serving",
    };
    if state != "unknown" {
        let view = stage.watch.views.get(&(place.0, place.1)).unwrap_or_else(|| panic!("{says}: never read"));
        let state = if state == "detached" { "drained" } else { &state };
        assert_eq!(is(&view.group), state, "{says}: it was read otherwise");
        if let Some(one) = standing(stage, &view.group, place).filter(|one| one.id != place.2) {
            assert_eq!(told["newId"], one.id.as_str(), "{says}: its new id");
        }
    }
    let group = &stage.cloud.real[place.0].groups[place.1];
    let now = standing(stage, group, place);
    let as_planned = now.is_some_and(|one| (one.weight, one.enabled) == (entry.backend.weight, entry.backend.enabled));
    if now.is_some_and(|one| one.drained_by_us && group.is_drained(family, one)) {
        let says_so = matches!(state.as_str(), "drained" | "detached" | "unknown") || outcome == "unknown";
        assert!(says_so, "{says}: it stays drained");
    }
    match outcome.as_str() {
        "restored" => assert!(entry.returned, "{says}: no call of ours has done that"),
        "not-tried" => assert!(!entry.returned, "{says}: a call may have been carried out"),
        "failed" => {
            let lane = stage.report["loadBalancers"].as_array().into_iter().flatten();
            let why = lane.into_iter().any(|lane| lane["error"].is_object() || lane["refusal"].is_object());
            assert!(told["error"].is_object() || why, "{says}: no word of why");
        }
        "present" | "absent" | "unknown" => {}
        other => panic!("R4: outcome {other}"),
    }
    if touched {
        return;
    }
    match outcome.as_str() {
        "restored" | "present" => assert!(as_planned, "{says}: at last it is {now:?}"),
        "absent" => panic!("{says}: nobody else has taken it out"),
        "unknown" => {}
        _ => {
            assert!(!as_planned || stage.aborted || stage.paused || state == "unknown" || state == is(group), "{says}")
        }
    }
    if state != "unknown" {
        let state = if state == "detached" { "drained" } else { &state };
        assert_eq!(is(group), state, "{says}: at last it is {now:?}");
    }
}

/// What is told of a rule is so at last, where nobody else was at it.
fn rule(stage: &Stage, told: &Value, touched: &BTreeSet<Place>) {
    let balancer = stage.before.find(told["loadBalancerId"].as_str().unwrap_or_default()).expect("a load balancer");
    let id = told["groupId"].as_str().unwrap_or_default();
    let number = stage.before.real[balancer].groups.iter().position(|group| group.id == id).expect("a group");
    let matches = told["matches"].as_str().unwrap_or_default();
    let own = (balancer, number);
    let others = stage.touched.rules.iter().any(|rule| (rule.0, rule.1) == own) || stage.watch.hit.contains(&own);
    if others || told["state"] != "restored" {
        return;
    }
    let planned = stage.watch.rules.iter().find(|rule| rule.place == own && rule.matches == matches);
    let planned = planned.unwrap_or_else(|| panic!("R4: no rule {matches}"));
    let group = &stage.cloud.real[balancer].groups[number];
    let now = group.rules.iter().find(|rule| rule.own && rule.matches == matches);
    for id in &planned.backends {
        let place = (balancer, number, id.clone());
        let missing =
            standing(stage, group, &place).filter(|one| !now.is_some_and(|rule| rule.backends.contains(&one.id)));
        assert!(missing.is_none() || touched.contains(&place), "R4: rule {matches} is restored without {id}: {now:?}");
    }
}
