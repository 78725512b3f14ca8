//! What is still to be done in a group, by the read that was made directly before.

use alloc::{string::String, vec::Vec};

use crate::core::json::Json;
use crate::core::text::same;
use crate::core::value::Value;
use crate::removal::family::{Change, Edit, Family};
use crate::removal::guard;
use crate::removal::lane::{Context, Lane, Phase};
use crate::removal::plan::remaining;
use crate::removal::request::{Refusal, Wanted};
use crate::removal::track::{Expected, Outcome, State, Tracked, key};
use crate::removal::world::{Backend, Group, Health};

/// One call that changes something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unit {
    /// These entries, by their places.
    Backends(Change, Vec<usize>),
    /// This rule, by its place, which is to have these backends.
    Rule(usize, Edit, Vec<String>),
}

impl Unit {
    /// Whether both are about the same, so that one shows that the other has had no effect.
    pub(super) fn overlaps(&self, other: &Unit) -> bool {
        match (self, other) {
            (Unit::Backends(change, places), Unit::Backends(now, others)) => {
                change == now && places.iter().any(|place| others.contains(place))
            }
            (Unit::Rule(rule, ..), Unit::Rule(now, ..)) => rule == now,
            _ => false,
        }
    }

    /// The entries that it is about.
    pub(super) fn places(&self, lane: &Lane) -> Vec<usize> {
        match self {
            Unit::Backends(_, places) => places.clone(),
            Unit::Rule(rule, ..) => {
                let held = &lane.rules[*rule].touched.rule.backends;
                let own = |place: &usize| held.contains(&lane.entries[*place].entry.backend.id);
                (0..lane.entries.len()).filter(own).collect()
            }
        }
    }
}

impl Lane {
    /// The group in hand, as last read.
    pub(super) fn group(&self) -> Option<&Group> {
        self.groups.get(self.at).and_then(|id| self.world.find(id))
    }

    /// The entries of the group in hand: their places.
    pub(super) fn own(&self) -> core::ops::Range<usize> {
        self.of(self.at)
    }

    /// The entries of a group: their places.
    pub(super) fn of(&self, group: usize) -> core::ops::Range<usize> {
        let id = self.groups.get(group).map_or("", String::as_str);
        let from = self.entries.partition_point(|entry| entry.entry.group.as_str() < id);
        let to = self.entries.partition_point(|entry| entry.entry.group.as_str() <= id);
        from..to
    }

    /// Whether an entry of the group in hand is to be drained, by what was last read.
    pub(super) fn serves(&self) -> bool {
        let Some(group) = self.group() else { return false };
        self.own().any(|place| {
            let entry = &self.entries[place];
            entry.active && group.backend(&entry.entry.backend.id).is_some_and(|backend| !backend.is_drained(group))
        })
    }

    /// The ids of the entries of the group in hand that the run goes on with, sorted.
    fn out(&self) -> Vec<&str> {
        self.own()
            .filter(|place| self.entries[*place].active)
            .map(|place| self.entries[place].entry.backend.id.as_str())
            .collect()
    }

    /// Takes over what the last read shows of the entries of the group in hand.
    pub(super) fn observe(&mut self, context: &Context<'_>) {
        if self.undo {
            return self.observe_undo(context);
        }
        for place in self.own() {
            let world = &self.world;
            // Of what was not read nothing is told.
            let Some(group) = self.groups.get(self.at).and_then(|id| world.find(id)) else { return };
            let entry = &mut self.entries[place];
            let state = match group.backend(&entry.entry.backend.id) {
                None => State::Gone,
                Some(backend) if !backend.is_drained(group) => State::Serving,
                Some(backend) => {
                    let holds = |rule: &crate::removal::world::Rule| rule.own && rule.backends.contains(&backend.id);
                    let held = self.rules.iter().any(|rule| {
                        same(&rule.touched.group, &group.id) && rule.touched.rule.backends.contains(&backend.id)
                    });
                    if held && !group.rules.iter().any(holds) { State::Detached } else { State::Drained }
                }
            };
            if let (State::Serving, false, Some(backend)) =
                (state, entry.drained, group.backend(&entry.entry.backend.id))
            {
                entry.health = backend.health;
            }
            let shown = match entry.unseen {
                None => true,
                Some(Change::Drain) => state != State::Serving,
                // One that was never seen drained is shown serving by what is late, too.
                Some(Change::Restore) => state == State::Gone || (state == State::Serving && entry.seen_drained),
                Some(Change::Remove) => state == State::Gone,
                Some(Change::Add) => state != State::Gone,
            };
            if shown {
                entry.unseen = None;
            }
            let before = core::mem::replace(&mut entry.state, if shown { state } else { State::Unknown });
            entry.seen_drained |= entry.drained && matches!(state, State::Drained | State::Detached);
            if state == State::Gone && before != State::Gone {
                entry.outcome = Some(if entry.removing { Outcome::Removed } else { Outcome::Absent });
                entry.active = false;
                entry.error = None;
                self.notes.entry(&self.entries[place], context.now);
            }
        }
    }

    /// What somebody else has changed of what the plan is about.
    pub(super) fn changed(&self) -> Option<Refusal> {
        let group = self.group()?;
        let refuse = |says: &[&str]| Some(guard::changed(&self.world, &group.id, says));
        for place in self.own() {
            let entry = &self.entries[place];
            let Some(backend) = group.backend(&entry.entry.backend.id).filter(|_| entry.active) else { continue };
            let planned = &entry.entry.backend;
            // One that is on its way out may be told as switched off.
            let ours = (entry.drained || entry.removing) && backend.is_drained(group);
            if !ours && (backend.weight != planned.weight || backend.enabled != planned.enabled) {
                return refuse(&[
                    "weight or state of ",
                    &backend.id,
                    " in ",
                    &group.id,
                    " is another one than planned",
                ]);
            }
            if entry.seen_drained && !backend.is_drained(group) {
                return refuse(&[&backend.id, " in ", &group.id, " was drained, and takes traffic again"]);
            }
            if differs(planned, backend) {
                return Some(guard::moved(&self.world, &group.id, &backend.id));
            }
        }
        let out = self.out();
        for rule in group.rules.iter().filter(|rule| rule.own) {
            let holds = rule.backends.iter().any(|id| out.binary_search(&id.as_str()).is_ok());
            let planned = self.rules.iter().find(|known| same(&known.touched.rule.id, &rule.id));
            let same_rule = planned.is_some_and(|known| known.touched.rule.is_like(rule));
            if (holds && planned.is_none()) || (planned.is_some() && !same_rule) {
                return refuse(&["rule ", &rule.matches, " (", &rule.id, ") was made or changed after the plan"]);
            }
            if holds && (planned.is_some_and(|known| known.verified) || self.phase == Phase::Remove) {
                return refuse(&["rule ", &rule.matches, " (", &rule.id, ") holds again what was taken out of it"]);
            }
        }
        None
    }

    /// The next call that is needed, if any is.
    pub(super) fn work(&mut self, context: &Context<'_>) -> Result<Option<Unit>, Refusal> {
        match self.phase {
            Phase::Drain => self.backends(context.wanted, Change::Drain),
            Phase::Detach => self.detach(context),
            Phase::Remove => self.backends(context.wanted, Change::Remove),
            Phase::PutBack => Ok(self.put_in().or_else(|| self.restore())),
            Phase::Check | Phase::Wait => Ok(None),
        }
    }

    fn backends(&self, wanted: &Wanted, change: Change) -> Result<Option<Unit>, Refusal> {
        let Some(group) = self.group() else { return Ok(None) };
        if change == Change::Drain && !group.undrainable.is_empty() {
            // Since the plan was made; else it would not be here.
            let refusal = guard::cannot_drain(&self.world, group).filter(|_| self.serves());
            return refusal.filter(|refusal| !wanted.allows(refusal.guard)).map_or(Ok(None), Err);
        }
        let pending = |place: &usize| {
            let entry = &self.entries[*place];
            let there = group.backend(&entry.entry.backend.id);
            entry.active && there.is_some_and(|backend| change == Change::Remove || !backend.is_drained(group))
        };
        let places: Vec<usize> = self.own().filter(pending).take(self.limit.max(1)).collect();
        if places.is_empty() {
            return Ok(None);
        }
        Ok(Some(Unit::Backends(change, places)))
    }

    /// Whether too few would stay, counted as if what this run has drained were still serving: it would be,
    /// were it put back.
    pub(super) fn too_few(&self, context: &Context<'_>) -> Option<Refusal> {
        let group = self.group()?;
        if self.phase == Phase::PutBack || context.wanted.allows("keep-at-least") {
            return None;
        }
        let mut before = group.clone();
        let mut gone = Vec::new();
        for place in self.own() {
            let entry = &self.entries[place];
            let planned = &entry.entry.backend;
            if entry.state == State::Gone {
                gone.push(planned.server.as_str());
            } else if entry.drained
                && let Some(backend) = before.backends.iter_mut().find(|backend| same(&backend.id, &planned.id))
            {
                (backend.weight, backend.enabled) = (planned.weight, planned.enabled);
                // What does not speak for it at weight 0 may be nothing but the weight.
                if backend.health >= Health::Unchecked {
                    backend.health = entry.health;
                }
            }
        }
        gone.retain(|server| !group.backends.iter().any(|backend| same(&backend.server, server)));
        guard::keep_at_least(context.wanted, &self.world, &before, &self.out(), guard::distinct(gone))
    }

    fn detach(&mut self, context: &Context<'_>) -> Result<Option<Unit>, Refusal> {
        self.verify_rules()?;
        let Some(group) = self.group() else { return Ok(None) };
        let out = self.out();
        for rule in group.rules.iter().filter(|rule| rule.own) {
            if !rule.backends.iter().any(|id| out.binary_search(&id.as_str()).is_ok()) {
                continue;
            }
            let Some(place) = self.rules.iter().position(|known| same(&known.touched.rule.id, &rule.id)) else {
                continue;
            };
            let left = remaining(rule, &out);
            let edit = match (left.is_empty(), context.wanted.on_empty()) {
                (false, _) | (true, "leave-empty") => Edit::Set,
                (true, "delete-rule") => Edit::Delete,
                _ => {
                    let mut found = Vec::new();
                    guard::group(context.wanted, &self.world, group, &out, &mut found);
                    match found.into_iter().find(|refusal| refusal.guard == "empty-rule") {
                        Some(refusal) if !context.wanted.allows("empty-rule") => return Err(refusal),
                        _ => Edit::Set,
                    }
                }
            };
            return Ok(Some(Unit::Rule(place, edit, left)));
        }
        Ok(None)
    }

    /// Compares the rules that were edited with what was to become of them.
    fn verify_rules(&mut self) -> Result<(), Refusal> {
        let out: Vec<String> = self.out().into_iter().map(String::from).collect();
        let id = self.groups.get(self.at).map_or("", String::as_str);
        let Some(group) = self.world.find(id) else { return Ok(()) };
        for known in &mut self.rules {
            let Some(expected) = &known.expected else { continue };
            if known.verified || !same(&known.touched.group, &group.id) {
                continue;
            }
            let rule = group.rule(&known.touched.rule.id);
            // Not yet, or not at all.
            if rule.is_some_and(|rule| rule.backends.iter().any(|id| out.contains(id))) {
                continue;
            }
            known.verified = match (rule, expected) {
                (None, Expected::Gone) => true,
                (Some(rule), Expected::Backends(list)) => same_set(&rule.backends, list),
                _ => false,
            };
            if !known.verified {
                let says = [
                    "rule ",
                    &known.touched.rule.matches,
                    " (",
                    &known.touched.rule.id,
                    ") changed while it was edited",
                ];
                return Err(guard::changed(&self.world, &group.id, &says));
            }
        }
        Ok(())
    }

    /// What is still to be put back in the group in hand.
    fn restore(&mut self) -> Option<Unit> {
        let id = self.groups.get(self.at).cloned().unwrap_or_default();
        for place in 0..self.rules.len() {
            let known = &self.rules[place];
            if known.expected.is_none() || known.left || !same(&known.touched.group, &id) {
                continue;
            }
            let group = self.world.find(&id)?;
            let planned = &known.touched.rule;
            // Those of ours that are there, by the ids that they have now. When the rule was deleted it had nothing
            // else any more, whatever the plan had seen in it.
            let ours = |id: &String| {
                let own = self.place(&key(&group.id, id))?;
                self.standing(group, own).map(|backend| backend.id.clone())
            };
            let back: Vec<String> = planned.backends.iter().filter_map(ours).collect();
            // Deleted and made again, by us or by somebody, it has another id.
            let like = |rule: &&crate::removal::world::Rule| rule.own && rule.is_like(planned);
            match group.rule(&planned.id).or_else(|| group.rules.iter().find(like)) {
                Some(rule) => {
                    let missing = back.into_iter().filter(|id| !rule.backends.contains(id)).collect::<Vec<_>>();
                    let (id, strange) = (rule.id.clone(), self.undo && !rule.is_like(planned));
                    // What shows nothing of an edit yet shows nothing of its being put back, either.
                    let unseen = !known.verified && !known.returned;
                    let restored = missing.is_empty() && !unseen;
                    let list = [rule.backends.clone(), missing].concat();
                    let known = &mut self.rules[place];
                    known.touched.rule.id = id;
                    known.restored = restored;
                    if strange && !restored {
                        known.left = true;
                        self.failure.get_or_insert_with(|| STRANGE.into());
                    } else if !restored {
                        return Some(Unit::Rule(place, Edit::Set, list));
                    }
                }
                // Of nothing no rule is made; nor is one that was seen made again, and that somebody has deleted since.
                None if known.expected == Some(Expected::Gone) && !back.is_empty() && !known.restored => {
                    return Some(Unit::Rule(place, Edit::Create, back));
                }
                None => {}
            }
        }
        let group = self.world.find(&id)?;
        let pending = |place: &usize| {
            let Tracked { entry, drained, left, unseen, .. } = &self.entries[*place];
            let now = self.standing(group, *place);
            *drained
                && !left
                && !entry.backend.is_drained(group)
                && now.is_some_and(|backend| backend.is_drained(group) || *unseen == Some(Change::Drain))
        };
        let places: Vec<usize> = self.own().filter(pending).take(self.limit.max(1)).collect();
        (!places.is_empty()).then_some(Unit::Backends(Change::Restore, places))
    }

    /// The operation that does it.
    pub(super) fn operation(&self, family: &Family, unit: &Unit) -> Json {
        let empty = Group::default();
        let group = self.group().unwrap_or(&empty);
        match unit {
            Unit::Backends(change, places) => {
                // As it was just read: what somebody else has written beside the weight stays.
                let backend = |place: &usize| {
                    let planned = &self.entries[*place].entry.backend;
                    let now = self.standing(group, *place).unwrap_or(planned);
                    Backend { weight: planned.weight, enabled: planned.enabled, ..now.clone() }
                };
                let backends: Vec<Backend> = places.iter().map(backend).collect();
                (family.change)(*change, &self.world, group, &backends.iter().collect::<Vec<_>>())
            }
            Unit::Rule(place, edit, backends) => {
                // Repeated as it was just read, whoever made it so.
                let planned = &self.rules[*place].touched.rule;
                let rule = group.rule(&planned.id).unwrap_or(planned);
                (family.edit)(*edit, &self.world, group, rule, backends)
            }
        }
    }
}

const STRANGE: &str = r#"{"kind":"refused","message":"a rule was changed by somebody after the run, and is left as it is","code":"changed-by-someone","retryable":false,"sent":false,"hint":"look at the rules of the report, and put the backend into the rule that is meant"}"#;

/// Whether two lists hold the same, in whatever order.
fn same_set(one: &[String], other: &[String]) -> bool {
    one.len() == other.len() && one.iter().all(|item| other.contains(item))
}

/// Whether a backend is at another port or address than planned.
pub(super) fn differs(planned: &Backend, now: &Backend) -> bool {
    let (planned, now) = (Json::new(planned.saved.clone()).read(), Json::new(now.saved.clone()).read());
    ["port", "privateIp"].iter().any(|name| {
        planned.value().get(name).and_then(Value::as_text) != now.value().get(name).and_then(Value::as_text)
    })
}
