//! What stands at the vendor: load balancers, groups, backends and rules; when a change is carried
//! out, when it can be seen, and what locks what meanwhile. It shares no code with the crate.

use std::collections::{BTreeMap, HashMap, VecDeque};

use crate::chance::Chance;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    Alibaba,
    Ucloud,
    Openstack,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    Unknown,
    Good,
    Mixed,
    Bad,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Backend {
    /// What tells it in its group, in this model's own words.
    pub id: String,
    /// The server, and its address.
    pub server: String,
    pub ip: String,
    pub port: u16,
    pub kind: &'static str,
    pub weight: i64,
    pub enabled: bool,
    pub health: Health,
    pub description: String,
    /// Its instance is gone: whatever names it is refused as a whole.
    pub dead: bool,
    /// Listed, and on its way out.
    pub deleting: bool,
    /// Whether it was we who drained it last.
    pub drained_by_us: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    pub id: String,
    pub kind: &'static str,
    pub matches: String,
    pub mode: &'static str,
    pub priority: i64,
    /// Made by the user, not the service's own default.
    pub own: bool,
    pub backends: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    pub id: String,
    /// A load balancer's own group, which has its id.
    pub default: bool,
    pub protocol: &'static str,
    pub ports: Vec<u16>,
    pub method: &'static str,
    pub sticky: bool,
    pub backends: Vec<Backend>,
    pub rules: Vec<Rule>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Balancer {
    pub id: String,
    pub broken: bool,
    pub groups: Vec<Group>,
}

/// A change of a load balancer, whoever asks for it.
#[derive(Clone, Debug)]
pub enum Act {
    /// Sets weights, and the descriptions that were given with them.
    Weights(Vec<(String, i64, Option<String>)>),
    Enable(String, bool),
    Remove(Vec<String>),
    RuleSet(Rule),
    RuleDelete(String),
    RuleCreate(Rule),
    Add(Vec<Backend>),
    /// Nobody asks for this.
    Health(String, Health),
}

#[derive(Clone, Debug)]
pub struct Change {
    pub balancer: usize,
    pub group: usize,
    pub act: Act,
}

/// How the vendor behaves in a case.
#[derive(Clone, Debug, Default)]
pub struct Temper {
    /// A change can be seen after up to so many milliseconds.
    pub lag_ms: i64,
    /// After a change the load balancer takes no other for up to so many.
    pub lock_ms: i64,
    /// Changes are accepted first and carried out at the lock's end, as Octavia does.
    pub accepts: bool,
    /// A weight for what is not there is an error.
    pub strict: bool,
}

#[derive(Clone, Debug)]
pub struct Cloud {
    pub family: Family,
    pub now: i64,
    pub temper: Temper,
    pub real: Vec<Balancer>,
    /// What reads show, and what they will show from when on.
    shown: Vec<Balancer>,
    to_show: Vec<VecDeque<(i64, Balancer)>>,
    locked_until: Vec<i64>,
    /// Accepted or delayed changes, whether they are ours, and when they are carried out.
    pending: Vec<(i64, bool, Change)>,
    made: u32,
    /// Where each backend is or was, by its id.
    homes: HashMap<String, usize>,
    /// Where load balancers and groups are.
    balancers: HashMap<String, usize>,
    groups: HashMap<String, (usize, usize)>,
    /// What was removed, by load balancer and group: what is told of a server that is added again.
    graves: BTreeMap<(usize, usize), Vec<Backend>>,
}

impl Group {
    pub fn weighted(&self, family: Family) -> bool {
        family != Family::Ucloud || self.method == "WeightRoundrobin"
    }

    pub fn backend(&self, id: &str) -> Option<&Backend> {
        self.backends.iter().find(|backend| backend.id == id)
    }

    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// What is in the same place already.
    pub fn twin(&self, of: &Backend) -> Option<&Backend> {
        let place = |one: &Backend| (one.server.clone(), one.ip.clone(), one.port);
        self.backends.iter().find(|one| one.id == of.id || place(one) == place(of))
    }

    /// Whether its rules mean anything.
    pub fn is_l7(&self) -> bool {
        matches!(self.protocol, "HTTP" | "HTTPS")
    }

    pub fn is_drained(&self, family: Family, backend: &Backend) -> bool {
        !backend.enabled || (self.weighted(family) && backend.weight == 0)
    }
}

impl Cloud {
    pub fn new(family: Family, temper: Temper, real: Vec<Balancer>) -> Self {
        let count = real.len();
        let mut homes = HashMap::new();
        let (mut balancers, mut groups) = (HashMap::new(), HashMap::new());
        for (number, balancer) in real.iter().enumerate() {
            balancers.insert(balancer.id.clone(), number);
            for (place, group) in balancer.groups.iter().enumerate() {
                if !group.default {
                    groups.insert(group.id.clone(), (number, place));
                }
                homes.extend(group.backends.iter().map(|backend| (backend.id.clone(), place)));
            }
        }
        Cloud {
            homes,
            balancers,
            groups,
            family,
            now: 1_790_000_000_000,
            temper,
            shown: real.clone(),
            real,
            to_show: vec![VecDeque::new(); count],
            locked_until: vec![0; count],
            pending: Vec::new(),
            made: 0,
            graves: BTreeMap::new(),
        }
    }

    /// Lets time go by.
    pub fn pass(&mut self, millis: i64) {
        self.now += millis;
        while let Some(place) = (0..self.pending.len())
            .filter(|place| self.pending[*place].0 <= self.now)
            .min_by_key(|place| self.pending[*place].0)
        {
            let (_, ours, change) = self.pending.remove(place);
            self.carry_out(&change, ours, 0);
        }
        for (shown, queue) in self.shown.iter_mut().zip(&mut self.to_show) {
            while queue.front().is_some_and(|(when, _)| *when <= self.now) {
                *shown = queue.pop_front().expect("a front").1;
            }
        }
    }

    /// Lets everything come to rest.
    pub fn settle(&mut self) {
        self.pass(10 * 60_000);
    }

    pub fn shown(&self, balancer: usize) -> &Balancer {
        if self.temper.lag_ms == 0 { &self.real[balancer] } else { &self.shown[balancer] }
    }

    /// Whether a load balancer takes no change now.
    pub fn locked(&self, balancer: usize) -> bool {
        self.now < self.locked_until[balancer]
    }

    pub fn find(&self, id: &str) -> Option<usize> {
        self.balancers.get(id).copied()
    }

    pub fn find_group(&self, id: &str) -> Option<(usize, usize)> {
        self.groups.get(id).copied()
    }

    /// Takes a change that nothing speaks against: carries it out now, or says that it will.
    pub fn accept(&mut self, change: Change, ours: bool, chance: &mut Chance) {
        let lock = if self.temper.lock_ms > 0 { chance.range(1, self.temper.lock_ms) } else { 0 };
        let lag = if self.temper.lag_ms > 0 { chance.range(0, self.temper.lag_ms) } else { 0 };
        self.locked_until[change.balancer] = self.now + lock;
        if self.temper.accepts && lock > 0 {
            if let Act::Remove(ids) = &change.act {
                for backend in &mut self.real[change.balancer].groups[change.group].backends {
                    backend.deleting |= ids.contains(&backend.id);
                }
            }
            self.pending.push((self.now + lock, ours, change));
        } else {
            self.carry_out(&change, ours, lag);
        }
    }

    /// What happens without anybody asking for it.
    pub fn flip(&mut self, change: &Change) {
        self.carry_out(change, false, 0);
    }

    /// Carries a change out later, whatever stands against it now.
    pub fn delay(&mut self, change: Change, millis: i64) {
        self.pending.push((self.now + millis, true, change));
    }

    /// The group that a backend is or was in, where its id tells that.
    pub fn home(&self, id: &str) -> usize {
        self.homes.get(id).copied().unwrap_or(0)
    }

    /// What was removed from a group and is told by this, the last first; its address is known to the service.
    pub fn grave(&self, place: (usize, usize), is: impl Fn(&Backend) -> bool) -> Option<Backend> {
        let group = &self.real[place.0].groups[place.1];
        let mut own = self.graves.get(&place)?.iter().rev().filter(|one| is(one));
        own.find(|one| group.twin(one).is_none())
            .or_else(|| self.graves[&place].iter().rev().find(|one| is(one)))
            .cloned()
    }

    /// Some instances of those that were removed are released meanwhile.
    pub fn release(&mut self, chance: &mut Chance, share: u32) {
        for grave in self.graves.values_mut().flatten() {
            grave.dead |= chance.permille(share);
        }
    }

    pub fn fresh(&mut self, prefix: &str) -> String {
        self.made += 1;
        format!("{prefix}{:04}", self.made)
    }

    fn carry_out(&mut self, change: &Change, ours: bool, lag: i64) {
        let family = self.family;
        let group = &mut self.real[change.balancer].groups[change.group];
        let held = |group: &Group, id: &String| {
            group.is_l7() && group.rules.iter().any(|rule| rule.own && rule.backends.contains(id))
        };
        match &change.act {
            Act::Weights(items) => {
                for (id, weight, description) in items {
                    if let Some(backend) = group.backends.iter_mut().find(|backend| &backend.id == id) {
                        backend.drained_by_us = ours && *weight == 0 && (backend.weight != 0 || backend.drained_by_us);
                        backend.weight = *weight;
                        if family == Family::Alibaba {
                            backend.description = description.clone().unwrap_or_default();
                        }
                    }
                }
            }
            Act::Enable(id, enabled) => {
                let ignored = family == Family::Ucloud && group.method == "Backup";
                if let Some(backend) = group.backends.iter_mut().find(|backend| &backend.id == id && !ignored) {
                    backend.drained_by_us = ours && !enabled && (backend.enabled || backend.drained_by_us);
                    backend.enabled = *enabled;
                }
            }
            Act::Remove(ids) => {
                let free: Vec<String> = ids.iter().filter(|id| !held(group, id)).cloned().collect();
                let graves = self.graves.entry((change.balancer, change.group)).or_default();
                graves.extend(group.backends.iter().filter(|backend| free.contains(&backend.id)).cloned());
                group.backends.retain(|backend| !free.contains(&backend.id));
                for rule in group.rules.iter_mut().filter(|rule| !rule.own) {
                    rule.backends.retain(|id| !free.contains(id));
                }
            }
            Act::RuleSet(rule) => {
                if let Some(own) = group.rules.iter_mut().find(|own| own.id == rule.id) {
                    *own = rule.clone();
                }
            }
            Act::RuleDelete(id) => group.rules.retain(|rule| &rule.id != id),
            Act::RuleCreate(rule) => group.rules.push(rule.clone()),
            Act::Add(backends) => {
                for backend in backends {
                    // What came late meets what was put there since; what others have done was looked at before.
                    let there = if ours { group.twin(backend) } else { group.backend(&backend.id) };
                    if there.is_none() {
                        for rule in group.rules.iter_mut().filter(|rule| !rule.own) {
                            rule.backends.push(backend.id.clone());
                        }
                        group.backends.push(backend.clone());
                        self.homes.insert(backend.id.clone(), change.group);
                    }
                }
            }
            Act::Health(id, health) => {
                if let Some(backend) = group.backends.iter_mut().find(|backend| &backend.id == id) {
                    backend.health = *health;
                }
            }
        }
        if self.temper.lag_ms > 0 {
            let queue = &mut self.to_show[change.balancer];
            let after = queue.back().map_or(0, |(when, _)| *when);
            queue.push_back(((self.now + lag).max(after), self.real[change.balancer].clone()));
        }
    }
}
