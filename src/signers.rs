//! The signers alone: pure functions for anyone who calls another action of the same cloud.
//!
//! They take and return generic values, and return every stage, so that a mismatch can be found.

use crate::core::canonical::Input;
use crate::core::check;
use crate::core::error::{Error, Result};
use crate::core::hash::{HmacSha256, sha256_hex};
use crate::core::operation::{Kind, Parameter, doc, optional, required};
use crate::core::path::Path;
use crate::core::secret::{Secret, scrub_stack};
use crate::core::text::join;
use crate::core::value::Value;
use crate::vendor::alibaba::{sign_acs3, sign_rpc};
use crate::vendor::openstack::sign_sdk;
use crate::vendor::options::text;
use crate::vendor::ucloud;

/// A signer: a function of one input object.
pub type Signer = fn(&Value<'_>) -> Result<Value<'static>>;

/// Every signer by the name that it has in JavaScript.
pub const SIGNERS: &[(&str, Signer)] = &[
    ("signAlibabaRpc", alibaba_rpc),
    ("signAlibabaAcs3", alibaba_acs3),
    ("signUcloud", ucloud_sha1),
    ("signSdkHmacSha256", sdk_hmac_sha256),
];

const METHOD: Parameter = required("method", "", Kind::Text(16), doc("The HTTP method, upper case."));
const PATH: Parameter = optional("path", "", Kind::Text(8_192), doc("The raw path, not encoded. Default: /."));
const QUERY: Parameter =
    optional("query", "", Kind::Any, doc("Raw query parameters: an object of strings, or a list of [name, value]."));
const HEADERS: Parameter = required(
    "headers",
    "",
    Kind::Any,
    doc("Every header to be signed, host and date included: an object of strings, or a list of [name, value]."),
);
const BODY: Parameter = optional("body", "", Kind::Any, doc("The body as text."));
const SIGNED: Parameter = optional(
    "signedHeaders",
    "",
    Kind::Any,
    doc("The names of the headers to sign, if not those that the scheme says."),
);

const RPC: &[Parameter] = &[
    METHOD,
    required("parameters", "", Kind::Strings, doc("All parameters, of query and body together.")),
    required("accessKeySecret", "", Kind::Any, doc("The access key secret.")),
];
const ACS3: &[Parameter] = &[
    METHOD,
    PATH,
    QUERY,
    HEADERS,
    BODY,
    SIGNED,
    required("accessKeyId", "", Kind::Any, doc("The access key id.")),
    required("accessKeySecret", "", Kind::Any, doc("The access key secret.")),
];
const UCLOUD: &[Parameter] = &[
    required("parameters", "", Kind::Object, doc("The parameters; they may nest.")),
    required("privateKey", "", Kind::Any, doc("The private key.")),
];
const SDK: &[Parameter] = &[
    METHOD,
    PATH,
    QUERY,
    HEADERS,
    BODY,
    SIGNED,
    required("accessKey", "", Kind::Any, doc("The access key.")),
    required("secretKey", "", Kind::Any, doc("The secret key.")),
    optional("scope", "", Kind::Object, doc("{ region, service } selects the scoped variant; both may be empty.")),
];

/// Alibaba RPC, HMAC-SHA1: `{ method, parameters, accessKeySecret }` to `{ stringToSign, signature }`.
///
/// # Errors
/// `invalid-input` naming the field.
pub fn alibaba_rpc(input: &Value<'_>) -> Result<Value<'static>> {
    check::fields(RPC, input, &Path::Root, "", 0)?;
    let secret = string(input, "accessKeySecret")?;
    let mut parameters = pairs(input, "parameters")?;
    let (_, string_to_sign) = sign_rpc::string_to_sign(text(input, "method"), &mut parameters);
    let signature = sign_rpc::Key::new(secret).sign(&string_to_sign);
    scrub_stack();
    Ok(object([("stringToSign", string_to_sign), ("signature", signature)]))
}

/// ACS3-HMAC-SHA256: to `{ canonicalRequest, stringToSign, signature, authorization }`.
///
/// # Errors
/// `invalid-input` naming the field.
pub fn alibaba_acs3(input: &Value<'_>) -> Result<Value<'static>> {
    check::fields(ACS3, input, &Path::Root, "", 0)?;
    let key = HmacSha256::new(string(input, "accessKeySecret")?.as_bytes());
    let hash = sha256_hex(body(input)?);
    let signed = sign_acs3::sign(&key, request(input, &hash)?, names(input)?.as_deref());
    scrub_stack();
    let authorization =
        sign_acs3::authorization(string(input, "accessKeyId")?, &signed.canonical.signed_headers, &signed.signature);
    Ok(object([
        ("canonicalRequest", signed.canonical.request),
        ("stringToSign", signed.string_to_sign),
        ("signature", signed.signature),
        ("authorization", authorization),
    ]))
}

/// UCloud SHA-1: `{ parameters, privateKey }` to `{ signature }`. The string to sign holds the key
/// and is not returned.
///
/// # Errors
/// `invalid-input` naming the field.
pub fn ucloud_sha1(input: &Value<'_>) -> Result<Value<'static>> {
    check::fields(UCLOUD, input, &Path::Root, "", 0)?;
    let private_key = Secret::new(string(input, "privateKey")?);
    let parameters = input.get("parameters").unwrap_or(&Value::Null);
    let signature = ucloud::sign::sign_nested(parameters, &private_key);
    scrub_stack();
    Ok(object([("signature", signature)]))
}

/// SDK-HMAC-SHA256, access or scoped: to `{ canonicalRequest, stringToSign, signature,
/// authorization }`. The date is the header `x-sdk-date`.
///
/// # Errors
/// `invalid-input` naming the field.
pub fn sdk_hmac_sha256(input: &Value<'_>) -> Result<Value<'static>> {
    check::fields(SDK, input, &Path::Root, "", 0)?;
    let headers = pairs(input, "headers")?;
    let header =
        |name: &str| headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim());
    let date = header("x-sdk-date").ok_or_else(|| {
        Error::invalid("headers", "headers must hold x-sdk-date", "give it as yyyymmddThhmmssZ, in UTC")
    })?;
    let scope = match input.get("scope") {
        Some(scope) => Some(sign_sdk::Scope { region: part(scope, "region")?, service: part(scope, "service")? }),
        None => None,
    };
    let hash = match header("x-sdk-content-sha256") {
        Some(hash) => hash.to_owned(),
        None => sha256_hex(body(input)?),
    };
    let key = sign_sdk::Key::new(string(input, "secretKey")?, scope);
    let signed = sign_sdk::sign(&key, date, request(input, &hash)?, names(input)?.as_deref());
    scrub_stack();
    let authorization = sign_sdk::authorization(
        &key,
        string(input, "accessKey")?,
        date,
        &signed.canonical.signed_headers,
        &signed.signature,
    );
    Ok(object([
        ("canonicalRequest", signed.canonical.request),
        ("stringToSign", signed.string_to_sign),
        ("signature", signed.signature),
        ("authorization", authorization),
    ]))
}

fn request<'v>(input: &'v Value<'_>, payload_hash: &'v str) -> Result<Input<'v>> {
    let path = match text(input, "path") {
        "" => "/",
        path => path,
    };
    Ok(Input {
        method: text(input, "method"),
        path,
        query: pairs(input, "query")?,
        headers: pairs(input, "headers")?,
        payload_hash,
    })
}

/// Keys may be any text, the empty one included: a signer alone does not judge them.
fn string<'v>(input: &'v Value<'_>, name: &'static str) -> Result<&'v str> {
    input
        .get(name)
        .and_then(Value::as_str)
        .ok_or_else(|| Error::invalid(name, &join(&[name, " must be text"]), "give text"))
}

fn part(scope: &Value<'_>, name: &'static str) -> Result<String> {
    match scope.get(name) {
        Some(Value::String(text)) => Ok(text.clone().into_owned()),
        _ => Err(Error::invalid(
            &join(&["scope.", name]),
            &join(&["scope.", name, " must be text"]),
            "give text; it may be empty",
        )),
    }
}

fn body<'v>(input: &'v Value<'_>) -> Result<&'v str> {
    match input.get("body") {
        None => Ok(""),
        Some(Value::String(text)) => Ok(text),
        Some(other) => Err(check::wrong(&Path::Root.field("body"), "text", other)),
    }
}

/// An object of strings, or a list of [name, value].
fn pairs<'v>(input: &'v Value<'_>, name: &'static str) -> Result<Vec<(&'v str, &'v str)>> {
    let bad = || {
        Error::invalid(
            name,
            &join(&[name, " must be an object of strings, or a list of [name, value]"]),
            "give text values, not encoded",
        )
    };
    match input.get(name) {
        None => Ok(Vec::new()),
        Some(Value::Object(fields)) => {
            fields.iter().map(|(key, value)| Ok((&**key, value.as_str().ok_or_else(bad)?))).collect()
        }
        Some(Value::List(items)) => items
            .iter()
            .map(|item| match item.as_list() {
                Some([Value::String(key), Value::String(value)]) => Ok((&**key, &**value)),
                _ => Err(bad()),
            })
            .collect(),
        Some(_) => Err(bad()),
    }
}

fn names(input: &Value<'_>) -> Result<Option<Vec<String>>> {
    let bad =
        || Error::invalid("signedHeaders", "signedHeaders must be a list of header names", "give names such as host");
    match input.get("signedHeaders") {
        None => Ok(None),
        Some(value) => {
            let items = value.as_list().ok_or_else(bad)?;
            items.iter().map(|item| item.as_str().map(str::to_owned).ok_or_else(bad)).collect::<Result<_>>().map(Some)
        }
    }
}

fn object<const N: usize>(fields: [(&'static str, String); N]) -> Value<'static> {
    Value::Object(fields.into_iter().map(|(name, text)| (name.into(), Value::text(text))).collect())
}
