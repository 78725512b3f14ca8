//! UCloud and SCloud classic load balancer (CLB/ULB): one gateway, one POST to `/` for every call,
//! signed by SHA-1 over the parameters.
//!
//! A signed request holds no time and no nonce: whoever has it can repeat it until the key is
//! revoked. It is a permanent capability and belongs in no log.

pub mod answers;
pub mod endpoints;
pub mod errors;
pub mod find_effect;
pub mod operations;
pub mod removal;
pub mod sign;

use alloc::{borrow::ToOwned, boxed::Box, string::String, vec::Vec};

use crate::core::canonical::push_query;
use crate::core::encode::decimal;
use crate::core::endpoint::Endpoint;
use crate::core::error::Result;
use crate::core::explain::Trace;
use crate::core::hash::sha1_hex;
use crate::core::json;
use crate::core::operation::{Call, Kind, Parameter, doc, optional, required};
use crate::core::request::{Request, Stamp};
use crate::core::secret::Secret;
use crate::core::text::join;
use crate::core::value::Value;
#[cfg(not(target_arch = "wasm32"))]
use crate::vendor::session::{Credentials, Declared};
use crate::vendor::session::{Prepared, Session, Vendor};
use crate::vendor::{flat, options};

/// The family.
pub const VENDOR: Vendor = Vendor {
    names: &["ucloud", "scloud"],
    namespace: "ucloud",
    operations: operations::OPERATIONS,
    options: &options::with_common::<12>(&[
        optional("projectId", "", Kind::Id, doc("The project, `org-…`; sub-accounts must give one.")),
        optional(
            "encoding",
            "",
            Kind::OneOf("json form"),
            doc(
                "The encoding of requests. Default: `json`, for which a page asks the cloud first (preflight): refused then means not executed.",
            ),
        ),
    ]),
    response_headers: "content-type x-ucloud-request-uuid retry-after date",
    regions: |_| endpoints::CUSTOMER_REGIONS,
    open,
    read: answers::read,
    diagnose: errors::diagnose,
    find_effect: find_effect::FIND_EFFECT,
    #[cfg(not(target_arch = "wasm32"))]
    declared: Declared {
        product: "clb",
        region: "The region, which is a parameter of every call.",
        needs_region: true,
        credentials: &[Credentials {
            name: "UcloudCredentials",
            about: "UCloud's and SCloud's key pair. A request signed with it has no expiry: whoever has the request can repeat it until the key is revoked. It is a permanent capability.",
            fields: CREDENTIALS,
        }],
    },
};

/// `{ publicKey, privateKey, securityToken? }`.
pub const CREDENTIALS: &[Parameter] = &[
    required("publicKey", "", Kind::Key(256), doc("The public key.")),
    required("privateKey", "", Kind::Key(256), doc("The private key.")),
    optional("securityToken", "", Kind::Key(8_192), doc("The token of temporary (STS) credentials.")),
];

#[derive(Clone, Debug)]
struct Account {
    endpoint: Endpoint,
    region: String,
    /// Empty where the account's own is meant.
    project: String,
    public_key: String,
    private_key: Secret,
    /// Empty where the credentials are not temporary.
    security_token: Secret,
    form: bool,
}

/// A region, to be shown.
const REGION: &str = "cn-bj2";

fn open(name: &'static str, given: Value<'_>) -> Result<Box<dyn Session>> {
    let endpoint = match options::host(given, endpoints::INSIDE)? {
        Some(endpoint) => endpoint,
        None => Endpoint::https(endpoints::host(name)),
    };
    let (credentials, _) = options::credentials(given, &[CREDENTIALS])?;
    Ok(Box::new(Account {
        endpoint,
        region: options::region(given, true, REGION)?.to_owned(),
        project: given.text("projectId").to_owned(),
        public_key: credentials.text("publicKey").to_owned(),
        private_key: Secret::new(credentials.text("privateKey")),
        security_token: Secret::new(credentials.text("securityToken")),
        form: given.says("encoding", "form"),
    }))
}

/// The items of the lists, each under a name of its own: `BackendId.0`, `BackendId.1`. In this form
/// every encoding is signed alike.
fn lists<'a>(call: &'a Call<'_>) -> Vec<(String, &'a str)> {
    let mut out = Vec::new();
    for parameter in call.operation.parameters {
        if let (Kind::List(..), Some(list)) = (&parameter.kind, call.get(parameter.name)) {
            for (index, item) in list.items().enumerate() {
                let name = join(&[parameter.wire, ".", &decimal(index as i64)]);
                out.push((name, item.as_str().unwrap_or_default()));
            }
        }
    }
    out
}

impl Session for Account {
    fn prepare(&self, call: &Call<'_>, _: &Stamp, trace: &mut Trace) -> Result<Prepared> {
        options::region(call.arguments, false, REGION)?;
        let listed = lists(call);
        let mut flat = flat::given(call);
        for (name, item) in &listed {
            flat::add(&mut flat, name, item);
        }
        flat::add(&mut flat, "Action", call.operation.name);
        flat::add(&mut flat, "PublicKey", &self.public_key);
        flat::add(&mut flat, "SecurityToken", self.security_token.expose());
        flat::add_default(&mut flat, "ProjectId", &self.project);
        flat::add_default(&mut flat, "Region", &self.region);
        let string_to_sign = sign::string_to_sign(&mut flat, &self.private_key);
        let signature = trace.shown(sha1_hex(&[&string_to_sign]));
        // Stages are noted only while placeholders stand for the secrets.
        trace.note("string to sign", &string_to_sign);
        trace.note("signature", &signature);
        flat::add(&mut flat, "Signature", &signature);

        let mut request = Request::new("POST", self.endpoint.url("/"));
        let mut body = String::with_capacity(512);
        if self.form {
            request.header("content-type", "application/x-www-form-urlencoded");
            push_query(&mut body, &flat);
        } else {
            request.header("content-type", "application/json");
            body.push_str("{");
            for (name, value) in &flat {
                let is_number =
                    |parameter: &Parameter| parameter.wire == *name && matches!(parameter.kind, Kind::Integer(..));
                if call.operation.parameters.iter().any(is_number) {
                    json::push_name(&mut body, name);
                    body.push_str(value);
                } else {
                    json::push_field(&mut body, name, value);
                }
            }
            body.push_str("}");
        }
        request.body = Some(body);
        request.signature = signature;
        Ok(Prepared::Send(request))
    }

    fn secrets(&mut self, visit: &mut dyn FnMut(&mut Secret)) {
        visit(&mut self.private_key);
        visit(&mut self.security_token);
    }

    fn scheme(&self) -> &'static str {
        "ucloud"
    }

    fn location(&self) -> (&str, &str) {
        (self.endpoint.host(), &self.region)
    }
}
