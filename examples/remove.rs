//! Takes a server out of a load balancer, natively. The crate builds, signs, reads and decides what
//! is sent again; a plain blocking HTTP client does nothing but exchange.
//!
//! Options, which hold secrets, come from the environment, and the operation is the argument:
//!
//! ```sh
//! export UNPOOL_OPTIONS='{"vendor": "alibaba", "region": "cn-hangzhou", "credentials": {
//!     "accessKeyId": "…", "accessKeySecret": "…"}}'
//! cargo run --example remove '{"operation": "RemoveBackendServers", "loadBalancerId": "lb-1",
//!     "backendServers": ["i-1"]}'
//! ```
//!
//! Here ureq is built without TLS, since it only meets emulated clouds (`node
//! tests/emulator/main.mjs` prints their addresses and credentials; add `"endpoint"` and
//! `"allowHttp": true`). For a real cloud give it its feature `rustls`.
//!
//! The exit status is 0 for done, 1 for not done, 2 for wrong input and 3 where nobody knows.

use std::hash::{BuildHasher, RandomState};
use std::io;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use unpool::core::input::given;
use unpool::core::request::MAX_BODY;
use unpool::json::Json;
use unpool::transport::{Action, Event, Sending};
use unpool::{Client, Error, Kind, Request, Response, Result, Sent, Stamp};
use ureq::{Agent, AsSendBody, Body, Timeout, http};

fn main() -> ExitCode {
    let (Ok(options), Some(operation)) = (std::env::var("UNPOOL_OPTIONS"), std::env::args().nth(1)) else {
        eprintln!("usage: UNPOOL_OPTIONS='{{\"vendor\": …}}' remove '{{\"operation\": …}}'");
        return ExitCode::from(2);
    };
    match open(&options).and_then(|client| send(&client, &operation)) {
        Ok(answer) => {
            println!("{}", answer.as_str());
            ExitCode::SUCCESS
        }
        Err(error) => {
            tell(&error);
            ExitCode::from(match error.kind() {
                Kind::OutcomeUnknown => 3,
                Kind::InvalidInput => 2,
                _ => 1,
            })
        }
    }
}

/// What happened and what to do. No text of an error holds a secret, so all of it may be logged.
fn tell(error: &Error) {
    for earlier in &error.0.attempts {
        eprintln!("earlier: {}: {earlier}", earlier.kind().name());
    }
    eprintln!("{}: {error}", error.kind().name());
    if let Some(hint) = &error.0.hint {
        eprintln!("{hint}");
    }
}

/// A client, out of its options' JSON.
pub(crate) fn open(options: &str) -> Result<Client> {
    Client::new(given(options, "options")?.value())
}

/// Sends an operation's JSON and returns its answer's. Everything that takes time or chance is done
/// here; what follows what is the [`Sending`]'s matter.
pub(crate) fn send(client: &Client, operation: &str) -> Result<Json> {
    let agent = agent();
    let mut chance = Chance::default();
    let mut sending = Sending::new(client, operation.to_owned(), None)?;
    let mut event = Event::Ready;
    loop {
        event = match sending.next(client, event, chance.stamp(), chance.draw() as u32)? {
            Action::Done(answer) => return Ok(answer),
            Action::Wait(millis) => {
                thread::sleep(Duration::from_millis(millis.into()));
                Event::Ready
            }
            Action::Exchange { timeout_ms, .. } => {
                let exchange = |request| exchange(&agent, request, client.response_headers(), timeout_ms);
                match sending.request().map(exchange) {
                    Some(Ok(response)) => Event::Answer(response),
                    Some(Err(error)) => Event::NoAnswer(error),
                    None => Event::Ready,
                }
            }
        };
    }
}

/// A client that neither repeats nor follows anything by itself: signed headers and bodies go to
/// whom they were signed for. Every status is an answer.
fn agent() -> Agent {
    Agent::config_builder().max_redirects(0).max_redirects_will_error(false).http_status_as_error(false).build().into()
}

/// One request, and its answer to the end.
fn exchange(agent: &Agent, request: &Request, wanted: &str, timeout_ms: u32) -> Result<Response> {
    let mut made = http::Request::builder().method(request.method).uri(&request.url);
    for (name, value) in request.headers() {
        made = made.header(name, value);
    }
    let answer = match &request.body {
        Some(body) => run(agent, made.body(body.as_str()), timeout_ms),
        None => run(agent, made.body(()), timeout_ms),
    };
    let mut answer = answer.map_err(|error| no_answer(&error, timeout_ms))?;

    let mut response = Response { status: answer.status().as_u16(), ..Response::default() };
    for name in wanted.split(' ') {
        if let Some(value) = answer.headers().get(name).and_then(|value| value.to_str().ok()) {
            response.lines += &format!("{name}\n{value}\n");
        }
    }
    response.body = match answer.body_mut().with_config().limit(MAX_BODY.into()).lossy_utf8(true).read_to_string() {
        Ok(body) => Some(body),
        Err(ureq::Error::BodyExceedsLimit(_)) => None,
        Err(error @ ureq::Error::Timeout(_)) => return Err(no_answer(&error, timeout_ms)),
        Err(error) => {
            let words = format!("the answer could not be read: {error}");
            let mut error = Error::new(Kind::UnexpectedAnswer, &words).sent(Sent::Yes);
            // It broke off: the next one may come whole.
            error.0.retryable = true;
            return Err(error);
        }
    };
    Ok(response)
}

/// With a time limit for everything, the answer's body included.
fn run(
    agent: &Agent,
    request: http::Result<http::Request<impl AsSendBody>>,
    timeout_ms: u32,
) -> std::result::Result<http::Response<Body>, ureq::Error> {
    let limit = Duration::from_millis(timeout_ms.into());
    agent.run(agent.configure_request(request?).timeout_global(Some(limit)).build())
}

/// What became of a request without an answer. In doubt it may have left: that decides whether a
/// removal is reported as failed or as of unknown outcome.
fn no_answer(error: &ureq::Error, timeout_ms: u32) -> Error {
    let (kind, sent) = match error {
        ureq::Error::Timeout(Timeout::Resolve | Timeout::Connect) => (Kind::Timeout, Sent::No),
        ureq::Error::Timeout(_) => (Kind::Timeout, Sent::Unknown),
        ureq::Error::HostNotFound | ureq::Error::BadUri(_) | ureq::Error::Http(_) => (Kind::Network, Sent::No),
        // Whoever refuses a connection was never given anything over it.
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused => (Kind::Network, Sent::No),
        _ => (Kind::Network, Sent::Unknown),
    };
    let words = match kind {
        Kind::Timeout => format!("no complete answer within {timeout_ms} ms"),
        _ => format!("no answer: {error}"),
    };
    Error::new(kind, &words).sent(sent)
}

/// Time and chance. The keys of the standard library's hash tables are the system's randomness,
/// which spares a crate for it.
#[derive(Default)]
struct Chance {
    keys: RandomState,
    drawn: u64,
}

impl Chance {
    fn draw(&mut self) -> u64 {
        self.drawn += 1;
        self.keys.hash_one(self.drawn)
    }

    fn stamp(&mut self) -> Stamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Stamp { millis: since.as_millis() as i64, nonce: format!("{:016x}{:016x}", self.draw(), self.draw()) }
    }
}
