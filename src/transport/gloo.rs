//! Signed requests as gloo-net's own type, for programs in Rust and WebAssembly that send with it.
//!
//! This crate itself does not send with gloo-net: its `send` traps on thrown values that are no
//! `Error` and on answers of another realm.

use gloo_net::http::{Method, RequestBuilder};

use crate::core::request::Request;

/// The same request, ready to be sent by gloo-net. A redirect is not followed: signed headers and
/// bodies follow nobody.
///
/// # Errors
/// What gloo-net says of a request that it cannot build.
pub fn request(signed: &Request) -> Result<gloo_net::http::Request, gloo_net::Error> {
    let method = Method::from_bytes(signed.method.as_bytes()).unwrap_or(Method::POST);
    let mut builder = RequestBuilder::new(&signed.url).method(method).redirect(web_sys::RequestRedirect::Manual);
    for (name, value) in signed.headers() {
        builder = builder.header(name, value);
    }
    match &signed.body {
        Some(body) => builder.body(body.as_str()),
        None => builder.build(),
    }
}
