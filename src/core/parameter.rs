//! Parameters of operations: what each takes, and whether it must be given.
//!
//! A parameter's kind may be a list of entries, which are made of parameters again, so these types stand in one file.

use crate::core::doc::Doc;
use crate::core::error::Result;
use crate::core::path::Path;
use crate::core::text::same;

/// What an operation takes.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Any text of 1 to this many characters.
    Text(usize),
    /// An id that may become part of a URL: `[A-Za-z0-9_-]{1,64}`.
    Id,
    /// An IPv4 or IPv6 address, checked for its characters only.
    Address,
    /// An integer within bounds, none of them negative, as a number or decimal text.
    Integer(i32, i32),
    /// `true` or `false`.
    Flag,
    /// One of these words, which have blanks between them.
    OneOf(&'static str),
    /// A key or token of 1 to this many visible ASCII characters: a blank at its end is a copying
    /// mistake that would surface as a wrong signature.
    Key(usize),
    /// A list of entries; its length is bounded by the client's `maxBackendsPerCall`.
    Batch(&'static Batch),
    /// A list of this, each item once.
    List(&'static Kind, Empty),
    /// An object of strings.
    Strings,
    /// An object that its vendor checks.
    Object,
    /// Anything; whoever reads it checks it.
    Any,
}

/// Whether a list may be empty.
#[derive(Clone, Copy, Debug)]
pub enum Empty {
    /// Always.
    Fine,
    /// Never.
    Never,
    /// Only where this flag beside it is `true`: the vendor understands an empty list as one to empty.
    Only(&'static str),
}

/// Whether a parameter must be given.
#[derive(Clone, Copy, Debug)]
pub enum Need {
    /// It must.
    Always,
    /// It may be left out.
    Never,
    /// It, or one of these, must: without any the call would change nothing.
    Or(&'static str),
    /// Either it or this one must, and not both.
    Either(&'static str),
    /// It must where this one is given.
    With(&'static str),
    /// It may be left out, and not be given beside this one.
    Without(&'static str),
}

/// A parameter of an operation, a field of such a parameter, or an option of a client.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Our name, in camelCase.
    pub name: &'static str,
    /// The vendor's name.
    pub wire: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// Whether it must be given.
    pub need: Need,
    /// What it is.
    pub doc: Doc,
}

/// A parameter that must be given.
#[must_use]
pub const fn required(name: &'static str, wire: &'static str, kind: Kind, doc: Doc) -> Parameter {
    Parameter { name, wire, kind, need: Need::Always, doc }
}

/// A parameter that may be left out.
#[must_use]
pub const fn optional(name: &'static str, wire: &'static str, kind: Kind, doc: Doc) -> Parameter {
    Parameter { name, wire, kind, need: Need::Never, doc }
}

/// A parameter that must be given under a condition.
#[must_use]
pub const fn needed(need: Need, name: &'static str, wire: &'static str, kind: Kind, doc: Doc) -> Parameter {
    Parameter { name, wire, kind, need, doc }
}

/// No table of a list's entries has more fields.
pub const FIELDS: usize = 8;

/// What a list takes.
#[derive(Debug)]
pub struct Batch {
    /// The fields of an object, in the order in which they are written; the first is the id.
    pub fields: &'static [Parameter],
    /// Whether a list of bare ids is taken, too.
    pub bare: bool,
    /// The fields that tell one entry from another, each by its index.
    pub identity_fields: [usize; 3],
    /// A rule about several fields of one entry.
    pub rule: fn(&Entry<'_>, &Path<'_>) -> Result<()>,
}

/// One entry of a list, as text.
#[derive(Debug)]
pub struct Entry<'d> {
    pub(super) batch: &'static Batch,
    /// Whether it is a bare id.
    pub bare: bool,
    /// Field by field; empty where it is not given, since no kind takes empty text.
    pub(super) texts: [&'d str; FIELDS],
}

impl<'d> Entry<'d> {
    /// The id.
    #[must_use]
    pub fn id(&self) -> &'d str {
        self.texts[0]
    }

    /// A field by its name; empty where it is not given.
    #[must_use]
    pub fn text(&self, name: &str) -> &'d str {
        let index = self.batch.fields.iter().position(|field| same(field.name, name));
        index.and_then(|index| self.texts.get(index)).copied().unwrap_or_default()
    }
}
