//! The load balancer API v2.0 of OpenStack Octavia, OTC and Huawei: a REST API, entered with a
//! Keystone token or with AK/SK signatures.
//!
//! Two dialects share the path. `openstack` is Octavia: its 204 means accepted, its load balancers
//! lock while they change, its catalogue tells where it is. `otc` and `huawei` are the shared load
//! balancers of those clouds behind an API gateway.

pub mod answers;
pub mod endpoints;
pub mod errors;
pub mod keystone;
pub mod operations;
pub mod settle;
pub mod sign_sdk;

use alloc::{
    borrow::{Cow, ToOwned},
    boxed::Box,
    string::String,
    vec,
    vec::Vec,
};

use core::cell::RefCell;

use crate::core::canonical::{Input, push_query};
use crate::core::endpoint::Endpoint;
use crate::core::error::{Error, Kind as ErrorKind, Result};
use crate::core::explain::Trace;
use crate::core::hash::sha256_hex;
use crate::core::json::{self, Json};
use crate::core::operation::{Call, Effect, Kind, Parameter, doc, optional, required};
use crate::core::path::Path;
use crate::core::request::{Request, Response, Stamp};
use crate::core::secret::{Secret, scrub_stack};
use crate::core::text::{before, has_word, join, split};
use crate::core::value::Value;
use crate::core::{check, time};
use crate::vendor::{Prepared, Session, Vendor, options};
use keystone::{Identity, Token};

/// The hash of an empty body.
const EMPTY_SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// The family.
pub const VENDOR: Vendor = Vendor {
    names: &["otc", "huawei", "openstack"],
    namespace: "openstack",
    operations: operations::OPERATIONS,
    options: &options::with_common::<13>(&[
        optional("signature", "", Kind::OneOf("access scoped"), doc("The AK/SK signature variant. Default: access.")),
        optional(
            "identityEndpoint",
            "",
            Kind::Text(2_048),
            doc("The URL of Keystone; `/v3` at its end may be left out."),
        ),
        optional(
            "interface",
            "",
            Kind::OneOf("public internal admin"),
            doc("Which endpoint of the catalogue. Default: public."),
        ),
    ]),
    response_headers: "content-type x-openstack-request-id x-request-id x-iam-trace-id x-subject-token retry-after date",
    regions: endpoints::regions,
    open,
    read: answers::read,
    diagnose: errors::diagnose,
    settle: settle::SETTLE,
};

/// The kinds of credentials, each told by its first field.
pub const CREDENTIALS: &[&[Parameter]] = &[
    &[required("token", "", Kind::Key(16_384), doc("A Keystone token, scoped to the project."))],
    &[
        required("accessKey", "", Kind::Key(256), doc("The access key (AK).")),
        required("secretKey", "", Kind::Key(256), doc("The secret key (SK).")),
        optional("securityToken", "", Kind::Key(8_192), doc("The token of temporary keys.")),
        optional("projectId", "", Kind::Id, doc("The project; needed for sub-projects.")),
    ],
    keystone::PASSWORD,
    keystone::USER_ID,
    keystone::APPLICATION,
];

#[derive(Clone, Debug)]
enum Entry {
    Token(Secret),
    Keys {
        access_key: String,
        key: sign_sdk::Key,
        secret: Secret,
        security_token: Option<Secret>,
        project: Option<String>,
    },
    Keystone(Identity, RefCell<Option<Token>>),
}

#[derive(Clone, Debug)]
struct Account {
    /// Of the two dialects, Octavia's.
    octavia: bool,
    /// Given, or from the table; else the catalogue says.
    endpoint: Option<Endpoint>,
    entry: Entry,
}

fn open(name: &'static str, given: Value<'_>) -> Result<Box<dyn Session>> {
    let region = options::region(given, false, "eu-de")?;
    let endpoint = match options::endpoint(given, "endpoint", &[])? {
        Some(endpoint) => Some(without_version(endpoint)),
        None => table_endpoint(name, region)?,
    };
    let (credentials, shape) = options::credentials(given, CREDENTIALS)?;
    let entry = match shape {
        0 => Entry::Token(Secret::new(credentials.text("token"))),
        1 => {
            let secret = Secret::new(credentials.text("secretKey"));
            // The OTC Terraform provider signs with an empty region and service, and works.
            let scope = (given.text("signature") == "scoped").then(sign_sdk::Scope::default);
            let key = sign_sdk::Key::new(secret.expose(), scope);
            scrub_stack();
            Entry::Keys {
                access_key: credentials.text("accessKey").to_owned(),
                key,
                secret,
                security_token: options::secret(credentials, "securityToken"),
                project: options::given(credentials, "projectId"),
            }
        }
        _ => Entry::Keystone(Identity::new(name, given, credentials, region, endpoint.is_none())?, RefCell::new(None)),
    };
    if endpoint.is_none() && !matches!(entry, Entry::Keystone(..)) {
        return Err(Error::invalid(
            "endpoint",
            "endpoint is missing",
            "give the URL of the load balancer service; only Keystone passwords and application credentials find it by themselves",
        ));
    }
    Ok(Box::new(Account { octavia: name == "openstack", endpoint, entry }))
}

/// The endpoint that `region` has in the tables.
fn table_endpoint(name: &'static str, region: &str) -> Result<Option<Endpoint>> {
    if name == "otc" && has_word(endpoints::OTC_V3_ONLY, region) {
        let mut error = Error::new(
            ErrorKind::Unsupported,
            &join(&["OTC ", region, " has the ELB v3 API only, which unpool does not speak yet"]),
        )
        .hint("the shared load balancers of API v2.0 exist in eu-de");
        error.0.field = Some("region".to_owned());
        return Err(error);
    }
    let known = endpoints::regions(name);
    if known.is_empty() {
        return Ok(None);
    }
    if region.is_empty() {
        return Err(Error::invalid(
            "region",
            "region is missing",
            &join(&["give a region such as ", before(known, " ")]),
        ));
    }
    match endpoints::host(name, region) {
        Some(host) => Ok(Some(Endpoint::https(&host))),
        None => Err(options::unknown_region(region, known)),
    }
}

/// Catalogues and people write the version behind the endpoint, or do not.
fn without_version(mut endpoint: Endpoint) -> Endpoint {
    for version in ["/v2.0", "/v2", "/v1.0"] {
        if let Some(path) = endpoint.path.strip_suffix(version) {
            endpoint.path = path.to_owned();
            break;
        }
    }
    endpoint
}

impl Session for Account {
    fn prepare(&self, call: &Call<'_>, stamp: &Stamp, trace: &mut Trace) -> Result<Prepared> {
        if !self.octavia {
            shared(call)?;
        }
        let (method, template) = call.operation.route;
        let path = fill(template, call);
        let written = call.written();
        let mut query: Vec<(&str, &str)> = Vec::new();
        let mut body = None;
        if call.operation.envelope.is_empty() {
            for (parameter, text) in &written {
                query.push((parameter.wire, text));
            }
        } else {
            body = Some(enclosed(call, &written));
        }
        let parts = Parts { method, path: &path, query, body };
        match &self.entry {
            Entry::Token(token) => Ok(Prepared::Send(with_token(&self.found()?, parts, token, trace))),
            Entry::Keystone(identity, state) => match &*state.borrow() {
                Some(token) if token.live(stamp.millis) => {
                    let endpoint = self.endpoint.clone().or_else(|| token.endpoint.clone()).ok_or_else(no_endpoint)?;
                    Ok(Prepared::Send(with_token(&endpoint, parts, &token.value, trace)))
                }
                _ => Ok(Prepared::Authenticate(identity.request())),
            },
            Entry::Keys { .. } => self.with_keys(&self.found()?, parts, stamp, trace).map(Prepared::Send),
        }
    }

    fn authentication(&self) -> Option<Request> {
        match &self.entry {
            Entry::Keystone(identity, _) => Some(identity.request()),
            _ => None,
        }
    }

    fn accept(&self, response: &Response, now: i64) -> Result<Json> {
        let Entry::Keystone(identity, state) = &self.entry else {
            return Ok(Json::object(&[]));
        };
        let token = identity.accept(response, now)?;
        let told = token.told(self.endpoint.as_ref());
        state.replace(Some(token));
        Ok(told)
    }

    fn forget_token(&self) -> bool {
        match &self.entry {
            Entry::Keystone(_, state) => {
                state.take();
                true
            }
            _ => false,
        }
    }

    fn secrets(&mut self, visit: &mut dyn FnMut(&mut Secret)) {
        match &mut self.entry {
            Entry::Token(token) => visit(token),
            Entry::Keys { secret, security_token, .. } => {
                visit(secret);
                if let Some(token) = security_token {
                    visit(token);
                }
            }
            Entry::Keystone(identity, state) => {
                visit(&mut identity.secret);
                if let Some(token) = state.get_mut() {
                    visit(&mut token.value);
                }
            }
        }
    }

    fn scheme(&self) -> &'static str {
        match &self.entry {
            Entry::Keys { key: sign_sdk::Key::Access(_), .. } => "access",
            Entry::Keys { key: sign_sdk::Key::Scoped(..), .. } => "scoped",
            _ => "token",
        }
    }
}

impl Account {
    fn found(&self) -> Result<Endpoint> {
        self.endpoint.clone().ok_or_else(no_endpoint)
    }

    /// Signs `host`, the date, and the project and token headers.
    fn with_keys(&self, endpoint: &Endpoint, parts: Parts<'_>, stamp: &Stamp, trace: &mut Trace) -> Result<Request> {
        let Entry::Keys { access_key, key, security_token, project, .. } = &self.entry else {
            return Err(no_endpoint());
        };
        let date = time::basic(stamp.millis);
        let mut request = parts.request(endpoint);
        let Parts { method, path, query, body } = parts;
        let mut headers: Vec<(&'static str, &str)> = vec![("x-sdk-date", &date)];
        if let Some(project) = project {
            headers.push(("x-project-id", project));
        }
        if let Some(token) = security_token {
            headers.push(("x-security-token", token.expose()));
        }
        let whole = join(&[&endpoint.path, path]);
        let hash = body.as_deref().map(sha256_hex);
        let payload_hash = hash.as_deref().unwrap_or(EMPTY_SHA256);
        let mut input = Input { method, path: &whole, query, headers: headers.clone(), payload_hash };
        input.headers.push(("host", &endpoint.host));
        if body.is_some() {
            input.headers.push(JSON);
        }
        let signed = sign_sdk::sign(key, &date, input, None);
        let signature = trace.shown(signed.signature);
        trace.note("canonical request", &signed.canonical.request);
        trace.note("string to sign", &signed.string_to_sign);
        trace.note("signature", &signature);
        for (name, value) in headers {
            request.header(name, value);
        }
        request.header(
            "authorization",
            &sign_sdk::authorization(key, access_key, &date, &signed.canonical.signed_headers, &signature),
        );
        request.signature = signature;
        Ok(request)
    }
}

fn with_token(endpoint: &Endpoint, parts: Parts<'_>, token: &Secret, trace: &mut Trace) -> Request {
    let mut request = parts.request(endpoint);
    request.header("x-auth-token", token.expose());
    trace.note("token", "sent as the header x-auth-token; nothing is signed");
    request
}

/// The header of a body. It must be set: a runtime would add one of its own, which nobody signed.
const JSON: (&str, &str) = ("content-type", "application/json");

/// A request that nobody has signed yet.
struct Parts<'a> {
    method: &'static str,
    path: &'a str,
    query: Vec<(&'a str, &'a str)>,
    body: Option<String>,
}

impl Parts<'_> {
    fn request(&self, endpoint: &Endpoint) -> Request {
        let mut url = endpoint.url(self.path);
        if !self.query.is_empty() {
            url.push_str("?");
            push_query(&mut url, &self.query);
        }
        let mut request = Request::new(self.method, url);
        if self.body.is_some() {
            request.header(JSON.0, JSON.1);
            request.body.clone_from(&self.body);
        }
        request
    }
}

/// The parameters as the JSON body that their operation's table asks for.
fn enclosed(call: &Call<'_>, written: &[(&'static Parameter, Cow<'_, str>)]) -> String {
    let mut out = join(&["{\"", call.operation.envelope, "\":{"]);
    for (parameter, text) in written {
        json::push_name(&mut out, parameter.wire);
        match parameter.kind {
            Kind::Integer(..) => out.push_str(text),
            // What came as JSON goes as it came.
            _ => out.push_str(call.get(parameter.name).map_or("null", Value::raw)),
        }
    }
    out.push_str("}}");
    out
}

/// Checks a call by the rules that OTC and Huawei have besides.
fn shared(call: &Call<'_>) -> Result<()> {
    for (name, value) in call.arguments.fields() {
        if has_word(operations::OCTAVIA_ONLY, name) {
            let message = join(&["this cloud has no ", name, ": that is Octavia's"]);
            let mut error = Error::new(ErrorKind::Unsupported, &message).hint("leave it out; weight 0 drains a member");
            error.0.field = Some(name.to_owned());
            return Err(error);
        }
        if name == "weight" && value.as_integer() > Some(operations::SHARED_WEIGHT) {
            return Err(check::wrong(&Path::Root.field(name), "an integer from 0 to 100", value));
        }
    }
    if call.operation.effect == Effect::Create && call.get("subnetId").is_none() {
        return Err(Error::invalid("subnetId", "subnetId is missing", "this cloud needs the subnet of the address"));
    }
    Ok(())
}

/// The path template with its ids, which the check has found harmless.
fn fill(template: &str, call: &Call<'_>) -> String {
    let mut out = String::with_capacity(128);
    let mut rest = template;
    while let Some((before, after)) = split(rest, "{") {
        out.push_str(before);
        let (name, tail) = split(after, "}").unwrap_or((after, ""));
        out.push_str(call.text(name));
        rest = tail;
    }
    out.push_str(rest);
    out
}

#[cold]
fn no_endpoint() -> Error {
    Error::new(ErrorKind::Unsupported, "the catalogue lists no load balancer service for this region and interface")
        .hint("give `endpoint`, or check `region` and `interface`")
}
