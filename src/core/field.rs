//! Fields of answers: what each holds, and our name of it.

use alloc::string::String;

use crate::core::doc::Doc;
use crate::core::encode::push_ascii;

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
