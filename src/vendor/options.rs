//! The client options that every vendor has, and helpers to read options.

use alloc::{borrow::ToOwned, string::String};

use crate::core::error::{Error, Result};
use crate::core::nearest::suggestion;
use crate::core::operation::{Kind, Parameter, doc, optional, required};
use crate::core::path::Path;
use crate::core::secret::Secret;
use crate::core::text::{join, push_word};
use crate::core::value::Value;
use crate::core::{check, endpoint::Endpoint};

/// The options that every vendor has.
pub const COMMON: &[Parameter] = &[
    required("vendor", "", Kind::Text(32), doc("Which cloud.")),
    required(
        "credentials",
        "",
        Kind::Object,
        doc("The vendor's credentials. They stay in the module's memory until `free()`."),
    ),
    optional("fetch", "", Kind::Any, doc("Used instead of the global `fetch`.")),
    optional("region", "", Kind::Text(64), doc("The region.")),
    optional(
        "endpoint",
        "",
        Kind::Text(2_048),
        doc("Where to send instead of the vendor's own endpoint: an https URL."),
    ),
    optional(
        "allowHttp",
        "",
        Kind::Flag,
        doc("Takes an http endpoint on a loopback address, or a vendor's http-only host inside its network."),
    ),
    optional(
        "timeoutMs",
        "",
        Kind::Integer(1, 600_000),
        doc(
            "How long one exchange may take, its body included: one attempt at one page, not the whole call. Default 30,000; for UCloud's changes, whose gateway gives up at 60,000, it is 65,000.",
        ),
    ),
    optional(
        "maxAttempts",
        "",
        Kind::Integer(1, 10),
        doc(
            "How often a call is tried at most, and each page of a list, and a token. Default 3; 1 means that nothing is repeated. Each attempt is signed anew, after a pause that grows.",
        ),
    ),
    optional("headers", "", Kind::Strings, doc("Extra headers, sent unsigned, such as `channel-key`.")),
    optional(
        "maxBackendsPerCall",
        "",
        Kind::Integer(1, 40),
        doc("How many backend servers one call may name. Default 20, as Alibaba documents."),
    ),
];

/// The options that every vendor has, and `special`, those of one vendor; `ALL` is their number.
#[must_use]
pub const fn with_common<const ALL: usize>(special: &[Parameter]) -> [Parameter; ALL] {
    assert!(ALL == COMMON.len() + special.len(), "another number of options");
    let mut all = [COMMON[0]; ALL];
    let mut at = 0;
    while at < ALL {
        all[at] = if at < COMMON.len() { COMMON[at] } else { special[at - COMMON.len()] };
        at += 1;
    }
    all
}

/// Checks `credentials` against the one table of `shapes` whose first field is given.
///
/// # Errors
/// `invalid-input` naming the field under `credentials`.
pub fn credentials<'d>(options: Value<'d>, shapes: &[&[Parameter]]) -> Result<(Value<'d>, usize)> {
    // Required, so that the check before has found it.
    let given = options.get("credentials").unwrap_or(options);
    let mut firsts = String::new();
    for (index, shape) in shapes.iter().enumerate() {
        let first = shape.first().map_or("", |first| first.name);
        if shapes.len() == 1 || given.get(first).is_some() {
            check::object(shape, given, &Path::Root.field("credentials"))?;
            return Ok((given, index));
        }
        push_word(&mut firsts, first);
    }
    Err(Error::invalid(
        "credentials",
        "credentials hold none of the fields that say of which kind they are",
        &suggestion("", &firsts),
    ))
}

/// A text option, if it is given.
#[inline(never)]
#[must_use]
pub fn given(object: Value<'_>, name: &str) -> Option<String> {
    object.get(name).and_then(Value::as_str).map(str::to_owned)
}

/// A secret option, if it is given.
#[inline(never)]
#[must_use]
pub fn secret(object: Value<'_>, name: &str) -> Option<Secret> {
    object.get(name).and_then(Value::as_str).map(Secret::new)
}

/// A boolean option; `false` where it is not given.
#[inline(never)]
#[must_use]
pub fn flag(object: Value<'_>, name: &str) -> bool {
    object.get(name).is_some_and(Value::is_true)
}

/// The endpoint under `name`, if it is given.
///
/// # Errors
/// `invalid-input` naming the option.
pub fn endpoint(options: Value<'_>, name: &'static str, plain: &str) -> Result<Option<Endpoint>> {
    match options.text(name) {
        "" => Ok(None),
        url => Endpoint::parse(url, name, flag(options, "allowHttp"), plain).map(Some),
    }
}

/// The endpoint that is given to an API without paths.
///
/// # Errors
/// `invalid-input` naming the option.
pub fn host(options: Value<'_>, plain: &str) -> Result<Option<Endpoint>> {
    let endpoint = endpoint(options, "endpoint", plain)?;
    if endpoint.as_ref().is_some_and(|endpoint| !endpoint.path().is_empty()) {
        return Err(Error::invalid("endpoint", "endpoint must have no path: this API has none", "leave the path out"));
    }
    Ok(endpoint)
}

/// The region; empty where it is not given.
///
/// # Errors
/// `invalid-input` where it is missing although `needed`, or cannot be a region.
pub fn region<'d>(options: Value<'d>, needed: bool, example: &str) -> Result<&'d str> {
    let region = options.text("region");
    if !needed && region.is_empty() {
        return Ok(region);
    }
    checked(region, example)
}

/// A region that becomes part of a host name, or of what is signed.
///
/// # Errors
/// `invalid-input` where it is missing, or cannot be a region.
#[inline(never)]
pub fn checked<'d>(region: &'d str, example: &str) -> Result<&'d str> {
    if check::is_region(region) {
        return Ok(region);
    }
    let message = if region.is_empty() { "region is missing" } else { "region must be 1 to 64 of a-z, 0-9 and -" };
    Err(Error::invalid("region", message, &join(&["give a region such as ", example])))
}

/// The refusal of a region that would choose the host and is in no table.
#[must_use]
pub fn unknown_region(region: &str, known: &'static str) -> Error {
    let hint = join(&[&suggestion(region, known), " For a region that is not listed, give its endpoint."]);
    Error::invalid("region", &join(&["region ", region, " is not known"]), &hint)
}
