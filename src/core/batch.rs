//! Lists of backend servers: one parameter that holds JSON.
//!
//! Checked and written for the wire in one pass over the caller's list, since this is where the
//! time of a signature goes.

use alloc::{string::String, vec::Vec};

use crate::core::check_value::{ID, entry as fields, wrong};
use crate::core::encode::{decimal, rows};
use crate::core::error::{Error, Result};
use crate::core::parameter::{Batch, Entry, FIELDS};
use crate::core::path::Path;
use crate::core::text::{first_duplicate, is_id, join};
use crate::core::value::{Type, Value};

/// Checks `list` and returns it as the vendor's JSON: objects with the vendor's names and all values
/// quoted, as the vendor's examples write them, or bare ids.
///
/// # Errors
/// `invalid-input` with the path of what is wrong.
pub fn read(batch: &'static Batch, list: Value<'_>, path: &Path<'_>, limit: usize) -> Result<String> {
    let count = list.items().count();
    if count == 0 || count > limit {
        return Err(bad_length(list, count, path, limit));
    }
    let bare = batch.bare && list.items().all(|item| item.kind() == Type::String);
    let (mut names, mut wires) = ([""; FIELDS], [""; FIELDS]);
    for (index, field) in batch.fields.iter().enumerate() {
        (names[index], wires[index]) = (field.name, field.wire);
    }
    let names = &names[..batch.fields.len()];
    let width = if bare { 1 } else { names.len() };
    let mut texts: Vec<&str> = Vec::with_capacity(count * width);
    for (index, item) in list.items().enumerate() {
        let here = path.item(index);
        let mut entry = Entry { batch, bare, texts: [""; FIELDS] };
        match item.as_str() {
            Some(id) if bare && is_id(id) => entry.texts[0] = id,
            Some(_) if bare => return Err(wrong(&here, ID, item)),
            None if item.is_object() => fields(batch.fields, names, item, &here, &mut entry.texts)?,
            _ if batch.bare => {
                let wanted = join(&[&object(batch), " (a list holds objects or bare ids, not both)"]);
                return Err(wrong(&here, &wanted, item));
            }
            _ => return Err(wrong(&here, &object(batch), item)),
        }
        (batch.rule)(&entry, &here)?;
        texts.extend_from_slice(&entry.texts[..width]);
    }
    if let Some((first, second)) = first_duplicate(&texts, width, &batch.identity_fields) {
        return Err(twice(batch, names, path, first, second, texts[second * width]));
    }
    Ok(rows(if bare { &[] } else { &wires[..width] }, &texts))
}

/// What an item is to be, by the name of its id.
#[cold]
fn object(batch: &Batch) -> String {
    join(&["an object with ", batch.fields.first().map_or("", |field| field.name)])
}

#[cold]
#[inline(never)]
fn twice(batch: &Batch, names: &[&str], path: &Path<'_>, first: usize, second: usize, id: &str) -> Error {
    let name = |index: usize| names.get(index).copied().unwrap_or_default();
    let [one, two, three] = batch.identity_fields;
    path.item(second).refuse(
        &[" names the same entry as ", &path.item(first).text(), ": ", id],
        &["name each entry once; entries differ by ", name(one), ", ", name(two), " or ", name(three)],
    )
}

#[cold]
#[inline(never)]
fn bad_length(list: Value<'_>, count: usize, path: &Path<'_>, limit: usize) -> Error {
    if list.kind() != Type::List {
        return wrong(path, "a list", list);
    }
    if count == 0 {
        return path.refuse(&[" is empty"], &["name at least one backend server"]);
    }
    path.refuse(
        &[" has ", &decimal(count as i64), " items, and one call takes at most ", &decimal(limit as i64)],
        &["send several calls, or raise maxBackendsPerCall if your quota is higher"],
    )
}
