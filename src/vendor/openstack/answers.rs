//! Reading of answers.

use crate::core::error::Result;
use crate::core::json::Json;
use crate::core::operation::{Call, Effect};
use crate::core::paging::NEXT;
use crate::core::request::Response;
use crate::core::value::Value;
use crate::core::{answer, json};
use crate::vendor::openstack::errors;

/// Reads the answer to `call`.
///
/// A removal answers 204 or 202 without a body; everything else answers with what it is about. A 200
/// with a page in it is a captive portal or a proxy, not the service.
///
/// # Errors
/// What the service says; `unexpected-answer` for what is neither an answer nor an error.
pub fn read(call: &Call<'_>, response: &Response) -> Result<Json> {
    let id = response.header("x-openstack-request-id").or_else(|| response.header("x-request-id"));
    answer::identified(said(call, response), id)
}

fn said(call: &Call<'_>, response: &Response) -> Result<Json> {
    let document = json::parse(answer::body(response)?).unwrap_or_default();
    let value = document.value();
    let removal = call.operation.effect == Effect::Removal;
    let good = if removal { matches!(response.status, 202 | 204) } else { value.is_object() };
    let mut read = if response.status >= 400 {
        Err(errors::classify(response, value))
    } else if !good {
        Err(answer::unreadable(response))
    } else if removal {
        Ok(Json::object(&[]))
    } else {
        answer::read(call.operation.answer.sample, value)
    };
    if let (Ok(read), true) = (&mut read, has_next(value)) {
        read.add(NEXT, "");
    }
    read
}

/// Whether the service says that there is a next page. Only that is taken from a link: its address
/// may belong to anybody.
fn has_next(value: Value<'_>) -> bool {
    value.get("members_links").is_some_and(|links| links.items().any(|link| link.says("rel", "next")))
}
