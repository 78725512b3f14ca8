//! Values on their way out, as plain JavaScript objects.

use alloc::string::String;

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use wasm_bindgen::JsValue;

use crate::core::error::{Error, Kind, Result};
use crate::core::json::Json;
use crate::core::value::{Type, Value};

struct Out<'d>(Value<'d>);

impl Serialize for Out<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> core::result::Result<S::Ok, S::Error> {
        let value = self.0;
        match value.kind() {
            Type::Null => serializer.serialize_unit(),
            Type::Bool => serializer.serialize_bool(value.is_true()),
            // Integers that a JavaScript number holds; anything else stays the text that it came as.
            Type::Number => match value.as_integer().and_then(|number| i32::try_from(number).ok()) {
                Some(number) => serializer.serialize_i32(number),
                None => serializer.serialize_str(value.raw()),
            },
            Type::String => serializer.serialize_str(value.as_str().unwrap_or_default()),
            Type::List => {
                let mut list = serializer.serialize_seq(None)?;
                for item in value.items() {
                    list.serialize_element(&Out(item))?;
                }
                list.end()
            }
            Type::Object => {
                let mut map = serializer.serialize_map(None)?;
                for (name, value) in value.fields() {
                    map.serialize_entry(name, &Out(value))?;
                }
                map.end()
            }
        }
    }
}

/// The answer as a plain object.
pub(super) fn out(result: Result<Json>) -> Result<JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    let document = result?.read();
    Out(document.value())
        .serialize(&serializer)
        .map_err(|_| Error::new(Kind::UnexpectedAnswer, "the answer cannot be shown as an object"))
}
