//! What a lane remembers, as JSON: in reports and in the entries of its journal; and the facts that these tell.

use alloc::{string::String, vec::Vec};

use crate::core::encode::decimal;
use crate::core::error::Kind;
use crate::core::json::{Json, push_comma, push_string};
use crate::core::time;
use crate::core::value::Value;
use crate::removal::call::{Call, Fate, Target};
use crate::removal::entry::{EntryMemory, Expected, Outcome, RuleMemory, State};
use crate::removal::errors::CUT_OFF;
use crate::removal::fact::{Fact, Goal, Status, Why};
use crate::removal::family::{Change, Edit};
use crate::removal::guard::Refusal;
use crate::removal::journal::RecordKind;
use crate::removal::memory::Memory;
use crate::removal::phase::Phase;
use crate::removal::plan::Entry;
use crate::removal::reader::Failure;
use crate::removal::world::{Health, flag, items, quoted, texts};

/// Why an entry of a journal is not taken.
pub(super) const DAMAGED: &str = "cannot be read";

/// A JSON list of those names that hold.
fn names(all: &[(&str, bool)]) -> String {
    let mut out = String::from("[");
    for (name, _) in all.iter().filter(|(_, holds)| *holds) {
        push_comma(&mut out);
        push_string(&mut out, name);
    }
    out.push_str("]");
    out
}

/// Whether a list of an object has this text.
fn lists(of: Value<'_>, list: &str, name: &str) -> bool {
    items(of, list).any(|item| item.as_str() == Some(name))
}

/// The calls that were, or may have been, carried out for an entry, as a JSON list; one that is under way counts.
fn did(memory: &EntryMemory, in_flight: Option<Change>, goal: Goal) -> String {
    let back = goal.is_restore() && matches!(in_flight, Some(Change::Add | Change::Restore));
    names(&[
        ("drain", memory.drain_sent || in_flight == Some(Change::Drain)),
        ("remove", memory.remove_sent || in_flight == Some(Change::Remove)),
        ("return", memory.restore_sent || back),
    ])
}

/// What is told of an entry beside its outcome, in a journal and in a report.
fn tail(out: &mut Json, memory: &EntryMemory, unconfirmed: Option<Change>) {
    if let Some(change) = unconfirmed {
        out.add("unseen", change.name());
    }
    if let Some(id) = &memory.new_id {
        out.add("newId", id);
    }
    if let Some(error) = &memory.error {
        out.add_json("error", error);
    }
}

/// An entry, as reports and events have it.
pub(super) fn entry(memory: &Memory, index: usize, goal: Goal) -> Json {
    let (tracked, in_flight) = (&memory.entries()[index], memory.in_flight_of(index));
    let own = &tracked.memory;
    let mut out = tracked.planned.write();
    out.add("outcome", memory.result(index, goal).name());
    let state = if in_flight.is_some() { State::Unknown } else { own.state };
    out.add("state", state.name());
    out.add_json("did", &did(own, in_flight, goal));
    tail(&mut out, own, in_flight.or(own.unconfirmed));
    out
}

/// What a journal remembers of an entry.
pub(super) fn remembered(memory: &Memory, index: usize, goal: Goal) -> Json {
    let tracked = &memory.entries()[index];
    let own = &tracked.memory;
    let mut out =
        Json::object(&[("groupId", &tracked.planned.group), ("id", tracked.id()), ("state", own.state.name())]);
    if let Some(outcome) = own.outcome {
        out.add("outcome", outcome.name());
    }
    out.add_json("did", &did(own, None, goal));
    out.add_json("is", &names(&[("seen-drained", own.drain_seen), ("left", own.cannot_restore)]));
    if own.health != tracked.planned.backend.health {
        out.add("health", own.health.name());
    }
    tail(&mut out, own, own.unconfirmed);
    out
}

/// What a journal remembers of an entry, or a report tells of it.
pub(super) fn entry_memory(json: Value<'_>, planned: &Entry) -> EntryMemory {
    EntryMemory {
        outcome: Outcome::of(json.text("outcome")),
        state: State::of(json.text("state")),
        health: json.get("health").map_or(planned.backend.health, |_| Health::of(json.text("health"))),
        drain_sent: lists(json, "did", "drain"),
        drain_seen: lists(json, "is", "seen-drained"),
        remove_sent: lists(json, "did", "remove"),
        restore_sent: lists(json, "did", "return"),
        unconfirmed: Change::of(json.text("unseen")),
        cannot_restore: lists(json, "is", "left"),
        new_id: json.get("newId").and_then(Value::as_str).map(String::from),
        error: json.get("error").map(|error| error.raw().into()),
    }
}

/// What edit of a rule was, or may have been, carried out.
fn edited(memory: &RuleMemory) -> Option<&'static str> {
    Some(match memory.expected.as_ref()? {
        Expected::Backends(_) => "edit",
        Expected::Gone => "delete",
    })
}

/// A rule, as reports have it.
pub(super) fn rule(memory: &Memory, index: usize) -> Json {
    let known = &memory.rules()[index];
    let own = &known.memory;
    let mut out = known.planned.write_as(&own.id);
    if own.id != known.planned.rule.id {
        out.add("plannedId", &known.planned.rule.id);
    }
    if let Some(did) = edited(own) {
        out.add("did", did);
    }
    out.add(
        "state",
        match (&own.expected, own.restored, own.verified) {
            _ if memory.is_rule_in_flight(index) => "unknown",
            (None, ..) => "untouched",
            (_, true, _) => "restored",
            (_, _, false) => "unknown",
            _ if own.restore_sent => "unknown",
            (Some(Expected::Gone), ..) => "deleted",
            _ => "edited",
        },
    );
    out
}

/// What a journal remembers of a rule; nothing, where it was not edited. The index tells it in its lane.
pub(super) fn remembered_rule(memory: &Memory, index: usize) -> Option<Json> {
    let own = &memory.rules()[index].memory;
    let mut out = Json::object(&[("id", &own.id), ("did", edited(own)?)]);
    out.add_json("rule", &decimal(index as i64));
    if let Some(Expected::Backends(backends)) = &own.expected {
        out.add_json("backends", &texts(backends));
    }
    for (name, holds) in [
        ("verified", own.verified),
        ("returned", own.restore_sent),
        ("restored", own.restored),
        ("left", own.cannot_restore),
    ] {
        out.add_json(name, flag(holds));
    }
    Some(out)
}

/// What a journal remembers of a rule, or a report tells of it.
pub(super) fn rule_memory(json: Value<'_>, planned_id: &str) -> RuleMemory {
    let holds = |name: &str| json.get(name).is_some_and(Value::is_true);
    let backends = items(json, "backends").filter_map(|id| Some(String::from(id.as_str()?)));
    // A report says it by the state.
    let seen = matches!(json.text("state"), "edited" | "deleted" | "restored");
    let id = json.text("id");
    RuleMemory {
        id: String::from(if id.is_empty() { planned_id } else { id }),
        expected: match json.text("did") {
            "edit" => Some(Expected::Backends(backends.collect())),
            "delete" => Some(Expected::Gone),
            _ => None,
        },
        verified: holds("verified") || seen,
        restore_sent: holds("returned"),
        restored: holds("restored") || json.says("state", "restored"),
        cannot_restore: holds("left"),
    }
}

/// What an intent says of its call.
pub(super) fn announced(memory: &Memory, call: &Call, operation: String, out: &mut Vec<(&str, String)>) {
    out.push(("step", quoted(call.phase.name())));
    out.push(("groupId", quoted(&call.group)));
    match &call.target {
        Target::Backends(change, entries) => {
            let ids = entries.iter().map(|entry| String::from(memory.entries()[*entry].id()));
            out.push(("change", quoted(change.name())));
            out.push(("ids", texts(&ids.collect::<Vec<_>>())));
        }
        Target::Rule(index, edit, backends) => {
            out.push(("edit", quoted(edit.name())));
            out.push(("rule", decimal(*index as i64)));
            out.push(("ids", texts(backends)));
        }
    }
    out.push(("operation", operation));
}

/// The call that an intent announces.
fn call(memory: &Memory, json: Value<'_>, at: i64) -> Option<Call> {
    let phase = Phase::of(json.text("step"))?;
    let group = json.text("groupId");
    let ids = || items(json, "ids").filter_map(|id| Some(String::from(id.as_str()?)));
    let target = match (Change::of(json.text("change")), Edit::of(json.text("edit"))) {
        (Some(change), _) => {
            let entries = ids().map(|id| memory.find(group, &id));
            Target::Backends(change, entries.collect::<Option<Vec<_>>>()?)
        }
        (None, Some(edit)) => {
            let index = usize::try_from(json.get("rule")?.as_integer()?).ok()?;
            memory.rules().get(index)?;
            Target::Rule(index, edit, ids().collect())
        }
        _ => return None,
    };
    Some(Call { phase, group: group.into(), target, at, fate: Fate::InFlight })
}

/// Takes over the facts that one entry of a journal tells, in their order.
///
/// # Errors
/// What is wrong with it, in words.
pub(super) fn recall(memory: &mut Memory, json: Value<'_>, goal: Goal) -> Result<(), &'static str> {
    let kind = RecordKind::of(json).ok_or(DAMAGED)?;
    // Journals have whole seconds.
    let at = time::parse(json.text("at")).ok_or(DAMAGED)? + 999;
    match (kind, memory.last_call()) {
        (RecordKind::Result, None) => return Err("tells of a call that was not announced"),
        (RecordKind::Result, Some(_)) => {
            let fact = match json.get("error").map(|error| Failure::new(error.raw().into())) {
                None => Fact::Answered(at),
                Some(failure) if failure.is(Kind::OutcomeUnknown) => Fact::Unknown(at, failure.text().into()),
                Some(_) => Fact::NotDone(at),
            };
            memory.apply(fact, goal);
        }
        // A run that went on has taken it for sent before it wrote this.
        _ => cut_off(memory, goal),
    }
    for own in items(json, "backends") {
        let entry = memory.find(own.text("groupId"), own.text("id")).ok_or(DAMAGED)?;
        let own = entry_memory(own, &memory.entries()[entry].planned);
        memory.apply(Fact::Entry(entry, own), goal);
    }
    for own in items(json, "rules") {
        let index = own.get("rule").and_then(Value::as_integer).and_then(|index| usize::try_from(index).ok());
        let index = index.ok_or(DAMAGED)?;
        let planned = &memory.rules().get(index).ok_or(DAMAGED)?.memory.id;
        let own = rule_memory(own, planned);
        memory.apply(Fact::Rule(index, own), goal);
    }
    if let Some(calls) = json.get("calls").and_then(Value::as_integer) {
        memory.apply(Fact::Calls(u32::try_from(calls).map_err(|_| DAMAGED)?), goal);
    }
    let failure = json.get("failure").map(|error| String::from(error.raw()));
    let failed = kind != RecordKind::End && json.says("status", Status::Failed.name());
    let why = match failed {
        true => failure.clone().map(Why::Error),
        false => json.get("refusal").and_then(Refusal::read).map(Why::Guard),
    };
    if failed || why.is_some() {
        memory.apply(Fact::RollingBack(why), goal);
    }
    if let Some(error) = failure.filter(|_| !failed) {
        memory.apply(Fact::Trouble(error), goal);
    }
    match kind {
        RecordKind::Intent => {
            let call = call(memory, json, at).ok_or(DAMAGED)?;
            memory.apply(Fact::Sent(call), goal);
        }
        RecordKind::Seen if is_shown(memory) => memory.apply(Fact::CallClosed, goal),
        RecordKind::End => {
            let all = [Status::Done, Status::Refused, Status::Failed];
            let how = all.into_iter().find(|how| json.says("status", how.name())).ok_or(DAMAGED)?;
            memory.apply(Fact::Ended(how), goal);
        }
        _ => {}
    }
    Ok(())
}

/// A call that was announced, and that nothing is told of since: as if it had been sent, and its answer lost.
pub(super) fn cut_off(memory: &mut Memory, goal: Goal) {
    if let Some(at) = memory.in_flight().map(|call| call.at) {
        memory.apply(Fact::Unknown(at, CUT_OFF.into()), goal);
    }
}

/// Whether reads have shown all that the last call was to do: it is not waited for any more.
fn is_shown(memory: &Memory) -> bool {
    match memory.last_call().map(|call| (&call.target, call.phase)) {
        Some((Target::Backends(_, entries), _)) => {
            entries.iter().all(|entry| memory.entries()[*entry].memory.unconfirmed.is_none())
        }
        Some((Target::Rule(index, ..), Phase::PutBack)) => memory.rules()[*index].memory.restored,
        Some((Target::Rule(index, ..), _)) => memory.rules()[*index].memory.verified,
        None => false,
    }
}
