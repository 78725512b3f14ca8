//! Values on their way out, as plain JavaScript objects.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use wasm_bindgen::JsValue;

use crate::core::error::{Error, Kind, Result};
use crate::core::value::Value;

struct Out<'v>(&'v Value<'v>);

impl Serialize for Out<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self.0 {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(flag) => serializer.serialize_bool(*flag),
            // Integers that a JavaScript number holds; anything else stays the text that it came as.
            Value::Number(text) => match self.0.as_integer().and_then(|number| i32::try_from(number).ok()) {
                Some(number) => serializer.serialize_i32(number),
                None => serializer.serialize_str(text),
            },
            Value::String(text) => serializer.serialize_str(text),
            Value::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(&Out(item))?;
                }
                list.end()
            }
            Value::Object(fields) => {
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                for (name, value) in fields {
                    map.serialize_entry(&**name, &Out(value))?;
                }
                map.end()
            }
        }
    }
}

/// The value as a plain object.
pub(super) fn out(result: Result<Value<'_>>) -> Result<JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    Out(&result?)
        .serialize(&serializer)
        .map_err(|_| Error::new(Kind::UnexpectedAnswer, "the answer cannot be shown as an object"))
}
