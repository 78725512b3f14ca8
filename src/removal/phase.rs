//! Where a lane is in its course.

/// A part of a run, in the order in which they follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// The world is compared with the plan.
    #[default]
    Check,
    /// Group by group, entries are drained.
    Drain,
    /// Connections are given time to end.
    Wait,
    /// The rules of a group let go of its entries.
    Detach,
    /// The entries of a group are taken out.
    Remove,
    /// What was drained or detached and not taken out is put back; in an undo, what was taken out as well.
    PutBack,
}

impl Phase {
    /// The word used in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Phase::Check => "check",
            Phase::Drain => "drain",
            Phase::Wait => "wait",
            Phase::Detach => "detach",
            Phase::Remove => "remove",
            Phase::PutBack => "put-back",
        }
    }

    /// The phase of this name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        let all = [Phase::Check, Phase::Drain, Phase::Wait, Phase::Detach, Phase::Remove, Phase::PutBack];
        all.into_iter().find(|phase| phase.name() == name)
    }
}
