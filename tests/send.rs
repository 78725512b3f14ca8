//! Sending over a made-up runtime: what follows what, and what a missing answer means.

mod support;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use support::*;
use unpool::transport::{Runtime, authenticate, send};
use unpool::{Client, Error, Kind, Request, Response, Result, Sent, Stamp, Value};

/// One attempt: what is repeated is another test's matter.
fn client(options: &str) -> Client {
    support::client(&options.replacen('{', r#"{"maxAttempts": 1, "#, 1))
}

/// Answers from a list, in order; notes the requests.
struct Made {
    answers: RefCell<VecDeque<Result<Response>>>,
    requests: RefCell<Vec<String>>,
    timeouts: RefCell<Vec<u32>>,
    slept: RefCell<Vec<u32>>,
    now: Cell<i64>,
}

impl Made {
    fn new(answers: impl IntoIterator<Item = Result<Response>>) -> Self {
        Made {
            answers: RefCell::new(answers.into_iter().collect()),
            requests: RefCell::default(),
            timeouts: RefCell::default(),
            slept: RefCell::default(),
            now: Cell::new(1_710_428_966_000),
        }
    }

    fn requests(&self) -> Vec<String> {
        self.requests.take()
    }
}

impl Runtime for Made {
    fn stamp(&self) -> Result<Stamp> {
        Ok(Stamp { millis: self.now.get(), nonce: format!("n-{}", self.requests.borrow().len()) })
    }

    fn random(&self) -> u32 {
        u32::MAX
    }

    async fn sleep(&self, millis: u32) {
        self.slept.borrow_mut().push(millis);
    }

    async fn exchange(&self, request: &Request, _: &'static str, timeout_ms: u32) -> Result<Response> {
        self.requests.borrow_mut().push(format!("{} {}", request.method, request.url));
        self.timeouts.borrow_mut().push(timeout_ms);
        self.answers.borrow_mut().pop_front().expect("no further request was expected")
    }
}

/// Runs a future of which nothing ever waits.
fn run<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => unreachable!("the made-up runtime never waits"),
    }
}

fn call(client: &Client, runtime: &Made, operation: &str) -> Result<Value<'static>> {
    run(send(client, runtime, operation, None)).map(support::keep)
}

fn no_answer(kind: Kind, sent: Sent) -> Result<Response> {
    Err(Error::new(kind, "no answer").sent(sent))
}

fn members(ids: &[&str], next: bool) -> Result<Response> {
    let list: Vec<String> = ids.iter().map(|id| format!(r#"{{"id": "{id}"}}"#)).collect();
    let links =
        if next { r#", "members_links": [{"rel": "next", "href": "https://evil.example/?marker=evil"}]"# } else { "" };
    Ok(answer(200, format!(r#"{{"members": [{}]{links}}}"#, list.join(","))))
}

fn ids(answer: Value<'_>) -> Vec<String> {
    let list = answer.get("members").expect("a list");
    list.items().map(|item| item.text("id").to_owned()).collect()
}

#[test]
fn a_lost_answer_to_a_removal_is_unknown_unless_nothing_left() {
    for (options, removal, read) in
        [(ALIBABA, REMOVE, DESCRIBE), (UCLOUD, RELEASE, DESCRIBE_VSERVER), (OTC, DELETE, LIST)]
    {
        let client = client(options);
        for kind in [Kind::Network, Kind::Timeout, Kind::Aborted] {
            for sent in [Sent::No, Sent::Unknown] {
                let error = call(&client, &Made::new([no_answer(kind, sent)]), removal).expect_err("no answer");
                let expected = if sent == Sent::No { kind } else { Kind::OutcomeUnknown };
                assert_eq!((error.kind(), error.0.sent), (expected, sent), "{removal}");
                assert!(error.0.vendor.is_some() && error.0.operation.is_some());
                let error = call(&client, &Made::new([no_answer(kind, sent)]), read).expect_err("no answer");
                assert_eq!((error.kind(), error.0.sent), (kind, sent), "{read}");
            }
        }
    }
}

#[test]
fn an_error_that_repeats_the_request_is_cleaned() {
    let client = client(ALIBABA);
    let checked = client.check(parse(REMOVE)).expect("a good call");
    let request = client.sign(&checked, &Stamp { millis: 1_710_428_966_000, nonce: "n-0".into() }).expect("signed");
    let body = request.body.clone().unwrap_or_default();
    for echo in [body.clone(), format!("{} testsecret sts-token", request.signature), serde_like(&request.signature)] {
        let thrown = Error::new(Kind::Network, &echo).sent(Sent::Unknown);
        let error = call(&client, &Made::new([Err(thrown)]), REMOVE).expect_err("no answer");
        let shown = format!("{error:?}");
        for secret in [request.signature.as_str(), "testsecret", "sts-token"] {
            assert!(!shown.contains(secret), "{secret} in {shown}");
        }
    }
}

/// The text as JSON in JSON.
fn serde_like(text: &str) -> String {
    serde_json::json!({ "inner": text }).to_string()
}

#[test]
fn pages_are_asked_for_by_the_last_id_and_never_by_a_link() {
    let client = client(OTC);
    let runtime = Made::new([members(&["a", "b"], true), members(&["c"], true), members(&[], true)]);
    assert_eq!(ids(call(&client, &runtime, LIST).expect("an answer")), ["a", "b", "c"]);
    let base = "GET https://elb.eu-de.otc.t-systems.com/v2.0/lbaas/pools/p/members?limit=5";
    assert_eq!(runtime.requests(), [base.to_owned(), format!("{base}&marker=b"), format!("{base}&marker=c")]);

    // Without the word that there is more, a full page is the last one.
    let runtime = Made::new([members(&["a", "b", "c", "d", "e"], false)]);
    assert_eq!(ids(call(&client, &runtime, LIST).expect("an answer")).len(), 5);
}

#[test]
fn a_list_that_does_not_end_is_given_up() {
    let client = client(OTC);
    let endless = (0..2_000).map(|_| members(&["a"], true));
    let runtime = Made::new(endless);
    let error = call(&client, &runtime, LIST).expect_err("endless");
    assert_eq!(error.kind(), Kind::UnexpectedAnswer);
    assert!(runtime.requests().len() <= 1_000);
}

#[test]
fn a_page_that_fails_fails_the_list() {
    let client = client(OTC);
    let runtime = Made::new([members(&["a"], true), no_answer(Kind::Timeout, Sent::Unknown)]);
    assert_eq!(call(&client, &runtime, LIST).expect_err("no answer").kind(), Kind::Timeout);
    let runtime = Made::new([members(&["a"], true), Ok(answer(500, ""))]);
    assert_eq!(call(&client, &runtime, LIST).expect_err("failed").kind(), Kind::Server);
}

#[test]
fn pages_by_offset_end_with_the_total() {
    let client = client(UCLOUD);
    let page = |ids: &[&str], total: u32| {
        let list: Vec<String> = ids.iter().map(|id| format!(r#"{{"VServerId": "{id}"}}"#)).collect();
        Ok(answer(200, format!(r#"{{"RetCode": 0, "TotalCount": "{total}", "DataSet": [{}]}}"#, list.join(","))))
    };
    let runtime = Made::new([page(&["a", "b"], 3), page(&["c"], 3)]);
    let whole = call(&client, &runtime, DESCRIBE_VSERVER).expect("an answer");
    assert_eq!(whole.get("dataSet").map(|list| list.items().count()), Some(3));
    assert_eq!(runtime.requests().len(), 2);
    // A page without anything ends it, whatever the total says.
    let runtime = Made::new([page(&["a"], 30), page(&[], 30)]);
    assert!(call(&client, &runtime, DESCRIBE_VSERVER).is_ok());
}

const PASSWORD: &str = r#"{"vendor": "otc", "region": "eu-de",
    "credentials": {"username": "u", "password": "pass\"word", "userDomain": "d", "project": "eu-de"}}"#;

fn token(value: &str, issued: &str, expires: &str) -> Result<Response> {
    let body =
        format!(r#"{{"token": {{"project": {{"id": "p1"}}, "issued_at": "{issued}", "expires_at": "{expires}"}}}}"#);
    Ok(Response { lines: format!("x-subject-token\n{value}\n"), ..answer(201, body) })
}

#[test]
fn a_token_is_fetched_kept_and_renewed_before_it_expires() {
    let client = client(PASSWORD);
    // The token lasts an hour by a clock that is years away from ours: only the span counts.
    let hour = || token("secret-token-1", "2030-01-01T00:00:00.000000Z", "2030-01-01T01:00:00.000000Z");
    let runtime = Made::new([hour(), Ok(answer(204, "")), Ok(answer(204, "")), hour(), Ok(answer(204, ""))]);
    let identity = "POST https://iam.eu-de.otc.t-systems.com/v3/auth/tokens?nocatalog=true";
    let delete = "DELETE https://elb.eu-de.otc.t-systems.com/v2.0/lbaas/pools/p/members/m";
    call(&client, &runtime, DELETE).expect("removed");
    assert_eq!(runtime.requests(), [identity, delete]);
    runtime.now.set(runtime.now.get() + 59 * 60_000);
    call(&client, &runtime, DELETE).expect("removed");
    assert_eq!(runtime.requests(), [delete]);
    runtime.now.set(runtime.now.get() + 59_000);
    call(&client, &runtime, DELETE).expect("removed");
    assert_eq!(runtime.requests(), [identity, delete]);
}

#[test]
fn without_a_token_the_call_did_not_leave() {
    let failures = [
        (no_answer(Kind::Network, Sent::Unknown), Kind::Network),
        (no_answer(Kind::Timeout, Sent::Unknown), Kind::Timeout),
        (Ok(answer(401, "")), Kind::Auth),
        (Ok(answer(200, "<html>")), Kind::UnexpectedAnswer),
        (Ok(answer(201, r#"{"token": {"project": {"id": "p"}}}"#)), Kind::Unsupported),
    ];
    for (failure, kind) in failures {
        let client = client(PASSWORD);
        let runtime = Made::new([failure]);
        let error = call(&client, &runtime, DELETE).expect_err("no token");
        assert_eq!((error.kind(), error.0.sent, error.0.operation), (kind, Sent::No, Some("DeleteMember")));
        assert_eq!(runtime.requests().len(), 1);
    }
}

#[test]
fn a_failed_token_request_shows_no_password() {
    for echo in [r#"{"password":"pass\"word"}"#, "pass\"word", "pass%22word"] {
        let client = client(PASSWORD);
        let runtime = Made::new([Err(Error::new(Kind::Network, echo).sent(Sent::Unknown))]);
        let shown = format!("{:?}", run(authenticate(&client, &runtime, None)).expect_err("no answer"));
        assert!(shown.contains("REDACTED"), "{shown}");
        for form in ["pass\\\"word", "pass\\\\\\\"word", "pass\"word", "pass%22word"] {
            assert!(!shown.contains(form), "{form} in {shown}");
        }
    }
}

#[test]
fn authenticate_tells_of_the_token_and_not_the_token() {
    let client = client(PASSWORD);
    let runtime = Made::new([token("secret-token-1", "2030-01-01T00:00:00.000000Z", "2030-01-01T01:00:00.000000Z")]);
    let token = run(authenticate(&client, &runtime, None)).expect("a token");
    let token = token.as_str();
    assert!(
        token.contains("\"expiresAt\":\"2030-01-01T01:00:00.000000Z\"") && token.contains("\"projectId\":\"p1\""),
        "{token}"
    );
    assert!(!token.contains("secret-token-1"));
    let keys = support::client(OTC);
    assert_eq!(run(authenticate(&keys, &Made::new([]), None)).expect_err("none").kind(), Kind::Unsupported);
}

#[test]
fn timeouts_are_the_callers_then_the_clients_then_the_operations() {
    let slow = UCLOUD.replacen('{', r#"{"timeoutMs": 1234, "#, 1);
    for (options, operation, given, expected) in [
        (UCLOUD, RELEASE, None, 65_000),
        (UCLOUD, DESCRIBE_VSERVER, None, 30_000),
        (ALIBABA, REMOVE, None, 30_000),
        (&slow, RELEASE, None, 1_234),
        (&slow, RELEASE, Some(99), 99),
    ] {
        let client = client(options);
        let runtime = Made::new([no_answer(Kind::Timeout, Sent::Unknown)]);
        run(send(&client, &runtime, operation, given)).expect_err("no answer");
        assert_eq!(runtime.timeouts.take(), [expected]);
    }
}
