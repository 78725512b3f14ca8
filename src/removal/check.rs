//! The first look of a run: the world is compared with the plan, and all guards are asked again.

use alloc::vec::Vec;

use crate::core::text::same;
use crate::removal::lane::{Context, Lane};
use crate::removal::select::Selectors;
use crate::removal::track::key;
use crate::removal::work::differs;
use crate::removal::world::{Balancer, sort};
use crate::removal::{guard, plan};

impl Lane {
    /// Compares the world with the plan, and asks all guards.
    pub(super) fn check(&mut self, context: &Context<'_>) {
        self.groups.clear();
        if !same(&self.world.id, &self.id) {
            let says = ["the request leads to ", &self.world.id, ", not to ", &self.id];
            let refusal = guard::changed(&Balancer { id: self.id.clone(), ..Balancer::default() }, "", &says);
            return self.refuse(context, refusal);
        }
        let mut selectors = Selectors::new(context.setting.family, context.wanted);
        let planned = |group: &str, id: &str| self.place(&key(group, id)).is_some();
        let draft = plan::Draft::new(context.wanted, &self.world, &mut selectors, &planned);
        let mut found = draft.refusals;
        let mut chosen = Vec::with_capacity(draft.picked.len());
        for picked in &draft.picked {
            let group = &self.world.groups[picked.group];
            let id = &group.backends[picked.place].id;
            let key = key(&group.id, id);
            if self.place(&key).is_none() {
                let says = [id, " in ", &group.id, " is selected, too, and was not when the plan was made"];
                found.push(guard::changed(&self.world, &group.id, &says));
            }
            chosen.push(key);
        }
        sort(&mut chosen, |key| key);
        for entry in &mut self.entries {
            let (group, id) = (&entry.entry.group, &entry.entry.backend.id);
            if self.groups.last() != Some(group) {
                self.groups.push(group.clone());
            }
            if self.world.find(group).is_none() {
                found.push(guard::changed(&self.world, group, &[group, " is not there any more"]));
            }
            // Selected by its health, and healthy again.
            if let Some(now) = self.world.find(group).and_then(|group| group.backend(id)) {
                // What was begun is gone on with, whatever its health has become.
                let chosen = chosen.binary_search(&entry.key).is_ok() || entry.drained || entry.removing;
                entry.active = chosen && entry.outcome.is_none();
                if !chosen && differs(&entry.entry.backend, now) {
                    found.push(guard::moved(&self.world, group, id));
                }
            }
        }
        let planned = &self.rules;
        for touched in draft.rules {
            if !planned.iter().any(|rule| same(&rule.touched.rule.id, &touched.rule.id)) {
                let says = ["rule ", &touched.rule.matches, " (", &touched.rule.id, ") was not in the plan"];
                found.push(guard::changed(&self.world, &touched.group, &says));
            }
        }
        for at in 0..self.groups.len() {
            self.at = at;
            self.observe(context);
            found.extend(self.changed());
        }
        self.at = 0;
        if self.turned {
            // The run that ended was putting back what it had begun.
            return self.put_back(context);
        }
        // What is half done is more than half of what is left.
        let counts = |guard: &str| !self.resumed || guard != "most-of-pool";
        found.retain(|refusal| !context.wanted.allows(refusal.guard) && counts(refusal.guard));
        if let Some(refusal) = found.into_iter().next() {
            return self.refuse(context, refusal);
        }
        if !self.entries.iter().any(|entry| entry.active) {
            // Of what could not be taken out, some may still be drained.
            return self.put_back(context);
        }
        for at in 0..self.groups.len() {
            self.at = at;
            let drains = self.group().is_some_and(|group| group.undrainable.is_empty());
            if context.wanted.drain_ms.is_some() && drains && self.serves() {
                self.to_drain.push(at);
            }
        }
        self.drain_from(context, 0);
    }
}
