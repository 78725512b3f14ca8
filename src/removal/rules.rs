//! How a rule stands beside what the plan has of it: what an edit has made of it, and what it lacks.

use alloc::{string::String, vec::Vec};

use crate::core::text::same;
use crate::removal::entry::{Expected, TrackedRule};
use crate::removal::sight::Sight;
use crate::removal::world::{Group, Rule, is_among};

/// What became of an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edited {
    /// The rule is as it was to be.
    AsMeant,
    /// It let go of what it was to let go of, and is another one all the same: somebody else was at it.
    Otherwise,
}

/// What became of an edit of this rule; none where none is looked for, or nothing of it shows yet.
pub(super) fn edit_of(sight: &Sight<'_>, group: &Group, known: &TrackedRule) -> Option<Edited> {
    let expected = known.memory.expected.as_ref().filter(|_| !known.memory.verified)?;
    if !same(&known.planned.group, &group.id) {
        return None;
    }
    let (rule, out) = (group.rule(&known.memory.id), sight.out());
    if rule.is_some_and(|rule| rule.backends.iter().any(|id| is_among(&out, id))) {
        return None;
    }
    let as_meant = match (rule, expected) {
        (None, Expected::Gone) => true,
        (Some(rule), Expected::Backends(list)) => same_set(&rule.backends, list),
        _ => false,
    };
    Some(if as_meant { Edited::AsMeant } else { Edited::Otherwise })
}

/// What is to be done so that a rule is as it was.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum PutBack {
    /// Nothing: it was not edited, cannot be put back, or has nothing to hold.
    Nothing,
    /// It is as it was.
    Restored,
    /// Somebody else has changed it: an undo leaves it as it is.
    LeftAlone,
    /// It gets this list.
    Set(Vec<String>),
    /// It is made again, with this list.
    Create(Vec<String>),
}

/// What is to be done about a rule of the group in hand, and the rule as it is now: deleted and made again, by us or by
/// somebody, it has another id.
pub(super) fn put_back<'g>(sight: &Sight<'_>, group: &'g Group, known: &TrackedRule) -> (Option<&'g Rule>, PutBack) {
    let (planned, memory) = (&known.planned.rule, &known.memory);
    if memory.expected.is_none() || memory.cannot_restore || !same(&known.planned.group, &group.id) {
        return (None, PutBack::Nothing);
    }
    // Those of ours that are there, by the ids that they have now. When the rule was deleted it had nothing else any
    // more, whatever the plan had seen in it.
    let ours = |id: &String| {
        let entry = sight.memory.find(&group.id, id)?;
        sight.memory.standing(group, entry, sight.goal).map(|backend| backend.id.clone())
    };
    let mut list: Vec<String> = planned.backends.iter().filter_map(ours).collect();
    let like = |rule: &&Rule| rule.custom && rule.is_like(planned);
    let Some(rule) = group.rule(&memory.id).or_else(|| group.rules.iter().find(like)) else {
        // Of nothing no rule is made; nor is one that was seen made again, and that somebody has deleted since.
        let again = memory.expected == Some(Expected::Gone) && !memory.restored && !list.is_empty();
        return (None, if again { PutBack::Create(list) } else { PutBack::Nothing });
    };
    list.retain(|id| !rule.backends.contains(id));
    // Until a read has confirmed our edit, the same list cannot confirm its reversal.
    let way = if list.is_empty() && (memory.verified || memory.restore_sent) {
        PutBack::Restored
    } else if sight.goal.is_restore() && !rule.is_like(planned) {
        PutBack::LeftAlone
    } else {
        PutBack::Set([rule.backends.clone(), list].concat())
    };
    (Some(rule), way)
}

/// Whether two lists hold the same, in whatever order.
fn same_set(one: &[String], other: &[String]) -> bool {
    one.len() == other.len() && one.iter().all(|item| other.contains(item))
}
