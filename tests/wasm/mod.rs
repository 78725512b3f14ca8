//! What is tested in every JavaScript runtime: the same signatures as elsewhere, and that a runtime's
//! fetch ends every call with an answer or an error and never traps.

#[path = "../support/mod.rs"]
mod support;

use std::rc::Rc;

use js_sys::Function;
use serde_json::{Value as Json, json};
use support::*;
use unpool::signers::SIGNERS;
use unpool::transport::fetch::{Fetch, Stamps};
use unpool::transport::{Runtime, send};
use unpool::{Error, Kind, Request, Response, Result, Sent, Stamp, Value};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

struct Fixed;

impl Stamps for Fixed {
    fn stamp(&self) -> Result<Stamp> {
        Ok(stamp())
    }
}

fn runtime(fetch: Option<&str>) -> Fetch<Fixed> {
    let own = fetch.map(|body| Function::new_with_args("url, init", body));
    Fetch::new(own, JsValue::UNDEFINED, Rc::new(Fixed))
}

async fn exchange(fetch: Option<&str>, url: &str) -> Result<Response> {
    runtime(fetch).exchange(&Request::new("GET", url.to_owned()), &["content-type"], 5_000).await
}

async fn call(fetch: &str, operation: &str) -> Result<Value<'static>> {
    let client = client(ALIBABA);
    let call = client.check(parse(operation))?;
    send(&client, &runtime(Some(fetch)), call, Some(5_000)).await.map(keep)
}

#[wasm_bindgen_test]
fn signatures_are_the_same_as_natively() {
    assert_signatures();
}

#[wasm_bindgen_test]
fn the_signers_agree_with_captured_requests() {
    let mut count = 0;
    let mut agree = |vector: &Json, name: &str, input: &Json, stage: &str| {
        let (_, signer) = SIGNERS.iter().find(|(signer, _)| *signer == name).expect("a signer of that name");
        let output = keep(signer(parse(&input.to_string())).expect("good input"));
        let signature = output.get(stage).and_then(Value::as_str);
        assert_eq!(signature, vector["expected"][stage].as_str(), "{}", vector["name"]);
        count += 1;
    };
    let alibaba: Vec<Json> = serde_json::from_str(include_str!("../vectors/alibaba.json")).expect("JSON");
    for vector in alibaba.iter().filter(|vector| vector["signer"] == "rpc-v1") {
        let input = &vector["input"];
        let input = json!({
            "method": input["method"], "parameters": input["signed_params"],
            "accessKeySecret": input["access_key_secret"],
        });
        agree(vector, "signAlibabaRpc", &input, "signature");
    }
    let ucloud: Vec<Json> = serde_json::from_str(include_str!("../vectors/ucloud.json")).expect("JSON");
    for vector in ucloud.iter().filter(|vector| vector["imitate"] != false) {
        // Those whose JSON body is what was signed.
        let body = vector["expected"]["body"].as_str().filter(|body| body.starts_with('{'));
        let Some(body) = body else { continue };
        let parameters: Json = serde_json::from_str(body).expect("a JSON body");
        let input = json!({"parameters": parameters, "privateKey": vector["input"]["private_key"]});
        agree(vector, "signUcloud", &input, "signature");
    }
    assert!(count >= 150, "only {count} vectors");
}

#[wasm_bindgen_test]
async fn the_global_fetch_gives_an_answer() {
    let response = exchange(None, "data:text/plain,hello").await.expect("an answer");
    assert_eq!((response.status, response.body.as_deref()), (200, Some("hello")));
    assert!(response.header("content-type").is_some_and(|value| value.starts_with("text/plain")));
}

#[wasm_bindgen_test]
async fn the_global_fetch_fails_without_a_trap() {
    for url in ["http://127.0.0.1:1/", "http://[::1]:1/", "nonsense:", "http://a b/"] {
        let error = exchange(None, url).await.expect_err(url);
        assert_eq!(error.kind(), Kind::Network, "{url}: {error}");
        assert_ne!(error.0.sent, Sent::Yes, "{url}");
    }
}

#[wasm_bindgen_test]
async fn whatever_a_fetch_does_is_an_error_and_no_trap() {
    for fetch in [
        "throw 'text'",
        "throw undefined",
        "throw new Error('boom')",
        "return Promise.reject('text')",
        "return Promise.reject()",
        "return undefined",
        "return {}",
        "return { status: 200, headers: { get() { throw 1 } }, text: async () => '' }",
        "return { status: 200, headers: new Headers(), text() { throw 'text' } }",
        "return { status: 200, headers: new Headers(), text: () => Promise.reject('text') }",
        "return { get status() { throw 'text' } }",
        "return { get then() { throw 'text' } }",
        "return new Proxy({}, { get(_, name) { if (name !== 'then') throw 'text' } })",
    ] {
        let removal: Error = call(fetch, REMOVE).await.expect_err(fetch);
        assert_eq!(removal.kind(), Kind::OutcomeUnknown, "{fetch}: {removal}");
        let read = call(fetch, DESCRIBE).await.expect_err(fetch);
        assert!(matches!(read.kind(), Kind::Network | Kind::UnexpectedAnswer), "{fetch}: {read}");
    }
}

#[wasm_bindgen_test]
async fn a_mock_is_as_good_as_a_response() {
    let fetch = "return { status: 200, headers: new Headers(), text: () => '{\"RequestId\":\"r-1\"}' }";
    let answer = call(fetch, REMOVE).await.expect("an answer");
    assert_eq!(answer.get("requestId").and_then(Value::as_str), Some("r-1"));
}

#[wasm_bindgen_test]
async fn a_fetch_that_never_ends_is_a_timeout() {
    let request = Request::new("GET", "https://slb.aliyuncs.com/".to_owned());
    let error = runtime(Some("return new Promise(() => {})")).exchange(&request, &[], 20).await.expect_err("no answer");
    assert_eq!((error.kind(), error.0.sent), (Kind::Timeout, Sent::Unknown));
}

#[wasm_bindgen_test]
async fn a_signed_request_goes_through_gloo_net_unchanged() {
    let client = client(ALIBABA);
    let operation = parse(r#"{"operation":"RemoveBackendServers","loadBalancerId":"lb-1","backendServers":["i-1"]}"#);
    let call = client.check(operation).expect("a good call");
    let signed = client.sign(&call, &stamp()).expect("signed");
    let request = unpool::transport::gloo::request(&signed).expect("a request");
    assert_eq!((request.method().as_str(), request.url()), (signed.method, signed.url.clone()));
    assert_eq!(request.headers().get("content-type").as_deref(), Some("application/x-www-form-urlencoded"));
    assert_eq!(request.text().await.expect("a body"), signed.body.expect("a body"));
}
