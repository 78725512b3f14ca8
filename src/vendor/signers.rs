//! The signers alone: pure functions for anyone who calls another action of the same cloud.
//!
//! They take and return JSON, and return every stage, so that a mismatch can be found.

use alloc::{borrow::ToOwned, string::String, vec::Vec};

use crate::core::canonical::{Input, Signed};
use crate::core::check;
use crate::core::error::{Error, Result};
use crate::core::explain::Trace;
use crate::core::hash::{HmacSha256, sha256_hex};
use crate::core::json::Json;
use crate::core::operation::{Kind, Parameter, doc, optional, required};
use crate::core::path::Path;
use crate::core::secret::{Secret, scrub_stack};
use crate::core::text::{push_word, trim};
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
    checked(RPC, input)?;
    let secret = text(input, &Path::Root, "accessKeySecret")?;
    let mut parameters = Vec::new();
    pairs(input, "parameters", &mut parameters)?;
    let (_, string_to_sign) = sign_rpc::string_to_sign(input.text("method"), &mut parameters);
    let signature = sign_rpc::Key::new(secret).sign(&string_to_sign);
    scrub_stack();
    let string_to_sign = core::str::from_utf8(&string_to_sign).unwrap_or_default();
    Ok(Json::object(&[("stringToSign", string_to_sign), ("signature", &signature)]))
}

/// ACS3-HMAC-SHA256: to `{ canonicalRequest, stringToSign, signature, authorization }`.
///
/// # Errors
/// `invalid-input` naming the field.
pub fn alibaba_acs3(input: Value<'_>) -> Result<Json> {
    checked(ACS3, input)?;
    let key = HmacSha256::new(text(input, &Path::Root, "accessKeySecret")?.as_bytes());
    let id = text(input, &Path::Root, "accessKeyId")?;
    Ok(stages(&sign_acs3::sign(&key, id, &mut request(input)?, &mut Trace::off())))
}

/// UCloud SHA-1: `{ parameters, privateKey }` to `{ signature }`. The string to sign holds the key
/// and is not returned.
///
/// # Errors
/// `invalid-input` naming the field.
pub fn ucloud_sha1(input: Value<'_>) -> Result<Json> {
    checked(UCLOUD, input)?;
    let private_key = Secret::new(text(input, &Path::Root, "privateKey")?);
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
    checked(SDK, input)?;
    let mut request = request(input)?;
    if let Some(hash) = header(&request, "x-sdk-content-sha256") {
        request.payload_hash = hash.to_owned();
    }
    let date = header(&request, "x-sdk-date").ok_or_else(|| {
        Error::invalid("headers", "headers must hold x-sdk-date", "give it as yyyymmddThhmmssZ, in UTC")
    })?;
    let path = Path::Root.field("scope");
    let scope = match input.get("scope") {
        Some(scope) => Some((text(scope, &path, "region")?, text(scope, &path, "service")?)),
        None => None,
    };
    let key = sign_sdk::key(text(input, &Path::Root, "secretKey")?, scope.is_some());
    let access_key = text(input, &Path::Root, "accessKey")?;
    Ok(stages(&sign_sdk::sign(&key, scope, access_key, date, &mut request, &mut Trace::off())))
}

fn checked(table: &[Parameter], input: Value<'_>) -> Result<()> {
    check::object(table, input, &Path::Root)
}

fn stages(signed: &Signed) -> Json {
    scrub_stack();
    Json::object(&[
        ("canonicalRequest", &signed.canonical_request),
        ("stringToSign", &signed.string_to_sign),
        ("signature", &signed.signature),
        ("authorization", &signed.authorization),
    ])
}

fn request(input: Value<'_>) -> Result<Input<'_>> {
    let mut body = "";
    if input.get("body").is_some() {
        body = text(input, &Path::Root, "body")?;
    }
    let mut request = Input {
        method: input.text("method"),
        path: input.text("path"),
        query: Vec::new(),
        encoded: false,
        headers: Vec::new(),
        signed: names(input)?,
        payload_hash: sha256_hex(body),
    };
    if request.path.is_empty() {
        request.path = "/";
    }
    pairs(input, "query", &mut request.query)?;
    pairs(input, "headers", &mut request.headers)?;
    Ok(request)
}

fn header<'d>(request: &Input<'d>, name: &str) -> Option<&'d str> {
    for (key, value) in &request.headers {
        if key.eq_ignore_ascii_case(name) {
            return Some(trim(value));
        }
    }
    None
}

/// Any text, the empty one included: a signer alone does not judge keys.
#[inline(never)]
fn text<'d>(object: Value<'d>, path: &Path<'_>, name: &str) -> Result<&'d str> {
    object.get(name).and_then(Value::as_str).ok_or_else(|| must_be(&path.field(name), "text"))
}

#[cold]
#[inline(never)]
fn must_be(path: &Path<'_>, wanted: &str) -> Error {
    path.refuse(&[" must be ", wanted], &["give ", wanted])
}

/// Reads an object of strings, or a list of [name, value].
fn pairs<'d>(input: Value<'d>, name: &str, out: &mut Vec<(&'d str, &'d str)>) -> Result<()> {
    if let Some(given) = input.get(name)
        && read(given, out).is_none()
    {
        let wanted = "an object of strings, or a list of [name, value], not encoded";
        return Err(must_be(&Path::Root.field(name), wanted));
    }
    Ok(())
}

fn read<'d>(given: Value<'d>, out: &mut Vec<(&'d str, &'d str)>) -> Option<()> {
    for (key, value) in given.fields() {
        out.push((key, value.as_str()?));
    }
    for item in given.items() {
        let mut parts = item.items();
        out.push((parts.next()?.as_str()?, parts.next()?.as_str()?));
        if parts.next().is_some() {
            return None;
        }
    }
    matches!(given.kind(), Type::Object | Type::List).then_some(())
}

/// The names of the headers to sign, as words in lower case.
fn names(input: Value<'_>) -> Result<Option<String>> {
    let Some(given) = input.get("signedHeaders") else { return Ok(None) };
    let mut out = String::new();
    let mut good = given.kind() == Type::List;
    for item in given.items() {
        good &= item.kind() == Type::String;
        push_word(&mut out, item.as_str().unwrap_or_default());
    }
    out.make_ascii_lowercase();
    match good {
        true => Ok(Some(out)),
        false => Err(must_be(&Path::Root.field("signedHeaders"), "a list of header names")),
    }
}
