//! A run: the lanes of all load balancers of a plan, and the report.

use alloc::{string::String, vec::Vec};

use crate::core::encode::decimal;
use crate::core::error::{Error, Result};
use crate::core::input::given;
use crate::core::json::{Json, push_comma};
use crate::core::text::{join, same};
use crate::core::time;
use crate::removal::lane::{Context, Lane, Status};
use crate::removal::plan::{Entry, SCHEMA, Touched};
use crate::removal::reader::{Action, Event};
use crate::removal::request::{Refusal, Wanted};
use crate::removal::track::{Outcome, State, Tracked, TrackedRule};
use crate::removal::world::{items, list, sort};
use crate::removal::{Setting, heading, note};

/// The report's form.
pub const REPORT: &str = "unpool/report@1";

/// A plan being carried out.
#[derive(Debug)]
pub struct Run {
    setting: Setting,
    wanted: Wanted,
    planned_at: String,
    began: i64,
    lanes: Vec<Lane>,
    /// How many entries have their outcome, of how many.
    done: usize,
    total: usize,
}

/// What a lane wants: events to tell first, then an action.
#[derive(Debug)]
pub struct Next {
    /// The events, each a JSON object.
    pub notes: Vec<String>,
    /// What to do.
    pub action: Action,
}

impl Run {
    /// Takes a plan, given as JSON text.
    ///
    /// # Errors
    /// `invalid-input` where it is no plan, or one for another vendor or endpoint; `refused` where a
    /// guard has said no in it, or it is too old.
    pub fn new(setting: Setting, text: &str, now: i64) -> Result<Self> {
        let document = given(text, "plan")?;
        let plan = document.value();
        if !plan.says("schema", SCHEMA) {
            let hint = join(&["give what client.plan() returned: its schema is ", SCHEMA]);
            return Err(Error::invalid("schema", "this is no plan that this version can carry out", &hint));
        }
        for (name, own) in [("vendor", setting.vendor), ("endpoint", &setting.endpoint), ("region", &setting.region)] {
            if !plan.says(name, own) {
                let message = join(&["the plan is for another ", name]);
                return Err(Error::invalid(name, &message, &join(&["this client's ", name, " is ", own])));
            }
        }
        let Some(request) = plan.get("request") else { return Err(damaged("request")) };
        let wanted = Wanted::new(setting.family, request.raw())?;
        let planned_at = plan.text("createdAt");
        let Some(planned) = time::parse(planned_at) else { return Err(damaged("createdAt")) };
        if now - planned > wanted.max_age_ms && !wanted.allows("plan-too-old") {
            let message = join(&["the plan is of ", planned_at, ", and now it is ", &time::extended(now)]);
            return Err(refused("plan-too-old", message));
        }
        if let Some(refusal) = items(plan, "refusals").next() {
            let guard = guard_of(refusal.text("guard")).ok_or_else(|| damaged("refusals"))?;
            return Err(refused(guard, refusal.text("message").into()));
        }
        let mut lanes: Vec<Lane> = Vec::new();
        for told in items(plan, "loadBalancers") {
            let places = items(told, "from");
            let places: Vec<usize> = places.filter_map(|place| usize::try_from(place.as_integer()?).ok()).collect();
            if places.is_empty() || places.iter().any(|place| *place >= wanted.from().len()) {
                return Err(damaged("loadBalancers"));
            }
            lanes.push(Lane::new(told.text("id"), places));
        }
        sort(&mut lanes, |lane| &lane.id);
        for told in items(plan, "entries") {
            let entry = Entry::read(told).ok_or_else(|| damaged("entries"))?;
            lane(&mut lanes, &entry.balancer)?.entries.push(Tracked::new(entry));
        }
        for told in items(plan, "rules") {
            let touched = Touched::read(told).ok_or_else(|| damaged("rules"))?;
            lane(&mut lanes, &touched.balancer)?.rules.push(TrackedRule::new(touched));
        }
        let total = lanes.iter().map(|lane| lane.entries.len()).sum();
        Ok(Run { setting, planned_at: planned_at.into(), wanted, began: now, lanes, done: 0, total })
    }

    /// The load balancers, one for each lane.
    #[must_use]
    pub fn lanes(&self) -> &[Lane] {
        &self.lanes
    }

    /// What to do in a lane after `event`, at `now`; `random` are 32 random bits.
    pub fn next(&mut self, lane: usize, event: Event, now: i64, random: u32) -> Next {
        let Some(own) = self.lanes.get_mut(lane) else { return Next { notes: Vec::new(), action: Action::Done } };
        let context = Context { setting: &self.setting, wanted: &self.wanted, now, random };
        let action = own.next(&context, event);
        let notes = own.notes.take();
        if notes.is_empty() {
            return Next { notes: Vec::new(), action };
        }
        self.done += own.settle();
        Next { notes: note::told(notes, self.done, self.total), action }
    }

    /// The report, at any time: what is still under way is `paused`.
    #[must_use]
    pub fn report(&self, now: i64) -> Json {
        let entries = || self.lanes.iter().flat_map(|lane| &lane.entries);
        let has = |status| self.lanes.iter().any(|lane| lane.status == status);
        let well = entries().all(|entry| {
            // What somebody has put back since is not gone.
            matches!(entry.result(), Outcome::Removed | Outcome::Absent) && entry.state == State::Gone
        });
        let status = if has(Status::Running) {
            "paused"
        } else if has(Status::Aborted) {
            "aborted"
        } else if (well && !has(Status::Refused)) || self.lanes.iter().all(|lane| lane.status == Status::Done) {
            "done"
        } else if self.lanes.iter().all(|lane| matches!(lane.status, Status::Refused | Status::Done))
            && entries().all(|entry| entry.result() != Outcome::Removed)
        {
            "refused"
        } else {
            "incomplete"
        };
        let mut out = heading(&self.setting, REPORT, "status", status);
        out.add("plannedAt", &self.planned_at);
        out.add("startedAt", &time::extended(self.began));
        out.add("endedAt", &time::extended(now));
        let calls: u32 = self.lanes.iter().map(Lane::calls).sum();
        out.add_json("calls", &decimal(calls.into()));
        if status == "paused" {
            let waits = self.lanes.iter().filter(|lane| lane.status == Status::Running);
            out.add("resumeAt", &time::extended(waits.map(|lane| lane.until).min().unwrap_or(0).max(now)));
        }
        out.add_json("loadBalancers", &list(&self.lanes, Lane::write));
        let (mut told, mut rules) = (String::from("["), String::from("["));
        for entry in entries() {
            push_comma(&mut told);
            told.push_str(entry.write().as_str());
        }
        for rule in self.lanes.iter().flat_map(|lane| &lane.rules) {
            push_comma(&mut rules);
            rules.push_str(rule.write().as_str());
        }
        out.add_json("entries", &join(&[&told, "]"]));
        out.add_json("rules", &join(&[&rules, "]"]));
        out.add_json("request", self.wanted.text());
        out
    }
}

impl Lane {
    fn write(&self) -> Json {
        let mut out = Json::object(&[("id", &self.id), ("status", self.status.name())]);
        if let Some(refusal) = &self.refusal {
            out.add_json("refusal", refusal.write().as_str());
        }
        if let Some(failure) = &self.failure {
            out.add_json("error", failure);
        }
        out.add_json("calls", &decimal(self.calls().into()));
        out
    }
}

/// The lane of a load balancer; they are in the order of their ids.
fn lane<'a>(lanes: &'a mut [Lane], id: &str) -> Result<&'a mut Lane> {
    let place = lanes.binary_search_by(|lane| lane.id.as_str().cmp(id)).map_err(|_| damaged("loadBalancers"))?;
    Ok(&mut lanes[place])
}

#[cold]
fn damaged(field: &str) -> Error {
    Error::invalid(
        field,
        &join(&["the plan's ", field, " cannot be read"]),
        "give what client.plan() returned, unchanged",
    )
}

fn refused(guard: &'static str, message: String) -> Error {
    Refusal { guard, message, balancer: String::new(), group: String::new() }.error()
}

/// A guard by its name; a plan may say anything.
fn guard_of(name: &str) -> Option<&'static str> {
    crate::core::text::words(crate::removal::request::GUARDS).find(|guard| same(guard, name))
}
