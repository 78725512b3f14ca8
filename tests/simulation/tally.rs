//! Shares of what came of all cases.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

use crate::stage::Stage;

#[derive(Debug, Default)]
pub struct Tally {
    counts: BTreeMap<(&'static str, String), usize>,
    pub edits: usize,
    pub windows: usize,
    pub most_calls: f64,
}

impl Tally {
    pub fn add(&mut self, of: &'static str, what: &str) {
        self.count(of, what, 1);
    }

    pub fn count(&mut self, of: &'static str, what: &str, count: usize) {
        *self.counts.entry((of, what.to_owned())).or_default() += count;
    }

    pub fn run(&mut self, ran: &Stage, status: &str) {
        self.add("status", status);
        for lane in ran.report["loadBalancers"].as_array().into_iter().flatten() {
            if let Some(guard) = lane["refusal"]["guard"].as_str() {
                self.add("refused", guard);
            }
        }
        for fault in &ran.faults {
            self.add("fault", &format!("{fault:?}"));
        }
        self.edits += ran.watch.edits;
        self.windows += ran.watch.windows;
        let calls: usize = ran.watch.calls.iter().sum();
        self.most_calls = self.most_calls.max(calls as f64 / (ran.watch.entries.len() + ran.watch.rules.len()) as f64);
    }

    pub fn entry(&mut self, _: &Stage, told: &Value) {
        self.add("outcome", told["outcome"].as_str().unwrap_or("?"));
        self.add("state", told["state"].as_str().unwrap_or("?"));
    }

    pub fn text(&self) -> String {
        let mut out = String::new();
        for of in ["case", "status", "refused", "outcome", "state", "fault", "tamper"] {
            let own: Vec<(&String, usize)> = self
                .counts
                .iter()
                .filter(|((own, _), _)| *own == of)
                .map(|((_, what), count)| (what, *count))
                .collect();
            let all: usize = own.iter().map(|(_, count)| count).sum();
            if all > 0 {
                let _ = write!(out, "\n  {of:8}");
                for (what, count) in own {
                    let _ = write!(out, " {what} {:.1}%", count as f64 * 100.0 / all as f64);
                }
                let _ = write!(out, " of {all}");
            }
        }
        let checked = self.counts.iter().filter(|((of, _), _)| *of == "checked");
        out.push_str("\n  checked ");
        for ((_, property), count) in checked {
            let _ = write!(out, " {property} {count}");
        }
        if self.edits > 0 {
            let share = self.windows as f64 * 100.0 / self.edits as f64;
            let _ = write!(
                out,
                "\n  rules    {} edits, {} of them ({share:.2}%) over a change since the read directly before",
                self.edits, self.windows
            );
        }
        let _ = write!(out, "\n  calls    at most {:.1} for an entry or rule", self.most_calls);
        out
    }
}
