//! The operation tables' machinery.
//!
//! One table per vendor is the single source of its operations. Checking of input, wire encoding,
//! reading of answers, TypeScript types and reference documentation all come from it; no operation
//! has code of its own unless its rule cannot be said in a table.

use alloc::string::String;

use crate::core::sample::Answer;
use crate::core::value::{Document, Value};

pub use crate::core::doc::{Doc, doc};
pub use crate::core::field::{Field, Shape, camel, expected, field};
pub use crate::core::parameter::{Empty, Kind, Need, Parameter, needed, optional, required};

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
