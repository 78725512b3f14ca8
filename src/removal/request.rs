//! What is to be taken out, from where, and under which conditions: the plan request.

use alloc::vec::Vec;

use crate::core::check;
use crate::core::error::Result;
use crate::core::input::given;
use crate::core::json::Json;
use crate::core::operation::{Empty, Kind, Parameter, doc, optional, required};
use crate::core::path::Path;
use crate::core::text::has_word;
use crate::core::value::{Document, Type, Value, integer};
use crate::removal::family::Family;
use crate::removal::guard::{self, Guard};
use crate::removal::select::Index;
use crate::removal::world::{items, number};

/// What a plan request may have.
pub const REQUEST: &[Parameter] = &[
    required("from", "", Kind::Any, doc("Where to take them out: one place, or a list of places.")),
    required("remove", "", Kind::Any, doc("What to take out: one selector, or a list of them.")),
    optional(
        "drain",
        "",
        Kind::Any,
        doc("How to drain first: `{ waitMs }`, by default 30,000; `false` takes them out at once."),
    ),
    optional(
        "keepAtLeast",
        "",
        Kind::Any,
        doc(
            "How many servers in service each group and rule must keep: a number, or a share such as `\"50%\"`. Default: 1.",
        ),
    ),
    optional(
        "allow",
        "",
        Kind::List(&Kind::OneOf(guard::NAMES), Empty::Fine),
        doc("The guards that are not to stop this."),
    ),
    optional(
        "onEmptyRule",
        "",
        Kind::OneOf("stop delete-rule leave-empty"),
        doc("What to do about a forwarding rule that would have no backend left. Default: `stop`."),
    ),
    optional(
        "maxPlanAgeMs",
        "",
        Kind::Integer(1, i32::MAX),
        doc("How old the plan may be when its run begins. Default: 15 minutes."),
    ),
];

/// How a drain is asked for.
const DRAIN: &[Parameter] = &[optional(
    "waitMs",
    "",
    Kind::Integer(0, 86_400_000),
    doc("How long to wait between draining and taking out, in milliseconds. No vendor says when a server is idle."),
)];

const NO_SOURCE: &str = "name at least one place to take them out of";
const NO_SERVER: &str = "name at least one server";
const DRAIN_MS: i64 = 30_000;
const PLAN_AGE_MS: i64 = 15 * 60_000;

/// How many servers must stay in service.
#[derive(Clone, Copy, Debug)]
pub struct Keep {
    /// A number, or a share in percent.
    pub number: usize,
    /// Whether it is a share.
    pub percent: bool,
}

impl Keep {
    /// How many that are of `all`; a share is rounded up.
    #[must_use]
    pub fn of(self, all: usize) -> usize {
        if self.percent { (all * self.number).div_ceil(100) } else { self.number }
    }
}

/// A checked plan request.
#[derive(Debug)]
pub struct Wanted {
    document: Document<'static>,
    /// The selectors.
    pub index: Index,
    /// How long to wait for a drain; none where there is to be none.
    pub drain_ms: Option<u32>,
    /// How many servers must stay.
    pub keep: Keep,
    /// How old a plan may be.
    pub max_age_ms: i64,
}

/// How many items `from`, an object or a list of them, has.
///
/// # Errors
/// `invalid-input` naming the field.
pub fn sources(family: &Family, from: Value<'_>, path: &Path<'_>) -> Result<usize> {
    each(from, path, NO_SOURCE, |source, path| check::object(family.from, source, path))
}

fn each(
    given: Value<'_>,
    path: &Path<'_>,
    hint: &str,
    test: impl Fn(Value<'_>, &Path<'_>) -> Result<()>,
) -> Result<usize> {
    if given.kind() != Type::List {
        test(given, path)?;
        return Ok(1);
    }
    let mut count = 0;
    for item in given.items() {
        test(item, &path.item(count))?;
        count += 1;
    }
    if count == 0 { Err(path.refuse(&[" is empty"], &[hint])) } else { Ok(count) }
}

/// An object, or the items of a list of them.
#[must_use]
pub fn one_or_many(value: Option<Value<'_>>) -> Vec<Value<'_>> {
    match value {
        Some(list) if list.kind() == Type::List => list.items().collect(),
        one => one.into_iter().collect(),
    }
}

impl Wanted {
    /// Reads and checks a plan request.
    ///
    /// # Errors
    /// `invalid-input` naming the field and its index.
    pub fn new(family: &Family, text: &str) -> Result<Self> {
        given(text, "request")?;
        let document = Json::new(text.into()).read();
        let request = document.value();
        if !request.is_object() {
            return Err(check::wrong(&Path::Root.field("request"), "an object", request));
        }
        let (from, remove) = (Path::Root.field("from"), Path::Root.field("remove"));
        for (path, name, hint) in [(&from, "from", NO_SOURCE), (&remove, "remove", NO_SERVER)] {
            if request.get(name).is_none() {
                return Err(path.refuse(&[" is missing"], &[hint]));
            }
        }
        check::object(REQUEST, request, &Path::Root)?;
        sources(family, request.get("from").unwrap_or(request), &from)?;
        each(request.get("remove").unwrap_or(request), &remove, NO_SERVER, |selector, path| {
            check::object(family.selectors, selector, path)?;
            // A port alone would be everything that listens on it, and a group all that is in it.
            if selector.fields().all(|(name, _)| has_word("port groupId", name)) {
                return Err(path.refuse(&[" selects nothing by itself"], &["add the server, its address, or health"]));
            }
            Ok(())
        })?;
        let drain_ms = match request.get("drain") {
            Some(flag) if flag.kind() == Type::Bool && !flag.is_true() => None,
            Some(flag) if flag.kind() == Type::Bool => Some(DRAIN_MS),
            drain => {
                if let Some(drain) = drain {
                    if !drain.is_object() {
                        return Err(check::wrong(&Path::Root.field("drain"), "{ waitMs } or false", drain));
                    }
                    check::object(DRAIN, drain, &Path::Root.field("drain"))?;
                }
                Some(drain.map_or(DRAIN_MS, |drain| number(drain, "waitMs", DRAIN_MS)))
            }
        };
        let keep = keep(request.get("keepAtLeast"))?;
        let max_age_ms = number(request, "maxPlanAgeMs", PLAN_AGE_MS);
        let index = Index::new(family, &one_or_many(request.get("remove")));
        Ok(Wanted { index, drain_ms: drain_ms.map(|millis| millis as u32), keep, max_age_ms, document })
    }

    /// The request as JSON text.
    #[must_use]
    pub fn text(&self) -> &str {
        self.document.value().raw()
    }

    /// The items of `from`.
    #[must_use]
    pub fn from(&self) -> Vec<Value<'_>> {
        one_or_many(self.document.value().get("from"))
    }

    /// Whether a guard is not to stop this.
    #[must_use]
    pub fn allows(&self, guard: Guard) -> bool {
        items(self.document.value(), "allow").any(|name| name.as_str() == Some(guard.name()))
    }

    /// What to do about a rule that would be empty.
    #[must_use]
    pub fn on_empty(&self) -> &str {
        self.document.value().text("onEmptyRule")
    }
}

fn keep(given: Option<Value<'_>>) -> Result<Keep> {
    let Some(given) = given else { return Ok(Keep { number: 1, percent: false }) };
    let text = given.as_text().unwrap_or_default();
    let share = text.strip_suffix("%");
    match integer(share.unwrap_or(text)) {
        Some(number) if (0..=if share.is_some() { 100 } else { 100_000 }).contains(&number) => {
            Ok(Keep { number: number as usize, percent: share.is_some() })
        }
        _ => Err(check::wrong(
            &Path::Root.field("keepAtLeast"),
            "a number of servers, or a share such as \"50%\"",
            given,
        )),
    }
}
