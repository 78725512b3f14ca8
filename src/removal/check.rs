//! The first look of a run or an undo: the world is compared with the plan, and all guards are asked again. Pure.

use alloc::{string::String, vec::Vec};

use crate::core::text::same;
use crate::removal::entry::key;
use crate::removal::guard::Refusal;
use crate::removal::memory::Memory;
use crate::removal::plan::Draft;
use crate::removal::request::Wanted;
use crate::removal::safety;
use crate::removal::select::Selectors;
use crate::removal::world::{Balancer, sort};

/// What the first look of a run finds.
#[derive(Debug, Default)]
pub(super) struct Compared {
    /// What speaks against the run.
    pub(super) refusals: Vec<Refusal>,
    /// Of each entry that is there, whether it is selected now, too.
    pub(super) chosen: Vec<(usize, bool)>,
}

/// Whether the request leads to another load balancer than it did.
pub(super) fn led_elsewhere(balancer: &Balancer, id: &str) -> Option<Refusal> {
    if same(&balancer.id, id) {
        return None;
    }
    let says = ["the request leads to ", &balancer.id, ", not to ", id];
    Some(safety::changed(&Balancer { id: id.into(), ..Balancer::default() }, "", &says))
}

/// Compares the world with what the plan is about.
pub(super) fn compare(
    memory: &Memory,
    balancer: &Balancer,
    selectors: &mut Selectors<'_>,
    wanted: &Wanted,
) -> Compared {
    let planned = |group: &str, id: &str| memory.find(group, id).is_some();
    let draft = Draft::new(wanted, balancer, selectors, &planned);
    let mut found = Compared { refusals: draft.refusals, chosen: Vec::new() };
    let mut chosen: Vec<String> = Vec::with_capacity(draft.picked.len());
    for picked in &draft.picked {
        let group = &balancer.groups[picked.group];
        let id = &group.backends[picked.backend].id;
        if !planned(&group.id, id) {
            let says = [id, " in ", &group.id, " is selected, too, and was not when the plan was made"];
            found.refusals.push(safety::changed(balancer, &group.id, &says));
        }
        chosen.push(key(&group.id, id));
    }
    sort(&mut chosen, |key| key);
    for (index, tracked) in memory.entries().iter().enumerate() {
        let id = &tracked.planned.group;
        let Some(group) = balancer.find(id) else {
            found.refusals.push(safety::changed(balancer, id, &[id, " is not there any more"]));
            continue;
        };
        let Some(now) = group.backend(tracked.id()) else { continue };
        // Selected by its health, and healthy again, it is left. What was begun is gone on with, whatever its health
        // has become.
        let begun = tracked.memory.drain_sent || tracked.memory.remove_sent;
        let chosen = begun || chosen.binary_search(&tracked.key).is_ok();
        found.chosen.push((index, chosen));
        if !chosen && now.is_elsewhere(&tracked.planned.backend) {
            found.refusals.push(safety::moved(balancer, &group.id, tracked.id()));
        }
    }
    for touched in draft.rules {
        if !memory.rules().iter().any(|rule| same(&rule.memory.id, &touched.rule.id)) {
            let says = ["rule ", &touched.rule.matches, " (", &touched.rule.id, ") was not in the plan"];
            found.refusals.push(safety::changed(balancer, &touched.group, &says));
        }
    }
    found
}
