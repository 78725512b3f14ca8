//! The guards: what each is called, what to do about it, and when it is asked. What they count is in
//! [`safety`](super::safety).

use alloc::string::String;

use crate::core::error::{Error, Kind};
use crate::core::json::Json;
use crate::core::text::same;
use crate::core::value::Value;

/// Something that must not be done, unless the request allows it by this guard's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// Too few servers would stay in service, in a group or a rule.
    KeepAtLeast,
    /// More than half of a group would go at once.
    MostOfPool,
    /// A rule would have no backend left.
    EmptyRule,
    /// Weights and switches do nothing in this group.
    CannotDrain,
    /// The vendor has no call that takes anything out of this group.
    MasterSlave,
    /// The load balancer is in an error, or locked for good.
    LockedOrError,
    /// Somebody else has changed what the plan is about.
    ChangedBySomeone,
    /// The plan is older than the request wants it.
    PlanTooOld,
}

/// When a guard is asked.
pub mod asked {
    /// When a plan is made.
    pub const PLAN: u8 = 1;
    /// At the first look of a run.
    pub const BEGIN: u8 = 2;
    /// At the first look of a run that goes on from a journal.
    pub const RESUME: u8 = 4;
    /// Directly before each change, by the read that decides it, and once more when all of a group is drained.
    pub const CHANGE: u8 = 8;
}

/// What is to be known of a guard.
#[derive(Debug)]
pub struct Row {
    /// The guard.
    pub guard: Guard,
    /// Its name in JSON.
    pub name: &'static str,
    /// What to do where it says no.
    pub hint: &'static str,
    /// When it is asked: see [`asked`].
    pub asked: u8,
}

/// The names of all guards, each of which `allow` can have.
pub const NAMES: &str =
    "keep-at-least most-of-pool empty-rule cannot-drain master-slave locked-or-error changed-by-someone plan-too-old";

const fn row(guard: Guard, name: &'static str, hint: &'static str, asked: u8) -> Row {
    Row { guard, name, hint, asked }
}

use asked::{BEGIN, CHANGE, PLAN, RESUME};

/// All guards.
pub const GUARDS: &[Row] = &[
    row(
        Guard::KeepAtLeast,
        "keep-at-least",
        "add servers first, take out fewer, or lower keepAtLeast",
        PLAN | BEGIN | RESUME | CHANGE,
    ),
    // What is half done is more than half of what is left.
    row(Guard::MostOfPool, "most-of-pool", "take out fewer at once, or give allow: [\"most-of-pool\"]", PLAN | BEGIN),
    row(
        Guard::EmptyRule,
        "empty-rule",
        "choose onEmptyRule: \"delete-rule\" or \"leave-empty\", or give the rule another backend",
        PLAN | BEGIN | RESUME | CHANGE,
    ),
    row(
        Guard::CannotDrain,
        "cannot-drain",
        "give drain: false to take them out at once",
        PLAN | BEGIN | RESUME | CHANGE,
    ),
    row(
        Guard::MasterSlave,
        "master-slave",
        "make the group anew without the server, or give allow: [\"master-slave\"] to leave it there",
        PLAN | BEGIN | RESUME,
    ),
    row(
        Guard::LockedOrError,
        "locked-or-error",
        "see to the load balancer first: nothing can be changed on it now",
        PLAN | BEGIN | RESUME | CHANGE,
    ),
    row(
        Guard::ChangedBySomeone,
        "changed-by-someone",
        "look at what changed, then plan again",
        BEGIN | RESUME | CHANGE,
    ),
    row(Guard::PlanTooOld, "plan-too-old", "plan again, or raise maxPlanAgeMs", BEGIN),
];

impl Guard {
    fn row(self) -> &'static Row {
        // All are in the table, which a test looks at.
        GUARDS.iter().find(|row| row.guard == self).unwrap_or(&GUARDS[0])
    }

    /// Its name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// Whether it is asked then.
    #[must_use]
    pub fn is_asked(self, when: u8) -> bool {
        self.row().asked & when != 0
    }

    /// The guard of this name; a plan may say anything.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        GUARDS.iter().find(|row| same(row.name, name)).map(|row| row.guard)
    }
}

/// A guard that said no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Which.
    pub guard: Guard,
    /// What it saw.
    pub message: String,
    /// Where.
    pub balancer: String,
    /// In which group; empty where it is about the load balancer.
    pub group: String,
}

impl Refusal {
    /// It as JSON.
    #[must_use]
    pub fn write(&self) -> Json {
        let row = self.guard.row();
        let mut out = Json::object(&[
            ("guard", row.name),
            ("message", &self.message),
            ("hint", row.hint),
            ("loadBalancerId", &self.balancer),
        ]);
        if !self.group.is_empty() {
            out.add("groupId", &self.group);
        }
        out
    }

    /// Reads what [`Refusal::write`] wrote.
    #[must_use]
    pub fn read(json: Value<'_>) -> Option<Self> {
        Some(Refusal {
            guard: Guard::of(json.text("guard"))?,
            message: json.text("message").into(),
            balancer: json.text("loadBalancerId").into(),
            group: json.text("groupId").into(),
        })
    }

    /// It as an error.
    #[must_use]
    pub fn error(&self) -> Error {
        let row = self.guard.row();
        let mut error = Error::new(Kind::Refused, &self.message).code(row.name).hint(row.hint);
        error.0.retryable = false;
        error
    }
}

#[cfg(test)]
mod tests {
    use super::{GUARDS, Guard, NAMES};
    use alloc::vec::Vec;

    #[test]
    fn every_guard_stands_once_in_the_table_and_among_the_names() {
        let names: Vec<&str> = GUARDS.iter().map(|row| row.name).collect();
        assert_eq!(names, NAMES.split(' ').collect::<Vec<_>>());
        for row in GUARDS {
            assert_eq!(row.guard.name(), row.name);
            assert_eq!(Guard::of(row.name), Some(row.guard));
            assert!(!row.hint.is_empty() && row.asked != 0);
        }
        assert_eq!(Guard::of("nothing"), None);
    }
}
