//! What a run knows of each entry and rule that it is about.

use alloc::string::String;

use crate::core::json::{Json, push_comma, push_string};
use crate::core::text::{join, same};
use crate::core::value::Value;
use crate::removal::family::Change;
use crate::removal::plan::{Entry, Touched};
use crate::removal::world::{Health, flag, items, texts};

/// What became of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was there at our last read before the removal, and gone after it.
    Removed,
    /// It was gone before the removal: nobody here took it out.
    Absent,
    /// It is still there, though it was tried.
    Failed,
    /// The removal may have been carried out, and no read tells.
    Unknown,
    /// Its removal, or its return, was not tried.
    NotTried,
    /// An undo has put it back.
    Restored,
    /// An undo found it there as it was before.
    Present,
}

impl Outcome {
    /// The word used in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Removed => "removed",
            Outcome::Absent => "absent",
            Outcome::Failed => "failed",
            Outcome::Unknown => "unknown",
            Outcome::NotTried => "not-tried",
            Outcome::Restored => "restored",
            Outcome::Present => "present",
        }
    }

    /// The outcome of this name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        use Outcome::{Absent, Failed, NotTried, Present, Removed, Restored, Unknown};
        let all = [Removed, Absent, Failed, Unknown, NotTried, Restored, Present];
        all.into_iter().find(|outcome| outcome.name() == name)
    }
}

/// How an entry was when it was last seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// A call about it was sent, and no read has shown it since; or it was never seen.
    #[default]
    Unknown,
    /// It takes traffic, or would if it were healthy.
    Serving,
    /// It takes nothing new.
    Drained,
    /// It takes nothing new, and no rule that held it does any more.
    Detached,
    /// It is not there.
    Gone,
}

impl State {
    /// The word used in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            State::Unknown => "unknown",
            State::Serving => "serving",
            State::Drained => "drained",
            State::Detached => "detached",
            State::Gone => "gone",
        }
    }

    /// The state of this name.
    #[must_use]
    pub fn of(name: &str) -> Self {
        let all = [State::Serving, State::Drained, State::Detached, State::Gone];
        all.into_iter().find(|state| state.name() == name).unwrap_or_default()
    }
}

/// An entry of the plan in a run.
#[derive(Debug, Default)]
pub struct Tracked {
    /// Its group and id in one.
    pub key: String,
    /// The entry, as the plan has it.
    pub entry: Entry,
    /// What became of it; none yet, or nothing was tried.
    pub outcome: Option<Outcome>,
    /// How it was last seen.
    pub state: State,
    /// Its health before this run drained it: at weight 0 some clouds show every backend as one that fails its check.
    pub health: Health,
    /// Whether the run goes on with it.
    pub active: bool,
    /// Whether a drain of it was, or may have been, carried out.
    pub drained: bool,
    /// Whether that was seen.
    pub seen_drained: bool,
    /// Whether a removal of it was, or may have been, carried out.
    pub removing: bool,
    /// What of it is under way: sent, and not told of yet.
    pub asked: Option<Change>,
    /// What was, or may have been, carried out, while no read shows it yet.
    pub unseen: Option<Change>,
    /// Whether it cannot be put back.
    pub left: bool,
    /// Whether an undo is at it, and not a run.
    pub undo: bool,
    /// Whether a call was, or may have been, carried out by which an undo puts it back.
    pub returned: bool,
    /// The id that it has in its place now, where that is another one.
    pub new_id: Option<String>,
    /// The error that ended it, as JSON text.
    pub error: Option<String>,
    /// What the journal knows of it.
    pub journaled: Mark,
}

/// What a journal remembers of an entry, for a run that goes on where another one ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    outcome: Option<Outcome>,
    state: State,
    health: Health,
    unseen: Option<Change>,
    /// Drained, seen so, removing, returned, left.
    flags: [bool; 5],
    error: bool,
    new_id: bool,
}

impl Tracked {
    /// An entry at the beginning of a run.
    #[must_use]
    pub fn new(entry: Entry) -> Self {
        let (key, health) = (key(&entry.group, &entry.backend.id), entry.backend.health);
        Tracked { key, entry, health, active: true, ..Tracked::default() }
    }

    /// What is to be reported of it now.
    #[must_use]
    pub fn result(&self) -> Outcome {
        match self.outcome {
            Some(outcome) => outcome,
            None if self.undo && self.left => Outcome::Failed,
            None if self.undo && (self.asked.is_some() || (self.returned && self.state == State::Unknown)) => {
                Outcome::Unknown
            }
            None if self.undo && self.returned => Outcome::Failed,
            None if self.undo => Outcome::NotTried,
            None if self.asked == Some(Change::Remove) || (self.removing && self.state == State::Unknown) => {
                Outcome::Unknown
            }
            None if self.removing => Outcome::Failed,
            None => Outcome::NotTried,
        }
    }

    /// What a journal is to remember of it.
    #[must_use]
    pub fn mark(&self) -> Mark {
        Mark {
            outcome: self.outcome,
            state: self.state,
            health: self.health,
            unseen: self.unseen,
            flags: [self.drained, self.seen_drained, self.removing, self.returned, self.left],
            error: self.error.is_some(),
            new_id: self.new_id.is_some(),
        }
    }

    /// The calls that were, or may have been, carried out for it, as a JSON list; one that is under way counts.
    fn did(&self, asked: Option<Change>) -> String {
        let back = self.undo && matches!(asked, Some(Change::Add | Change::Restore));
        list(&[
            ("drain", self.drained || asked == Some(Change::Drain)),
            ("remove", self.removing || asked == Some(Change::Remove)),
            ("return", self.returned || back),
        ])
    }

    /// What a journal remembers of it, as JSON.
    #[must_use]
    pub fn remember(&self) -> Json {
        let mut out = Json::object(&[
            ("groupId", &self.entry.group),
            ("id", &self.entry.backend.id),
            ("state", self.state.name()),
        ]);
        if let Some(outcome) = self.outcome {
            out.add("outcome", outcome.name());
        }
        out.add_json("did", &self.did(None));
        out.add_json("is", &list(&[("seen-drained", self.seen_drained), ("left", self.left)]));
        if self.health != self.entry.backend.health {
            out.add("health", self.health.name());
        }
        if let Some(unseen) = self.unseen {
            out.add("unseen", unseen.name());
        }
        if let Some(id) = &self.new_id {
            out.add("newId", id);
        }
        if let Some(error) = &self.error {
            out.add_json("error", error);
        }
        out
    }

    /// Takes over what a journal remembers, or a report tells.
    pub fn recall(&mut self, told: Value<'_>) {
        self.outcome = Outcome::of(told.text("outcome"));
        self.state = State::of(told.text("state"));
        self.health = told.get("health").map_or(self.entry.backend.health, |_| Health::of(told.text("health")));
        self.unseen = Change::of(told.text("unseen"));
        (self.drained, self.removing) = (lists(told, "did", "drain"), lists(told, "did", "remove"));
        self.returned = lists(told, "did", "return");
        (self.seen_drained, self.left) = (lists(told, "is", "seen-drained"), lists(told, "is", "left"));
        self.error = told.get("error").map(|error| error.raw().into());
        self.new_id = told.get("newId").and_then(Value::as_str).map(String::from);
        self.active &= self.outcome.is_none();
        self.journaled = self.mark();
    }

    /// It as JSON.
    #[must_use]
    pub fn write(&self) -> Json {
        let mut out = self.entry.write();
        out.add("outcome", self.result().name());
        let state = if self.asked.is_some() { State::Unknown } else { self.state };
        out.add("state", state.name());
        out.add_json("did", &self.did(self.asked));
        if let Some(unseen) = self.asked.or(self.unseen) {
            out.add("unseen", unseen.name());
        }
        if let Some(id) = &self.new_id {
            out.add("newId", id);
        }
        if let Some(error) = &self.error {
            out.add_json("error", error);
        }
        out
    }
}

/// A JSON list of those names that hold.
fn list(names: &[(&str, bool)]) -> String {
    let mut out = String::from("[");
    for (name, _) in names.iter().filter(|(_, holds)| *holds) {
        push_comma(&mut out);
        push_string(&mut out, name);
    }
    out.push_str("]");
    out
}

/// Whether a list of an object has this text.
fn lists(of: Value<'_>, list: &str, name: &str) -> bool {
    items(of, list).any(|item| item.as_str() == Some(name))
}

/// What entries are in the order of: by group, then id.
#[must_use]
pub fn key(group: &str, id: &str) -> String {
    join(&[group, "\n", id])
}

/// A rule of the plan in a run.
#[derive(Debug)]
pub struct TrackedRule {
    /// The rule, as the plan has it.
    pub touched: Touched,
    /// What an edit was to make of it; none where none was, or may have been, carried out.
    pub expected: Option<Expected>,
    /// Whether an edit is under way.
    pub asked: bool,
    /// Whether that was read back.
    pub verified: bool,
    /// Whether a call was, or may have been, carried out that puts it back.
    pub returned: bool,
    /// Whether it was put back.
    pub restored: bool,
    /// Whether it cannot be put back.
    pub left: bool,
    /// The id that the plan has.
    pub planned_id: String,
    /// What the journal knows of it.
    pub journaled: String,
}

/// What an edit makes of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// It has these backends.
    Backends(alloc::vec::Vec<String>),
    /// It is gone.
    Gone,
}

impl TrackedRule {
    /// A rule at the beginning of a run.
    #[must_use]
    pub fn new(touched: Touched) -> Self {
        TrackedRule {
            planned_id: touched.rule.id.clone(),
            journaled: String::new(),
            touched,
            expected: None,
            asked: false,
            verified: false,
            returned: false,
            restored: false,
            left: false,
        }
    }

    /// Whether it held this when the plan was made.
    #[must_use]
    pub fn held(&self, entry: &Entry) -> bool {
        same(&self.touched.group, &entry.group) && self.touched.rule.backends.contains(&entry.backend.id)
    }

    /// What edit was, or may have been, carried out.
    fn did(&self) -> Option<&'static str> {
        Some(match self.expected.as_ref()? {
            Expected::Backends(_) => "edit",
            Expected::Gone => "delete",
        })
    }

    /// What a journal remembers of it, as JSON; `place` tells it in its lane.
    #[must_use]
    pub fn remember(&self, place: usize) -> Option<Json> {
        let did = self.did()?;
        let mut out = Json::object(&[("id", &self.touched.rule.id), ("did", did)]);
        out.add_json("rule", &crate::core::encode::decimal(place as i64));
        if let Some(Expected::Backends(backends)) = &self.expected {
            out.add_json("backends", &texts(backends));
        }
        for (name, holds) in
            [("verified", self.verified), ("returned", self.returned), ("restored", self.restored), ("left", self.left)]
        {
            out.add_json(name, flag(holds));
        }
        Some(out)
    }

    /// Takes over what a journal remembers, or a report tells.
    pub fn recall(&mut self, told: Value<'_>) {
        let holds = |name: &str| told.get(name).is_some_and(Value::is_true);
        let backends = items(told, "backends").filter_map(|id| Some(String::from(id.as_str()?)));
        self.expected = match told.text("did") {
            "edit" => Some(Expected::Backends(backends.collect())),
            "delete" => Some(Expected::Gone),
            _ => None,
        };
        // A report says it by the state.
        let seen = matches!(told.text("state"), "edited" | "deleted" | "restored");
        (self.verified, self.returned) = (holds("verified") || seen, holds("returned"));
        (self.restored, self.left) = (holds("restored") || told.says("state", "restored"), holds("left"));
        if !told.text("id").is_empty() {
            self.touched.rule.id = told.text("id").into();
        }
    }

    /// It as JSON.
    #[must_use]
    pub fn write(&self) -> Json {
        let mut out = self.touched.write();
        if self.touched.rule.id != self.planned_id {
            out.add("plannedId", &self.planned_id);
        }
        if let Some(did) = self.did() {
            out.add("did", did);
        }
        out.add(
            "state",
            match (&self.expected, self.restored, self.verified) {
                _ if self.asked => "unknown",
                (None, ..) => "untouched",
                (_, true, _) => "restored",
                (_, _, false) => "unknown",
                _ if self.returned => "unknown",
                (Some(Expected::Gone), ..) => "deleted",
                _ => "edited",
            },
        );
        out
    }
}
