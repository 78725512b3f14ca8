//! A run: the lanes of all load balancers of a plan, and the report.

use alloc::{string::String, vec::Vec};

use crate::core::encode::decimal;
use crate::core::error::{Error, Result};
use crate::core::input::given;
use crate::core::json::{Json, push_comma};
use crate::core::text::join;
use crate::core::time;
use crate::core::value::{Document, Type, Value};
use crate::removal::journal::Chain;
use crate::removal::lane::{Context, Lane, Status};
use crate::removal::plan::{Entry, SCHEMA, Touched, numbers};
use crate::removal::reader::{Action, Event};
use crate::removal::request::{Refusal, Wanted, guard_of};
use crate::removal::resume::Pending;
use crate::removal::track::{Outcome, State, Tracked, TrackedRule};
use crate::removal::world::{flag, items, list, sort};
use crate::removal::{Setting, heading, journal, note};

/// The report's form.
pub const REPORT: &str = "unpool/report@1";

/// The form of an undo's report.
pub const UNDO: &str = "unpool/undo@1";

/// A plan being carried out, or what became of one being put back.
#[derive(Debug)]
pub struct Run {
    setting: Setting,
    wanted: Wanted,
    /// The digest of the plan.
    plan: String,
    planned_at: String,
    /// The selectors that fitted nothing, as a JSON list.
    absent: String,
    began: i64,
    lanes: Vec<Lane>,
    /// Whether it puts back.
    undo: bool,
    /// How many entries of a journal it goes on from, and whether a part of one was dropped.
    resumed: usize,
    dropped: bool,
    /// How many entries have their outcome, of how many.
    done: usize,
    total: usize,
}

/// What a lane wants: events to tell and entries to write first, then an action.
#[derive(Debug)]
pub struct Next {
    /// The events, each a JSON object.
    pub notes: Vec<String>,
    /// Entries of the journal, each a JSON object, to be written before anything else is done.
    pub entries: Vec<String>,
    /// The entry to be written directly before the action is carried out, and only if it is.
    pub intent: Option<String>,
    /// Whether the action is a call that changes something.
    pub changes: bool,
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
        let run = Self::of_plan(setting, document.value(), now)?;
        run.in_time(document.value(), now)?;
        Ok(run)
    }

    /// Takes a plan and the journal of its run, given as JSON text: an object with `plan`, and with `entries`, the
    /// list of what was written so far, which may be empty. It is gone on with, and written.
    ///
    /// # Errors
    /// As [`Run::new`], but that a plan whose run has begun is never too old; and `invalid-input` naming the entry
    /// where it is no journal of this plan, or was changed.
    pub fn journaled(setting: Setting, text: &str, now: i64) -> Result<Self> {
        let document = given(text, "plan")?;
        let plan = document.value().get("plan").ok_or_else(|| damaged("schema"))?;
        let mut run = Self::of_plan(setting, plan, now)?;
        run.keep(document.value().get("entries"))?;
        if run.resumed == 0 {
            run.in_time(plan, now)?;
        }
        Ok(run)
    }

    /// Puts back what a run has done, given as JSON text: an object with `of`, its report or an object with its `plan`
    /// and its `journal` (a list of entries); and with `entries`, if the undo is to have a journal of its own.
    ///
    /// # Errors
    /// `invalid-input` where it is no report, or no plan and journal, of this client's vendor and endpoint.
    pub fn undo(setting: Setting, text: &str, now: i64) -> Result<Self> {
        let document = given(text, "report")?;
        let of = document.value().get("of").filter(|of| of.is_object()).ok_or_else(no_report)?;
        let (mut run, what) = match of.get("plan").filter(|plan| plan.is_object()) {
            Some(plan) => {
                let mut run = Self::of_plan(setting, plan, now)?;
                let journal = of.get("journal");
                run.keep(journal.and_then(|journal| journal.get("entries")).or(journal))?;
                let mut ends = String::new();
                for lane in &run.lanes {
                    ends.push_str(lane.chain.as_ref().map_or("", Chain::seal));
                }
                (run, ends)
            }
            None => {
                let entries = of.get("entries").unwrap_or(of);
                (Self::of_report(setting, of, now)?, journal::digest(&[of.text("startedAt")], entries))
            }
        };
        run.turn(&what);
        if let Some(entries) = document.value().get("entries") {
            run.keep(Some(entries))?;
        }
        Ok(run)
    }

    /// The lanes of a plan or a report.
    fn lanes_of(setting: Setting, told: Value<'_>, now: i64) -> Result<Self> {
        for (name, own) in [("vendor", setting.vendor), ("endpoint", &setting.endpoint), ("region", &setting.region)] {
            if !told.says(name, own) {
                let message = join(&["what was given is for another ", name]);
                let own = if own.is_empty() { "not set" } else { own };
                return Err(Error::invalid(name, &message, &join(&["this client's ", name, " is ", own])));
            }
        }
        let Some(request) = told.get("request") else { return Err(damaged("request")) };
        let wanted = Wanted::new(setting.family, request.raw())?;
        let mut lanes: Vec<Lane> = Vec::new();
        for told in items(told, "loadBalancers") {
            let places = items(told, "from");
            let places: Vec<usize> = places.filter_map(|place| usize::try_from(place.as_integer()?).ok()).collect();
            if places.is_empty() || places.iter().any(|place| *place >= wanted.from().len()) {
                return Err(damaged("loadBalancers"));
            }
            lanes.push(Lane::new(told.text("id"), places));
        }
        sort(&mut lanes, |lane| &lane.id);
        Ok(Run {
            setting,
            plan: String::new(),
            planned_at: String::new(),
            wanted,
            began: now,
            lanes,
            absent: told.get("absent").filter(|list| list.kind() == Type::List).map_or("[]", Value::raw).into(),
            undo: false,
            resumed: 0,
            dropped: false,
            done: 0,
            total: 0,
        })
    }

    fn of_plan(setting: Setting, plan: Value<'_>, now: i64) -> Result<Self> {
        if !plan.says("schema", SCHEMA) {
            let hint = join(&["give what client.plan() returned: its schema is ", SCHEMA]);
            return Err(Error::invalid("schema", "this is no plan that this version can carry out", &hint));
        }
        let mut run = Self::lanes_of(setting, plan, now)?;
        run.planned_at = plan.text("createdAt").into();
        run.plan = journal::digest(&[], plan);
        for told in items(plan, "entries") {
            let entry = Entry::read(told, run.setting.family.facts).ok_or_else(|| damaged("entries"))?;
            lane(&mut run.lanes, &entry.balancer)?.entries.push(Tracked::new(entry));
        }
        for told in items(plan, "rules") {
            let touched = Touched::read(told).ok_or_else(|| damaged("rules"))?;
            lane(&mut run.lanes, &touched.balancer)?.rules.push(TrackedRule::new(touched));
        }
        run.sorted();
        Ok(run)
    }

    /// A run as its report tells it.
    fn of_report(setting: Setting, report: Value<'_>, now: i64) -> Result<Self> {
        if !report.says("schema", REPORT) {
            return Err(no_report());
        }
        let mut run = Self::lanes_of(setting, report, now)?;
        run.planned_at = report.text("plannedAt").into();
        run.plan = report.text("plan").into();
        for told in items(report, "entries") {
            let entry = Entry::read(told, run.setting.family.facts).ok_or_else(|| damaged("entries"))?;
            let own = lane(&mut run.lanes, &entry.balancer)?;
            let mut entry = Tracked::new(entry);
            entry.recall(told);
            own.entries.push(entry);
        }
        for told in items(report, "rules") {
            let touched = Touched::read(told).ok_or_else(|| damaged("rules"))?;
            let own = lane(&mut run.lanes, &touched.balancer)?;
            let mut rule = TrackedRule::new(touched);
            rule.recall(told);
            own.rules.push(rule);
        }
        // What was on its way when the report was written may still come.
        let ended = time::parse(report.text("endedAt")).ok_or_else(|| damaged("endedAt"))?;
        for lane in &mut run.lanes {
            let open = |entry: &Tracked| entry.outcome == Some(Outcome::Unknown) || entry.state == State::Unknown;
            let edited = |rule: &TrackedRule| rule.expected.is_some() && !rule.verified;
            if lane.entries.iter().any(open) || lane.rules.iter().any(edited) {
                lane.until = ended + 999 + i64::from(run.setting.family.settle_ms);
            }
        }
        run.sorted();
        Ok(run)
    }

    /// Entries are found by their group and id.
    fn sorted(&mut self) {
        for lane in &mut self.lanes {
            sort(&mut lane.entries, |entry| &entry.key);
        }
        self.total = self.lanes.iter().map(|lane| lane.entries.len()).sum();
    }

    /// Whether the plan is not too old, and nothing has spoken against it.
    fn in_time(&self, plan: Value<'_>, now: i64) -> Result<()> {
        let Some(planned) = time::parse(&self.planned_at) else { return Err(damaged("createdAt")) };
        if now - planned > self.wanted.max_age_ms && !self.wanted.allows("plan-too-old") {
            let message = join(&["the plan is of ", &self.planned_at, ", and now it is ", &time::extended(now)]);
            return Err(refused("plan-too-old", message));
        }
        if let Some(refusal) = items(plan, "refusals").next() {
            let guard = guard_of(refusal.text("guard")).ok_or_else(|| damaged("refusals"))?;
            return Err(refused(guard, refusal.text("message").into()));
        }
        Ok(())
    }

    /// A journal is written from now on, after what it has already.
    fn keep(&mut self, entries: Option<Value<'_>>) -> Result<()> {
        for lane in &mut self.lanes {
            lane.chain = Some(Chain::new(&self.plan));
        }
        let (lanes, mut count) = (&mut self.lanes, 0);
        self.dropped |= journal::read(self.setting.vendor, entries, &mut |told| {
            count += 1;
            let lane =
                lane(lanes, told.text("lane")).map_err(|_| "is about a load balancer that the plan is not about")?;
            lane.chain.as_mut().map_or(Ok(()), |chain| chain.read(told))?;
            lane.recall(told)
        })?;
        self.resumed = count;
        let mut began = self.began;
        for lane in &mut self.lanes {
            lane.recalled(self.setting.family.settle_ms);
            if let Some(chain) = lane.chain.as_ref().filter(|chain| chain.seq > 0) {
                began = began.min(chain.began);
            }
        }
        self.began = began;
        Ok(())
    }

    /// What was done is to be put back: only what this run has changed, or may have. `what` tells it from another run of
    /// the same plan, whose undo has a journal of its own.
    fn turn(&mut self, what: &str) {
        self.undo = true;
        self.plan = journal::digest(&["undo ", &self.plan, what], Document::default().value());
        for lane in &mut self.lanes {
            let (settled, id) = (lane.settled_at(self.setting.family.settle_ms), core::mem::take(&mut lane.id));
            // What became of a call that was lost shows when that time is over.
            let lost = lane.pending.as_ref().is_some_and(Pending::is_lost);
            let mut entries = core::mem::take(&mut lane.entries);
            let mut rules = core::mem::take(&mut lane.rules);
            rules.retain(|rule| rule.expected.is_some());
            // What was taken out of a rule, and nothing else was done to, is to be put into it again.
            entries.retain(|entry| entry.drained || entry.removing || rules.iter().any(|rule| rule.held(&entry.entry)));
            // A rule that the run has put back, and that holds nothing that is missing, is somebody else's by now.
            let missing = |rule: &TrackedRule| entries.iter().any(|entry| entry.removing && rule.held(&entry.entry));
            rules.retain(|rule| !rule.restored || missing(rule));
            for entry in &mut entries {
                // So are weights and switches that it has put back itself.
                entry.drained &= entry.state != State::Serving || entry.unseen.is_some();
                // What is there since it was seen gone was put in by somebody, with the weight that he wants.
                entry.drained &= !matches!(entry.outcome, Some(Outcome::Removed | Outcome::Absent));
                (entry.undo, entry.active) = (true, true);
                (entry.outcome, entry.error) = (None, None);
                entry.unseen = entry.unseen.filter(|_| !lost);
                (entry.returned, entry.left) = (false, false);
                entry.journaled = entry.mark();
            }
            for rule in &mut rules {
                rule.verified |= rule.restored || lost;
                (rule.returned, rule.restored, rule.left) = (false, false, false);
                rule.journaled = String::new();
            }
            *lane = Lane::new(&id, core::mem::take(&mut lane.places));
            (lane.undo, lane.twin, lane.until) = (true, self.setting.family.twin, settled);
            (lane.entries, lane.rules) = (entries, rules);
        }
        self.lanes.retain(|lane| !lane.entries.is_empty() || !lane.rules.is_empty());
        self.total = self.lanes.iter().map(|lane| lane.entries.len()).sum();
        (self.resumed, self.dropped) = (0, false);
    }

    /// The load balancers, one for each lane.
    #[must_use]
    pub fn lanes(&self) -> &[Lane] {
        &self.lanes
    }

    /// What the lanes work on, each behind a line break: vendor, endpoint and load balancer in one.
    #[must_use]
    pub fn keys(&self) -> String {
        let mut out = String::new();
        for lane in &self.lanes {
            out.push_str(&join(&["\n", self.setting.vendor, " ", &self.setting.endpoint, " ", &lane.id]));
        }
        out
    }

    /// What to do in a lane after `event`, at `now`; `random` are 32 random bits.
    pub fn next(&mut self, lane: usize, event: Event, now: i64, random: u32) -> Next {
        let mut next =
            Next { notes: Vec::new(), entries: Vec::new(), intent: None, changes: false, action: Action::Done };
        let Some(own) = self.lanes.get_mut(lane) else { return next };
        let context = Context { setting: &self.setting, wanted: &self.wanted, now, random };
        next.action = own.next(&context, event);
        next.changes = own.changes(&next.action);
        if let Some(chain) = &mut own.chain {
            (next.entries, next.intent) = chain.take();
        }
        let notes = own.notes.take();
        if !notes.is_empty() {
            self.done += own.settle();
            next.notes = note::told(notes, self.done, self.total);
        }
        next
    }

    /// The report, at any time: what is still under way is `paused`.
    #[must_use]
    pub fn report(&self, now: i64) -> Json {
        let entries = || self.lanes.iter().flat_map(|lane| &lane.entries);
        let has = |status| self.lanes.iter().any(|lane| lane.status == status);
        // One that was refused or failed may still have something to put back.
        let waits = || self.lanes.iter().filter(|lane| !lane.is_over());
        // What somebody has put back since is not gone.
        let back = entries()
            .any(|entry| matches!(entry.result(), Outcome::Removed | Outcome::Absent) && entry.state != State::Gone);
        let well = entries().all(|entry| match entry.result() {
            Outcome::Removed | Outcome::Absent => true,
            Outcome::Restored | Outcome::Present => self.lanes.iter().all(|lane| lane.failure.is_none()),
            _ => false,
        });
        let status = if waits().next().is_some() {
            "paused"
        } else if has(Status::Aborted) {
            "aborted"
        } else if !back
            && ((well && !has(Status::Refused)) || self.lanes.iter().all(|lane| lane.status == Status::Done))
        {
            "done"
        } else if has(Status::Refused)
            && self.lanes.iter().all(|lane| matches!(lane.status, Status::Refused | Status::Done))
            && entries().all(|entry| entry.result() != Outcome::Removed)
        {
            "refused"
        } else {
            "incomplete"
        };
        let schema = if self.undo { UNDO } else { REPORT };
        let mut out = heading(&self.setting, schema, "status", status);
        out.add("plan", &self.plan);
        out.add("plannedAt", &self.planned_at);
        out.add("startedAt", &time::extended(self.began));
        out.add("endedAt", &time::extended(now));
        let calls: u32 = self.lanes.iter().map(Lane::calls).sum();
        out.add_json("calls", &decimal(calls.into()));
        if self.resumed > 0 || self.dropped {
            let mut resumed = Json::object(&[]);
            resumed.add_json("entries", &decimal(self.resumed as i64));
            resumed.add_json("droppedLine", flag(self.dropped));
            out.add_json("resumed", resumed.as_str());
        }
        if status == "paused" {
            out.add("resumeAt", &time::extended(waits().map(|lane| lane.until).min().unwrap_or(0).max(now)));
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
        out.add_json("absent", &self.absent);
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
        out.add_json("from", &numbers(&self.places));
        out
    }
}

/// The lane of a load balancer; they are in the order of their ids.
fn lane<'a>(lanes: &'a mut [Lane], id: &str) -> Result<&'a mut Lane> {
    let place = lanes.binary_search_by(|lane| lane.id.as_str().cmp(id)).map_err(|_| damaged("loadBalancers"))?;
    Ok(&mut lanes[place])
}

#[cold]
fn no_report() -> Error {
    Error::invalid(
        "schema",
        "this is no report of a run that this version can undo",
        "give what client.run() returned, or { plan, journal }",
    )
}

#[cold]
fn damaged(field: &str) -> Error {
    Error::invalid(
        field,
        &join(&["its ", field, " cannot be read"]),
        "give what client.plan() or client.run() returned, unchanged",
    )
}

fn refused(guard: &'static str, message: String) -> Error {
    Refusal { guard, message, balancer: String::new(), group: String::new() }.error()
}
