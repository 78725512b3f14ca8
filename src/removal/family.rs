//! What the removal has to know of a vendor's API: what to read, what that says, which operation
//! makes a change.

use alloc::{string::String, vec::Vec};

use crate::core::json::Json;
use crate::core::operation::{Kind, Parameter, doc, optional};
use crate::core::value::Value;
use crate::removal::world::{Backend, Balancer, Group, Rule};

/// A read that is to be made.
#[derive(Clone, Debug)]
pub struct Read {
    /// Which, as the family numbers them.
    pub what: u8,
    /// Of what.
    pub id: String,
}

/// What to do to backends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Let them take nothing new.
    Drain,
    /// Let them take what they took before.
    Restore,
    /// Take them out.
    Remove,
    /// Put them in again, where they were taken out.
    Add,
}

impl Change {
    const ALL: [Change; 4] = [Change::Drain, Change::Restore, Change::Remove, Change::Add];

    /// The word used in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Change::Drain => "drain",
            Change::Restore => "restore",
            Change::Remove => "remove",
            Change::Add => "add",
        }
    }

    /// The change of this name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|change| change.name() == name)
    }
}

/// What to do to a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Let it have these backends and no others.
    Set,
    /// Delete it.
    Delete,
    /// Make it again.
    Create,
}

impl Edit {
    /// The word used in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Edit::Set => "set",
            Edit::Delete => "delete",
            Edit::Create => "create",
        }
    }

    /// The edit of this name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        [Edit::Set, Edit::Delete, Edit::Create].into_iter().find(|edit| edit.name() == name)
    }
}

/// A vendor's part of the removal. All of it is pure.
#[derive(Debug)]
pub struct Family {
    /// What an item of `from` may have.
    pub from: &'static [Parameter],
    /// What an item of `remove` may have; `wire` is the field of [`Backend::saved`] that has to be the
    /// same, and empty for the health. All have [`BY_ID`] first and [`IN_GROUP`] last of those that are compared: together
    /// they tell one backend of a load balancer.
    pub selectors: &'static [Parameter],
    /// The fields of [`Backend::saved`] that are the name, the address, the port and the type; empty for what the vendor
    /// does not tell.
    pub facts: &'static [&'static str],
    /// Whether one call changes several backends of a group.
    pub batches: bool,
    /// How long a change of unknown fate may take to show, in milliseconds.
    pub visible_after_ms: u32,
    /// The fields of [`Backend::saved`] that tell a place in a group, where a backend that is put in again gets another
    /// id; empty where it keeps its own.
    pub identity_fields: &'static str,
    /// The codes by which a call is refused because of one of its backends: words with blanks between.
    pub backend_error_codes: &'static str,
    /// The first reads of a checked item of `from`.
    pub begin: fn(Value<'_>) -> Vec<Read>,
    /// The reads that show one group anew, with its health and what locks it.
    pub again: fn(&Balancer, &Group) -> Vec<Read>,
    /// The operation's JSON text of a read.
    pub operation: fn(&Read) -> Json,
    /// Takes what a read answered, and says what else is to be read.
    pub take: fn(&Read, Value<'_>, &mut Balancer, &mut Vec<Read>),
    /// The operation's JSON text of a change.
    pub change: fn(Change, &Balancer, &Group, &[&Backend]) -> Json,
    /// The operation's JSON text of a rule's edit; never called where groups have no rules of their own.
    pub edit: fn(Edit, &Balancer, &Group, &Rule, &[String]) -> Json,
}

/// The selector of a backend by what tells it in its group.
pub const BY_ID: Parameter = optional(
    "id",
    BACKEND,
    Kind::Text(256),
    doc("What tells the backend in its group: the `id` that `inspect` and `plan` say."),
);
/// The selector of a group, beside others.
pub const IN_GROUP: Parameter = optional(
    "groupId",
    GROUP_OF_BACKEND,
    Kind::Id,
    doc("Of all that fits, only what is in this group: the `groupId` that `inspect` and `plan` say."),
);
/// The `wire` of what is no field of [`Backend::saved`], but the backend's own id, or its group's.
pub const BACKEND: &str = ":id";
/// See [`BACKEND`].
pub const GROUP_OF_BACKEND: &str = ":group";

/// A read of this kind.
#[must_use]
pub fn read(what: u8, id: &str) -> Read {
    Read { what, id: id.into() }
}
