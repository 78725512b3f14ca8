//! What a vendor is to everybody else: its tables and functions, and a session with its credentials.

use alloc::boxed::Box;

use crate::core::error::{Error, Result};
use crate::core::explain::Trace;
use crate::core::find_effect::FindEffect;
use crate::core::json::Json;
use crate::core::operation::{Call, Operation, Parameter};
use crate::core::request::{Request, Response, Stamp};
use crate::core::secret::Secret;
use crate::core::value::Value;

/// An API family: one table of operations, one way to sign, one way to fail.
#[derive(Debug)]
pub struct Vendor {
    /// The values of the client option `vendor` that mean this family.
    pub names: &'static [&'static str],
    /// What the builders are called after: `alibaba`, `ucloud`, `openstack`.
    pub namespace: &'static str,
    /// The operations.
    pub operations: &'static [Operation],
    /// The client options: [`COMMON`](crate::vendor::options::COMMON), and those that only this family has.
    pub options: &'static [Parameter],
    /// The headers of an answer that are worth reading: words in lower case with blanks between them.
    pub response_headers: &'static str,
    /// The regions of a name: words with blanks between them.
    pub regions: fn(&str) -> &'static str,
    /// Makes a session out of checked options.
    pub open: fn(&'static str, Value<'_>) -> Result<Box<dyn Session>>,
    /// Reads the answer to a call: what it says, or the error that it is.
    pub read: fn(&Call<'_>, &Response) -> Result<Json>,
    /// Adds to the error of an answer what the call and the sent request show.
    pub diagnose: fn(&Call<'_>, &Request, &Response, Error) -> Error,
    /// How the effect of what must not be made twice is found.
    pub find_effect: &'static [FindEffect],
    /// What only declarations and documents have to know.
    #[cfg(not(target_arch = "wasm32"))]
    pub declared: Declared,
}

/// What declarations and documents say of a vendor beyond its tables. As [`Doc`](crate::core::operation::Doc), it exists in
/// native builds only.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Debug)]
pub struct Declared {
    /// The product whose operations these are: the second key of the types of operations.
    pub product: &'static str,
    /// What the option `region` is here.
    pub region: &'static str,
    /// Whether it must be given always.
    pub needs_region: bool,
    /// The forms of `credentials`.
    pub credentials: &'static [Credentials],
}

/// A form of credentials, as declarations say it.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Debug)]
pub struct Credentials {
    /// The name of its type.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
    /// Its fields.
    pub fields: &'static [Parameter],
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

    /// The request that gets a token, where these credentials need one.
    fn authentication(&self) -> Option<Request> {
        None
    }

    /// Takes the answer to [`Session::authentication`] at `now` (milliseconds since 1970); returns
    /// what may be shown of the token, as JSON.
    ///
    /// # Errors
    /// Where the answer holds no usable token.
    fn accept(&mut self, response: &Response, now: i64) -> Result<Json> {
        let _ = (response, now);
        Ok(Json::object(&[]))
    }

    /// Forgets a token that was refused; whether another one can be had.
    fn forget_token(&mut self) -> bool {
        false
    }

    /// Shows every secret and token to `visit`, always in the same order: to find them in messages,
    /// and to put placeholders in their place while something is built to be shown.
    fn secrets(&mut self, visit: &mut dyn FnMut(&mut Secret));

    /// The name of the signature scheme in use.
    fn scheme(&self) -> &'static str;

    /// The host that requests go to (where a catalogue tells it: the host that has the catalogue), and
    /// the region.
    fn location(&self) -> (&str, &str);
}
