//! How a rule stands beside what the plan has of it: what an edit has made of it, and what it lacks.

use alloc::{string::String, vec::Vec};

use crate::core::text::same;
use crate::removal::entry::{Expected, TrackedRule};
use crate::removal::sight::Sight;
use crate::removal::world::{Group, Rule};

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
    if rule.is_some_and(|rule| rule.backends.iter().any(|id| out.binary_search(&id.as_str()).is_ok())) {
        return None;
    }
    let as_meant = match (rule, expected) {
        (None, Expected::Gone) => true,
        (Some(rule), Expected::Backends(list)) => same_set(&rule.backends, list),
        _ => false,
    };
    Some(if as_meant { Edited::AsMeant } else { Edited::Otherwise })
}

/// Whether this rule of the group in hand was edited, and can be put back.
pub(super) fn is_to_put_back(sight: &Sight<'_>, known: &TrackedRule) -> bool {
    known.memory.expected.is_some() && !known.memory.cannot_restore && same(&known.planned.group, sight.group_id)
}

/// The rule as it is now: deleted and made again, by us or by somebody, it has another id.
pub(super) fn standing_rule<'g>(group: &'g Group, known: &TrackedRule) -> Option<&'g Rule> {
    let like = |rule: &&Rule| rule.custom && rule.is_like(&known.planned.rule);
    group.rule(&known.memory.id).or_else(|| group.rules.iter().find(like))
}

/// Those of ours that a rule held and that are there, by the ids that they have now. When the rule was deleted it had
/// nothing else any more, whatever the plan had seen in it.
pub(super) fn held(sight: &Sight<'_>, group: &Group, known: &TrackedRule) -> Vec<String> {
    let ours = |id: &String| {
        let entry = sight.memory.find(&group.id, id)?;
        sight.memory.standing(group, entry, sight.goal).map(|backend| backend.id.clone())
    };
    known.planned.rule.backends.iter().filter_map(ours).collect()
}

/// What this rule lacks.
pub(super) fn missing(sight: &Sight<'_>, group: &Group, known: &TrackedRule, rule: &Rule) -> Vec<String> {
    held(sight, group, known).into_iter().filter(|id| !rule.backends.contains(id)).collect()
}

/// Whether a rule that is not there is made again. Of nothing no rule is made; nor is one that was seen made again, and
/// that somebody has deleted since.
pub(super) fn is_to_create(sight: &Sight<'_>, group: &Group, known: &TrackedRule) -> bool {
    known.memory.expected == Some(Expected::Gone) && !known.memory.restored && !held(sight, group, known).is_empty()
}

/// Whether two lists hold the same, in whatever order.
fn same_set(one: &[String], other: &[String]) -> bool {
    one.len() == other.len() && one.iter().all(|item| other.contains(item))
}
