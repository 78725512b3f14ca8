//! What is tested in every JavaScript runtime: the same signatures as elsewhere, and that a runtime's
//! fetch ends every call with an answer or an error and never traps.

#[path = "../support/mod.rs"]
mod support;

use std::rc::Rc;

use js_sys::{Function, JSON, Reflect};
use serde_json::{Value as Json, json};
use support::*;
use unpool::signers::SIGNERS;
use unpool::transport::fetch::{Fetch, Stamps, object};
use unpool::transport::{Runtime, send};
use unpool::{Client, Error, Kind, Request, Response, Result, Sent, Stamp, Value};
use wasm_bindgen::{JsCast, JsValue};
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
    runtime(fetch).exchange(&Request::new("GET", url.to_owned()), "content-type", 5_000).await
}

/// A client that tries once.
fn once(options: &str) -> Client {
    client(&options.replacen('{', r#"{"maxAttempts": 1, "#, 1))
}

async fn call(fetch: &str, operation: &str) -> Result<Value<'static>> {
    send(&once(ALIBABA), &runtime(Some(fetch)), operation, Some(5_000)).await.map(keep)
}

/// A fetch that evaluates one of `answers`, each an expression in JavaScript, after the other, and
/// the list of the requests that it got.
fn scripted(answers: &[&str]) -> (Fetch<Fixed>, JsValue) {
    let functions: Vec<String> = answers.iter().map(|answer| format!("async () => {answer}")).collect();
    let source = format!(
        "const answers = [{}], sent = []; return {{ sent, fetch: (url, init) => answers[sent.push(init) - 1]() }}",
        functions.join(", ")
    );
    let made = Function::new_no_args(&source).call0(&JsValue::UNDEFINED).expect("an object");
    let part = |name: &str| Reflect::get(&made, &name.into()).expect(name);
    let own = part("fetch").dyn_into::<Function>().expect("a function");
    (Fetch::new(Some(own), JsValue::UNDEFINED, Rc::new(Fixed)), part("sent"))
}

fn length(list: &JsValue) -> u32 {
    Reflect::get(list, &"length".into()).ok().and_then(|length| length.as_f64()).expect("a length") as u32
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
    let error = runtime(Some("return new Promise(() => {})")).exchange(&request, "", 20).await.expect_err("no answer");
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

const SLOW_DOWN: &str = r#"new Response('{"Code":"Throttling.User","Message":"slow down"}', { status: 400 })"#;
const DONE: &str = r#"new Response('{"RequestId":"r-1"}')"#;

#[wasm_bindgen_test]
async fn what_passes_is_sent_again() {
    let (runtime, sent) = scripted(&[SLOW_DOWN, SLOW_DOWN, DONE]);
    let answer = send(&client(ALIBABA), &runtime, REMOVE, None).await.map(keep).expect("an answer");
    assert_eq!((answer.text("requestId"), length(&sent)), ("r-1", 3));
}

#[wasm_bindgen_test]
async fn the_last_error_holds_those_before_it() {
    let (runtime, sent) = scripted(&[SLOW_DOWN, "{ throw new Error('boom') }", SLOW_DOWN]);
    let error = send(&client(ALIBABA), &runtime, REMOVE, None).await.expect_err("refused");
    let kinds: Vec<Kind> = error.0.attempts.iter().map(Error::kind).collect();
    assert_eq!((error.kind(), kinds), (Kind::OutcomeUnknown, vec![Kind::Throttled, Kind::OutcomeUnknown]));
    assert_eq!(length(&sent), 3);
}

#[wasm_bindgen_test]
async fn what_is_gone_after_a_lost_answer_was_removed() {
    let gone = r#"new Response('{"faultstring":"Member m not found."}', { status: 404 })"#;
    let (runtime, sent) = scripted(&["{ throw new Error('boom') }", gone]);
    let answer = send(&client(OCTAVIA), &runtime, DELETE, None).await.expect("it is gone");
    assert_eq!((answer.as_str(), length(&sent)), (r#"{"alreadyGone":true}"#, 2));
}

#[wasm_bindgen_test]
async fn the_servers_own_delay_is_kept() {
    let answer = r#"new Response('', { status: 429, headers: { "retry-after": "1" } })"#;
    let (runtime, sent) = scripted(&[answer, "new Response(null, { status: 204 })"]);
    let before = js_sys::Date::now();
    send(&client(OCTAVIA), &runtime, DELETE, None).await.expect("an answer");
    assert!(js_sys::Date::now() - before >= 990.0);
    assert_eq!(length(&sent), 2);
}

#[wasm_bindgen_test]
async fn nothing_is_sent_again_after_an_abort() {
    let controller = web_sys::AbortController::new().expect("a controller");
    let (_, sent) = scripted(&[]);
    let source = "(url, init) => { sent.push(init); controller.abort(); return new Promise(() => {}) }";
    let own = Function::new_with_args("sent, controller", &format!("return {source}"))
        .call2(&JsValue::UNDEFINED, &sent, &controller)
        .expect("a function");
    let runtime = Fetch::new(own.dyn_into().ok(), controller.signal().into(), Rc::new(Fixed));
    let error = send(&client(ALIBABA), &runtime, REMOVE, None).await.expect_err("aborted");
    assert_eq!(error.kind(), Kind::OutcomeUnknown);
    assert_eq!(error.0.cause.as_ref().map(Error::kind), Some(Kind::Aborted));
    assert_eq!(length(&sent), 1);
    let error = send(&client(ALIBABA), &runtime, REMOVE, None).await.expect_err("aborted before");
    assert_eq!((error.kind(), error.0.sent, length(&sent)), (Kind::Aborted, Sent::No, 1));
}

#[wasm_bindgen_test]
fn an_answer_becomes_a_plain_object() {
    let text = r#"{"requestId":"r-1","list":[{"port":80},[],{}],"on":true,"off":false,"none":null,"empty":"","name":"ü \" 端"}"#;
    let made = object(unpool::json::Json::new(text.to_owned())).expect("an object");
    // Written and read by JavaScript itself: no Map, no BigInt, no field lost, in the same order.
    assert_eq!(JSON::stringify(&made).ok().and_then(|written| written.as_string()).as_deref(), Some(text));
    let prototype = Reflect::get_prototype_of(&made).expect("a prototype");
    assert!(JsValue::from(prototype) == JsValue::from(Reflect::get_prototype_of(&js_sys::Object::new()).expect("one")));
}

#[wasm_bindgen_test]
fn an_integer_that_javascript_holds_is_a_number() {
    for number in ["0", "2147483648", "-2147483649", "1500000000000", "9007199254740991"] {
        let made = object(unpool::json::Json::new(format!(r#"{{"n":{number}}}"#))).expect("an object");
        let n = Reflect::get(&made, &"n".into()).ok().and_then(|n| n.as_f64());
        assert_eq!(n.map(|n| n as i64), number.parse().ok(), "{number}");
    }
}

#[wasm_bindgen_test]
fn a_number_that_javascript_would_change_stays_text() {
    for number in ["9007199254740993", "-9007199254740993", "1.10", "1e400"] {
        let made = object(unpool::json::Json::new(format!(r#"{{"n":{number}}}"#))).expect("an object");
        assert_eq!(Reflect::get(&made, &"n".into()).ok().and_then(|n| n.as_string()).as_deref(), Some(number));
    }
}

#[wasm_bindgen_test]
async fn an_abort_ends_the_pause() {
    let controller = web_sys::AbortController::new().expect("a controller");
    let source = "setTimeout(() => controller.abort(), 20); \
                  return async () => new Response('', { status: 429, headers: { 'retry-after': '10' } })";
    let own = Function::new_with_args("controller", source).call1(&JsValue::UNDEFINED, &controller);
    let own = own.ok().and_then(|own| own.dyn_into().ok());
    let runtime = Fetch::new(own, controller.signal().into(), Rc::new(Fixed));
    let before = js_sys::Date::now();
    let error = send(&client(OCTAVIA), &runtime, DELETE, None).await.expect_err("aborted");
    assert!(js_sys::Date::now() - before < 5_000.0);
    assert_eq!((error.kind(), error.0.attempts.len()), (Kind::Aborted, 1));
}
