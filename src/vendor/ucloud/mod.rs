//! UCloud and SCloud classic load balancer (CLB/ULB): one gateway, one POST to `/` for every call,
//! signed by SHA-1 over the parameters.
//!
//! A signed request holds no time and no nonce: whoever has it can repeat it until the key is
//! revoked. It is a permanent capability and belongs in no log.

pub mod answers;
pub mod endpoints;
pub mod errors;
pub mod operations;
pub mod sign;

use crate::core::canonical::push_query;
use crate::core::check;
use crate::core::endpoint::Endpoint;
use crate::core::error::{Error, Result};
use crate::core::explain::{REDACTED, Trace};
use crate::core::json;
use crate::core::operation::{Call, Kind, Parameter, doc, optional, required};
use crate::core::request::{Request, Stamp};
use crate::core::secret::Secret;
use crate::core::value::{Text, Value};
use crate::vendor::{Prepared, Session, Vendor, options};

/// The family.
pub const VENDOR: Vendor = Vendor {
    names: &["ucloud", "scloud"],
    namespace: "ucloud",
    operations: operations::OPERATIONS,
    options: &[
        optional("projectId", "", Kind::Id, doc("The project, `org-…`; sub-accounts must give one.")),
        optional(
            "encoding",
            "",
            Kind::OneOf("json form"),
            doc(
                "The encoding of requests. Default: json, for which a page asks the cloud first (preflight): refused then means not executed.",
            ),
        ),
    ],
    response_headers: &["content-type", "x-ucloud-request-uuid", "retry-after", "date"],
    regions: |_| endpoints::CUSTOMER_REGIONS,
    open,
    read: answers::read,
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
    project: Option<String>,
    public_key: String,
    private_key: Secret,
    security_token: Option<Secret>,
    form: bool,
}

fn open(name: &'static str, given: &Value<'_>) -> Result<Box<dyn Session>> {
    let endpoint = match options::endpoint(given, "endpoint", &[endpoints::INSIDE])? {
        Some(endpoint) if endpoint.path.is_empty() => endpoint,
        Some(_) => {
            return Err(Error::invalid(
                "endpoint",
                "endpoint must have no path: this API has none",
                "give a URL such as https://api.ucloud.cn",
            ));
        }
        None => Endpoint::https(endpoints::host(name)),
    };
    let (credentials, _) = options::credentials(given, &[CREDENTIALS])?;
    Ok(Box::new(Account {
        endpoint,
        region: options::region(given, true, "cn-bj2")?.to_owned(),
        project: given.get("projectId").and_then(Value::as_str).map(str::to_owned),
        public_key: options::text(credentials, "publicKey").to_owned(),
        private_key: Secret::new(options::text(credentials, "privateKey")),
        security_token: credentials.get("securityToken").and_then(Value::as_str).map(Secret::new),
        form: options::text(given, "encoding") == "form",
    }))
}

impl Session for Account {
    fn prepare(&self, call: &Call<'_>, _: &Stamp, trace: &mut Trace) -> Result<Prepared> {
        let region = call.get("region").and_then(Value::as_str).unwrap_or(&self.region);
        if !check::is_region(region) {
            return Err(Error::invalid(
                "region",
                "region must be 1 to 64 of a-z, 0-9 and -",
                "give a region such as cn-bj2",
            ));
        }
        // Name, value, and whether JSON writes it without quotes.
        let mut fields: Vec<(&str, Text<'_>, bool)> = Vec::with_capacity(12);
        fields.push(("Action", call.operation.name.into(), false));
        fields.push(("PublicKey", self.public_key.as_str().into(), false));
        fields.push(("Region", region.into(), false));
        if let (Some(project), None) = (&self.project, call.get("projectId")) {
            fields.push(("ProjectId", project.as_str().into(), false));
        }
        if let Some(token) = &self.security_token {
            fields.push(("SecurityToken", token.expose().into(), false));
        }
        for parameter in call.operation.parameters {
            match (parameter.wire, call.get(parameter.name)) {
                ("Region", _) | (_, None) => {}
                (wire, Some(Value::String(text))) if !matches!(parameter.kind, Kind::Integer(..)) => {
                    fields.push((wire, text.as_ref().into(), false));
                }
                (wire, Some(value)) => {
                    let number = value.as_integer().unwrap_or_default();
                    fields.push((wire, crate::core::encode::decimal(number).into(), true));
                }
            }
        }
        let mut flat: Vec<(&str, &str)> = fields.iter().map(|(name, value, _)| (*name, value.as_ref())).collect();
        let signature = sign::sign_flat(&mut flat, &self.private_key);
        let signature = trace.shown(signature);
        trace.note("string to sign", || {
            let mut text: String = flat.iter().flat_map(|(name, value)| [*name, *value]).collect();
            text.push_str(REDACTED);
            text
        });
        trace.note("signature", || signature.clone());
        flat.push(("Signature", &signature));

        let mut request = Request::new("POST", self.endpoint.url("/"));
        let mut body = String::with_capacity(512);
        if self.form {
            request.header("content-type", "application/x-www-form-urlencoded");
            push_query(&mut body, &flat);
        } else {
            request.header("content-type", "application/json");
            for (name, value) in &flat {
                body.push_str(if body.is_empty() { "{" } else { "," });
                json::push_string(&mut body, name);
                body.push(':');
                if fields.iter().any(|(field, _, number)| field == name && *number) {
                    body.push_str(value);
                } else {
                    json::push_string(&mut body, value);
                }
            }
            body.push('}');
        }
        request.body = Some(body);
        request.signature = signature;
        Ok(Prepared::Send(request))
    }

    fn secrets(&mut self, visit: &mut dyn FnMut(&mut Secret)) {
        visit(&mut self.private_key);
        if let Some(token) = &mut self.security_token {
            visit(token);
        }
    }

    fn scheme(&self) -> &'static str {
        "ucloud"
    }
}
