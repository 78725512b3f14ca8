//! One call from its beginning to its end, as a machine without I/O.
//!
//! It gets a token first where one is needed, then makes the call, then gets the next page, and repeats what may be
//! repeated.
//! Every attempt is signed anew. Time, nonce and jitter come in, so the same events give the same
//! actions.

use alloc::{boxed::Box, string::String, vec::Vec};

use crate::core::clock;
use crate::core::error::{Error, Kind, Result, Sent};
use crate::core::find_effect::{FindEffect, LOOKS_MS};
use crate::core::input::given;
use crate::core::json::Json;
use crate::core::operation::{Call, Effect};
use crate::core::paging::{Pages, Step};
use crate::core::request::{Request, Response, Stamp};
use crate::core::retry;
use crate::core::text::join;
use crate::core::value::Document;
use crate::vendor::{Client, Prepared};

/// What happened.
#[derive(Debug, Default)]
pub enum Event {
    /// Nothing yet, or the wait is over.
    #[default]
    Ready,
    /// The answer to the last request.
    Answer(Response),
    /// The last request brought no complete answer, or the caller aborted a wait: a `network`,
    /// `timeout` or `aborted` that says whether the request left, or an `unexpected-answer`.
    NoAnswer(Error),
}

/// What to do next.
#[derive(Debug)]
pub enum Action {
    /// Send [`Sending::request`], read its answer to the end, and give it to [`Sending::next`].
    Exchange {
        /// How long it may take, in milliseconds.
        timeout_ms: u32,
        /// Whether it gets a token and is not the call itself: others may be waiting for the same.
        token: bool,
    },
    /// Wait this many milliseconds, which may be none, then give [`Event::Ready`].
    Wait(u32),
    /// This is the answer.
    Done(Json),
}

/// A call under way.
#[derive(Debug)]
pub struct Sending {
    /// The operation's JSON text; none where only a token is wanted.
    operation: Option<String>,
    state: State,
    look: Option<Box<Look>>,
}

/// Finding out by reading whether a change that must not be made twice was made.
#[derive(Debug)]
struct Look {
    find_effect: &'static FindEffect,
    /// The operation that reads.
    operation: String,
    sending: Sending,
    /// How many looks did not find the effect.
    times: usize,
    /// How the attempt ended that may have had the effect.
    error: Error,
}

#[derive(Debug, Default)]
struct State {
    timeout_ms: Option<u32>,
    /// One attempt only, whatever the client's `maxAttempts`.
    once: bool,
    /// Whether the request under way gets a token.
    token: bool,
    /// The request under way.
    request: Option<Request>,
    /// Attempts that failed: at this page, and at the token.
    failed: u32,
    token_failed: u32,
    /// Lists that were begun anew because their next page was gone.
    begun_anew: u32,
    /// An attempt may have been carried out.
    unsure: bool,
    /// A token was renewed because it was refused.
    renewed: bool,
    /// The clock was corrected.
    corrected: bool,
    /// The correction that the request under way was signed with.
    clock: i64,
    earlier: Vec<Error>,
    pages: Pages,
    /// The argument that asks for the next page, as JSON.
    page: Option<(&'static str, String)>,
}

impl Sending {
    /// Sends an operation, given as JSON text.
    ///
    /// # Errors
    /// `invalid-input` naming the field and its index.
    pub fn new(client: &Client, operation: String, timeout_ms: Option<u32>) -> Result<Self> {
        client.check(read(&operation)?.value())?;
        Ok(Sending { operation: Some(operation), state: State { timeout_ms, ..State::default() }, look: None })
    }

    /// Gets a token.
    #[must_use]
    pub fn authentication(timeout_ms: Option<u32>) -> Self {
        Sending { operation: None, state: State { timeout_ms, ..State::default() }, look: None }
    }

    /// Allows one attempt only: the caller decides about the next one. A refused token is still renewed, and a wrong
    /// clock corrected.
    pub fn once(&mut self) {
        self.state.once = true;
    }

    /// The request that [`Action::Exchange`] is about.
    #[must_use]
    pub fn request(&self) -> Option<&Request> {
        self.look.as_ref().map_or(self.state.request.as_ref(), |look| look.sending.request())
    }

    /// What to do after `event`. `stamp` is the time here and a new nonce; `random` are 32 random bits.
    ///
    /// # Errors
    /// How the call ended, if not well. It may not be called again after that.
    pub fn next(&mut self, client: &Client, event: Event, mut stamp: Stamp, random: u32) -> Result<Action> {
        if self.look.is_some() {
            return self.looked(client, event, stamp, random);
        }
        stamp.millis = client.corrected(stamp.millis);
        let Sending { operation, state, look } = self;
        let document = read(operation.as_deref().unwrap_or("{}"))?;
        let call = match operation {
            Some(_) => {
                let mut call = client.check(document.value())?;
                call.page = state.page.as_ref().map(|(name, json)| (*name, Json::new(json.clone()).read()));
                Some(call)
            }
            None => None,
        };
        let call = call.as_ref();
        let error = match event {
            Event::Ready => return state.ready(client, call, &stamp).map_err(|error| state.end(client, error)),
            Event::NoAnswer(error) => {
                let request = state.request.take();
                match call {
                    Some(call) if !state.token => {
                        client.no_answer(call, request.as_ref().map_or("", |request| &request.signature), error)
                    }
                    _ => client.mark(error),
                }
            }
            Event::Answer(response) => match state.answer(client, call, response, &stamp) {
                Ok(action) => return Ok(action),
                Err(error) => error,
            },
        };
        if let Some(call) = call
            && let Some((find_effect, operation)) = state.wants_look(client, call, &error)
        {
            let sending = Sending::new(client, operation.clone(), state.timeout_ms)?;
            *look = Some(Box::new(Look { find_effect, operation, sending, times: 0, error }));
            return Ok(Action::Wait(LOOKS_MS[0]));
        }
        state.failure(client, call, error, random)
    }

    /// What to do next while looking for the effect of an attempt that got no answer.
    fn looked(&mut self, client: &Client, event: Event, stamp: Stamp, random: u32) -> Result<Action> {
        let Some(mut look) = self.look.take() else { return Ok(Action::Wait(0)) };
        let read = match look.sending.next(client, event, stamp, random) {
            Ok(Action::Done(answer)) => answer.read(),
            Ok(action) => {
                self.look = Some(look);
                return Ok(action);
            }
            Err(_) => return Err(self.state.end(client, look.error)),
        };
        let document = self::read(self.operation.as_deref().unwrap_or("{}"))?;
        if let Some(answer) = look.find_effect.found(&client.check(document.value())?, read.value()) {
            return Ok(Action::Done(answer));
        }
        look.times += 1;
        if let Some(wait) = LOOKS_MS.get(look.times) {
            look.sending = Sending::new(client, look.operation.clone(), self.state.timeout_ms)?;
            self.look = Some(look);
            return Ok(Action::Wait(*wait));
        }
        self.state.earlier.push(look.error);
        Ok(Action::Wait(0))
    }
}

impl State {
    fn ready(&mut self, client: &Client, call: Option<&Call<'_>>, stamp: &Stamp) -> Result<Action> {
        let prepared = match call {
            Some(call) => client.prepare(call, stamp)?,
            None => Prepared::Authenticate(client.authentication()?),
        };
        let (request, token) = match prepared {
            Prepared::Send(request) => (request, false),
            Prepared::Authenticate(request) => (request, true),
        };
        self.token = token;
        self.clock = client.corrected(0);
        self.request = Some(request);
        let usual = client.timeout_ms(call.filter(|_| !token));
        Ok(Action::Exchange { timeout_ms: self.timeout_ms.unwrap_or(usual), token })
    }

    fn answer(
        &mut self,
        client: &Client,
        call: Option<&Call<'_>>,
        response: Response,
        stamp: &Stamp,
    ) -> Result<Action> {
        let Some(request) = self.request.take() else { return Ok(Action::Wait(0)) };
        let Some(call) = call.filter(|_| !self.token) else {
            let token = client.accept(&response, stamp.millis);
            request.wipe();
            response.wipe();
            let token = token?;
            self.token_failed = 0;
            return Ok(if call.is_some() { Action::Wait(0) } else { Action::Done(token) });
        };
        let page = match client.read(call, &request, &response) {
            Ok(page) => page,
            Err(error) => {
                // The service refused before it did anything, so any call may be made once more.
                if !self.corrected && clock::is_wrong(&error) {
                    self.corrected = true;
                    // Another call may have corrected the clock meanwhile.
                    if self.clock != client.corrected(0) {
                        return Ok(Action::Wait(0));
                    }
                    if let Some(millis) = clock::correction(&response, stamp.millis) {
                        client.correct(client.corrected(millis));
                        return Ok(Action::Wait(0));
                    }
                }
                return Err(error);
            }
        };
        match self.pages.take(call, page) {
            Ok(Step::Done(answer)) => Ok(Action::Done(answer)),
            Ok(Step::Next(name, value)) => {
                self.page = Some((name, String::from(value.as_str())));
                self.failed = 0;
                Ok(Action::Wait(0))
            }
            Err(message) => {
                Err(client.no_answer(call, "", Error::new(Kind::UnexpectedAnswer, message).sent(Sent::Yes)))
            }
        }
    }

    /// How to look for the effect of a call that must not be made twice, where no answer says whether it was carried out
    /// and another attempt is allowed.
    fn wants_look(&mut self, client: &Client, call: &Call<'_>, error: &Error) -> Option<(&'static FindEffect, String)> {
        let may_be_there = error.kind() == Kind::OutcomeUnknown && call.operation.effect == Effect::Create;
        if !may_be_there || self.token || retry::is_aborted(error) || self.failed + 1 >= self.attempt_limit(client) {
            return None;
        }
        let found = client.find_effect(call);
        if found.is_some() {
            self.failed += 1;
            self.unsure = true;
        }
        found
    }

    /// Repeats what may be repeated, or says how the call ended.
    fn failure(&mut self, client: &Client, call: Option<&Call<'_>>, mut error: Error, random: u32) -> Result<Action> {
        let effect = call.filter(|_| !self.token).map_or(Effect::Read, |call| call.operation.effect);
        if self.token {
            if let Some(call) = call {
                error = during(call, error);
            }
        } else if error.kind() == Kind::Auth && !self.renewed && client.forget_token() {
            self.renewed = true;
            return Ok(Action::Wait(0));
        }
        if self.unsure && effect == Effect::Removal && retry::is_gone(&error) {
            return Ok(Action::Done(Json::new(String::from("{\"alreadyGone\":true}"))));
        }
        // The item that marks the next page was removed meanwhile.
        if self.page.is_some() && error.kind() == Kind::InvalidInput && self.begun_anew < client.max_attempts() {
            self.begun_anew += 1;
            self.page = None;
            self.pages = Pages::default();
            return Ok(Action::Wait(0));
        }
        self.unsure |= error.kind() == Kind::OutcomeUnknown;
        let failed = if self.token { &mut self.token_failed } else { &mut self.failed };
        *failed += 1;
        let failed = *failed;
        if let Some(wait) = retry::verdict(effect, &error, failed, self.attempt_limit(client), random) {
            self.earlier.push(error);
            return Ok(Action::Wait(wait));
        }
        Err(self.end(client, error))
    }

    /// How many attempts there are at most for one page, and for a token.
    fn attempt_limit(&self, client: &Client) -> u32 {
        if self.once { 1 } else { client.max_attempts() }
    }

    /// How the call ended, with what came before.
    fn end(&mut self, client: &Client, mut error: Error) -> Error {
        if self.unsure && error.kind() != Kind::OutcomeUnknown {
            error = client.still_unknown(error);
        }
        error.0.attempts = core::mem::take(&mut self.earlier);
        error
    }
}

/// Reads JSON text that the caller gave.
fn read(text: &str) -> Result<Document<'_>> {
    given(text, "operation")
}

/// A failure to get a token for a call: the call itself certainly did not leave.
fn during(call: &Call<'_>, mut error: Error) -> Error {
    error.0.operation = Some(call.operation.name);
    error.0.sent = Sent::No;
    error.0.message = join(&["no token for ", call.operation.name, ": ", &error.0.message]);
    error
}
