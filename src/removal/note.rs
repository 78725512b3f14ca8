//! What happens in a run, told while it does: the events behind a progress bar.

use alloc::{string::String, vec::Vec};

use crate::core::encode::decimal;
use crate::core::json::Json;
use crate::core::time;
use crate::removal::lane::Lane;
use crate::removal::reader::Failure;
use crate::removal::request::Refusal;
use crate::removal::track::Tracked;

/// Events that were not told yet, each an object.
#[derive(Debug, Default)]
pub struct Notes(Vec<Json>);

impl Notes {
    /// Takes them.
    pub fn take(&mut self) -> Vec<Json> {
        core::mem::take(&mut self.0)
    }

    fn add(&mut self, event: &str, balancer: &str, now: i64) -> &mut Json {
        let at = time::extended(now);
        self.0.push(Json::object(&[("event", event), ("at", &at), ("loadBalancerId", balancer)]));
        let last = self.0.len() - 1;
        &mut self.0[last]
    }

    /// A step begins or ends.
    pub(super) fn phase(&mut self, step: &str, balancer: &str, begins: bool, now: i64) {
        self.add(if begins { "step-begin" } else { "step-end" }, balancer, now).add("step", step);
    }

    /// A pause begins.
    pub(super) fn wait(&mut self, balancer: &str, why: &str, until: i64, now: i64) {
        let note = self.add("wait", balancer, now);
        note.add("why", why);
        // At most until then: not a part of a second earlier.
        note.add("until", &time::extended(until + 999));
    }

    /// A call failed and is tried again.
    pub(super) fn retry(&mut self, balancer: &str, failure: &Failure, attempt: u32, now: i64) {
        let note = self.add("retry", balancer, now);
        note.add_json("attempt", &decimal(attempt.into()));
        note.add_json("error", failure.text());
    }

    /// A guard said no.
    pub(super) fn refused(&mut self, refusal: &Refusal, now: i64) {
        self.add("refused", &refusal.balancer, now).add_json("refusal", refusal.write().as_str());
    }

    /// An entry has its outcome.
    pub(super) fn entry(&mut self, entry: &Tracked, now: i64) {
        self.add("entry", &entry.entry.balancer, now).add_json("entry", entry.write().as_str());
    }
}

impl Lane {
    /// Notes that the phase in hand begins or ends.
    pub(super) fn note_phase(&mut self, begins: bool, now: i64) {
        self.notes.phase(self.phase.name(), &self.id, begins, now);
    }
}

/// The events, ready to be told: `done` of `total` entries of the whole run have their outcome.
#[must_use]
pub fn told(notes: Vec<Json>, done: usize, total: usize) -> Vec<String> {
    let count = |mut note: Json| {
        note.add_json("done", &decimal(done as i64));
        note.add_json("total", &decimal(total as i64));
        note.into_text()
    };
    notes.into_iter().map(count).collect()
}
