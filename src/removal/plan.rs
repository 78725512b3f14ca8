//! The plan: what was found, what would be done in which order, what would remain, and what speaks
//! against it. It is data, and a claim: a run looks again and computes all of it anew.

use alloc::{string::String, vec::Vec};

use crate::core::encode::decimal;
use crate::core::json::{Json, push_comma};
use crate::core::text::{join, same};
use crate::core::time;
use crate::core::value::Value;
use crate::removal::guard::{Guard, Refusal};
use crate::removal::request::Wanted;
use crate::removal::safety;
use crate::removal::select::{Picked, Selectors};
use crate::removal::setting::{Setting, heading};
use crate::removal::world::{Backend, Balancer, Group, Health, Rule, is_among, texts};

/// The plan's form.
pub const SCHEMA: &str = "unpool/plan@1";

/// A backend that is to be taken out.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// The load balancer.
    pub balancer: String,
    /// Its group.
    pub group: String,
    /// The backend as the plan found it.
    pub backend: Backend,
}

impl Entry {
    /// It as JSON.
    #[must_use]
    pub fn write(&self) -> Json {
        let mut out = Json::object(&[("loadBalancerId", &self.balancer)]);
        self.backend.write(&self.group, &mut out);
        out
    }

    /// Reads what [`Entry::write`] wrote, now or in a version whose backends had no facts; those are told by what was
    /// saved, as the family says.
    #[must_use]
    pub fn read(json: Value<'_>, facts: &'static [&'static str]) -> Option<Self> {
        Some(Entry {
            balancer: json.get("loadBalancerId")?.as_str()?.into(),
            group: json.get("groupId")?.as_str()?.into(),
            backend: Backend {
                id: json.get("id")?.as_str()?.into(),
                server: json.text("server").into(),
                weight: json.get("weight")?.as_integer()?,
                enabled: json.get("enabled")?.is_true(),
                health: Health::of(json.text("health")),
                saved: json.get("saved").filter(|saved| saved.is_object())?.raw().into(),
                facts,
            },
        })
    }
}

/// A rule that has to let go of entries.
#[derive(Clone, Debug)]
pub struct Touched {
    /// Its load balancer.
    pub balancer: String,
    /// Its group.
    pub group: String,
    /// The rule as the plan found it.
    pub rule: Rule,
}

impl Touched {
    /// It as JSON.
    #[must_use]
    pub fn write(&self) -> Json {
        self.write_as(&self.rule.id)
    }

    /// It as JSON, with the id that it has now.
    #[must_use]
    pub fn write_as(&self, id: &str) -> Json {
        let mut out = Json::object(&[
            ("loadBalancerId", &self.balancer),
            ("groupId", &self.group),
            ("id", id),
            ("matches", &self.rule.matches),
        ]);
        out.add_json("backends", &texts(&self.rule.backends));
        out.add_json("saved", &self.rule.saved);
        out
    }

    /// Reads what [`Touched::write`] wrote.
    #[must_use]
    pub fn read(json: Value<'_>) -> Option<Self> {
        let mut backends = Vec::new();
        for id in json.get("backends")?.items() {
            backends.push(String::from(id.as_str()?));
        }
        Some(Touched {
            balancer: json.get("loadBalancerId")?.as_str()?.into(),
            group: json.get("groupId")?.as_str()?.into(),
            rule: Rule {
                id: json.get("id")?.as_str()?.into(),
                matches: json.text("matches").into(),
                custom: true,
                backends,
                saved: json.get("saved").filter(|saved| saved.is_object())?.raw().into(),
            },
        })
    }
}

/// What a request means for one load balancer, as it was just read.
#[derive(Debug, Default)]
pub struct Draft {
    /// What is to go.
    pub picked: Vec<Picked>,
    /// The rules that hold some of it.
    pub rules: Vec<Touched>,
    /// What speaks against it, and is not allowed by name.
    pub refusals: Vec<Refusal>,
    /// What would, had it not been allowed.
    pub allowed: Vec<Refusal>,
}

impl Draft {
    /// Selects, and asks the guards. What nothing but its health selects must be `known`: in a run, one that
    /// became unhealthy since is for the next plan.
    #[must_use]
    pub fn new(
        wanted: &Wanted,
        balancer: &Balancer,
        selectors: &mut Selectors<'_>,
        known: &dyn Fn(&str, &str) -> bool,
    ) -> Self {
        let mut draft = Draft { picked: selectors.pick(balancer), ..Draft::default() };
        draft.picked.retain(|picked| {
            let group = &balancer.groups[picked.group];
            !picked.by_health || known(&group.id, &group.backends[picked.backend].id)
        });
        if draft.picked.is_empty() {
            return draft;
        }
        let mut found: Vec<Refusal> = safety::locked_or_error(balancer).into_iter().collect();
        for (index, group) in balancer.groups.iter().enumerate() {
            let out = draft.ids(balancer, index);
            if out.is_empty() {
                continue;
            }
            safety::group(wanted, balancer, group, &out, &mut found);
            for rule in &group.rules {
                if rule.custom && rule.backends.iter().any(|id| is_among(&out, id)) {
                    let (balancer, group) = (balancer.id.clone(), group.id.clone());
                    draft.rules.push(Touched { balancer, group, rule: rule.clone() });
                }
            }
        }
        // Whether that is refused or allowed: there is no call that could take it out.
        draft.picked.retain(|picked| !balancer.groups[picked.group].immutable);
        (draft.allowed, draft.refusals) = found.into_iter().partition(|refusal| wanted.allows(refusal.guard));
        draft
    }

    /// The ids of what goes out of a group, sorted.
    #[must_use]
    pub fn ids<'b>(&self, balancer: &'b Balancer, group: usize) -> Vec<&'b str> {
        let own = self.picked.iter().filter(|picked| picked.group == group);
        own.filter_map(|picked| Some(balancer.groups.get(group)?.backends.get(picked.backend)?.id.as_str())).collect()
    }
}

/// A load balancer that was read.
#[derive(Debug)]
pub struct Surveyed {
    /// As it is.
    pub balancer: Balancer,
    /// The items of `from` that lead to it: their indexes.
    pub sources: Vec<usize>,
    /// How many reads that took.
    pub reads: usize,
}

/// The JSON lists of a plan, each in the making.
#[derive(Default)]
struct Lists {
    balancers: String,
    entries: String,
    groups: String,
    rules: String,
    steps: String,
    warnings: String,
    refusals: String,
    count: usize,
    changes: usize,
    reads: usize,
}

/// The plan as JSON text.
#[must_use]
pub fn write(setting: &Setting, wanted: &Wanted, surveyed: &[Surveyed], now: i64) -> Json {
    let mut selectors = Selectors::new(setting.family, &wanted.index).counted();
    let mut lists = Lists::default();
    for Surveyed { balancer, sources, reads } in surveyed {
        let draft = Draft::new(wanted, balancer, &mut selectors, &|_, _| true);
        // What can be taken out of no group at all is refused, too.
        if !draft.picked.is_empty() || !draft.refusals.is_empty() || !draft.allowed.is_empty() {
            let mut told =
                Json::object(&[("id", &balancer.id), ("name", &balancer.name), ("status", &balancer.status)]);
            told.add_json("from", &numbers(sources));
            push(&mut lists.balancers, told.as_str());
            // It is read whole once more when the run begins.
            lists.reads += reads;
            lists.balancer(setting, wanted, balancer, &draft);
        }
    }
    let mut absent = String::new();
    for selector in selectors.absent() {
        push(&mut absent, selector);
    }
    let mut out = heading(setting, SCHEMA, "createdAt", &time::extended(now));
    out.add_json("request", wanted.text());
    for (name, list) in [
        ("entries", &lists.entries),
        ("absent", &absent),
        ("loadBalancers", &lists.balancers),
        ("groups", &lists.groups),
        ("rules", &lists.rules),
        ("steps", &lists.steps),
        ("warnings", &lists.warnings),
        ("refusals", &lists.refusals),
    ] {
        out.add_json(name, &join(&["[", list, "]"]));
    }
    let mut calls = Json::object(&[]);
    calls.add_json("reads", &decimal(lists.reads as i64));
    calls.add_json("changes", &decimal(lists.changes as i64));
    out.add_json("calls", calls.as_str());
    out
}

fn push(list: &mut String, item: &str) {
    if !list.is_empty() {
        list.push_str(",");
    }
    list.push_str(item);
}

impl Lists {
    fn balancer(&mut self, setting: &Setting, wanted: &Wanted, balancer: &Balancer, draft: &Draft) {
        let mut groups = Vec::new();
        for (index, group) in balancer.groups.iter().enumerate() {
            let out = draft.ids(balancer, index);
            if out.is_empty() {
                continue;
            }
            let first = self.count;
            for id in &out {
                let Some(backend) = group.backend(id).cloned() else { continue };
                let entry = Entry { balancer: balancer.id.clone(), group: group.id.clone(), backend };
                push(&mut self.entries, entry.write().as_str());
                self.count += 1;
            }
            self.group(balancer, group, &out);
            self.warn(wanted, balancer, group, &out);
            groups.push((group, first, out));
        }
        let mut drains = false;
        for (group, first, out) in &groups {
            let serving = |index: &usize| group.backend(out[*index]).is_some_and(|backend| !backend.is_drained(group));
            let serving: Vec<usize> = (0..out.len()).filter(serving).collect();
            if wanted.drain_ms.is_some() && group.undrainable.is_empty() && !serving.is_empty() {
                drains = true;
                self.step(setting, balancer, group, "drain", serving.iter().map(|index| first + index).collect());
            }
        }
        if let (Some(millis), true) = (wanted.drain_ms, drains) {
            let mut step = Json::object(&[("step", "wait"), ("loadBalancerId", &balancer.id)]);
            step.add_json("waitMs", &decimal(millis.into()));
            push(&mut self.steps, step.as_str());
        }
        for (group, first, out) in &groups {
            for touched in draft.rules.iter().filter(|touched| same(&touched.group, &group.id)) {
                self.rule(setting, wanted, balancer, group, touched, out);
            }
            self.step(setting, balancer, group, "remove", (*first..first + out.len()).collect());
        }
        for refusal in &draft.refusals {
            push(&mut self.refusals, refusal.write().as_str());
        }
        for refusal in &draft.allowed {
            push(&mut self.warnings, refusal.write().as_str());
        }
    }

    fn group(&mut self, balancer: &Balancer, group: &Group, out: &[&str]) {
        let mut told = Json::object(&[
            ("loadBalancerId", &balancer.id),
            ("id", &group.id),
            ("kind", group.kind),
            ("name", &group.name),
        ]);
        told.add_json("usedBy", &texts(&group.users));
        let [backends, in_service] = safety::remains(group, out);
        for (name, [before, after]) in [("backends", backends), ("inService", in_service)] {
            let mut pair = Json::object(&[]);
            pair.add_json("before", &decimal(before as i64));
            pair.add_json("after", &decimal(after as i64));
            told.add_json(name, pair.as_str());
        }
        push(&mut self.groups, told.as_str());
    }

    fn warn(&mut self, wanted: &Wanted, balancer: &Balancer, group: &Group, out: &[&str]) {
        let seconds = decimal(group.idle_seconds);
        let idle = join(&["idle connections stay for up to ", &seconds, " s, which is longer than drain.waitMs"]);
        let drained = |id: &&str| group.backend(id).is_some_and(|backend| backend.is_drained(group));
        let drained = !out.is_empty() && out.iter().all(drained);
        let short = wanted.drain_ms.is_some_and(|millis| i64::from(millis) < group.idle_seconds * 1_000);
        for (fires, warning, message) in [
            (group.users.len() > 1, "shared-group", "several listeners or rules send to this group"),
            (wanted.drain_ms.is_some() && short, "idle-timeout", idle.as_str()),
            (
                wanted.drain_ms.is_some() && drained,
                "already-drained",
                "what goes takes nothing new already: there is no drain, and no wait for its connections",
            ),
            (group.sticky, "session-persistence", "clients that are kept at their server may lose their session"),
        ] {
            if fires {
                let mut told = Json::object(&[("warning", warning), ("message", message)]);
                told.add("loadBalancerId", &balancer.id);
                told.add("groupId", &group.id);
                push(&mut self.warnings, told.as_str());
            }
        }
    }

    fn rule(
        &mut self,
        setting: &Setting,
        wanted: &Wanted,
        balancer: &Balancer,
        group: &Group,
        touched: &Touched,
        out: &[&str],
    ) {
        let remaining = remaining(&touched.rule, out);
        let action = match (remaining.is_empty(), wanted.on_empty()) {
            (false, _) => "edit",
            (true, "delete-rule") => "delete",
            (true, "leave-empty") => "empty",
            (true, _) if wanted.allows(Guard::EmptyRule) => "empty",
            _ => "stop",
        };
        let mut told = touched.write();
        told.add("action", action);
        told.add_json("remaining", &texts(&remaining));
        push(&mut self.rules, told.as_str());
        let mut step = Json::object(&[("step", "detach"), ("loadBalancerId", &balancer.id), ("groupId", &group.id)]);
        step.add("ruleId", &touched.rule.id);
        push(&mut self.steps, step.as_str());
        self.changes += 1;
        // The read that shows the edit is the one before the next change.
        self.reads += (setting.family.again)(balancer, group).len();
    }

    /// A step about these entries, and its calls: a read before each change, and one after the last.
    fn step(&mut self, setting: &Setting, balancer: &Balancer, group: &Group, step: &str, entries: Vec<usize>) {
        let changes = if setting.family.batches { entries.len().div_ceil(setting.batch) } else { entries.len() };
        self.changes += changes;
        self.reads += (changes + 1) * (setting.family.again)(balancer, group).len();
        let mut told = Json::object(&[("step", step), ("loadBalancerId", &balancer.id), ("groupId", &group.id)]);
        told.add_json("entries", &numbers(&entries));
        told.add_json("calls", &decimal(changes as i64));
        push(&mut self.steps, told.as_str());
    }
}

/// A JSON list of numbers.
#[must_use]
pub fn numbers(items: &[usize]) -> String {
    let mut out = String::from("[");
    for item in items {
        push_comma(&mut out);
        out.push_str(&decimal(*item as i64));
    }
    out.push_str("]");
    out
}

/// The backends that a rule keeps.
#[must_use]
pub fn remaining(rule: &Rule, out: &[&str]) -> Vec<String> {
    rule.backends.iter().filter(|id| !is_among(out, id)).cloned().collect()
}
