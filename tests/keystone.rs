//! Requests for tokens and with tokens against those captured from the vendors' own clients: target
//! and JSON body. What this crate does not send itself still goes through its JSON reader and writer
//! and its query encoder.
#![allow(clippy::panic)] // a test's way to fail

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value as Json, json};
use unpool::core::canonical::push_query;
use unpool::{Client, Kind, Request, Response, Stamp, Value};

const SIGNER: &str = "keystone-token";

fn vectors() -> Vec<Json> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/openstack.json");
    let all: Vec<Json> =
        serde_json::from_str(&fs::read_to_string(path).expect("vectors are in the repository")).expect("JSON");
    all.into_iter().filter(|vector| vector["signer"] == SIGNER).collect()
}

fn text<'a>(value: &'a Json, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Json::as_str).unwrap_or_default()
}

fn client(options: &Json) -> Client {
    with(options, Client::new).expect("good options")
}

fn with<T>(value: &Json, work: impl FnOnce(Value<'_>) -> T) -> T {
    work(unpool::json::parse(&value.to_string()).expect("JSON").value())
}

const STAMP: Stamp = Stamp { millis: 1_795_325_206_000, nonce: String::new() };

/// What this crate sends for a vector, if a client can say it at all.
fn ours(vector: &Json) -> Option<(Client, Request)> {
    let target = text(vector, "/expected/target");
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let method = text(vector, "/input/method");
    if (method, path) == ("POST", "/v3/auth/tokens") {
        let client = password(vector, query.starts_with("nocatalog"))?;
        let request = client.authentication().expect("these credentials are for a token");
        return Some((client, request));
    }
    // openstacksdk's /v2 is an alias of /v2.0.
    let path = path.strip_prefix("/v2.0/lbaas/pools/").or_else(|| path.strip_prefix("/v2/lbaas/pools/"))?;
    let parts: Vec<&str> = path.split('/').collect();
    let mut operation = match (method, &parts[..]) {
        ("DELETE", [pool, "members", member]) => {
            json!({ "operation": "DeleteMember", "poolId": pool, "memberId": member })
        }
        ("GET", [pool, "members"]) => json!({ "operation": "ListMembers", "poolId": pool }),
        _ => return None,
    };
    for (name, value) in pairs(query) {
        // Other filters are no parameters of the operation.
        if !["limit", "marker"].contains(&name.as_str()) {
            return None;
        }
        operation[name] = value.into();
    }
    let client = client(&json!({
        "vendor": "openstack", "endpoint": "https://octavia.example",
        "credentials": { "token": text(vector, "/input/token") },
    }));
    let request = with(&operation, |operation| client.sign(&client.check(operation)?, &STAMP)).expect("a good call");
    Some((client, request))
}

/// A client with the user, password and project of the captured body.
fn password(vector: &Json, given_endpoint: bool) -> Option<Client> {
    let auth = vector.pointer("/expected/body_json/auth")?;
    let (user, project) = (auth.pointer("/identity/password/user")?, auth.pointer("/scope/project")?);
    let mut credentials = json!({ "password": user["password"] });
    let mut copy = |name: &str, value: &Json| {
        if !value.is_null() {
            credentials[name] = value.clone();
        }
    };
    copy("userId", &user["id"]);
    copy("username", &user["name"]);
    copy("userDomain", &user["domain"]["name"]);
    copy("projectId", &project["id"]);
    copy("project", &project["name"]);
    copy("projectDomain", &project["domain"]["name"]);
    let mut options = json!({
        "vendor": "openstack", "identityEndpoint": "https://keystone.example/v3", "credentials": credentials,
    });
    if given_endpoint {
        options["endpoint"] = "https://octavia.example".into();
    }
    Some(client(&options))
}

/// A target as path and decoded query. The version's two spellings and the value of a bare
/// `nocatalog` (which OTC wants to have one) are the same.
fn normal(target: &str) -> (String, BTreeSet<(String, String)>) {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let path = path.replacen("/v2.0/", "/v2/", 1);
    let query = pairs(query).into_iter().map(|(name, value)| match name.as_str() {
        "nocatalog" => (name, String::new()),
        _ => (name, value),
    });
    (path, query.collect())
}

/// Decodes a query by the URL standard's form rule, without any code of the crate.
fn pairs(query: &str) -> Vec<(String, String)> {
    let decode = |part: &str| {
        let part = part.replace('+', " ");
        let mut bytes = Vec::new();
        let mut rest = part.as_bytes();
        while let [first, tail @ ..] = rest {
            match (first, tail) {
                (b'%', [high, low, tail @ ..]) => {
                    let digits = [*high, *low];
                    let digits = std::str::from_utf8(&digits).expect("ASCII");
                    bytes.push(u8::from_str_radix(digits, 16).expect("hex"));
                    rest = tail;
                }
                _ => {
                    bytes.push(*first);
                    rest = tail;
                }
            }
        }
        String::from_utf8(bytes).expect("UTF-8")
    };
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

fn body(request: &Request) -> Json {
    request.body.as_deref().map_or(Json::Null, |body| serde_json::from_str(body).expect("we write JSON"))
}

#[test]
fn what_a_client_can_say_it_says_like_the_vendors_clients() {
    let mut names = Vec::new();
    for vector in &vectors() {
        let Some((_, request)) = ours(vector) else { continue };
        let name = text(vector, "/name");
        names.push(name.to_owned());
        let url = request.url.strip_prefix("https://").and_then(|url| url.find('/').map(|at| &url[at..]));
        assert_eq!(normal(url.expect("a path")), normal(text(vector, "/expected/target")), "{name}: target");
        assert_eq!(request.method, text(vector, "/input/method"), "{name}: method");
        assert_eq!(body(&request), vector["expected"]["body_json"], "{name}: body");
        if let Some(token) = vector["input"]["token"].as_str() {
            let sent = request.headers().find(|(header, _)| *header == "x-auth-token");
            assert_eq!(sent.map(|(_, value)| value), Some(token), "{name}: token");
        }
    }
    println!("{SIGNER}: {} of {} vectors are requests that a client makes; all agree", names.len(), vectors().len());
    assert!(names.len() >= 11, "only {names:?} were compared");
}

#[test]
fn every_target_and_body_survives_the_reader_the_writer_and_the_query_encoder() {
    let all = vectors();
    let (mut bodies, mut queries) = (0, 0);
    for vector in &all {
        let name = text(vector, "/name");
        let expected = &vector["expected"]["body_json"];
        if !expected.is_null() {
            // As the client wrote it, with its blanks and escapes, and as serde_json writes it.
            for written in [text(vector, "/input/body"), &expected.to_string()] {
                let read = unpool::json::parse(written).expect(name);
                let again: Json = serde_json::from_str(&unpool::json::write(read.value())).expect("we write JSON");
                assert_eq!(&again, expected, "{name}: body");
            }
            bodies += 1;
        }
        let target = text(vector, "/expected/target");
        if let Some((_, query)) = target.split_once('?') {
            let decoded = pairs(query);
            let borrowed: Vec<(&str, &str)> = decoded.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
            let mut encoded = String::new();
            push_query(&mut encoded, &borrowed);
            assert_eq!(pairs(&encoded), decoded, "{name}: query");
            assert!(!encoded.contains(['+', ' ']), "{name}: a blank is %20 in {encoded}");
            queries += 1;
        }
    }
    println!("{SIGNER}: {} vectors, {bodies} JSON bodies and {queries} queries reproduced", all.len());
    assert!(bodies >= 16 && queries >= 5, "only {bodies} bodies and {queries} queries");
}

#[test]
fn what_the_real_services_answered_is_understood() {
    let mut count = 0;
    for vector in &vectors() {
        let Some((client, request)) = ours(vector) else { continue };
        let observed = &vector["observed"];
        let Some(status) = observed["status"].as_u64() else { continue };
        let name = text(vector, "/name");
        let mut response = Response {
            status: u16::try_from(status).expect("a status"),
            body: observed["body"].as_str().map(str::to_owned),
            ..Response::default()
        };
        for header in ["x-subject-token", "x-openstack-request-id"] {
            if let Some(value) = observed["headers"][header].as_str() {
                response.lines.push_str(&format!("{header}\n{value}\n"));
            }
        }
        count += 1;
        if request.url.contains("/auth/tokens") {
            let accepted = client.accept(&response, STAMP.millis);
            if status == 201 {
                let token = accepted.unwrap_or_else(|error| panic!("{name}: {error}"));
                let shown = token.as_str().to_owned();
                let token = token.read();
                assert_eq!(token.value().text("projectId"), "b01be3cd340e499a9d3cb8b24f043fa4");
                assert!(token.value().text("expiresAt").ends_with('Z'), "{name}");
                assert!(!shown.contains("lab-token"), "{name}: {shown}");
            } else {
                assert_eq!(accepted.expect_err(name).kind(), Kind::Auth, "{name}");
            }
            continue;
        }
        let operation = match request.method {
            "DELETE" => json!({ "operation": "DeleteMember", "poolId": "p", "memberId": "m" }),
            _ => json!({ "operation": "ListMembers", "poolId": "p" }),
        };
        let read = with(&operation, |operation| {
            let call = client.check(operation)?;
            client.read(&call, &request, &response)
        });
        match status {
            200 => {
                let expected: Json = serde_json::from_str(text(vector, "/observed/body")).expect("JSON");
                let answer: Json = serde_json::from_str(read.expect(name).as_str()).expect("we write JSON");
                let count = |answer: &Json| answer["members"].as_array().map(Vec::len);
                assert_eq!(count(&answer), count(&expected), "{name}");
                for field in ["id", "name", "address", "weight"] {
                    assert_eq!(answer["members"][0][field], expected["members"][0][field], "{name}: {field}");
                }
                assert_eq!(answer["members"][0]["protocolPort"], expected["members"][0]["protocol_port"], "{name}");
            }
            404 => assert_eq!(read.expect_err(name).kind(), Kind::NotFound, "{name}"),
            409 => assert_eq!(read.expect_err(name).kind(), Kind::Busy, "{name}"),
            other => panic!("{name}: status {other} is not expected here"),
        }
    }
    println!("{SIGNER}: {count} recorded answers understood");
    assert!(count >= 10, "only {count} answers");
}
