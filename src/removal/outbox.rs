//! What happens in a run, told while it does: the events behind a progress bar.

use alloc::{string::String, vec::Vec};

use crate::core::encode::decimal;
use crate::core::json::Json;
use crate::core::time;
use crate::removal::guard::Refusal;
use crate::removal::phase::Phase;
use crate::removal::reader::Failure;

/// Events that nobody was told of yet, each an object.
#[derive(Debug, Default)]
pub(super) struct Outbox(Vec<Json>);

impl Outbox {
    /// Takes them.
    pub(super) fn take(&mut self) -> Vec<Json> {
        core::mem::take(&mut self.0)
    }

    fn add(&mut self, event: &str, balancer: &str, now: i64) -> &mut Json {
        let at = time::extended(now);
        self.0.push(Json::object(&[("event", event), ("at", &at), ("loadBalancerId", balancer)]));
        let last = self.0.len() - 1;
        &mut self.0[last]
    }

    /// A phase begins or ends.
    pub(super) fn phase(&mut self, phase: Phase, balancer: &str, begins: bool, now: i64) {
        self.add(if begins { "step-begin" } else { "step-end" }, balancer, now).add("step", phase.name());
    }

    /// A pause begins.
    pub(super) fn wait(&mut self, balancer: &str, why: &str, until: i64, now: i64) {
        let event = self.add("wait", balancer, now);
        event.add("why", why);
        // At most until then: not a part of a second earlier.
        event.add("until", &time::extended(until + 999));
    }

    /// A call failed and is tried again.
    pub(super) fn retry(&mut self, balancer: &str, failure: &Failure, attempt: u32, now: i64) {
        let event = self.add("retry", balancer, now);
        event.add_json("attempt", &decimal(attempt.into()));
        event.add_json("error", failure.text());
    }

    /// A guard said no.
    pub(super) fn refused(&mut self, refusal: &Refusal, now: i64) {
        self.add("refused", &refusal.balancer, now).add_json("refusal", refusal.write().as_str());
    }

    /// An entry has its outcome.
    pub(super) fn entry(&mut self, balancer: &str, entry: &Json, now: i64) {
        self.add("entry", balancer, now).add_json("entry", entry.as_str());
    }
}

/// The events as JSON texts: `done` of `total` entries of the whole run have their outcome.
#[must_use]
pub(super) fn counted(events: Vec<Json>, done: usize, total: usize) -> Vec<String> {
    let count = |mut event: Json| {
        event.add_json("done", &decimal(done as i64));
        event.add_json("total", &decimal(total as i64));
        event.into_text()
    };
    events.into_iter().map(count).collect()
}
