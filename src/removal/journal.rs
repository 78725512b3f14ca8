//! The journal: what a run did, written ahead, so that another run can go on where it ended.
//!
//! Each lane writes its own chain of entries: an *intent* before each call that changes something, its *result* after
//! it, what later reads have *seen* of its effect, and the lane's *end*. An entry is JSON without secrets. It carries
//! what the lane remembers of the backends and rules that it is about, as far as that has changed; a number that
//! counts the lane's entries; and a digest of itself, of its predecessor and of the plan. So an entry that was
//! changed, left out or moved is found, and so is a journal of another plan.
//!
//! Digests are of what the JSON means: whoever keeps entries or plans may order their fields anew.

use alloc::{string::String, vec::Vec};

use crate::core::encode::decimal;
use crate::core::error::{Error, Result};
use crate::core::hash::sha256_hex;
use crate::core::json::{Json, parse, push_comma, push_name, push_string};
use crate::core::path::Path;
use crate::core::text::{first, join, same};
use crate::core::time;
use crate::core::value::{Type, Value};
use crate::removal::setting::Setting;
use crate::removal::world::order;

/// The form of its entries.
pub const SCHEMA: &str = "unpool/journal@1";

/// Appends what `value` means: without blanks, the fields of objects in the order of their names, the last of
/// several that have the same name. A field called `without` is left out.
fn canonical(out: &mut String, value: Value<'_>, without: &str) {
    match value.kind() {
        Type::String => push_string(out, value.as_str().unwrap_or_default()),
        Type::List => {
            out.push_str("[");
            for item in value.items() {
                push_comma(out);
                canonical(out, item, "");
            }
            out.push_str("]");
        }
        Type::Object => {
            let fields: Vec<(&str, Value<'_>)> = value.fields().collect();
            let sorted = order(&fields.iter().map(|(name, _)| *name).collect::<Vec<_>>());
            out.push_str("{");
            for (at, field) in sorted.iter().enumerate() {
                let (name, value) = fields[*field];
                let again = sorted.get(at + 1).is_some_and(|next| same(fields[*next].0, name));
                if !again && !same(name, without) {
                    push_name(out, name);
                    canonical(out, value, "");
                }
            }
            out.push_str("}");
        }
        _ => out.push_str(value.raw()),
    }
}

/// 128 bits of the SHA-256 of `before` and of what `value` means without its own digest.
#[must_use]
pub fn digest(before: &[&str], value: Value<'_>) -> String {
    let mut text = join(before);
    canonical(&mut text, value, "digest");
    first(&sha256_hex(&text), 32).into()
}

/// A lane's chain of entries.
#[derive(Clone, Debug, Default)]
pub struct Chain {
    /// The digest of what is carried out.
    plan: String,
    /// How many entries there are.
    pub seq: u32,
    /// The digest of the last.
    last: String,
    /// How it was before the intent that is on its way, if one is.
    before: Option<(u32, String)>,
    /// What is to be written before anything else is done.
    written: Vec<String>,
    /// What is to be written directly before the next call is sent, and only then.
    intent: Option<String>,
    /// When something of it was first and last written, in milliseconds since 1970.
    pub began: i64,
}

/// What an entry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordKind {
    /// A call will be sent.
    Intent,
    /// What came of it.
    Result,
    /// What reads showed since.
    Seen,
    /// The lane is over, and stays so.
    End,
}

impl RecordKind {
    const ALL: [RecordKind; 4] = [RecordKind::Intent, RecordKind::Result, RecordKind::Seen, RecordKind::End];

    fn name(self) -> &'static str {
        match self {
            RecordKind::Intent => "intent",
            RecordKind::Result => "result",
            RecordKind::Seen => "seen",
            RecordKind::End => "end",
        }
    }

    /// What an entry is.
    #[must_use]
    pub fn of(json: Value<'_>) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| json.says("entry", kind.name()))
    }
}

impl Chain {
    /// A chain without entries, for the plan with this digest.
    #[must_use]
    pub fn new(plan: &str) -> Self {
        Chain { plan: plan.into(), ..Chain::default() }
    }

    /// The digest of its last entry; empty where there is none.
    #[must_use]
    pub fn seal(&self) -> &str {
        &self.last
    }

    /// Writes an entry: `fields` is what it says of its own.
    pub fn write(&mut self, setting: &Setting, lane: &str, kind: RecordKind, now: i64, fields: &[(&str, String)]) {
        let mut out = Json::object(&[
            ("schema", SCHEMA),
            ("vendor", setting.vendor),
            ("plan", &self.plan),
            ("lane", lane),
            ("entry", kind.name()),
            ("at", &time::extended(now)),
        ]);
        out.add_json("seq", &decimal(self.seq.into()));
        for (name, json) in fields {
            out.add_json(name, json);
        }
        let seal = digest(&[&self.plan, &self.last], out.clone().read().value());
        out.add("digest", &seal);
        self.before = (kind == RecordKind::Intent).then(|| (self.seq, core::mem::take(&mut self.last)));
        self.seq += 1;
        self.last = seal;
        match kind {
            RecordKind::Intent => self.intent = Some(out.into_text()),
            _ => self.written.push(out.into_text()),
        }
    }

    /// The call that was announced is not sent, and its intent not written.
    pub fn take_back(&mut self) {
        if let Some(before) = self.before.take() {
            (self.seq, self.last) = before;
        }
    }

    /// What is to be written now, and what directly before the call is sent.
    pub fn take(&mut self) -> (Vec<String>, Option<String>) {
        (core::mem::take(&mut self.written), self.intent.take())
    }

    /// Takes the next entry of a journal that was kept.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn read(&mut self, json: Value<'_>) -> core::result::Result<(), &'static str> {
        if !json.says("plan", &self.plan) {
            return Err("belongs to another plan");
        }
        if json.get("seq").and_then(Value::as_integer) != Some(self.seq.into()) {
            return Err("is not the one that comes next for its load balancer: entries are missing or out of order");
        }
        let seal = digest(&[&self.plan, &self.last], json);
        if !json.says("digest", &seal) {
            return Err("was changed after it was written");
        }
        if self.seq == 0 {
            self.began = time::parse(json.text("at")).unwrap_or(0);
        }
        self.seq += 1;
        self.last = seal;
        Ok(())
    }
}

/// The entries of a journal that was kept, each an object; the last one may be a text that was cut off. Calls `take`
/// with each whole entry. Whether a part of one was dropped.
///
/// # Errors
/// `invalid-input` naming the entry.
pub fn read(
    vendor: &str,
    entries: Option<Value<'_>>,
    take: &mut dyn FnMut(Value<'_>) -> core::result::Result<(), &'static str>,
) -> Result<bool> {
    let journal = Path::Root.field("journal");
    let path = journal.field("entries");
    // Also where there are none: without them, nothing says what a run has done.
    let Some(entries) = entries.filter(|entries| entries.kind() == Type::List) else {
        return Err(path.refuse(&[" must be a list"], &["give what append() was given, in that order"]));
    };
    let count = entries.items().count();
    for (number, item) in entries.items().enumerate() {
        let mut one = |json: Value<'_>| {
            let at = path.item(number);
            let hint =
                "nothing was sent: give the journal of this plan as it was written, or a new one: each run has its own";
            if !json.says("schema", SCHEMA) {
                return Err(at.refuse(&[" is no journal entry that this version can read"], &[hint]));
            }
            if !json.says("vendor", vendor) {
                return Err(at.refuse(&[" belongs to another vendor"], &[hint]));
            }
            take(json).map_err(|why| at.refuse(&[" ", why], &[hint]))
        };
        match item.as_str() {
            None => one(item)?,
            // A line as it was kept.
            Some(line) => match parse(line) {
                Ok(document) if document.value().is_object() => one(document.value())?,
                // It was being written when all ended: an intent that never was sent, or a result that a read will show.
                _ if number + 1 == count => return Ok(true),
                _ => {
                    let hint = "nothing was sent: only the last line of a journal may be incomplete";
                    return Err(Error::invalid(
                        &path.item(number).text(),
                        &join(&[&path.item(number).text(), " is no JSON"]),
                        hint,
                    ));
                }
            },
        }
    }
    Ok(false)
}
