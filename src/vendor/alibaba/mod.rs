//! Alibaba Cloud Classic Load Balancer (CLB, product `Slb`, version 2014-05-15): an RPC API in which
//! every call is one POST to `/`, signed by HMAC-SHA1 over its parameters or by ACS3.

pub mod answers;
pub mod endpoints;
pub mod errors;
pub mod operations;
pub mod servers;
pub mod settle;
pub mod sign_acs3;
pub mod sign_rpc;

use alloc::{borrow::ToOwned, boxed::Box, string::String, vec::Vec};

use crate::core::canonical::{EMPTY_SHA256, Input, push_query};
use crate::core::endpoint::Endpoint;
use crate::core::error::{Error, Result};
use crate::core::explain::Trace;
use crate::core::hash::HmacSha256;
use crate::core::operation::{Call, Kind, Operation, Parameter, doc, optional, required};
use crate::core::request::{Request, Stamp};
use crate::core::secret::{Secret, scrub_stack};
use crate::core::text::sort;
use crate::core::value::Value;
use crate::core::{encode, time};
use crate::vendor::{Prepared, Session, Vendor, options};

/// The API's version.
const VERSION: &str = "2014-05-15";

/// The family.
pub const VENDOR: Vendor = Vendor {
    names: &["alibaba"],
    namespace: "alibaba",
    operations: operations::OPERATIONS,
    options: &[
        optional("network", "", Kind::OneOf("public vpc"), doc("Which of the region's hosts. Default: public.")),
        optional(
            "signature",
            "",
            Kind::OneOf("rpc acs3"),
            doc("The signature. Default: rpc, which needs no CORS preflight."),
        ),
        optional("format", "", Kind::OneOf("json xml"), doc("The format of answers. Default: json.")),
    ],
    response_headers: "content-type x-acs-request-id x-acs-retry-after retry-after date",
    regions: |_| endpoints::CUSTOMER_REGIONS,
    open,
    read: answers::read,
    diagnose: errors::diagnose,
    settle: settle::SETTLE,
};

/// `{ accessKeyId, accessKeySecret, securityToken? }`.
pub const CREDENTIALS: &[Parameter] = &[
    required("accessKeyId", "", Kind::Key(256), doc("The access key id.")),
    required("accessKeySecret", "", Kind::Key(256), doc("The access key secret.")),
    optional("securityToken", "", Kind::Key(8_192), doc("The token of temporary (STS) credentials.")),
];

#[derive(Clone, Debug)]
enum Scheme {
    Rpc(sign_rpc::Key),
    Acs3(HmacSha256),
}

#[derive(Clone, Debug)]
struct Account {
    endpoint: Endpoint,
    region: String,
    access_key_id: String,
    scheme: Scheme,
    /// Kept to find it in messages.
    secret: Secret,
    security_token: Option<Secret>,
    xml: bool,
}

fn open(_: &'static str, given: Value<'_>) -> Result<Box<dyn Session>> {
    let region = options::region(given, true, "cn-hangzhou")?;
    let endpoint = match options::endpoint(given, "endpoint", &[])? {
        Some(endpoint) if endpoint.path().is_empty() => endpoint,
        Some(_) => {
            return Err(Error::invalid(
                "endpoint",
                "endpoint must have no path: this API has none",
                "give a URL such as https://slb.aliyuncs.com",
            ));
        }
        None => endpoints::endpoint(region, given.text("network") == "vpc")
            .ok_or_else(|| options::unknown_region(region, endpoints::CUSTOMER_REGIONS))?,
    };
    let (credentials, _) = options::credentials(given, &[CREDENTIALS])?;
    let secret = Secret::new(credentials.text("accessKeySecret"));
    let scheme = match given.text("signature") {
        "acs3" => Scheme::Acs3(HmacSha256::new(secret.expose().as_bytes())),
        _ => Scheme::Rpc(sign_rpc::Key::new(secret.expose())),
    };
    scrub_stack();
    Ok(Box::new(Account {
        endpoint,
        region: region.to_owned(),
        access_key_id: credentials.text("accessKeyId").to_owned(),
        scheme,
        secret,
        security_token: options::secret(credentials, "securityToken"),
        xml: given.text("format") == "xml",
    }))
}

impl Session for Account {
    fn prepare(&self, call: &Call<'_>, stamp: &Stamp, trace: &mut Trace) -> Result<Prepared> {
        let operation = call.operation;
        let mut written = call.written();
        for (parameter, text) in &mut written {
            if let Kind::Batch(_) = parameter.kind {
                *text = call.batch.as_str().into();
            }
        }
        let mut parameters: Vec<(&str, &str)> = Vec::with_capacity(20);
        for (parameter, text) in &written {
            parameters.push((parameter.wire, text));
        }
        if call.get("regionId").is_none() {
            parameters.push(("RegionId", &self.region));
        }
        let date = time::extended(stamp.millis);
        let parts = Parts { operation, parameters, date: &date, nonce: &stamp.nonce };
        Ok(Prepared::Send(match &self.scheme {
            Scheme::Rpc(key) => self.rpc(key, parts, trace),
            Scheme::Acs3(key) => self.acs3(key, parts, trace),
        }))
    }

    fn secrets(&mut self, visit: &mut dyn FnMut(&mut Secret)) {
        visit(&mut self.secret);
        if let Some(token) = &mut self.security_token {
            visit(token);
        }
    }

    fn scheme(&self) -> &'static str {
        match self.scheme {
            Scheme::Rpc(_) => "rpc",
            Scheme::Acs3(_) => "acs3",
        }
    }
}

/// What both schemes sign.
struct Parts<'a> {
    operation: &'static Operation,
    parameters: Vec<(&'a str, &'a str)>,
    date: &'a str,
    nonce: &'a str,
}

impl Account {
    /// Everything in the form body: the URL holds nothing that a log may not see, and no CORS
    /// preflight is needed.
    fn rpc<'a>(&'a self, key: &sign_rpc::Key, parts: Parts<'a>, trace: &mut Trace) -> Request {
        let Parts { operation, mut parameters, date, nonce } = parts;
        for parameter in [
            ("AccessKeyId", self.access_key_id.as_str()),
            ("Action", operation.name),
            ("Format", if self.xml { "XML" } else { "JSON" }),
            ("SignatureMethod", "HMAC-SHA1"),
            ("SignatureNonce", nonce),
            ("SignatureVersion", "1.0"),
            ("Timestamp", date),
            ("Version", VERSION),
        ] {
            parameters.push(parameter);
        }
        if let Some(token) = &self.security_token {
            parameters.push(("SecurityToken", token.expose()));
        }
        let (mut body, string_to_sign) = sign_rpc::string_to_sign("POST", &mut parameters);
        let signature = trace.shown(key.sign(&string_to_sign));
        trace.note("canonical query", &body);
        trace.note("string to sign", &string_to_sign);
        trace.note("signature", &signature);
        body.push_str("&Signature=");
        encode::push_percent(&mut body, &signature);
        let mut request = Request::new("POST", self.endpoint.url("/"));
        request.header("content-type", "application/x-www-form-urlencoded");
        request.body = Some(body);
        request.signature = signature;
        request
    }

    /// Parameters in the query, no body, as the vendor's own clients send it.
    fn acs3<'a>(&'a self, key: &HmacSha256, parts: Parts<'a>, trace: &mut Trace) -> Request {
        let Parts { operation, mut parameters, date, nonce } = parts;
        sort(&mut parameters);
        let mut url = self.endpoint.url("/?");
        push_query(&mut url, &parameters);
        let mut request = Request::new("POST", url);
        for (name, value) in [
            ("x-acs-action", operation.name),
            ("x-acs-version", VERSION),
            ("x-acs-date", date),
            ("x-acs-signature-nonce", nonce),
            ("x-acs-content-sha256", EMPTY_SHA256),
        ] {
            request.header(name, value);
        }
        if let Some(token) = &self.security_token {
            request.header("x-acs-security-token", token.expose());
            request.header("x-acs-accesskey-id", &self.access_key_id);
        }
        request.header("accept", if self.xml { "application/xml" } else { "application/json" });
        sign_acs3::sign(key, &self.access_key_id, &mut Input::of(&request), trace).add_to(&mut request);
        request
    }
}
