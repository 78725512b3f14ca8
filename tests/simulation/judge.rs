//! Looks at a run when it is over: whether what it reports is true, and what it has left behind.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::cloud::Rule;
use crate::stage::Stage;
use crate::tally::Tally;
use crate::vendor;
use crate::watch::Place;

pub fn judge(ran: &mut Stage, tally: &mut Tally) {
    ran.cloud.settle();
    let status = text(&ran.report["status"]);
    tally.run(ran, &status);
    let lanes: Vec<Value> = ran.report["loadBalancers"].as_array().cloned().unwrap_or_default();
    let entries = ran.report["entries"].as_array().cloned().unwrap_or_default();
    assert_eq!(entries.len(), ran.watch.entries.len(), "P1: as many entries as planned");
    let touched: BTreeSet<Place> = ran.touched.backends.iter().cloned().collect();
    let mut unknown = BTreeSet::new();
    for told in &entries {
        let place = place(ran, told);
        let lane = &lanes[lane(ran, &place)];
        if told["outcome"] == "unknown" {
            unknown.insert(place.clone());
        }
        tally.entry(ran, told);
        seen(ran, &place, told);
        tally.add("checked", "P1");
        if at_last(ran, &place, told, &touched) {
            tally.add("checked", "P5");
        }
        if refused(ran, &place, told, lane, &touched) {
            tally.add("checked", "P10");
        }
    }
    for (number, lane) in lanes.iter().enumerate() {
        if lane["refusal"]["guard"] == "changed-by-someone" {
            somebody(ran, number, lane);
            tally.add("checked", "P8");
        }
    }
    nothing_else(ran);
    bounds(ran);
    for (property, count) in
        [("P2", ran.watch.changes), ("P3", ran.watch.guards), ("P4", ran.watch.edits), ("P6", 1), ("P11", 1)]
    {
        tally.count("checked", property, count);
    }
    let calm = ran.faults.is_empty() && ran.touched.count == 0 && ran.touched.broken.is_empty();
    let stopped = ran.aborted || ran.paused;
    if ran.faults.is_empty() && ran.touched.broken.is_empty() && !stopped {
        tally.add("checked", "P7");
        assert!(unknown.is_empty(), "P7: unknown without a fault: {unknown:?}");
    }
    if ran.weather.one_lost && !stopped && ran.touched.count == 0 {
        tally.add("checked", "P7");
        let lost = ran.watch.lost.clone().unwrap_or_default();
        assert!(unknown.is_subset(&lost), "P7: more is unknown than the lost call named: {unknown:?}, {lost:?}");
        assert!(ran.weather.blind || unknown.is_empty(), "P7: unknown though it can be read: {unknown:?}");
    }
    if calm && !stopped && !ran.weather.one_lost {
        smooth(ran, &entries, &status);
        tally.add("checked", "P9");
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

pub fn place(ran: &Stage, told: &Value) -> Place {
    let balancer = ran.before.find(&text(&told["loadBalancerId"])).expect("a load balancer");
    let group = text(&told["groupId"]);
    let group = ran.before.real[balancer].groups.iter().position(|one| one.id == group).expect("a group");
    let default = ran.before.real[balancer].groups[group].default;
    (balancer, group, vendor::entry_id(ran.before.family, default, told))
}

/// The lane of an entry.
fn lane(ran: &Stage, place: &Place) -> usize {
    ran.watch.balancers.iter().position(|one| *one == place.0).expect("a lane")
}

/// P1: what is reported was so at the last look of its lane, and no call about it was sent since.
fn seen(ran: &Stage, place: &Place, told: &Value) {
    let (outcome, state) = (text(&told["outcome"]), text(&told["state"]));
    let entry = &ran.watch.entries[place];
    let view = ran.watch.views.get(&(place.0, place.1));
    let says = format!("P1: {place:?} {outcome} {state}");
    if state != "unknown" {
        let view = view.unwrap_or_else(|| panic!("{says}: never read"));
        let backend = view.group.backend(&place.2);
        let drained = backend.is_some_and(|one| view.group.is_drained(ran.cloud.family, one) || one.deleting);
        let held = view.group.rules.iter().any(|rule| rule.own && rule.backends.contains(&place.2));
        let l7 = view.group.is_l7();
        let true_ = match state.as_str() {
            "gone" => backend.is_none(),
            "serving" => backend.is_some() && !drained,
            "drained" => drained,
            "detached" => drained && !(held && l7),
            _ => false,
        };
        assert!(true_, "{says}: it was read as {backend:?}");
    }
    let before = |removal: usize| view.is_some_and(|view| removal < view.at);
    match outcome.as_str() {
        "removed" => {
            // Unless somebody has put it back since.
            let again = state != "gone" && ran.touched.backends.contains(place);
            assert!(again || state == "gone", "{says}");
            assert!(entry.removal.is_some_and(before) && entry.there, "{says}: no call of ours removed it");
        }
        "absent" => {
            let again = state != "gone" && ran.touched.backends.contains(place);
            assert!(again || state == "gone", "{says}");
            assert!(!entry.removal.is_some_and(before), "{says}: our call may have removed it");
        }
        "failed" => {
            assert_ne!(state, "gone", "{says}");
            assert!(entry.named, "{says}: nothing was tried");
            let lane = &ran.report["loadBalancers"][lane(ran, place)];
            let why = told["error"].is_object() || lane["error"].is_object() || lane["refusal"].is_object();
            assert!(why || ran.paused, "{says}: no word of why");
        }
        "not-tried" => {
            assert_ne!(state, "gone", "{says}");
            assert!(entry.removal.is_none(), "{says}: a removal may have been carried out");
        }
        "unknown" => assert!(entry.removal.is_some() || ran.paused, "{says}: no removal was sent"),
        other => panic!("P1: outcome {other}"),
    }
}

/// P1 and P5: when all has come to rest, and nobody else was at it, it still is so.
/// Whether it is one that stays drained.
fn at_last(ran: &Stage, place: &Place, told: &Value, touched: &BTreeSet<Place>) -> bool {
    let (outcome, state) = (text(&told["outcome"]), text(&told["state"]));
    let group = &ran.cloud.real[place.0].groups[place.1];
    let backend = group.backend(&place.2);
    let drained = backend.is_some_and(|one| group.is_drained(ran.cloud.family, one));
    let ours = drained && backend.is_some_and(|backend| backend.drained_by_us);
    if ours {
        let says = matches!(state.as_str(), "drained" | "detached" | "unknown") || outcome == "unknown";
        assert!(says, "P5: {place:?} stays drained and is reported as {outcome} {state}");
    }
    if touched.contains(place) {
        return ours;
    }
    let true_ = match state.as_str() {
        "gone" => backend.is_none(),
        "serving" => backend.is_some() && !drained,
        "drained" | "detached" => drained,
        _ => true,
    };
    assert!(true_, "P1: {place:?} is reported as {outcome} {state}, and at last is {backend:?}");
    match outcome.as_str() {
        "removed" | "absent" => assert!(backend.is_none(), "P1: {place:?} {outcome}, and there at last"),
        "failed" | "not-tried" => assert!(backend.is_some(), "P1: {place:?} {outcome}, and gone at last"),
        _ => {}
    }
    ours
}

/// P10: a refusal leaves weights, switches and rules as they were, or says that it could not.
fn refused(ran: &Stage, place: &Place, told: &Value, lane: &Value, touched: &BTreeSet<Place>) -> bool {
    let group = &ran.cloud.real[place.0].groups[place.1];
    let Some(backend) = group.backend(&place.2) else { return false };
    if lane["status"] != "refused" || touched.contains(place) {
        return false;
    }
    let entry = &ran.watch.entries[place];
    let same = backend.weight == entry.backend.weight && backend.enabled == entry.backend.enabled;
    let clean = ran.faults.is_empty() && ran.touched.broken.is_empty();
    let broken = ran.before.real[place.0].broken;
    if clean && !broken && !ran.aborted && !ran.paused {
        assert!(same, "P10: {place:?} was not put back, though nothing hindered it: {backend:?}");
    }
    if !same {
        assert_ne!(told["state"], "serving", "P10: {place:?} was not put back, and nobody says so");
    }
    let others = ran.touched.rules.iter().any(|rule| (rule.0, rule.1) == (place.0, place.1));
    if others || !group.is_l7() {
        return true;
    }
    for planned in ran.watch.rules.iter().filter(|rule| rule.place == (place.0, place.1)) {
        if !planned.backends.contains(&place.2) {
            continue;
        }
        let now = group.rules.iter().find(|rule| rule.matches == planned.matches);
        let holds = now.is_some_and(|rule| rule.backends.contains(&place.2));
        let told = rule_state(ran, &planned.matches, place);
        if clean && !ran.aborted && !ran.paused {
            assert!(holds, "P10: rule {} does not have {} back", planned.id, place.2);
        }
        if !holds {
            assert!(matches!(told.as_str(), "edited" | "deleted" | "unknown"), "P10: rule {} is {told}", planned.id);
        }
    }
    true
}

fn rule_state(ran: &Stage, matches: &str, place: &Place) -> String {
    let rules = ran.report["rules"].as_array().into_iter().flatten();
    let group = &ran.before.real[place.0].groups[place.1].id;
    let own = |told: &&Value| told["matches"] == matches && told["groupId"] == group.as_str();
    rules.into_iter().find(own).map(|told| text(&told["state"])).unwrap_or_default()
}

/// P8: somebody was there, at something that is in the plan.
fn somebody(ran: &Stage, number: usize, lane: &Value) {
    let balancer = ran.watch.balancers[number];
    let own = |place: &Place| place.0 == balancer && ran.watch.entries.contains_key(place);
    let backends = ran.touched.backends.iter().any(own);
    let rules = ran.touched.rules.iter().any(|(of, group, id, held)| {
        let planned = ran.watch.rules.iter().any(|rule| rule.place == (*of, *group) && &rule.id == id);
        *of == balancer && (planned || held.iter().any(|id| ran.watch.planned((*of, *group), id)))
    });
    let added = ran
        .touched
        .added
        .iter()
        .any(|(of, _, name)| *of == balancer && ran.plan["request"]["remove"].to_string().contains(name.as_str()));
    assert!(backends || rules || added, "P8: nobody changed anything of the plan: {lane}");
}

/// P2 and P4: all that is not in the plan is as others alone have made it.
pub fn nothing_else(ran: &Stage) {
    for (balancer, of) in ran.cloud.real.iter().enumerate() {
        for (number, group) in of.groups.iter().enumerate() {
            let place = (balancer, number);
            let alone = &ran.shadow.real[balancer].groups[number];
            let rest = |group: &crate::cloud::Group| {
                let mut rest: Vec<_> =
                    group.backends.iter().filter(|one| !ran.watch.planned(place, &one.id)).cloned().collect();
                rest.sort_by(|one, other| one.id.cmp(&other.id));
                rest
            };
            assert_eq!(rest(group), rest(alone), "P2: backends outside the plan");
            if ran.watch.hit.contains(&place) {
                continue;
            }
            let rules = |group: &crate::cloud::Group| {
                let mut out: Vec<Rule> = group.rules.iter().filter(|rule| rule.own).cloned().collect();
                for rule in &mut out {
                    rule.backends.retain(|id| !ran.watch.planned(place, id));
                    rule.backends.sort();
                    rule.id = String::new();
                }
                out.sort_by(|one, other| one.matches.cmp(&other.matches));
                out
            };
            let (ours, theirs) = (rules(group), rules(alone));
            // Others may have edited it since under its new id, which the world without us does not have; what it was
            // made with is looked at when it is made.
            let again = |rule: &Rule| {
                group.rules.iter().any(|own| own.id.starts_with("policy-again-") && own.matches == rule.matches)
            };
            for rule in theirs.iter().filter(|rule| !again(rule)) {
                let deleted = rule.backends.is_empty() && !ours.iter().any(|own| own.matches == rule.matches);
                assert!(deleted || ours.contains(rule), "P4: rule {rule:?} is {ours:?}");
            }
        }
    }
}

/// P6: no more calls than a small multiple of what there is to do.
pub fn bounds(ran: &Stage) {
    let calls: usize = ran.watch.calls.iter().sum();
    let told = ran.report["calls"].as_u64().unwrap_or(0) as usize;
    if ran.cuts == 0 {
        assert_eq!(told, calls, "P6: the calls are counted");
    }
    // What was sent after the last entry is lost, and what an entry told of may not have left, in each lane.
    assert!(told <= calls + ran.cuts * ran.watch.balancers.len(), "P6: {told} calls are told, and there were {calls}");
    let most =
        60 * ran.watch.balancers.len() * (1 + ran.cuts) + 100 * (ran.watch.entries.len() + ran.watch.rules.len());
    assert!(calls <= most, "P6: {calls} calls for {} entries", ran.watch.entries.len());
}

/// P9: without trouble it is done as planned.
fn smooth(ran: &Stage, entries: &[Value], status: &str) {
    let dead = ran
        .watch
        .entries
        .keys()
        .any(|place| ran.before.real[place.0].groups[place.1].backend(&place.2).is_some_and(|one| one.dead));
    if dead {
        return;
    }
    assert_eq!(status, "done", "P9: {}", ran.report);
    for told in entries {
        assert_eq!(told["outcome"], "removed", "P9");
    }
    for planned in &ran.watch.rules {
        let (balancer, group) = planned.place;
        let now = ran.cloud.real[balancer].groups[group].rule(&planned.id);
        let stay: Vec<&String> = planned.backends.iter().filter(|id| !ran.watch.planned(planned.place, id)).collect();
        let deleted = stay.is_empty() && ran.plan["request"]["onEmptyRule"] == "delete-rule";
        assert_eq!(now.is_none(), deleted, "P9: rule {} that would be empty", planned.id);
        if let Some(rule) = now {
            assert_eq!(rule.backends.iter().collect::<Vec<_>>(), stay, "P9: what rule {} keeps", planned.id);
        }
    }
    let t = &ran.cloud.temper;
    if ran.cuts == 0 && t.lag_ms == 0 && t.lock_ms == 0 {
        let calls = &ran.plan["calls"];
        let planned = calls["reads"].as_u64().unwrap_or(0) + calls["changes"].as_u64().unwrap_or(0);
        assert_eq!(ran.report["calls"].as_u64(), Some(planned), "P9: as many calls as planned: {}", ran.plan);
    }
}
