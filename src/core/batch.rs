//! Lists of backend servers: one parameter that holds JSON.
//!
//! Checked and written for the wire in one pass over the caller's list, since this is where the
//! time of a signature goes.

use alloc::{string::String, vec::Vec};

use crate::core::check::{entry, wrong};
use crate::core::encode::push_decimal;
use crate::core::error::{Error, Result};
use crate::core::json;
use crate::core::operation::{Kind, Parameter};
use crate::core::path::Path;
use crate::core::text::{is_id, join, push, same};
use crate::core::value::{Type, Value};

/// No table has more fields.
pub const FIELDS: usize = 8;

/// What a list takes.
#[derive(Debug)]
pub struct Batch {
    /// The fields of an object, in the order in which they are written; the first is the id.
    pub fields: &'static [Parameter],
    /// Whether a list of bare ids is taken, too.
    pub bare: bool,
    /// The places of the fields that tell one entry from another.
    pub identity: [usize; 3],
    /// A rule about several fields of one entry.
    pub rule: fn(&Entry<'_>, &Path<'_>) -> Result<()>,
}

/// One entry of a list, as text.
#[derive(Debug)]
pub struct Entry<'d> {
    batch: &'static Batch,
    /// Whether it is a bare id.
    pub bare: bool,
    /// Field by field; empty where it is not given, since no kind takes empty text.
    texts: [&'d str; FIELDS],
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
        let place = self.batch.fields.iter().position(|field| same(field.name, name));
        place.and_then(|place| self.texts.get(place)).copied().unwrap_or_default()
    }

    fn identity(&self) -> [&'d str; 3] {
        self.batch.identity.map(|place| self.texts.get(place).copied().unwrap_or_default())
    }

    /// Appends the entry: an object with the vendor's names and all values quoted, as the vendor's
    /// examples write them, or the bare id. What was checked for its characters needs no escape.
    fn write(&self, out: &mut String) {
        if self.bare {
            return json::push_string(out, self.id());
        }
        let mut mark = "{\"";
        for (field, text) in self.batch.fields.iter().zip(self.texts) {
            if text.is_empty() {
                continue;
            }
            push(out, mark);
            mark = ",\"";
            push(out, field.wire);
            if let Kind::Text(_) = field.kind {
                push(out, "\":");
                json::push_string(out, text);
            } else {
                push(out, "\":\"");
                push(out, text);
                push(out, "\"");
            }
        }
        push(out, "}");
    }
}

/// Checks `list` and returns it as the vendor's JSON.
///
/// # Errors
/// `invalid-input` with the path of what is wrong.
pub fn read(batch: &'static Batch, list: Value<'_>, path: &Path<'_>, most: usize) -> Result<String> {
    let count = list.items().count();
    if count == 0 || count > most {
        return Err(bad_length(list, count, path, most));
    }
    let bare = batch.bare && list.items().all(|item| item.kind() == Type::String);
    let mut seen: Vec<[&str; 3]> = Vec::with_capacity(count);
    let mut out = String::with_capacity(list.raw().len() + count * 16);
    for (index, item) in list.items().enumerate() {
        let here = path.item(index);
        let mut texts = [""; FIELDS];
        match item.as_str() {
            Some(id) if bare && is_id(id) => texts[0] = id,
            Some(_) if bare => return Err(wrong(&here, "an id of 1 to 64 letters, digits, - or _", item)),
            None if item.is_object() => entry(batch.fields, item, &here, &mut texts)?,
            _ if batch.bare => {
                let wanted = join(&[&object(batch), " (a list holds objects or bare ids, not both)"]);
                return Err(wrong(&here, &wanted, item));
            }
            _ => return Err(wrong(&here, &object(batch), item)),
        }
        let entry = Entry { batch, bare, texts };
        (batch.rule)(&entry, &here)?;
        let identity = entry.identity();
        if let Some(first) =
            seen.iter().position(|other| other.iter().zip(&identity).all(|(one, other)| same(one, other)))
        {
            return Err(twice(&here, &path.item(first), &entry));
        }
        seen.push(identity);
        out.push_str(if index == 0 { "[" } else { "," });
        entry.write(&mut out);
    }
    out.push_str("]");
    Ok(out)
}

/// What an item is to be, by the name of its id.
#[cold]
fn object(batch: &Batch) -> String {
    join(&["an object with ", batch.fields.first().map_or("", |field| field.name)])
}

#[cold]
fn twice(here: &Path<'_>, first: &Path<'_>, entry: &Entry<'_>) -> Error {
    let message = join(&[&here.text(), " names the same entry as ", &first.text(), ": ", entry.id()]);
    let name = |place: usize| entry.batch.fields.get(place).map_or("", |field| field.name);
    let [one, two, three] = entry.batch.identity.map(name);
    let hint = join(&["name each entry once; entries differ by ", one, ", ", two, " or ", three]);
    Error::invalid(&here.text(), &message, &hint)
}

#[cold]
fn bad_length(list: Value<'_>, count: usize, path: &Path<'_>, most: usize) -> Error {
    let field = path.text();
    if list.kind() != Type::List {
        return wrong(path, "a list", list);
    }
    if count == 0 {
        return Error::invalid(&field, &join(&[&field, " is empty"]), "name at least one backend server");
    }
    let mut message = join(&[&field, " has "]);
    push_decimal(&mut message, count as i64);
    message.push_str(" items, and one call takes at most ");
    push_decimal(&mut message, most as i64);
    Error::invalid(&field, &message, "send several calls, or raise maxBackendsPerCall if your quota is higher")
}
