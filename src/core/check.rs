//! Checking of input against a table, before anything is signed.
//!
//! Every refusal names the field and its index, and says what would be right.

use alloc::string::String;

use crate::core::batch;
use crate::core::check_value::{checked_text, missing, unknown};
use crate::core::error::{Error, Result};
use crate::core::parameter::{Empty, Kind, Need, Parameter};
use crate::core::path::Path;
use crate::core::text::{is, same, set, words};
use crate::core::value::{Type, Value};

pub use crate::core::check_value::wrong;

/// Checks the fields of an object that is no operation against `table`.
///
/// # Errors
/// `invalid-input` with the field's path.
#[inline(never)]
pub fn object(table: &[Parameter], object: Value<'_>, path: &Path<'_>) -> Result<()> {
    fields(table, object, path, "", 0, &mut String::new())
}

/// Checks the fields of `object` against `table`.
///
/// `skip` names a field that is not in the table (`operation`, which chose it). A [`Kind::Batch`] may
/// have `batch_limit` items, and is appended to `batch` as the vendor's JSON.
///
/// # Errors
/// `invalid-input` with the field's path.
pub fn fields(
    table: &[Parameter],
    object: Value<'_>,
    path: &Path<'_>,
    skip: &str,
    batch_limit: usize,
    batch: &mut String,
) -> Result<()> {
    if !object.is_object() {
        return Err(wrong(path, "an object", object));
    }
    // A bit for each parameter that is given.
    let mut given = 0u64;
    for (name, value) in object.fields() {
        if same(name, skip) {
            continue;
        }
        let here = path.field(name);
        let Some(index) = table.iter().position(|parameter| same(parameter.name, name)) else {
            return Err(unknown(table, name, path));
        };
        given |= 1 << index;
        match &table[index].kind {
            Kind::Batch(list) => *batch = batch::read(list, value, &here, batch_limit)?,
            Kind::List(item, empty) => list(item, *empty, value, object, &here)?,
            other => {
                checked_text(other, value, &here)?;
            }
        }
    }
    for (index, parameter) in table.iter().enumerate() {
        let has = |name| object.get(name).is_some();
        let is_given = given >> index & 1 == 1;
        let good = match parameter.need {
            Need::Never => true,
            Need::Always => is_given,
            Need::Or(others) => is_given || words(others).any(has),
            Need::Either(other) => is_given != has(other),
            Need::With(other) => is_given || !has(other),
            Need::Without(other) => !is_given || !has(other),
        };
        if !good {
            return Err(if is_given { both(parameter, path) } else { missing(parameter, path) });
        }
    }
    Ok(())
}

/// No vendor takes longer lists, and comparing every item with every other takes its time.
const LONGEST: usize = 1_000;

/// Checks a list's items, each against `item`.
fn list(item: &Kind, empty: Empty, value: Value<'_>, object: Value<'_>, path: &Path<'_>) -> Result<()> {
    if value.kind() != Type::List || value.items().nth(LONGEST).is_some() {
        return Err(wrong(path, "a list of at most 1000 items", value));
    }
    let allowed = match empty {
        Empty::Fine => true,
        Empty::Never => false,
        Empty::Only(flag) => object.get(flag).is_some_and(Value::is_true),
    };
    if value.items().next().is_none() && !allowed {
        return Err(empty_list(empty, path));
    }
    for (index, one) in value.items().enumerate() {
        let here = path.item(index);
        checked_text(item, one, &here)?;
        if let Some(first) = value.items().take(index).position(|other| other.as_str() == one.as_str()) {
            return Err(here.refuse(&[" is the same as ", &path.item(first).text()], &["name each once"]));
        }
    }
    Ok(())
}

#[cold]
#[inline(never)]
fn empty_list(empty: Empty, path: &Path<'_>) -> Error {
    let hint = match empty {
        Empty::Only(flag) => [", or give ", flag, ": true if nothing is to be left in it"],
        _ => [""; 3],
    };
    path.refuse(&[" is empty"], &["name at least one", hint[0], hint[1], hint[2]])
}

/// One of two that exclude each other is too many.
#[cold]
#[inline(never)]
fn both(parameter: &Parameter, path: &Path<'_>) -> Error {
    let other = if let Need::Either(other) | Need::Without(other) = parameter.need { other } else { "" };
    path.field(parameter.name).refuse(&[" and ", other, " exclude each other"], &["give one of them"])
}

/// Whether `text` can be a region: `[a-z0-9-]{1,64}`, since it becomes part of a host name.
#[must_use]
pub fn is_region(text: &str) -> bool {
    is(text, set::REGION, 64)
}
