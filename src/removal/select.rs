//! Which backends a request means.

use alloc::{string::String, vec::Vec};

use crate::core::json::Json;
use crate::core::text::{join, same};
use crate::core::value::Value;
use crate::removal::family::{BACKEND, Family, GROUP_OF_BACKEND};
use crate::removal::world::{Backend, Balancer, Health, order, sort};

/// A backend that a request means.
#[derive(Clone, Copy, Debug)]
pub struct Picked {
    /// The index of its group.
    pub group: usize,
    /// Its index in that group.
    pub backend: usize,
    /// Whether its health is part of why.
    pub by_health: bool,
}

/// The selectors of a request, in an order in which they are found quickly: thousands of them meet
/// thousands of backends on hundreds of load balancers.
#[derive(Debug, Default)]
pub struct Index {
    /// What tells each: the vendor's name of a field, and what it is to be. Selectors that nothing but
    /// health tells have neither. In order, each with the selector's number.
    keys: Vec<String>,
    numbers: Vec<usize>,
    /// The selectors, as JSON texts.
    texts: Vec<String>,
}

impl Index {
    /// That of these selectors.
    #[must_use]
    pub fn new(family: &Family, selectors: &[Value<'_>]) -> Self {
        let mut keys = Vec::with_capacity(selectors.len());
        for selector in selectors {
            let mut key = String::new();
            // Port and group, which many share, come last in every family's table.
            for parameter in family.selectors.iter().rev() {
                if let (Some(value), false) = (selector.get(parameter.name), parameter.wire.is_empty()) {
                    key = join(&[parameter.wire, " ", value.as_text().unwrap_or_default()]);
                }
            }
            keys.push(key);
        }
        let numbers = order(&keys.iter().map(String::as_str).collect::<Vec<_>>());
        sort(&mut keys, |key| key);
        Index { keys, numbers, texts: selectors.iter().map(|selector| selector.raw().into()).collect() }
    }
}

/// The selectors of a request at work.
#[derive(Debug)]
pub struct Selectors<'a> {
    family: &'static Family,
    index: &'a Index,
    /// Whether each met anything, where that is asked.
    pub met: Vec<bool>,
}

impl<'a> Selectors<'a> {
    /// The selectors of a request.
    #[must_use]
    pub fn new(family: &'static Family, index: &'a Index) -> Self {
        Selectors { family, index, met: Vec::new() }
    }

    /// Notes from now on which of them meet anything.
    #[must_use]
    pub fn counted(mut self) -> Self {
        self.met = alloc::vec![false; self.index.texts.len()];
        self
    }

    /// The backends of `balancer` that they mean.
    pub fn pick(&mut self, balancer: &Balancer) -> Vec<Picked> {
        let mut out = Vec::new();
        for (group, of) in balancer.groups.iter().enumerate() {
            for (index, backend) in of.backends.iter().enumerate() {
                if let Some(by_health) = self.means(&of.id, backend) {
                    out.push(Picked { group, backend: index, by_health });
                }
            }
        }
        out
    }

    /// Whether any means `backend`, and if so, whether none does whatever its health.
    fn means(&mut self, group: &str, backend: &Backend) -> Option<bool> {
        let saved = backend.fields();
        let of = Candidate { group, backend, saved: saved.value() };
        let mut found = self.look("", &of);
        for (index, parameter) in self.family.selectors.iter().enumerate() {
            let before = self.family.selectors.get(..index).unwrap_or_default();
            if parameter.wire.is_empty() || before.iter().any(|other| other.wire == parameter.wire) {
                continue;
            }
            match self.look(&join(&[parameter.wire, " ", of.get(parameter.wire)]), &of) {
                Some(false) => found = Some(false),
                other => found = found.or(other),
            }
        }
        found
    }

    fn look(&mut self, key: &str, of: &Candidate<'_>) -> Option<bool> {
        let mut found = None;
        let Index { keys, numbers, texts } = self.index;
        for index in keys.partition_point(|own| own.as_str() < key)..keys.len() {
            let number = numbers[index];
            if keys[index] != key {
                break;
            }
            let selector = Json::new(texts[number].clone()).read();
            if fits(self.family, selector.value(), of) {
                if let Some(met) = self.met.get_mut(number) {
                    *met = true;
                }
                let by_health = selector.value().get("health").is_some();
                found = Some(by_health && found.unwrap_or(true));
            }
        }
        found
    }

    /// The selectors that met nothing, as JSON texts.
    pub fn absent(&self) -> impl Iterator<Item = &'a String> {
        self.index.texts.iter().zip(&self.met).filter(|(_, met)| !**met).map(|(text, _)| text)
    }
}

/// A backend that a selector may mean.
struct Candidate<'a> {
    group: &'a str,
    backend: &'a Backend,
    saved: Value<'a>,
}

impl<'a> Candidate<'a> {
    /// What it has where a selector's parameter says `wire`; empty where it has nothing.
    fn get(&self, wire: &str) -> &'a str {
        match wire {
            BACKEND => &self.backend.id,
            GROUP_OF_BACKEND => self.group,
            field => self.saved.get(field).and_then(Value::as_text).unwrap_or_default(),
        }
    }
}

fn fits(family: &Family, selector: Value<'_>, of: &Candidate<'_>) -> bool {
    selector.fields().all(|(name, wanted)| {
        match family.selectors.iter().find(|own| same(own.name, name)).map_or("", |own| own.wire) {
            "" => of.backend.health == Health::Unhealthy,
            // No selector is an empty text, so what a backend does not have fits none.
            wire => wanted.as_text() == Some(of.get(wire)),
        }
    })
}
