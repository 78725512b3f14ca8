//! The vendors, behind one interface. A new vendor is a new folder here and one line in [`VENDORS`].
//!
//! Vendors know nothing of each other, and nothing outside this module knows a vendor by name.

pub mod alibaba;
pub mod client;
pub mod openstack;
pub mod options;
pub mod ucloud;

use crate::core::error::Result;
use crate::core::explain::Trace;
use crate::core::operation::{Call, Operation, Parameter};
use crate::core::request::{Request, Response, Stamp};
use crate::core::value::Value;

pub use client::Client;

/// Every API family that unpool speaks.
pub const VENDORS: &[&Vendor] = &[&alibaba::VENDOR, &ucloud::VENDOR, &openstack::VENDOR];

/// An API family: one table of operations, one way to sign, one way to fail.
#[derive(Debug)]
pub struct Vendor {
    /// The values of the client option `vendor` that mean this family.
    pub names: &'static [&'static str],
    /// What the builders are called after: `alibaba`, `ucloud`, `openstack`.
    pub namespace: &'static str,
    /// The operations.
    pub operations: &'static [Operation],
    /// The client options that only this family has.
    pub options: &'static [Parameter],
    /// The headers of an answer that are worth reading, in lower case.
    pub response_headers: &'static [&'static str],
    /// The regions of a name.
    pub regions: fn(&'static str) -> &'static [&'static str],
    /// Makes a session out of checked options.
    pub open: fn(&'static str, &Value<'_>) -> Result<Box<dyn Session>>,
    /// Reads the answer to a call: what it says, or the error that it is.
    pub read: fn(&Call<'_>, &Response) -> Result<Value<'static>>,
}

/// What comes next on the way to an answer.
#[derive(Debug)]
pub enum Prepared {
    /// This request is the call.
    Send(Request),
    /// First a token: send this, and give its answer to [`Session::accept`].
    Authenticate(Request),
}

/// Credentials and settings of one client at one vendor. The only thing that holds secrets.
pub trait Session {
    /// Builds and signs a call.
    ///
    /// # Errors
    /// Where the call cannot be built with these settings.
    fn prepare(&self, call: &Call<'_>, stamp: &Stamp, trace: &mut Trace) -> Result<Prepared>;

    /// The request that gets a token, where these credentials are for one.
    fn authentication(&self) -> Option<Request> {
        None
    }

    /// Takes the answer to [`Session::authentication`] at `now` (milliseconds since 1970); returns
    /// what may be told of the token.
    ///
    /// # Errors
    /// Where the answer holds no usable token.
    fn accept(&self, response: &Response, now: i64) -> Result<Value<'static>> {
        let _ = (response, now);
        Ok(Value::Null)
    }

    /// Shows every secret and token to `visit`, so that none gets into a message.
    fn secrets(&self, visit: &mut dyn FnMut(&str));

    /// The same session with placeholders instead of secrets and tokens: what it builds can be shown.
    fn masked(&self) -> Box<dyn Session>;

    /// The name of the signature scheme in use.
    fn scheme(&self) -> &'static str;
}
