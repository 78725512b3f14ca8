//! A small load balancer for tests: one group with three servers, one of which a plan takes out. Each test changes what
//! it is about.

use alloc::string::String;
use alloc::vec::Vec;

use crate::core::json::Json;
use crate::core::operation::{Kind, Parameter, doc, optional};
use crate::removal::call::{Call, Fate, Patience, Target};
use crate::removal::entry::{EntryMemory, Expected, RuleMemory, Tracked, TrackedRule};
use crate::removal::fact::{Fact, Goal};
use crate::removal::family::{Change, Family};
use crate::removal::memory::Memory;
use crate::removal::phase::Phase;
use crate::removal::plan::{Entry, Touched};
use crate::removal::request::Wanted;
use crate::removal::sight::Sight;
use crate::removal::world::{Backend, Balancer, Group, Health, Rule};

const FIELDS: &[Parameter] = &[optional("id", "id", Kind::Text(64), doc("An id."))];

/// A vendor whose changes are seen within five seconds.
pub(super) const FAMILY: Family = Family {
    from: FIELDS,
    selectors: FIELDS,
    facts: &[],
    batches: true,
    visible_after_ms: 5_000,
    identity_fields: "address port",
    backend_error_codes: "BadBackend",
    begin: |_| Vec::new(),
    again: |_, _| Vec::new(),
    operation: |_| Json::object(&[]),
    take: |_, _, _, _| {},
    change: |_, _, _, _| Json::object(&[]),
    edit: |_, _, _, _, _| Json::object(&[]),
};

/// A load balancer, a plan, and what is remembered of its run.
pub(super) struct Scene {
    pub(super) memory: Memory,
    pub(super) balancer: Balancer,
    pub(super) wanted: Wanted,
    pub(super) goal: Goal,
    pub(super) phase: Phase,
    pub(super) patience: Patience,
    pub(super) batch_limit: usize,
    pub(super) now: i64,
}

/// A backend that serves.
pub(super) fn backend(id: &str) -> Backend {
    Backend {
        id: id.into(),
        server: id.into(),
        weight: 100,
        enabled: true,
        health: Health::Healthy,
        saved: [r#"{"port":80,"address":""#, id, r#""}"#].concat(),
        facts: FAMILY.facts,
    }
}

/// What a plan says of a backend that goes.
fn entry(backend: Backend) -> Tracked {
    Tracked::new(Entry { balancer: "lb".into(), group: "g".into(), backend })
}

/// A rule of the group that sends to these.
pub(super) fn rule(id: &str, backends: &[&str]) -> Rule {
    Rule {
        id: id.into(),
        matches: "/shop".into(),
        custom: true,
        backends: backends.iter().copied().map(String::from).collect(),
        saved: "{}".into(),
    }
}

impl Scene {
    /// In this phase: `a`, `b` and `c` serve, and `a` is to go.
    pub(super) fn new(phase: Phase) -> Self {
        Self::with_rules(phase, &[])
    }

    /// The same, with rules that the plan knows.
    pub(super) fn with_rules(phase: Phase, rules: &[Rule]) -> Self {
        let group = Group {
            id: "g".into(),
            kind: "group",
            weighted: true,
            backends: ["a", "b", "c"].map(backend).into(),
            rules: rules.to_vec(),
            ..Group::default()
        };
        let touched =
            |rule: &Rule| TrackedRule::new(Touched { balancer: "lb".into(), group: "g".into(), rule: rule.clone() });
        let mut memory = Memory::default();
        memory.add(entry(backend("a")));
        rules.iter().for_each(|rule| memory.add_rule(touched(rule)));
        Scene {
            memory,
            balancer: Balancer { id: "lb".into(), groups: [group].into(), ..Balancer::default() },
            wanted: wanted(r#"{"from": {"id": "lb"}, "remove": {"id": "a"}}"#),
            goal: Goal::Remove,
            phase,
            patience: Patience::default(),
            batch_limit: 20,
            now: 1_000_000,
        }
    }

    /// What a decision sees of it.
    pub(super) fn sight(&self) -> Sight<'_> {
        Sight {
            memory: &self.memory,
            balancer: &self.balancer,
            group_id: "g",
            wanted: &self.wanted,
            family: &FAMILY,
            goal: self.goal,
            phase: self.phase,
            patience: &self.patience,
            batch_limit: self.batch_limit,
            now: self.now,
        }
    }

    /// With a plan that takes these out instead, and knows no rule.
    pub(super) fn taking(mut self, backends: &[Backend]) -> Self {
        self.memory = Memory::default();
        backends.iter().cloned().map(entry).for_each(|entry| self.memory.add(entry));
        self.memory.put_in_order();
        self
    }

    /// With another request.
    pub(super) fn asking(mut self, request: &str) -> Self {
        self.wanted = wanted(request);
        self
    }

    /// As an undo sees it.
    pub(super) fn undone(mut self) -> Self {
        self.goal = Goal::Restore { identity: FAMILY.identity_fields };
        self
    }

    /// The group.
    pub(super) fn group(&mut self) -> &mut Group {
        &mut self.balancer.groups[0]
    }

    /// A backend of the group.
    pub(super) fn backend(&mut self, id: &str) -> &mut Backend {
        self.group().backends.iter_mut().find(|backend| backend.id == id).expect("it is there")
    }

    /// Takes a backend away, as somebody else would.
    pub(super) fn without(mut self, id: &str) -> Self {
        self.group().backends.retain(|backend| backend.id != id);
        self
    }

    /// With this weight of a backend.
    pub(super) fn weighing(mut self, id: &str, weight: i64) -> Self {
        self.backend(id).weight = weight;
        self
    }

    /// With a change made to what is remembered of the first entry.
    pub(super) fn remembering(mut self, change: impl FnOnce(&mut EntryMemory)) -> Self {
        let mut memory = self.memory.entries()[0].memory.clone();
        change(&mut memory);
        self.memory.apply(Fact::Entry(0, memory), self.goal);
        self
    }

    /// With a change made to what is remembered of the first rule.
    pub(super) fn remembering_rule(mut self, change: impl FnOnce(&mut RuleMemory)) -> Self {
        let mut memory = self.memory.rules()[0].memory.clone();
        change(&mut memory);
        self.memory.apply(Fact::Rule(0, memory), self.goal);
        self
    }

    /// After a call about the entry, with this fate.
    pub(super) fn after(self, change: Change, fate: Fate) -> Self {
        self.after_call(Target::Backends(change, [0].into()), fate)
    }

    /// After a call, with this fate.
    pub(super) fn after_call(mut self, target: Target, fate: Fate) -> Self {
        let (phase, at) = (self.phase, self.now);
        let call = Call { phase, group: "g".into(), target, at, fate: Fate::InFlight };
        self.memory.apply(Fact::Sent(call), self.goal);
        let fact = match fate {
            Fate::InFlight => return self,
            Fate::Answered => Fact::Answered(at),
            Fate::Unknown(error) => Fact::Unknown(at, error),
            Fate::Rejected(error) => Fact::Rejected(at, error),
        };
        self.memory.apply(fact, self.goal);
        self
    }

    /// With so much patience spent.
    pub(super) fn spent(mut self, patience: Patience) -> Self {
        self.patience = patience;
        self
    }
}

/// A checked request.
pub(super) fn wanted(request: &str) -> Wanted {
    Wanted::new(&FAMILY, request).expect("a good request")
}

/// What an edit makes of a rule.
pub(super) fn expected(backends: &[&str]) -> Option<Expected> {
    Some(Expected::Backends(backends.iter().copied().map(String::from).collect()))
}
