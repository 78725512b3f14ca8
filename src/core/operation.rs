//! The operation tables' machinery.
//!
//! One table per vendor is the single source of its operations. Checking of input, wire encoding,
//! reading of answers, TypeScript types and reference documentation all come from it; no operation
//! has code of its own unless its rule cannot be said in a table.

use alloc::string::String;

use crate::core::batch::Batch;
use crate::core::encode::push_ascii;
use crate::core::sample::Answer;
use crate::core::value::{Document, Value};

/// A line of documentation. It exists in native builds only, where types and reference are
/// generated: in WebAssembly it would be bytes that nobody reads.
#[derive(Clone, Copy, Debug)]
pub struct Doc(#[cfg(not(target_arch = "wasm32"))] pub &'static str);

/// A line of documentation.
#[must_use]
pub const fn doc(text: &'static str) -> Doc {
    let _ = text;
    Doc(
        #[cfg(not(target_arch = "wasm32"))]
        text,
    )
}

/// What an operation does to the load balancer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Changes nothing.
    Read,
    /// Takes something out: repeating it changes nothing more, and what is not there is gone already.
    Removal,
    /// Changes something; repeating it with the same input changes nothing more.
    Write,
    /// Changes something, and does it again when repeated.
    Create,
}

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

/// What a field of an answer holds.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Text; a number is taken as its text.
    Text,
    /// An integer; decimal text is taken too.
    Integer,
    /// A boolean; its text is taken too.
    Flag,
    /// A list of texts.
    Texts,
    /// An object.
    Object(&'static [Field]),
    /// A list of objects.
    List(&'static [Field]),
    /// A list of objects inside an object with this one key, as Alibaba writes it:
    /// `{"BackendServers":{"BackendServer":[..]}}`, in XML a run of such elements.
    Wrapped(&'static str, &'static [Field]),
}

/// A field of an answer.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The vendor's name; ours is made of it by [`camel`].
    pub wire: &'static str,
    /// What it holds.
    pub shape: Shape,
    /// Whether an answer without it is no answer to this operation.
    pub required: bool,
    /// What it is.
    pub doc: Doc,
}

/// A vendor's name in camelCase: `ULBId` is `ulbId`, `VServerGroupId` is `vServerGroupId`,
/// `PrivateIP` is `privateIp`, `protocol_port` is `protocolPort`.
#[must_use]
pub fn camel(wire: &str) -> String {
    let mut out = String::with_capacity(wire.len());
    let mut before = b'_';
    for (at, &byte) in wire.as_bytes().iter().enumerate() {
        // Of a run of capitals the last one begins the next word, if there is one.
        let inside = before.is_ascii_uppercase() && !wire.as_bytes().get(at + 1).is_some_and(u8::is_ascii_lowercase);
        let byte = match before {
            _ if at == 0 || inside => byte.to_ascii_lowercase(),
            b'_' => byte.to_ascii_uppercase(),
            _ => byte,
        };
        if byte != b'_' {
            push_ascii(&mut out, byte);
        }
        before = wire.as_bytes()[at];
    }
    out
}

/// A field that may be absent.
#[must_use]
pub const fn field(wire: &'static str, shape: Shape, doc: Doc) -> Field {
    Field { wire, shape, required: false, doc }
}

/// A field without which the answer is not understood.
#[must_use]
pub const fn expected(wire: &'static str, shape: Shape, doc: Doc) -> Field {
    Field { wire, shape, required: true, doc }
}

/// How an operation gives its list piece by piece.
#[derive(Clone, Copy, Debug)]
pub enum Paging {
    /// In one piece.
    None,
    /// By the id of the last item: `marker`, until no link says `next`.
    Marker {
        /// The answer's list, in our names.
        list: &'static str,
    },
    /// By offset, until as many as `totalCount` are there.
    Offset {
        /// The answer's list, in our names.
        list: &'static str,
    },
}

/// An operation of a vendor.
#[derive(Debug)]
pub struct Operation {
    /// The vendor's name of it.
    pub name: &'static str,
    /// What it does.
    pub doc: Doc,
    /// Where it is described: the seed, or the vendor's page.
    pub source: Doc,
    /// What it does to the load balancer.
    pub effect: Effect,
    /// Method and path template (`DELETE /pools/{poolId}`) where the API is a REST one; else empty.
    pub route: (&'static str, &'static str),
    /// What the parameters stand in where they travel as a JSON body (`{"member":{..}}`); empty where
    /// they are the query of a REST call, or the API is none.
    pub envelope: &'static str,
    /// What it takes.
    pub parameters: &'static [Parameter],
    /// What it answers.
    pub answer: Answer,
    /// How its list comes.
    pub paging: Paging,
    /// How long to wait for the answer, in milliseconds, unless the caller says.
    pub timeout_ms: u32,
}

impl Operation {
    /// Whether it changes anything.
    #[must_use]
    pub fn mutates(&self) -> bool {
        self.effect != Effect::Read
    }
}

/// The usual time to wait for an answer.
pub const TIMEOUT_MS: u32 = 30_000;

/// A checked call: an operation and arguments that keep its table's rules.
#[derive(Debug)]
pub struct Call<'a> {
    /// The operation.
    pub operation: &'static Operation,
    /// The caller's object, `operation` included.
    pub arguments: Value<'a>,
    /// The one [`Kind::Batch`] that an operation may have, as the vendor's JSON.
    pub batch: String,
    /// The argument that asks for the next page; it stands before the caller's own.
    pub page: Option<(&'static str, Document<'static>)>,
}

impl Call<'_> {
    /// An argument by our name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Value<'_>> {
        match &self.page {
            Some((page, document)) if *page == name => Some(document.value()),
            _ => self.arguments.get(name),
        }
    }

    /// An argument that is text; empty where it is not given.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.get(name).and_then(Value::as_str).unwrap_or_default()
    }
}
