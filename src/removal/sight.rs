//! What a decision may look at: borrowed, so that nothing can be changed through it.

use alloc::vec::Vec;
use core::ops::Range;

use crate::removal::call::Patience;
use crate::removal::entry::Tracked;
use crate::removal::fact::Goal;
use crate::removal::family::{Change, Family};
use crate::removal::memory::Memory;
use crate::removal::phase::Phase;
use crate::removal::request::Wanted;
use crate::removal::world::{Backend, Balancer, Group};

/// A load balancer, as its lane sees it after a read of the group in hand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sight<'a> {
    pub(super) memory: &'a Memory,
    pub(super) balancer: &'a Balancer,
    /// The id of the group in hand.
    pub(super) group_id: &'a str,
    pub(super) wanted: &'a Wanted,
    pub(super) family: &'a Family,
    pub(super) goal: Goal,
    pub(super) phase: Phase,
    pub(super) patience: &'a Patience,
    /// How many backends the next call may name.
    pub(super) batch_limit: usize,
    /// The time, in milliseconds since 1970.
    pub(super) now: i64,
}

impl<'a> Sight<'a> {
    /// The group in hand, as last read.
    pub(super) fn group(&self) -> Option<&'a Group> {
        self.balancer.find(self.group_id)
    }

    /// The entries of the group in hand: their indexes.
    pub(super) fn own(&self) -> Range<usize> {
        self.memory.of_group(self.group_id)
    }

    /// An entry by its index.
    pub(super) fn entry(&self, entry: usize) -> &'a Tracked {
        &self.memory.entries()[entry]
    }

    /// The ids of the group's entries that the run goes on with, sorted.
    pub(super) fn out(&self) -> Vec<&'a str> {
        self.memory.going_out(self.group_id)
    }

    /// What is in the place of an entry now.
    pub(super) fn standing(&self, group: &'a Group, entry: usize) -> Option<&'a Backend> {
        self.memory.standing(group, entry, self.goal)
    }

    /// Whether an entry is to be drained, by what was last read.
    pub(super) fn serves(&self) -> bool {
        let Some(group) = self.group() else { return false };
        self.own().map(|entry| self.entry(entry)).any(|entry| {
            entry.is_active() && group.backend(entry.id()).is_some_and(|backend| !backend.is_drained(group))
        })
    }

    /// Whether such a change of something in the group in hand is not seen yet.
    pub(super) fn is_unconfirmed(&self, change: Change) -> bool {
        self.memory.is_unconfirmed(self.group_id, change)
    }
}
