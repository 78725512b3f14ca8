//! The load balancer API v2.0 of OpenStack Octavia, OTC and Huawei: a REST API, entered with a
//! Keystone token or with AK/SK signatures.
//!
//! Two dialects share the path. `openstack` is Octavia: its 204 means accepted, its load balancers
//! lock while they change, its catalogue tells where it is. `otc` and `huawei` are the shared load
//! balancers of those clouds behind an API gateway.

pub mod answers;
pub mod endpoints;
pub mod errors;
pub mod find_effect;
pub mod keystone;
pub mod operations;
pub mod removal;
pub mod sign_sdk;
pub mod template;

use alloc::{borrow::ToOwned, boxed::Box, string::String};

use crate::core::canonical::{Input, push_query};
use crate::core::encode::push_decimal;
use crate::core::endpoint::Endpoint;
use crate::core::error::{Error, Kind as ErrorKind, Result};
use crate::core::explain::Trace;
use crate::core::hash::HmacSha256;
use crate::core::json::{self, Json};
use crate::core::operation::{Call, Effect, Kind, Parameter, doc, optional, required};
use crate::core::path::Path;
use crate::core::request::{Request, Response, Stamp};
use crate::core::secret::{Secret, scrub_stack};
use crate::core::text::{before, has_word, join};
use crate::core::value::Value;
use crate::core::{check, time};
use crate::vendor::options;
#[cfg(not(target_arch = "wasm32"))]
use crate::vendor::session::{Credentials, Declared};
use crate::vendor::session::{Prepared, Session, Vendor};
use keystone::{Identity, Token};
use template::fill;

/// The family.
pub const VENDOR: Vendor = Vendor {
    names: &["otc", "huawei", "openstack"],
    namespace: "openstack",
    operations: operations::OPERATIONS,
    options: &options::with_common::<13>(&[
        optional("signature", "", Kind::OneOf("access scoped"), doc("The AK/SK signature variant. Default: `access`.")),
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
            doc("Which endpoint of the catalogue. Default: `public`."),
        ),
    ]),
    response_headers: "content-type x-openstack-request-id x-request-id x-iam-trace-id x-subject-token retry-after date",
    regions: endpoints::regions,
    open,
    read: answers::read,
    diagnose: errors::diagnose,
    find_effect: find_effect::FIND_EFFECT,
    #[cfg(not(target_arch = "wasm32"))]
    declared: Declared {
        product: "v2",
        region: "The region: chooses the host (otc, huawei) or the entry of the catalogue (openstack).",
        needs_region: false,
        credentials: &[
            Credentials {
                name: "TokenCredentials",
                about: "A Keystone token that is scoped to a project.",
                fields: CREDENTIALS[0],
            },
            Credentials { name: "KeyCredentials", about: "An OTC or Huawei key pair (AK/SK).", fields: CREDENTIALS[1] },
            Credentials {
                name: "PasswordCredentials",
                about: "A Keystone user and password. Give the project by name or by id.",
                fields: keystone::PASSWORD,
            },
            Credentials {
                name: "UserIdCredentials",
                about: "A Keystone user by id, and password. Give the project by name or by id.",
                fields: keystone::USER_ID,
            },
            Credentials {
                name: "ApplicationCredentials",
                about: "A Keystone application credential.",
                fields: keystone::APPLICATION,
            },
        ],
    },
};

/// The kinds of credentials; the first field of each says which it is.
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
    /// The secret is the token.
    Token,
    /// The secret is the secret key; `lines` are the headers that every request has.
    Keys { access_key: String, key: HmacSha256, scoped: bool, security_token: Option<Secret>, lines: String },
    /// The secret is what Keystone wants for a token.
    Keystone(Identity),
}

#[derive(Clone, Debug)]
struct Account {
    /// Whether it is Octavia, the first of the two dialects.
    octavia: bool,
    region: String,
    /// Given, or from the table; else the catalogue says.
    endpoint: Option<Endpoint>,
    secret: Secret,
    entry: Entry,
    /// What Keystone gave.
    token: Option<Token>,
}

fn open(name: &'static str, given: Value<'_>) -> Result<Box<dyn Session>> {
    let known = endpoints::regions(name);
    let mut endpoint = options::endpoint(given, "endpoint", "")?.map(|endpoint| endpoint.without(endpoints::VERSIONS));
    // The regions of a plain OpenStack are called as its operators like (`RegionOne`).
    let region = match known {
        "" => given.text("region"),
        _ => options::region(given, endpoint.is_none(), before(known, " "))?,
    };
    if endpoint.is_none() {
        endpoint = endpoints::endpoint(name, "elb", region);
        if endpoint.is_none() && !known.is_empty() {
            return Err(without_endpoint(name, region, known));
        }
    }
    let (credentials, shape) = options::credentials(given, CREDENTIALS)?;
    // In each kind of credentials the secret is the second field, or the only one.
    let secret = match CREDENTIALS[shape] {
        [_, second, ..] => second.name,
        _ => "token",
    };
    let secret = Secret::new(credentials.text(secret));
    let entry = match shape {
        0 => Entry::Token,
        1 => {
            let scoped = given.says("signature", "scoped");
            let key = sign_sdk::key(secret.expose(), scoped);
            scrub_stack();
            let lines = match credentials.text("projectId") {
                "" => String::new(),
                project => join(&["x-project-id\n", project, "\n"]),
            };
            Entry::Keys {
                access_key: credentials.text("accessKey").to_owned(),
                key,
                scoped,
                security_token: options::secret(credentials, "securityToken"),
                lines,
            }
        }
        _ => Entry::Keystone(Identity::new(name, given, credentials, region)?),
    };
    if endpoint.is_none() && shape < 2 {
        return Err(errors::missing(
            "endpoint",
            "give the URL of the load balancer service; only Keystone passwords and application credentials find it by themselves",
        ));
    }
    let region = region.to_owned();
    Ok(Box::new(Account { octavia: known.is_empty(), region, endpoint, secret, entry, token: None }))
}

/// Why `region` has no endpoint in the tables.
#[cold]
fn without_endpoint(name: &str, region: &str, known: &'static str) -> Error {
    if name == "otc" && has_word(endpoints::OTC_V3_ONLY, region) {
        return errors::unsupported(
            "region",
            &join(&["OTC ", region, " has the ELB v3 API only, which unpool does not speak yet"]),
            "the shared load balancers of API v2.0 exist in eu-de",
        );
    }
    options::unknown_region(region, known)
}

impl Session for Account {
    fn prepare(&self, call: &Call<'_>, stamp: &Stamp, trace: &mut Trace) -> Result<Prepared> {
        if !self.octavia {
            shared(call)?;
        }
        let token = self.token.as_ref().filter(|token| token.live(stamp.millis));
        if let (Entry::Keystone(identity), None) = (&self.entry, token) {
            return Ok(Prepared::Authenticate(identity.request(&self.secret, self.endpoint.is_none())));
        }
        let Some(endpoint) = self.endpoint.as_ref().or_else(|| token?.endpoint.as_ref()) else {
            return Err(Error::new(
                ErrorKind::Unsupported,
                "the catalogue lists no load balancer service for this region and interface",
            )
            .hint("give `endpoint`, or check `region` and `interface`"));
        };
        let mut request = unsigned(endpoint, call);
        if let Entry::Keys { access_key, key, scoped, security_token, lines } = &self.entry {
            let date = time::basic(stamp.millis);
            request.header("x-sdk-date", &date);
            request.lines.push_str(lines);
            if let Some(token) = security_token {
                request.header("x-security-token", token.expose());
            }
            // The OTC Terraform provider signs with an empty region and service, and works.
            let scope = scoped.then_some(("", ""));
            sign_sdk::sign(key, scope, access_key, &date, &mut Input::of(&request), trace).add_to(&mut request);
        } else {
            let token = token.map_or(&self.secret, |token| &token.value).expose();
            request.header("x-auth-token", token);
            // Kept with the request: the client may have another token when the answer comes, and even then no message may
            // show this one.
            request.signature = token.to_owned();
            trace.note("token", "sent as the header x-auth-token; nothing is signed");
        }
        Ok(Prepared::Send(request))
    }

    fn authentication(&self) -> Option<Request> {
        match &self.entry {
            Entry::Keystone(identity) => Some(identity.request(&self.secret, self.endpoint.is_none())),
            _ => None,
        }
    }

    fn accept(&mut self, response: &Response, now: i64) -> Result<Json> {
        let Entry::Keystone(identity) = &self.entry else {
            return Ok(Json::object(&[]));
        };
        let (token, mut shown) = identity.accept(response, now, self.endpoint.is_none())?;
        if let Some(endpoint) = self.endpoint.as_ref().or(token.endpoint.as_ref()) {
            shown.add("endpoint", &endpoint.url(""));
        }
        self.token = Some(token);
        Ok(shown)
    }

    fn forget_token(&mut self) -> bool {
        self.token = None;
        matches!(self.entry, Entry::Keystone(_))
    }

    fn secrets(&mut self, visit: &mut dyn FnMut(&mut Secret)) {
        visit(&mut self.secret);
        if let Entry::Keys { security_token: Some(token), .. } = &mut self.entry {
            visit(token);
        }
        if let Some(token) = &mut self.token {
            visit(&mut token.value);
        }
    }

    fn scheme(&self) -> &'static str {
        match self.entry {
            Entry::Keys { scoped: false, .. } => "access",
            Entry::Keys { .. } => "scoped",
            _ => "token",
        }
    }

    fn location(&self) -> (&str, &str) {
        let host = match (&self.endpoint, &self.entry) {
            (Some(endpoint), _) => endpoint.host(),
            (None, Entry::Keystone(identity)) => identity.host(),
            _ => "",
        };
        (host, &self.region)
    }
}

/// The request of a call, for which nobody has signed yet.
fn unsigned(endpoint: &Endpoint, call: &Call<'_>) -> Request {
    let (method, template) = call.operation.route;
    let envelope = call.operation.envelope;
    // The check has made sure that ids can stand in a path.
    let path = fill(template, "{", "}", &|out, name| out.push_str(call.text(name)));
    let mut request = Request::new(method, endpoint.url(&path));
    let (mut fields, mut mark) = (String::new(), "?");
    for parameter in call.operation.parameters {
        let (false, Some(value)) = (parameter.wire.is_empty(), call.get(parameter.name)) else { continue };
        let mut text = String::new();
        match (&parameter.kind, value.as_integer()) {
            // Plain digits, whether they came as number or text.
            (Kind::Integer(..), Some(number)) => push_decimal(&mut text, number),
            _ if envelope.is_empty() => text.push_str(value.as_text().unwrap_or_default()),
            // Other values are JSON already.
            _ => text.push_str(value.raw()),
        }
        if envelope.is_empty() {
            request.url.push_str(mark);
            push_query(&mut request.url, &[(parameter.wire, &text)]);
            mark = "&";
        } else {
            json::push_name(&mut fields, parameter.wire);
            fields.push_str(&text);
        }
    }
    if !envelope.is_empty() {
        // Without it the runtime would add a content type that is not signed.
        request.header("content-type", "application/json");
        request.body = Some(join(&["{\"", envelope, "\":{", &fields, "}}"]));
    }
    request
}

/// Checks a call by the additional rules of OTC and Huawei.
fn shared(call: &Call<'_>) -> Result<()> {
    for (name, value) in call.arguments.fields() {
        if has_word(operations::OCTAVIA_ONLY, name) {
            let message = join(&["this cloud has no ", name, ": that is Octavia's"]);
            return Err(errors::unsupported(name, &message, "leave it out; weight 0 drains a member"));
        }
        if name == "weight" && value.as_integer() > Some(operations::SHARED_WEIGHT) {
            return Err(check::wrong(&Path::Root.field(name), "an integer from 0 to 100", value));
        }
    }
    if call.operation.effect == Effect::Create && call.get("subnetId").is_none() {
        return Err(errors::missing("subnetId", "this cloud needs the subnet of the address"));
    }
    Ok(())
}
