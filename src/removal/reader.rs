//! Reading a load balancer, or one of its groups anew: one read after the other, again where that may help.

use alloc::{string::String, vec::Vec};

use crate::core::error::Kind;
use crate::core::json::Json;
use crate::core::retry;
use crate::core::value::{Document, Type, Value};
use crate::removal::family::{Family, Read};
use crate::removal::world::{Balancer, sort};

/// What happened.
#[derive(Debug, Default)]
pub enum Event {
    /// Nothing yet, or the wait is over.
    #[default]
    Ready,
    /// The answer to what was sent, as JSON text.
    Answer(String),
    /// What was sent failed: the error as JSON text.
    Failed(String),
    /// The last action was not carried out, and nothing more will be.
    Held,
    /// The same, and for good: why, as an error's JSON text. Nothing is put back, either.
    Stopped(String),
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Send this operation, which only reads, given as JSON text, as a single attempt.
    Read(String),
    /// Send this operation, which changes something, given as JSON text, as a single attempt.
    Change(String),
    /// Wait this many milliseconds.
    Sleep(u32),
    /// Nothing any more.
    Done,
}

/// An error that came in as JSON text.
#[derive(Clone, Debug)]
pub struct Failure(Document<'static>);

impl Failure {
    /// Reads it.
    #[must_use]
    pub fn new(text: String) -> Self {
        Failure(Json::new(text).read())
    }

    /// Its JSON text.
    #[must_use]
    pub fn text(&self) -> &str {
        self.0.value().raw()
    }

    /// A field of it; empty where it has none.
    #[must_use]
    pub fn says(&self, name: &str) -> &str {
        self.0.value().text(name)
    }

    /// Whether it is of this kind.
    #[must_use]
    pub fn is(&self, kind: Kind) -> bool {
        self.says("kind") == kind.name()
    }

    /// Whether the caller aborted, by itself or behind an unknown outcome.
    #[must_use]
    pub fn is_aborted(&self) -> bool {
        self.any(|error| error.text("kind") == Kind::Aborted.name())
    }

    /// Whether the request certainly did not leave.
    #[must_use]
    pub fn never_left(&self) -> bool {
        self.0.value().get("sent").is_some_and(|sent| sent.kind() == Type::Bool && !sent.is_true())
    }

    /// Whether what was to be changed is not there, and not something around it.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.is(Kind::NotFound) && self.0.value().get("field").is_none()
    }

    /// How long to wait before the next attempt; `None` where it cannot help.
    #[must_use]
    pub fn again(&self, attempt: u32, random: u32) -> Option<u32> {
        let passes = self.is(Kind::OutcomeUnknown) || self.0.value().get("retryable").is_some_and(Value::is_true);
        let mut delay = 0;
        self.any(|error| {
            delay = delay.max(error.get("retryAfterMs").and_then(Value::as_integer).unwrap_or(0));
            false
        });
        let pause = retry::pause(attempt, random).max(u32::try_from(delay).ok()?);
        (passes && !self.is_aborted() && pause <= LONGEST_MS).then_some(pause)
    }

    fn any(&self, mut test: impl FnMut(Value<'_>) -> bool) -> bool {
        let mut next = Some(self.0.value());
        while let Some(error) = next {
            if test(error) {
                return true;
            }
            next = error.get("cause");
        }
        false
    }
}

/// Who wants a longer pause is not waited for.
const LONGEST_MS: u32 = 120_000;
/// How often a read is tried.
const TRIES: u32 = 6;

/// A reading under way.
#[derive(Debug, Default)]
pub struct Reader {
    todo: Vec<Read>,
    done: usize,
    tries: u32,
    sent: bool,
    /// How many reads were answered.
    pub reads: u32,
}

/// How far a reading is.
#[derive(Debug)]
pub enum Step {
    /// Do this.
    Do(Action),
    /// All is read.
    Done,
    /// It cannot be read.
    Failed(Failure),
}

impl Reader {
    /// These reads, and what follows from them.
    #[must_use]
    pub fn new(todo: Vec<Read>) -> Self {
        Reader { todo, ..Reader::default() }
    }

    /// Whether a read was to be sent, and was not told of yet.
    #[must_use]
    pub fn is_asking(&self) -> bool {
        self.sent
    }

    /// What to do after `event`; what is read goes into `world`.
    pub fn next(&mut self, family: &Family, world: &mut Balancer, event: Event, random: u32) -> Step {
        let sent = core::mem::take(&mut self.sent);
        match event {
            Event::Answer(text) if sent => {
                if let Some(read) = self.todo.get(self.done).cloned() {
                    self.done += 1;
                    self.reads += 1;
                    self.tries = 0;
                    (family.take)(&read, Json::new(text).read().value(), world, &mut self.todo);
                }
            }
            Event::Failed(text) if sent => {
                let failure = Failure::new(text);
                self.tries += 1;
                return match failure.again(self.tries, random) {
                    Some(pause) if self.tries < TRIES => Step::Do(Action::Sleep(pause)),
                    _ => Step::Failed(failure),
                };
            }
            _ => {}
        }
        match self.todo.get(self.done) {
            Some(read) => {
                self.sent = true;
                Step::Do(Action::Read((family.operation)(read).into_text()))
            }
            None => {
                for group in &mut world.groups {
                    sort(&mut group.backends, |backend| &backend.id);
                }
                Step::Done
            }
        }
    }
}
