//! The signers alone: pure functions for anyone who calls another action of the same cloud.
//!
//! They take and return JSON, and return every stage, so that a mismatch can be found.

use alloc::{borrow::ToOwned, string::String, vec::Vec};

use crate::core::canonical::Input;
use crate::core::check;
use crate::core::error::{Error, Result};
use crate::core::hash::{HmacSha256, sha256_hex};
use crate::core::json::Json;
use crate::core::operation::{Kind, Parameter, doc, optional, required};
use crate::core::path::Path;
use crate::core::secret::{Secret, scrub_stack};
use crate::core::text::join;
use crate::core::value::{Type, Value};
use crate::vendor::alibaba::{sign_acs3, sign_rpc};
use crate::vendor::openstack::sign_sdk;
use crate::vendor::ucloud;

/// A signer: a function of one input object.
pub type Signer = fn(Value<'_>) -> Result<Json>;

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
pub fn alibaba_rpc(input: Value<'_>) -> Result<Json> {
    check::fields(RPC, input, &Path::Root, "", 0, &mut String::new())?;
    let secret = string(input, "accessKeySecret")?;
    let mut parameters = pairs(input, "parameters")?;
    let (_, string_to_sign) = sign_rpc::string_to_sign(input.text("method"), &mut parameters);
    let signature = sign_rpc::Key::new(secret).sign(&string_to_sign);
    scrub_stack();
    Ok(Json::object(&[("stringToSign", &string_to_sign), ("signature", &signature)]))
}

/// ACS3-HMAC-SHA256: to `{ canonicalRequest, stringToSign, signature, authorization }`.
///
/// # Errors
/// `invalid-input` naming the field.
pub fn alibaba_acs3(input: Value<'_>) -> Result<Json> {
    check::fields(ACS3, input, &Path::Root, "", 0, &mut String::new())?;
    let key = HmacSha256::new(string(input, "accessKeySecret")?.as_bytes());
    let hash = sha256_hex(body(input)?);
    let signed = sign_acs3::sign(&key, request(input, &hash)?, names(input)?.as_deref());
    scrub_stack();
    let authorization =
        sign_acs3::authorization(string(input, "accessKeyId")?, &signed.canonical.signed_headers, &signed.signature);
    Ok(Json::object(&[
        ("canonicalRequest", &signed.canonical.request),
        ("stringToSign", &signed.string_to_sign),
        ("signature", &signed.signature),
        ("authorization", &authorization),
    ]))
}

/// UCloud SHA-1: `{ parameters, privateKey }` to `{ signature }`. The string to sign holds the key
/// and is not returned.
///
/// # Errors
/// `invalid-input` naming the field.
pub fn ucloud_sha1(input: Value<'_>) -> Result<Json> {
    check::fields(UCLOUD, input, &Path::Root, "", 0, &mut String::new())?;
    let private_key = Secret::new(string(input, "privateKey")?);
    let parameters = input.get("parameters").unwrap_or(input);
    let signature = ucloud::sign::sign_nested(parameters, &private_key);
    scrub_stack();
    Ok(Json::object(&[("signature", &signature)]))
}

/// SDK-HMAC-SHA256, access or scoped: to `{ canonicalRequest, stringToSign, signature,
/// authorization }`. The date is the header `x-sdk-date`.
///
/// # Errors
/// `invalid-input` naming the field.
pub fn sdk_hmac_sha256(input: Value<'_>) -> Result<Json> {
    check::fields(SDK, input, &Path::Root, "", 0, &mut String::new())?;
    let headers = pairs(input, "headers")?;
    let date = header(&headers, "x-sdk-date").ok_or_else(|| {
        Error::invalid("headers", "headers must hold x-sdk-date", "give it as yyyymmddThhmmssZ, in UTC")
    })?;
    let scope = match input.get("scope") {
        Some(scope) => Some(sign_sdk::Scope { region: part(scope, "region")?, service: part(scope, "service")? }),
        None => None,
    };
    let hash = match header(&headers, "x-sdk-content-sha256") {
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
    Ok(Json::object(&[
        ("canonicalRequest", &signed.canonical.request),
        ("stringToSign", &signed.string_to_sign),
        ("signature", &signed.signature),
        ("authorization", &authorization),
    ]))
}

fn header<'d>(headers: &[(&str, &'d str)], name: &str) -> Option<&'d str> {
    headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim_ascii())
}

fn request<'d>(input: Value<'d>, payload_hash: &'d str) -> Result<Input<'d>> {
    let path = match input.text("path") {
        "" => "/",
        path => path,
    };
    Ok(Input {
        method: input.text("method"),
        path,
        query: pairs(input, "query")?,
        headers: pairs(input, "headers")?,
        payload_hash,
    })
}

/// Keys may be any text, the empty one included: a signer alone does not judge them.
fn string<'d>(input: Value<'d>, name: &'static str) -> Result<&'d str> {
    input
        .get(name)
        .and_then(Value::as_str)
        .ok_or_else(|| Error::invalid(name, &join(&[name, " must be text"]), "give text"))
}

fn part(scope: Value<'_>, name: &'static str) -> Result<String> {
    match scope.get(name).and_then(Value::as_str) {
        Some(text) => Ok(text.to_owned()),
        None => {
            let field = join(&["scope.", name]);
            Err(Error::invalid(&field, &join(&[&field, " must be text"]), "give text; it may be empty"))
        }
    }
}

fn body(input: Value<'_>) -> Result<&str> {
    match input.get("body") {
        None => Ok(""),
        Some(value) => value.as_str().ok_or_else(|| check::wrong(&Path::Root.field("body"), "text", value)),
    }
}

/// An object of strings, or a list of [name, value].
fn pairs<'d>(input: Value<'d>, name: &'static str) -> Result<Vec<(&'d str, &'d str)>> {
    let mut out = Vec::new();
    let Some(given) = input.get(name) else { return Ok(out) };
    let mut good = matches!(given.kind(), Type::Object | Type::List);
    for (key, value) in given.fields() {
        good &= push_pair(&mut out, Some(key), value.as_str());
    }
    for item in given.items() {
        let mut parts = item.items();
        let (key, value) = (parts.next(), parts.next());
        good &= push_pair(&mut out, key.and_then(Value::as_str), value.and_then(Value::as_str));
        good &= parts.next().is_none();
    }
    if good {
        return Ok(out);
    }
    Err(Error::invalid(
        name,
        &join(&[name, " must be an object of strings, or a list of [name, value]"]),
        "give text values, not encoded",
    ))
}

fn push_pair<'d>(out: &mut Vec<(&'d str, &'d str)>, key: Option<&'d str>, value: Option<&'d str>) -> bool {
    let (Some(key), Some(value)) = (key, value) else { return false };
    out.push((key, value));
    true
}

fn names(input: Value<'_>) -> Result<Option<Vec<&str>>> {
    let Some(given) = input.get("signedHeaders") else { return Ok(None) };
    let mut out = Vec::new();
    let mut good = given.kind() == Type::List;
    for item in given.items() {
        good &= item.kind() == Type::String;
        out.push(item.as_str().unwrap_or_default());
    }
    if good {
        return Ok(Some(out));
    }
    Err(Error::invalid("signedHeaders", "signedHeaders must be a list of header names", "give names such as host"))
}
