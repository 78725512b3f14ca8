//! Lists that come piece by piece.

use crate::core::operation::{Call, Paging};
use crate::core::value::Value;

/// Set to `true` in a page by vendors whose answers say that there is another; never shown.
pub const NEXT: &str = "\u{0}next";

/// More pages than this are a list that does not end.
pub const MOST: usize = 1_000;

/// The list gathered so far.
#[derive(Debug, Default)]
pub struct Pages {
    gathered: Option<Value<'static>>,
    count: usize,
}

impl Pages {
    /// Takes a page. Returns the argument to set for the next one, or the whole answer.
    ///
    /// # Errors
    /// A message, where the list does not end.
    pub fn take(&mut self, call: &Call<'_>, page: Value<'static>) -> Result<Step, &'static str> {
        let list = match call.operation.paging {
            Paging::None => return Ok(Step::Done(page)),
            Paging::Marker { list } | Paging::Offset { list } => list,
        };
        self.count += 1;
        let (mut page, more) = without_next(page);
        let new = page.get(list).and_then(Value::as_list).map_or(0, <[_]>::len);
        let last = page
            .get(list)
            .and_then(Value::as_list)
            .and_then(<[_]>::last)
            .and_then(|item| item.get("id")?.as_str())
            .map(str::to_owned);
        let total = page.get("totalCount").and_then(Value::as_integer);
        if let Some(before) = self.gathered.take() {
            prepend(&mut page, list, before);
        }
        let have = page.get(list).and_then(Value::as_list).map_or(0, <[_]>::len) as i64;
        let next = match call.operation.paging {
            Paging::Marker { .. } if more && new > 0 => last.map(|id| ("marker", Value::text(id))),
            Paging::Offset { .. } if new > 0 => {
                let start = call.get("offset").and_then(Value::as_integer).unwrap_or(0);
                let reached = start + if self.count == 1 { have } else { new as i64 };
                total.filter(|total| reached < *total).map(|_| ("offset", Value::integer(reached)))
            }
            _ => None,
        };
        match next {
            None => Ok(Step::Done(page)),
            Some(_) if self.count >= MOST => Err("the list does not end"),
            Some((name, value)) => {
                self.gathered = Some(page);
                Ok(Step::Next(name, value))
            }
        }
    }
}

/// What a page leads to.
#[derive(Debug)]
pub enum Step {
    /// Ask again with this argument.
    Next(&'static str, Value<'static>),
    /// This is the whole answer.
    Done(Value<'static>),
}

fn without_next(page: Value<'static>) -> (Value<'static>, bool) {
    match page {
        Value::Object(mut fields) => {
            let before = fields.len();
            fields.retain(|(name, _)| name != NEXT);
            let more = fields.len() < before;
            (Value::Object(fields), more)
        }
        other => (other, false),
    }
}

/// Puts the items gathered before in front of the page's own.
fn prepend(page: &mut Value<'static>, list: &str, before: Value<'static>) {
    let Value::Object(old) = before else { return };
    let Value::Object(fields) = page else { return };
    let earlier = old.into_iter().find(|(name, _)| name == list);
    if let (Some((_, Value::List(mut items))), Some((_, Value::List(new)))) =
        (earlier, fields.iter_mut().find(|(name, _)| name == list))
    {
        items.append(new);
        *new = items;
    }
}
