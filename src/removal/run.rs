//! A run: the lanes of all load balancers of a plan, and the report.

use alloc::{string::String, vec::Vec};

use crate::core::encode::decimal;
use crate::core::error::{Error, Result};
use crate::core::input::given;
use crate::core::json::{Json, push_comma};
use crate::core::text::join;
use crate::core::time;
use crate::core::value::{Document, Type, Value};
use crate::removal::entry::{Outcome, State, Tracked, TrackedRule};
use crate::removal::fact::{Goal, Status};
use crate::removal::guard::{Guard, Refusal};
use crate::removal::journal;
use crate::removal::lane::{Context, Lane};
use crate::removal::outbox;
use crate::removal::plan::{Entry, SCHEMA, Touched, numbers};
use crate::removal::reader::{Action, Event};
use crate::removal::record;
use crate::removal::request::Wanted;
use crate::removal::setting::{Setting, heading};
use crate::removal::world::{flag, items, list, sort};

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
        run.attach_journal(document.value().get("entries"))?;
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
                run.attach_journal(journal.and_then(|journal| journal.get("entries")).or(journal))?;
                let mut ends = String::new();
                for lane in &run.lanes {
                    ends.push_str(lane.journal_seal());
                }
                (run, ends)
            }
            None => {
                let entries = of.get("entries").unwrap_or(of);
                (Self::of_report(setting, of, now)?, journal::digest(&[of.text("startedAt")], entries))
            }
        };
        run.turn_to_undo(&what);
        if let Some(entries) = document.value().get("entries") {
            run.attach_journal(Some(entries))?;
        }
        Ok(run)
    }

    /// What a plan or a report is about; of a report, what is remembered of it is recalled.
    fn of(setting: Setting, json: Value<'_>, now: i64, recall: bool) -> Result<Self> {
        for (name, own) in [("vendor", setting.vendor), ("endpoint", &setting.endpoint), ("region", &setting.region)] {
            if !json.says(name, own) {
                let message = join(&["what was given is for another ", name]);
                let own = if own.is_empty() { "not set" } else { own };
                return Err(Error::invalid(name, &message, &join(&["this client's ", name, " is ", own])));
            }
        }
        let Some(request) = json.get("request") else { return Err(damaged("request")) };
        let wanted = Wanted::new(setting.family, request.raw())?;
        let mut lanes = Vec::new();
        lanes_of(&mut lanes, json, &wanted, setting.family.facts, recall)?;
        Ok(Run {
            setting,
            plan: String::new(),
            planned_at: String::new(),
            wanted,
            began: now,
            total: lanes.iter().map(|lane| lane.memory().entries().len()).sum(),
            lanes,
            absent: json.get("absent").filter(|list| list.kind() == Type::List).map_or("[]", Value::raw).into(),
            undo: false,
            resumed: 0,
            dropped: false,
            done: 0,
        })
    }

    fn of_plan(setting: Setting, plan: Value<'_>, now: i64) -> Result<Self> {
        if !plan.says("schema", SCHEMA) {
            let hint = join(&["give what client.plan() returned: its schema is ", SCHEMA]);
            return Err(Error::invalid("schema", "this is no plan that this version can carry out", &hint));
        }
        let mut run = Self::of(setting, plan, now, false)?;
        run.planned_at = plan.text("createdAt").into();
        run.plan = journal::digest(&[], plan);
        Ok(run)
    }

    /// A run as its report tells it.
    fn of_report(setting: Setting, report: Value<'_>, now: i64) -> Result<Self> {
        if !report.says("schema", REPORT) {
            return Err(no_report());
        }
        let mut run = Self::of(setting, report, now, true)?;
        run.planned_at = report.text("plannedAt").into();
        run.plan = report.text("plan").into();
        // What was on its way when the report was written may still come.
        let ended = time::parse(report.text("endedAt")).ok_or_else(|| damaged("endedAt"))?;
        for lane in &mut run.lanes {
            let open = |entry: &Tracked| {
                entry.memory.outcome == Some(Outcome::Unknown) || entry.memory.state == State::Unknown
            };
            let (entries, rules) = (lane.memory().entries(), lane.memory().rules());
            if entries.iter().any(open) || rules.iter().any(TrackedRule::is_unverified) {
                lane.wait_until(ended + 999 + i64::from(run.setting.family.visible_after_ms));
            }
        }
        Ok(run)
    }

    /// Whether the plan is not too old, and nothing has spoken against it.
    fn in_time(&self, plan: Value<'_>, now: i64) -> Result<()> {
        let Some(planned) = time::parse(&self.planned_at) else { return Err(damaged("createdAt")) };
        if now - planned > self.wanted.max_age_ms && !self.wanted.allows(Guard::PlanTooOld) {
            let message = join(&["the plan is of ", &self.planned_at, ", and now it is ", &time::extended(now)]);
            return Err(refused(Guard::PlanTooOld, message));
        }
        if let Some(refusal) = items(plan, "refusals").next() {
            let guard = Guard::of(refusal.text("guard")).ok_or_else(|| damaged("refusals"))?;
            return Err(refused(guard, refusal.text("message").into()));
        }
        Ok(())
    }

    /// A journal is written from now on, after what it has already.
    fn attach_journal(&mut self, entries: Option<Value<'_>>) -> Result<()> {
        for lane in &mut self.lanes {
            lane.attach_journal(&self.plan);
        }
        let (lanes, mut count) = (&mut self.lanes, 0);
        self.dropped |= journal::read(self.setting.vendor, entries, &mut |json| {
            count += 1;
            let lane =
                find(lanes, json.text("lane")).map_err(|_| "is about a load balancer that the plan is not about")?;
            lane.recall(json)
        })?;
        self.resumed = count;
        for lane in &mut self.lanes {
            lane.recalled(self.setting.family.visible_after_ms);
            self.began = self.began.min(lane.journal_began().unwrap_or(self.began));
        }
        Ok(())
    }

    /// What was done is to be put back: only what this run has changed, or may have. `what` tells it from another run of
    /// the same plan, whose undo has a journal of its own.
    fn turn_to_undo(&mut self, what: &str) {
        self.undo = true;
        self.plan = journal::digest(&["undo ", &self.plan, what], Document::default().value());
        let family = self.setting.family;
        for lane in &mut self.lanes {
            lane.turn_to_undo(family.identity_fields, family.visible_after_ms);
        }
        self.lanes.retain(|lane| !lane.memory().entries().is_empty() || !lane.memory().rules().is_empty());
        self.total = self.lanes.iter().map(|lane| lane.memory().entries().len()).sum();
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
            out.push_str(&join(&["\n", self.setting.vendor, " ", &self.setting.endpoint, " ", lane.id()]));
        }
        out
    }

    /// What to do in a lane after `event`, at `now`; `random` are 32 random bits.
    pub fn next(&mut self, lane: usize, event: Event, now: i64, random: u32) -> Next {
        let mut next = Next { notes: Vec::new(), entries: Vec::new(), intent: None, action: Action::Done };
        let Some(own) = self.lanes.get_mut(lane) else { return next };
        let context = Context { setting: &self.setting, wanted: &self.wanted, now, random };
        next.action = own.next(&context, event);
        (next.entries, next.intent) = own.take_entries();
        let events = own.take_events();
        if !events.is_empty() {
            self.done += own.take_newly_finished();
            next.notes = outbox::counted(events, self.done, self.total);
        }
        next
    }

    /// The report, at any time: what is still under way is `paused`.
    #[must_use]
    pub fn report(&self, now: i64) -> Json {
        let has = |status| self.lanes.iter().any(|lane| lane.memory().status() == status);
        // One that was refused or failed may still have something to put back.
        let waits = || self.lanes.iter().filter(|lane| !lane.is_over());
        let every = |holds: &dyn Fn(&Lane, usize) -> bool| {
            self.lanes.iter().all(|lane| (0..lane.memory().entries().len()).all(|entry| holds(lane, entry)))
        };
        let is_out = |outcome| matches!(outcome, Outcome::Removed | Outcome::Absent);
        // What somebody has put back since is not gone.
        let stays_out = every(&|lane, entry| {
            !is_out(lane.result(entry)) || lane.memory().entries()[entry].memory.state == State::Gone
        });
        let no_errors = self.lanes.iter().all(|lane| lane.memory().error().is_none());
        let well = every(&|lane, entry| match lane.result(entry) {
            outcome if is_out(outcome) => true,
            Outcome::Restored | Outcome::Present => no_errors,
            _ => false,
        });
        let all = |statuses: &[Status]| self.lanes.iter().all(|lane| statuses.contains(&lane.memory().status()));
        let status = if waits().next().is_some() {
            "paused"
        } else if has(Status::Aborted) {
            "aborted"
        } else if stays_out && ((well && !has(Status::Refused)) || all(&[Status::Done])) {
            "done"
        } else if has(Status::Refused)
            && all(&[Status::Refused, Status::Done])
            && every(&|lane, entry| lane.result(entry) != Outcome::Removed)
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
            out.add("resumeAt", &time::extended(waits().map(Lane::until).min().unwrap_or(0).max(now)));
        }
        out.add_json("loadBalancers", &list(&self.lanes, balancer));
        let (mut entries, mut rules) = (String::from("["), String::from("["));
        let goal = if self.undo { Goal::Restore { identity: "" } } else { Goal::Remove };
        for memory in self.lanes.iter().map(Lane::memory) {
            for entry in 0..memory.entries().len() {
                push_comma(&mut entries);
                entries.push_str(record::entry(memory, entry, goal).as_str());
            }
            for rule in 0..memory.rules().len() {
                push_comma(&mut rules);
                rules.push_str(record::rule(memory, rule).as_str());
            }
        }
        out.add_json("entries", &join(&[&entries, "]"]));
        out.add_json("rules", &join(&[&rules, "]"]));
        out.add_json("absent", &self.absent);
        out.add_json("request", self.wanted.text());
        out
    }
}

/// The lanes of what a plan or a report is about; of a report, what is remembered of it is recalled.
///
/// They go into a list of the caller's: here, an early return has nothing to clean up.
fn lanes_of(
    lanes: &mut Vec<Lane>,
    json: Value<'_>,
    wanted: &Wanted,
    facts: &'static [&'static str],
    recall: bool,
) -> Result<()> {
    for balancer in items(json, "loadBalancers") {
        let sources = items(balancer, "from");
        let sources: Vec<usize> = sources.filter_map(|index| usize::try_from(index.as_integer()?).ok()).collect();
        if sources.is_empty() || sources.iter().any(|index| *index >= wanted.from().len()) {
            return Err(damaged("loadBalancers"));
        }
        lanes.push(Lane::new(balancer.text("id"), sources));
    }
    sort(lanes, Lane::id);
    for own in items(json, "entries") {
        let planned = Entry::read(own, facts).ok_or_else(|| damaged("entries"))?;
        let lane = find(lanes, &planned.balancer)?;
        let mut tracked = Tracked::new(planned);
        if recall {
            tracked.memory = record::entry_memory(own, &tracked.planned);
        }
        lane.plan().add(tracked);
    }
    for own in items(json, "rules") {
        let planned = Touched::read(own).ok_or_else(|| damaged("rules"))?;
        let lane = find(lanes, &planned.balancer)?;
        let mut known = TrackedRule::new(planned);
        if recall {
            known.memory = record::rule_memory(own, &known.planned.rule.id);
        }
        lane.plan().add_rule(known);
    }
    for lane in lanes {
        lane.plan().put_in_order();
    }
    Ok(())
}

/// A load balancer, as reports have it.
fn balancer(lane: &Lane) -> Json {
    let memory = lane.memory();
    let mut out = Json::object(&[("id", lane.id()), ("status", memory.status().name())]);
    if let Some(refusal) = memory.refusal() {
        out.add_json("refusal", refusal.write().as_str());
    }
    if let Some(error) = memory.error() {
        out.add_json("error", error);
    }
    out.add_json("calls", &decimal(lane.calls().into()));
    out.add_json("from", &numbers(lane.sources()));
    out
}

/// The lane of a load balancer; they are in the order of their ids.
fn find<'a>(lanes: &'a mut [Lane], id: &str) -> Result<&'a mut Lane> {
    let index = lanes.binary_search_by(|lane| lane.id().cmp(id)).map_err(|_| damaged("loadBalancers"))?;
    Ok(&mut lanes[index])
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

fn refused(guard: Guard, message: String) -> Error {
    Refusal { guard, message, balancer: String::new(), group: String::new() }.error()
}
