//! Ids of another kind than an argument takes: an application load balancer's where a classic one's
//! belongs. The services only say that they found nothing.

use alloc::{borrow::ToOwned, string::String};

use crate::core::error::{Error, Kind};
use crate::core::operation::Call;
use crate::core::text::{before, has_word, is, join, set, words};

/// Load balancers with APIs of their own.
const OTHER_PRODUCTS: &str = "alb- nlb- gwlb-";

/// How ids of the form of a UUID are called here.
pub const UUID: &str = "uuid";

/// Which kinds of ids a vendor's arguments take.
#[derive(Clone, Copy, Debug)]
pub struct Ids {
    /// Arguments, each with how its ids begin (words); an id that begins in no known way may still
    /// be an old one, except where only [`UUID`] is taken.
    pub arguments: &'static [(&'static str, &'static str)],
    /// How the ids of this vendor begin, whatever they belong to.
    pub known: &'static str,
}

impl Ids {
    /// Why `id` cannot be an id for `argument`, as a hint, and whether that is certain, since it is the id of something
    /// else. `None` where it may be one.
    #[must_use]
    pub fn misfit(&self, argument: &str, id: &str) -> Option<(String, bool)> {
        let (_, taken) = self.arguments.iter().find(|(name, _)| *name == argument)?;
        let kind = match is_uuid(id) {
            true => UUID,
            false => words(self.known).find(|begin| id.starts_with(begin)).unwrap_or_default(),
        };
        if id.is_empty() || has_word(taken, kind) || (kind.is_empty() && *taken != UUID) {
            return None;
        }
        let first = before(taken, " ");
        let (wanted, dots) = if first == UUID { ("a UUID", "") } else { (first, "…") };
        let other = match kind {
            "" => "this is none",
            UUID => "a UUID is something else",
            kind if has_word(OTHER_PRODUCTS, kind) => "this is a load balancer of another product, with another API",
            _ => "this is the id of something else",
        };
        Some((join(&[argument, " takes ", wanted, dots, "; ", other]), !kind.is_empty()))
    }

    /// Names the argument that is of the wrong kind, where the vendor did not find or did not like
    /// what a call named.
    #[cold]
    #[must_use]
    pub fn diagnose(&self, call: &Call<'_>, mut error: Error) -> Error {
        if !matches!(error.kind(), Kind::NotFound | Kind::InvalidInput | Kind::Server | Kind::Forbidden) {
            return error;
        }
        for (argument, _) in self.arguments {
            if let Some((hint, certain)) = self.misfit(argument, call.text(argument)) {
                if certain {
                    error.0.field = Some((*argument).to_owned());
                }
                return error.hint(&hint);
            }
        }
        error
    }
}

/// Whether `id` has the 32 hexadecimal digits of a UUID, with hyphens or without.
fn is_uuid(id: &str) -> bool {
    let hyphens = id.bytes().filter(|byte| *byte == b'-').count();
    id.len() - hyphens == 32 && is(id, set::UUID, id.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDS: Ids =
        Ids { arguments: &[("lb", "lb-"), ("node", "node- uuid"), ("pool", "uuid")], known: "lb- alb- node- i-" };
    const ID: &str = "5f1d7e84-4b43-4a4e-a9a5-6c5ab1f2f1cd";

    #[test]
    fn an_id_of_another_kind_is_told_and_an_unknown_one_is_not() {
        for (argument, id) in [
            ("lb", "lb-1"),
            ("lb", "139a00604ad-cn-east-hangzhou-01"),
            ("lb", ""),
            ("node", "node-1"),
            ("node", ID),
            ("pool", ID),
            ("pool", "5f1d7e844b434a4ea9a56c5ab1f2f1cd"),
            ("other", "alb-1"),
        ] {
            assert_eq!(IDS.misfit(argument, id), None, "{argument} {id}");
        }
        for (argument, id, says) in [
            ("lb", "alb-1", "another product"),
            ("lb", "node-1", "lb-…; this is the id of something else"),
            ("lb", ID, "UUID"),
            ("node", "i-1", "node-…"),
            ("pool", "lb-1", "a UUID; this is the id of something else"),
            ("pool", "web", "a UUID; this is none"),
        ] {
            let (hint, certain) = IDS.misfit(argument, id).expect(id);
            assert_eq!(certain, id != "web");
            assert!(hint.starts_with(argument) && hint.contains(says), "{hint}");
        }
    }
}
