//! Alibaba Cloud Classic Load Balancer (CLB, product `Slb`, version 2014-05-15): an RPC API in which
//! every call is one POST to `/`, signed by HMAC-SHA1 over its parameters or by ACS3.

pub mod answers;
pub mod body;
pub mod endpoints;
pub mod errors;
pub mod find_effect;
pub mod operations;
pub mod removal;
pub mod servers;
pub mod sign_acs3;
pub mod sign_rpc;

use alloc::{borrow::ToOwned, boxed::Box, string::String, vec::Vec};

use crate::core::canonical::{EMPTY_SHA256, Input, push_query};
use crate::core::endpoint::Endpoint;
use crate::core::error::Result;
use crate::core::explain::Trace;
use crate::core::hash::HmacSha256;
use crate::core::operation::{Call, Kind, Parameter, doc, optional, required};
use crate::core::request::{Request, Stamp};
use crate::core::secret::{Secret, scrub_stack};
use crate::core::text::sort;
use crate::core::value::Value;
use crate::core::{encode, time};
#[cfg(not(target_arch = "wasm32"))]
use crate::vendor::session::{Credentials, Declared};
use crate::vendor::session::{Prepared, Session, Vendor};
use crate::vendor::{flat, options};

/// The API's version.
const VERSION: &str = "2014-05-15";

/// The family.
pub const VENDOR: Vendor = Vendor {
    names: &["alibaba"],
    namespace: "alibaba",
    operations: operations::OPERATIONS,
    options: &options::with_common::<13>(&[
        optional("network", "", Kind::OneOf("public vpc"), doc("Which of the region's hosts. Default: `public`.")),
        optional(
            "signature",
            "",
            Kind::OneOf("rpc acs3"),
            doc("The signature. Default: `rpc`, which needs no CORS preflight."),
        ),
        optional("format", "", Kind::OneOf("json xml"), doc("The format of answers. Default: `json`.")),
    ]),
    response_headers: "content-type x-acs-request-id x-acs-retry-after retry-after date",
    regions: |_| endpoints::CUSTOMER_REGIONS,
    open,
    read: answers::read,
    diagnose: errors::diagnose,
    find_effect: find_effect::FIND_EFFECT,
    #[cfg(not(target_arch = "wasm32"))]
    declared: Declared {
        product: "clb",
        region: "The region. It chooses the host, unless `endpoint` is given.",
        needs_region: true,
        credentials: &[Credentials {
            name: "AlibabaCredentials",
            about: "Alibaba's access key. Prefer temporary (STS) credentials, above all in a browser.",
            fields: CREDENTIALS,
        }],
    },
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
    /// Empty where the credentials are not temporary.
    security_token: Secret,
    xml: bool,
}

fn open(_: &'static str, given: Value<'_>) -> Result<Box<dyn Session>> {
    let region = options::region(given, true, "cn-hangzhou")?;
    let endpoint = match options::host(given, "")? {
        Some(endpoint) => endpoint,
        None => endpoints::endpoint(region, given.says("network", "vpc"))
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
        security_token: Secret::new(credentials.text("securityToken")),
        xml: given.says("format", "xml"),
    }))
}

impl Session for Account {
    fn prepare(&self, call: &Call<'_>, stamp: &Stamp, trace: &mut Trace) -> Result<Prepared> {
        let mut parameters = flat::given(call);
        flat::add_default(&mut parameters, "RegionId", &self.region);
        let date = time::extended(stamp.millis);
        let mut request = Request::new("POST", self.endpoint.url("/"));
        let system = System { action: call.operation.name, date: &date, nonce: &stamp.nonce };
        match &self.scheme {
            Scheme::Rpc(key) => self.rpc(key, &system, &mut parameters, trace, &mut request),
            Scheme::Acs3(key) => self.acs3(key, &system, &mut parameters, trace, &mut request),
        }
        Ok(Prepared::Send(request))
    }

    fn secrets(&mut self, visit: &mut dyn FnMut(&mut Secret)) {
        visit(&mut self.secret);
        visit(&mut self.security_token);
    }

    fn scheme(&self) -> &'static str {
        match self.scheme {
            Scheme::Rpc(_) => "rpc",
            Scheme::Acs3(_) => "acs3",
        }
    }

    fn location(&self) -> (&str, &str) {
        (self.endpoint.host(), &self.region)
    }
}

/// What every call has besides its own parameters.
struct System<'a> {
    action: &'a str,
    date: &'a str,
    nonce: &'a str,
}

impl Account {
    /// Everything in the form body: the URL holds nothing that a log may not see, and no CORS
    /// preflight is needed.
    fn rpc<'a>(
        &'a self,
        key: &sign_rpc::Key,
        system: &System<'a>,
        all: &mut Vec<(&'a str, &'a str)>,
        trace: &mut Trace,
        request: &mut Request,
    ) {
        flat::add(all, "SecurityToken", self.security_token.expose());
        flat::add(all, "SignatureNonce", system.nonce);
        all.extend_from_slice(&[
            ("AccessKeyId", &self.access_key_id),
            ("Action", system.action),
            ("Format", if self.xml { "XML" } else { "JSON" }),
            ("SignatureMethod", "HMAC-SHA1"),
            ("SignatureVersion", "1.0"),
            ("Timestamp", system.date),
            ("Version", VERSION),
        ]);
        let (mut body, string_to_sign) = sign_rpc::string_to_sign(request.method, all);
        request.signature = trace.shown(key.sign(&string_to_sign));
        trace.note("canonical query", &body);
        trace.note_bytes("string to sign", &string_to_sign);
        trace.note("signature", &request.signature);
        body.push_str("&Signature=");
        encode::push_percent(&mut body, &request.signature);
        request.header("content-type", "application/x-www-form-urlencoded");
        request.body = Some(body);
    }

    /// Parameters in the query, no body, as the vendor's own clients send it.
    fn acs3<'a>(
        &'a self,
        key: &HmacSha256,
        system: &System<'a>,
        query: &mut Vec<(&'a str, &'a str)>,
        trace: &mut Trace,
        request: &mut Request,
    ) {
        sort(query);
        request.url.push_str("?");
        push_query(&mut request.url, query);
        request.header("x-acs-action", system.action);
        request.header("x-acs-version", VERSION);
        request.header("x-acs-date", system.date);
        request.header("x-acs-signature-nonce", system.nonce);
        request.header("x-acs-content-sha256", EMPTY_SHA256);
        let token = self.security_token.expose();
        if !token.is_empty() {
            request.header("x-acs-security-token", token);
            request.header("x-acs-accesskey-id", &self.access_key_id);
        }
        request.header("accept", if self.xml { "application/xml" } else { "application/json" });
        sign_acs3::sign(key, &self.access_key_id, &mut Input::of(request), trace).add_to(request);
    }
}
