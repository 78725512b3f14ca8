//! Lists that come piece by piece.

use alloc::string::String;

use crate::core::json::{Json, push_comma, push_name, push_string};
use crate::core::operation::{Call, Paging};
use crate::core::value::Value;

/// A field in a page of vendors whose answers say that there is another; never shown.
pub const NEXT: &str = "\u{0}next";

/// More pages than this are a list that does not end.
pub const MOST: usize = 1_000;

/// The list gathered so far.
#[derive(Debug, Default)]
pub struct Pages {
    /// The items' JSON, with commas between them.
    gathered: String,
    count: usize,
}

impl Pages {
    /// Takes a page. Returns the argument to set for the next one, or the whole answer.
    ///
    /// # Errors
    /// A message, where the list does not end.
    pub fn take(&mut self, call: &Call<'_>, page: Json) -> Result<Step, &'static str> {
        let (name, list) = match call.operation.paging {
            Paging::None => return Ok(Step::Done(page)),
            Paging::Marker { list } => ("marker", list),
            Paging::Offset { list } => ("offset", list),
        };
        self.count += 1;
        let document = page.read();
        let page = document.value();
        let (mut new, mut last) = (0, "");
        if let Some(items) = page.get(list) {
            for item in items.items() {
                new += 1;
                last = item.text("id");
                push_comma(&mut self.gathered);
                self.gathered.push_str(item.raw());
            }
        }
        let mut next = String::new();
        if new > 0 && name == "marker" {
            if page.get(NEXT).is_some() && !last.is_empty() {
                push_string(&mut next, last);
            }
        } else if new > 0 {
            let start = call.get(name).and_then(Value::as_integer).unwrap_or(0);
            let total = page.get("totalCount").and_then(Value::as_integer).unwrap_or(0);
            if start + new < total {
                crate::core::encode::push_decimal(&mut next, start + new);
            }
        }
        if next.is_empty() {
            return Ok(Step::Done(self.whole(page, list)));
        }
        if self.count >= MOST {
            return Err("the list does not end");
        }
        Ok(Step::Next(name, Json::new(next)))
    }

    /// The last page with the items of all.
    fn whole(&self, page: Value<'_>, list: &str) -> Json {
        let mut out = String::with_capacity(self.gathered.len() + 256);
        out.push_str("{");
        for (name, value) in page.fields() {
            if name == NEXT {
                continue;
            }
            push_name(&mut out, name);
            if name == list {
                out.push_str("[");
                out.push_str(&self.gathered);
                out.push_str("]");
            } else {
                out.push_str(value.raw());
            }
        }
        out.push_str("}");
        Json::new(out)
    }
}

/// What a page leads to.
#[derive(Debug)]
pub enum Step {
    /// Ask again with this argument.
    Next(&'static str, Json),
    /// This is the whole answer.
    Done(Json),
}
