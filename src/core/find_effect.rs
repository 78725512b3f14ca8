//! Finding out by reading whether a call that must not be made twice has had its effect.

use alloc::string::String;

use crate::core::json::{Json, push_field, push_name};
use crate::core::operation::{Call, Operation};
use crate::core::text::{cut, same, split, words};
use crate::core::value::Value;

/// How the effect of an operation is found: an entry of its vendor's table.
#[derive(Debug)]
pub struct FindEffect {
    /// The operation.
    pub operation: &'static str,
    /// The operation that shows its effect. It takes those of the call's arguments that it knows.
    pub read: &'static str,
    /// The argument whose items must all be found; empty where the call itself describes the one item.
    pub entries: &'static str,
    /// Where the answer has its list: names one inside the other, with blanks between them.
    pub list: &'static str,
    /// The fields by which an item is recognised: names, or `argument=field` where the names differ; `:` and the vendor's
    /// default may follow. A field that the call does not give and that has no default is not compared.
    pub keys: &'static str,
    /// What the call would have answered: a name, and the field of the item that stands under it (the item itself, where
    /// that is empty). Without a name the answer is all that was read.
    pub answer: (&'static str, &'static str),
}

/// When to look for the effect: milliseconds after the attempt that got no answer, and then after each look that did
/// not find it. What the vendor is still carrying out becomes visible within seconds.
pub const LOOKS_MS: &[u32] = &[250, 1_000, 2_500];

impl FindEffect {
    /// The JSON text of the reading operation, which is `table`'s.
    #[must_use]
    pub fn read_operation(&self, call: &Call<'_>, table: &[Operation]) -> String {
        let mut out = String::from("{");
        push_field(&mut out, "operation", self.read);
        for operation in table {
            if operation.name != self.read {
                continue;
            }
            for parameter in operation.parameters {
                if let Some(value) = call.arguments.get(parameter.name) {
                    push_name(&mut out, parameter.name);
                    out.push_str(value.raw());
                }
            }
        }
        out.push_str("}");
        out
    }

    /// The call's answer, if what was read shows its effect.
    #[must_use]
    pub fn found(&self, call: &Call<'_>, read: Value<'_>) -> Option<Json> {
        let mut found = None;
        if self.entries.is_empty() {
            found = Some(self.matching(call.arguments, read, self.list)?);
        } else {
            for entry in call.arguments.get(self.entries)?.items() {
                found = Some(self.matching(entry, read, self.list)?);
            }
        }
        let (name, field) = self.answer;
        let mut out = String::from("{");
        for (key, value) in read.fields() {
            if name.is_empty() || key == "requestId" || key == "retCode" {
                push_name(&mut out, key);
                out.push_str(value.raw());
            }
        }
        if !name.is_empty() {
            let item = found?;
            push_name(&mut out, name);
            out.push_str(if field.is_empty() { item } else { item.get(field)? }.raw());
        }
        push_name(&mut out, "alreadyThere");
        out.push_str("true}");
        Some(Json::new(out))
    }

    /// The item at `path` inside `within` that is `wanted`.
    fn matching<'d>(&self, wanted: Value<'_>, within: Value<'d>, path: &str) -> Option<Value<'d>> {
        let (name, rest) = cut(path, " ");
        for item in within.get(name)?.items() {
            if !rest.is_empty() {
                let found = self.matching(wanted, item, rest);
                if found.is_some() {
                    return found;
                }
            } else if self.fits(wanted, item) {
                return Some(item);
            }
        }
        None
    }

    fn fits(&self, wanted: Value<'_>, item: Value<'_>) -> bool {
        for key in words(self.keys) {
            let (key, default) = split(key, ":").unwrap_or((key, ""));
            let (argument, field) = split(key, "=").unwrap_or((key, key));
            let value = wanted.get(argument).and_then(Value::as_text).unwrap_or(default);
            if value.is_empty() {
                continue;
            }
            let has = item.get(field).and_then(Value::as_text).unwrap_or_default();
            if !same(value, has) {
                return false;
            }
        }
        true
    }
}
