//! What a load balancer looks like, whoever's it is: what sends to which groups, and what is in them.

use alloc::{string::String, vec::Vec};

use crate::core::encode::decimal;
use crate::core::json::{Json, parse, push_comma, push_name, push_string};
use crate::core::text::{join, same, words};
use crate::core::value::{Document, Items, Value};

/// How a health check sees a backend, in the order of how much speaks against it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Health {
    /// Nobody checks, or nobody has said yet.
    #[default]
    Unknown,
    /// It passes.
    Healthy,
    /// It passes for some listeners and fails for others.
    Mixed,
    /// It is to be checked, and was not yet: nothing to rely on, and nothing that fails.
    Unchecked,
    /// It fails.
    Unhealthy,
}

impl Health {
    /// The word used in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Health::Unknown | Health::Unchecked => "unknown",
            Health::Healthy => "healthy",
            Health::Mixed => "mixed",
            Health::Unhealthy => "unhealthy",
        }
    }

    /// The health of this name.
    #[must_use]
    pub fn of(name: &str) -> Self {
        let all = [Health::Healthy, Health::Mixed, Health::Unhealthy];
        all.into_iter().find(|health| health.name() == name).unwrap_or_default()
    }
}

/// What the vendor says of a load balancer, group or backend as such.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Condition {
    /// It can be changed.
    #[default]
    Ready,
    /// It is changing: wait.
    Changing,
    /// It will not change by itself: an error, a lock.
    Stuck,
}

/// A server in a group, on one port and address.
#[derive(Clone, Debug, Default)]
pub struct Backend {
    /// What tells it in its group.
    pub id: String,
    /// What tells its server; one server can be several backends.
    pub server: String,
    /// The weight; 0 takes nothing new.
    pub weight: i64,
    /// Whether it is switched on.
    pub enabled: bool,
    /// Its health.
    pub health: Health,
    /// What the vendor said of it, as JSON: what tells and what restores it.
    pub saved: String,
    /// What the vendor calls its name, address, port and type; see [`Family::facts`](crate::removal::Family).
    pub facts: &'static [&'static str],
}

/// A rule that sends some requests to some of a group's backends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    /// The vendor's id of it.
    pub id: String,
    /// What it matches, for the reader.
    pub matches: String,
    /// Whether it was made by the user: only such a rule is edited, and holds a backend back.
    pub custom: bool,
    /// The ids of its backends.
    pub backends: Vec<String>,
    /// What it is apart from its backends, as JSON.
    pub saved: String,
}

/// A set of backends: a default group, a vServer group, a VServer, a pool.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// The vendor's id of it; the load balancer's, where it has none.
    pub id: String,
    /// What it is, in the vendor's words.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// How it chooses, in the vendor's words.
    pub method: String,
    /// What sends to it: listeners (`http:80`) and, at some vendors, rules.
    pub users: Vec<String>,
    /// Whether weights count.
    pub weighted: bool,
    /// Whether weights or switches can be set at all, and if not, why; empty if they can.
    pub undrainable: &'static str,
    /// Whether nothing can be taken out of it.
    pub immutable: bool,
    /// Whether it was asked for, and no answer has had it yet.
    pub unread: bool,
    /// How long an idle connection stays, in seconds; 0 where that is not said.
    pub idle_seconds: i64,
    /// Whether clients stick to their backend.
    pub sticky: bool,
    /// The backends, in the order of their ids once all was read.
    pub backends: Vec<Backend>,
    /// The rules.
    pub rules: Vec<Rule>,
}

/// A load balancer.
#[derive(Clone, Debug, Default)]
pub struct Balancer {
    /// The vendor's id of it.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its state, in the vendor's words.
    pub status: String,
    /// Whether it can be changed.
    pub condition: Condition,
    /// The listeners: `http:80`.
    pub listeners: Vec<String>,
    /// The groups.
    pub groups: Vec<Group>,
}

impl Backend {
    /// What the vendor says of it: an object.
    #[must_use]
    pub fn fields(&self) -> Document<'_> {
        read(&self.saved)
    }

    /// Whether it takes nothing new.
    #[must_use]
    pub fn is_drained(&self, group: &Group) -> bool {
        !self.enabled || (group.weighted && self.weight == 0)
    }

    /// Whether it is at another port or address than planned.
    #[must_use]
    pub fn is_elsewhere(&self, planned: &Backend) -> bool {
        let (planned, now) = (planned.fields(), self.fields());
        ["port", "privateIp"].iter().any(|name| {
            planned.value().get(name).and_then(Value::as_text) != now.value().get(name).and_then(Value::as_text)
        })
    }

    /// Whether it is in the place of another one, by the fields that tell a place; where there are none, it is not.
    #[must_use]
    pub fn is_in_place_of(&self, other: &Backend, fields: &str) -> bool {
        if fields.is_empty() {
            return false;
        }
        let (own, other) = (self.fields(), other.fields());
        words(fields).all(|name| same(said(own.value(), name), said(other.value(), name)))
    }

    /// Whether it takes traffic, as far as one can tell.
    ///
    /// One that serves only some listeners is none to rely on, and one that is missed.
    #[must_use]
    pub fn serves(&self, group: &Group, relied_on: bool) -> bool {
        let fails = if relied_on { Health::Mixed } else { Health::Unhealthy };
        self.health < fails && !self.is_drained(group)
    }
}

impl Group {
    /// A backend by its id; they are in the order of their ids.
    #[must_use]
    pub fn backend(&self, id: &str) -> Option<&Backend> {
        let index = self.backends.binary_search_by(|backend| backend.id.as_str().cmp(id));
        index.ok().and_then(|index| self.backends.get(index))
    }

    /// A rule by its id.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| same(&rule.id, id))
    }
}

impl Rule {
    /// What the vendor says of it: an object.
    #[must_use]
    pub fn fields(&self) -> Document<'_> {
        read(&self.saved)
    }

    /// Whether both are the same apart from their backends. Whoever kept the plan may have written it anew.
    #[must_use]
    pub fn is_like(&self, other: &Rule) -> bool {
        let (own, others) = (self.fields(), other.fields());
        let (own, others) = (own.value(), others.value());
        let agrees = |(name, value): (&str, Value<'_>)| others.get(name).and_then(Value::as_text) == value.as_text();
        own.fields().count() == others.fields().count() && own.fields().all(agrees)
    }
}

impl Balancer {
    /// A group by its id; a new one of this `kind`, if there is none yet.
    pub fn group(&mut self, id: &str, kind: &'static str) -> &mut Group {
        let index = match self.groups.iter().position(|group| same(&group.id, id)) {
            Some(index) => index,
            None => {
                self.groups.push(Group { id: id.into(), kind, weighted: true, ..Group::default() });
                self.groups.len() - 1
            }
        };
        let group = &mut self.groups[index];
        group.unread = false;
        group
    }

    /// Adds the groups of another reading of the same load balancer.
    pub fn merge(&mut self, other: Balancer) {
        for group in other.groups {
            match self.groups.iter().position(|known| same(&known.id, &group.id)) {
                Some(index) => self.groups[index] = group,
                None => self.groups.push(group),
            }
        }
    }

    /// A group by its id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Group> {
        self.groups.iter().find(|group| same(&group.id, id))
    }

    /// It as JSON.
    #[must_use]
    pub fn write(&self) -> Json {
        let mut out = Json::object(&[("id", &self.id), ("name", &self.name), ("status", &self.status)]);
        out.add_json("listeners", &texts(&self.listeners));
        out.add_json("groups", &list(&self.groups, Group::write));
        out
    }
}

impl Group {
    fn write(&self) -> Json {
        let mut out =
            Json::object(&[("id", &self.id), ("kind", self.kind), ("name", &self.name), ("method", &self.method)]);
        out.add_json("usedBy", &texts(&self.users));
        out.add_json("rules", &list(&self.rules, Rule::write));
        let mut backends = String::from("[");
        for backend in &self.backends {
            push_comma(&mut backends);
            let mut told = Json::object(&[]);
            backend.write(&self.id, &mut told);
            backends.push_str(told.as_str());
        }
        out.add_json("backends", &join(&[&backends, "]"]));
        out
    }
}

impl Rule {
    /// It as JSON.
    #[must_use]
    pub fn write(&self) -> Json {
        let mut out = Json::object(&[("id", &self.id), ("matches", &self.matches)]);
        out.add_json("custom", flag(self.custom));
        out.add_json("backends", &texts(&self.backends));
        out.add_json("saved", &self.saved);
        out
    }
}

/// What every vendor's backend may have, under names of our own.
const FACTS: [&str; 4] = ["name", "address", "port", "type"];

impl Backend {
    /// Adds it, a backend of `group`, to a JSON object.
    pub fn write(&self, group: &str, out: &mut Json) {
        for (name, value) in
            [("groupId", group), ("id", &self.id), ("server", &self.server), ("health", self.health.name())]
        {
            out.add(name, value);
        }
        out.add_json("weight", &decimal(self.weight));
        out.add_json("enabled", flag(self.enabled));
        let saved = self.fields();
        for (name, field) in FACTS.iter().zip(self.facts) {
            // An empty text says nothing.
            if let Some(value) = saved.value().get(field)
                && value.as_text().is_some_and(|text| !text.is_empty())
            {
                out.add_json(name, value.raw());
            }
        }
        out.add_json("saved", &self.saved);
    }
}

/// The items of an object's list; none where it has none.
#[inline(never)]
#[must_use]
pub fn items<'d>(of: Value<'d>, name: &str) -> Items<'d> {
    // An object itself has no items.
    of.get(name).unwrap_or(of).items()
}

/// What a field says: a text, or a number as its text.
#[inline(never)]
#[must_use]
pub fn said<'d>(of: Value<'d>, name: &str) -> &'d str {
    of.get(name).and_then(Value::as_text).unwrap_or_default()
}

/// A field that is an integer, or what stands for it where it is not there.
#[inline(never)]
#[must_use]
pub fn number(of: Value<'_>, name: &str, default: i64) -> i64 {
    of.get(name).and_then(Value::as_integer).unwrap_or(default)
}

/// `true` or `false`.
#[must_use]
pub fn flag(flag: bool) -> &'static str {
    if flag { "true" } else { "false" }
}

/// A text as JSON.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut out = String::new();
    push_string(&mut out, text);
    out
}

/// A JSON list of texts.
#[must_use]
pub fn texts(items: &[String]) -> String {
    let mut out = String::from("[");
    for item in items {
        push_comma(&mut out);
        push_string(&mut out, item);
    }
    out.push_str("]");
    out
}

/// A JSON list.
#[must_use]
pub fn list<T>(items: &[T], write: fn(&T) -> Json) -> String {
    let mut out = String::from("[");
    for item in items {
        push_comma(&mut out);
        out.push_str(write(item).as_str());
    }
    out.push_str("]");
    out
}

/// An object's fields of these names, as JSON text; what it does not have is left out.
#[must_use]
pub fn excerpt(object: Value<'_>, names: &str) -> String {
    let mut out = String::from("{");
    for name in words(names) {
        if let Some(value) = object.get(name) {
            push_name(&mut out, name);
            out.push_str(value.raw());
        }
    }
    out.push_str("}");
    out
}

/// Reads text that is JSON of our own making.
#[inline(never)]
fn read(text: &str) -> Document<'_> {
    parse(text).unwrap_or_default()
}

/// Whether a sorted list has this text.
#[inline(never)]
#[must_use]
pub fn is_among(sorted: &[&str], text: &str) -> bool {
    sorted.binary_search(&text).is_ok()
}

/// The indexes of `keys` in the order of the keys; equal ones stay in theirs.
///
/// One function for all sorting here: the standard library's weighs 3 KiB for each type that it sorts.
#[must_use]
pub fn order(keys: &[&str]) -> Vec<usize> {
    let mut indexes: Vec<usize> = (0..keys.len()).collect();
    let mut other = indexes.clone();
    let mut width = 1;
    while width < keys.len() {
        let mut from = 0;
        while from < keys.len() {
            let (middle, end) = ((from + width).min(keys.len()), (from + 2 * width).min(keys.len()));
            let (mut left, mut right) = (from, middle);
            for slot in &mut other[from..end] {
                let takes_left = left < middle && (right >= end || keys[indexes[left]] <= keys[indexes[right]]);
                let next = if takes_left { &mut left } else { &mut right };
                *slot = indexes[*next];
                *next += 1;
            }
            from = end;
        }
        core::mem::swap(&mut indexes, &mut other);
        width *= 2;
    }
    indexes
}

/// Puts `items` into the order of their keys.
pub fn sort<T: Default>(items: &mut [T], key: fn(&T) -> &str) {
    let keys: Vec<&str> = items.iter().map(key).collect();
    let indexes = order(&keys);
    let sorted: Vec<T> = indexes.iter().map(|index| core::mem::take(&mut items[*index])).collect();
    for (slot, item) in items.iter_mut().zip(sorted) {
        *slot = item;
    }
}
