//! The way of a lane: through which phases, and in each through which groups.

use alloc::{string::String, vec::Vec};

use crate::core::text::same;
use crate::removal::memory::Memory;
use crate::removal::phase::Phase;

/// Where a lane is, and what it has still before it.
#[derive(Debug, Default)]
pub(super) struct Course {
    phase: Phase,
    /// The groups that the lane's entries are in, in their order, and which of them is in hand.
    groups: Vec<String>,
    group_index: usize,
    /// The groups in which something is to be drained: their indexes.
    to_drain: Vec<usize>,
}

/// What follows in a course.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Move {
    /// This phase, in the group of this index, which is looked at anew.
    Group(Phase, usize),
    /// Connections are given this many milliseconds to end.
    Wait(u32),
    /// The entries of the group in hand are taken out, by the read that is there.
    Remove,
    /// What was begun and stays is put back.
    PutBack,
    /// Nothing.
    Finish,
}

impl Course {
    /// The phase in hand.
    pub(super) fn phase(&self) -> Phase {
        self.phase
    }

    /// The group in hand; empty where there is none.
    pub(super) fn group(&self) -> &str {
        self.groups.get(self.group_index).map_or("", String::as_str)
    }

    /// Its index.
    pub(super) fn group_index(&self) -> usize {
        self.group_index
    }

    /// The groups, in their order.
    pub(super) fn groups(&self) -> &[String] {
        &self.groups
    }

    /// Takes over which groups there are: those of the entries, in their order; none, where the lane is not about this
    /// load balancer any more.
    pub(super) fn set_groups(&mut self, memory: Option<&Memory>) {
        self.groups.clear();
        for tracked in memory.map_or(&[][..], Memory::entries) {
            if self.groups.last() != Some(&tracked.planned.group) {
                self.groups.push(tracked.planned.group.clone());
            }
        }
        self.group_index = 0;
    }

    /// Takes this group in hand.
    pub(super) fn take(&mut self, group_index: usize) {
        self.group_index = group_index;
    }

    /// Something is to be drained in the group in hand.
    pub(super) fn drains_here(&mut self) {
        self.to_drain.push(self.group_index);
    }

    /// Another phase, or the same in another group. Whether it is another one.
    pub(super) fn enter(&mut self, phase: Phase) -> bool {
        core::mem::replace(&mut self.phase, phase) != phase
    }

    /// What comes first once the first look is over; `wait` is how long the drain is waited for, in milliseconds, if
    /// it is.
    pub(super) fn first(&self, memory: &Memory, wait: Option<u32>) -> Move {
        self.drain_from(memory, wait, 0)
    }

    /// What follows the group and phase in hand.
    pub(super) fn after_group(&self, memory: &Memory, wait: Option<u32>) -> Move {
        match self.phase {
            Phase::Drain => self.drain_from(memory, wait, self.group_index + 1),
            Phase::Wait => Move::Group(after_drain(memory), self.unfinished(memory, 0).unwrap_or(0)),
            // The read that showed nothing more to detach is the one to remove by.
            Phase::Detach => Move::Remove,
            Phase::Remove => match self.unfinished(memory, self.group_index + 1) {
                Some(index) => Move::Group(after_drain(memory), index),
                None => Move::PutBack,
            },
            Phase::PutBack if self.group_index + 1 < self.groups.len() => {
                Move::Group(Phase::PutBack, self.group_index + 1)
            }
            Phase::PutBack | Phase::Check => Move::Finish,
        }
    }

    /// The next group from this one on in which something is to be drained, or what follows the drains.
    fn drain_from(&self, memory: &Memory, wait: Option<u32>, from: usize) -> Move {
        if let Some(index) = self.to_drain.iter().find(|index| **index >= from) {
            return Move::Group(Phase::Drain, *index);
        }
        let any = memory.entries().iter().any(|entry| entry.is_active() && entry.memory.drain_sent);
        match wait.filter(|_| any) {
            Some(millis) => Move::Wait(millis),
            None => Move::Group(after_drain(memory), self.unfinished(memory, 0).unwrap_or(0)),
        }
    }

    /// The next group from this one on in which something is still to be done. The others are not looked at: what was
    /// done by another run would be read again by each.
    fn unfinished(&self, memory: &Memory, from: usize) -> Option<usize> {
        let has = |index: &usize| {
            let id = &self.groups[*index];
            memory.of_group(id).any(|entry| memory.entries()[entry].is_active())
                || memory.rules().iter().any(|rule| same(&rule.planned.group, id) && rule.is_unverified())
        };
        (from..self.groups.len()).find(has)
    }
}

/// What follows the drain: where no rule holds anything, there is nothing to detach.
fn after_drain(memory: &Memory) -> Phase {
    if memory.rules().is_empty() { Phase::Remove } else { Phase::Detach }
}
