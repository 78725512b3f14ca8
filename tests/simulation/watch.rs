//! Looks at every call of a run: what was read before it, whom it names, what a rule gains and loses.
//! All of that is counted here once more, from what the model showed.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde_json::Value;

use crate::cloud::{Act, Backend, Change, Cloud, Family, Group, Health};
use crate::vendor::{self, Seen};

pub type Place = (usize, usize, String);

/// An entry of the plan, and what was done about it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// How the plan found it.
    pub backend: Backend,
    pub drained: bool,
    /// The number of the first removal that may have been carried out.
    pub removal: Option<usize>,
    /// Whether it was there at the last look before that.
    pub there: bool,
    /// Whether a call named it, or edited a rule that held it.
    pub named: bool,
    /// Whether a drain of it may have been carried out.
    pub drain: bool,
    /// The same of what an undo does.
    pub returned: bool,
}

#[derive(Clone, Debug)]
pub struct PlannedRule {
    pub place: (usize, usize),
    pub id: String,
    pub kind: String,
    pub matches: String,
    pub backends: Vec<String>,
}

/// What a lane has read of a group, whole.
#[derive(Clone, Debug)]
pub struct View {
    pub group: Group,
    /// The number of the call, and when it was.
    pub at: usize,
    pub when: i64,
}

#[derive(Clone, Debug)]
pub struct Watch {
    pub family: Family,
    /// Of each lane in hand, its load balancer; what follows is of each load balancer.
    pub balancers: Vec<usize>,
    pub entries: BTreeMap<Place, Entry>,
    pub rules: Vec<PlannedRule>,
    /// How many calls there were, and where in their order one is.
    pub calls: Vec<usize>,
    sequence: Vec<usize>,
    /// What lanes know: from reads of their own, or from the journal of another run.
    pub views: BTreeMap<(usize, usize), Rc<View>>,
    kept: BTreeMap<(usize, usize), Rc<View>>,
    /// What lanes will be told.
    fresh: Vec<(usize, (usize, usize), View)>,
    /// Alibaba tells the health in another answer.
    half: BTreeMap<(usize, usize), View>,
    /// The health that was shown where a check was shown.
    health: BTreeMap<Place, Health>,
    last_change: Vec<usize>,
    /// Removals that were refused, and that no journal tells of yet: their number, whom they name, and who of them was there.
    refused: BTreeMap<usize, (usize, Vec<(Place, bool)>)>,
    since: Vec<usize>,
    /// When what must not be done twice was last sent, or may have been.
    once: BTreeMap<Place, i64>,
    /// When a drain was last sent, or may have been; and how long is to be waited.
    drained_at: Vec<i64>,
    wait_ms: Option<i64>,
    /// The ids of what was put in again, by us or by somebody, and under which the plan has it; what somebody has put
    /// in is the plan's matter for an undo only.
    alias: BTreeMap<Place, (String, bool)>,
    /// What somebody has put in, under these ids; and what was known to be gone before the undo.
    theirs: BTreeSet<Place>,
    known_gone: BTreeSet<Place>,
    /// Whether it is put back what was done.
    pub undoing: bool,
    keep: (usize, bool),
    allows_keep: bool,
    /// The entries of the call whose answer was lost first.
    pub lost: Option<BTreeSet<Place>>,
    /// Changes, those that take something out of service under a guard, edits of rules, and those that met a rule that somebody else had changed since it was read.
    pub changes: usize,
    pub guards: usize,
    pub edits: usize,
    pub windows: usize,
    /// Edits that repeat a rule as it was read: what is not seen of the run's own edit yet may still come.
    pub repeats: usize,
    /// Groups whose rules were hit so.
    pub hit: BTreeSet<(usize, usize)>,
}

impl Watch {
    pub fn new(cloud: &Cloud, plan: &Value) -> Self {
        let place = |told: &Value| {
            let balancer = cloud.find(told["loadBalancerId"].as_str().unwrap_or_default()).expect("a load balancer");
            let id = told["groupId"].as_str().unwrap_or_default();
            let group = cloud.real[balancer].groups.iter().position(|group| group.id == id).expect("a group");
            (balancer, group)
        };
        let mut entries = BTreeMap::new();
        for told in plan["entries"].as_array().into_iter().flatten() {
            let (balancer, group) = place(told);
            let of = &cloud.real[balancer].groups[group];
            let id = vendor::entry_id(cloud.family, of.default, told);
            let backend = cloud.shown(balancer).groups[group].backend(&id).expect("a planned backend is there");
            let entry = Entry {
                backend: backend.clone(),
                drained: of.is_drained(cloud.family, backend),
                removal: None,
                there: false,
                named: false,
                drain: false,
                returned: false,
            };
            assert_eq!(told["weight"].as_i64(), Some(backend.weight));
            assert!(entries.insert((balancer, group, id), entry).is_none(), "an entry twice");
        }
        let rules = plan["rules"].as_array().into_iter().flatten().map(|told| {
            let (balancer, group) = place(told);
            let id = told["id"].as_str().unwrap_or_default();
            let rule = cloud.real[balancer].groups[group].rule(id).expect("a rule");
            PlannedRule {
                place: (balancer, group),
                id: id.to_owned(),
                kind: rule.kind.to_owned(),
                matches: rule.matches.clone(),
                backends: rule.backends.clone(),
            }
        });
        let keep = match &plan["request"]["keepAtLeast"] {
            Value::String(share) => (share.trim_end_matches('%').parse().expect("a share"), true),
            Value::Number(number) => (number.as_u64().expect("a number") as usize, false),
            _ => (1, false),
        };
        let allows =
            |guard: &str| plan["request"]["allow"].as_array().is_some_and(|all| all.iter().any(|one| one == guard));
        let count = cloud.real.len();
        let drain = &plan["request"]["drain"];
        Watch {
            health: BTreeMap::new(),
            family: cloud.family,
            entries,
            rules: rules.collect(),
            calls: vec![0; count],
            sequence: vec![0; count],
            views: BTreeMap::new(),
            kept: BTreeMap::new(),
            fresh: Vec::new(),
            half: BTreeMap::new(),
            last_change: vec![0; count],
            refused: BTreeMap::new(),
            since: vec![0; count],
            once: BTreeMap::new(),
            drained_at: vec![0; count],
            wait_ms: (drain != false).then(|| drain["waitMs"].as_i64().unwrap_or(30_000)),
            alias: BTreeMap::new(),
            undoing: false,
            theirs: BTreeSet::new(),
            known_gone: BTreeSet::new(),
            balancers: Vec::new(),
            keep,
            allows_keep: allows("keep-at-least"),
            lost: None,
            changes: 0,
            guards: 0,
            edits: 0,
            windows: 0,
            repeats: 0,
            hit: BTreeSet::new(),
        }
    }

    /// Whether a backend is one of the plan's, whatever its id is now.
    pub fn planned(&self, place: (usize, usize), id: &str) -> bool {
        self.entries.contains_key(&self.place(place, id))
    }

    /// The place that the plan has for a backend.
    pub fn place(&self, place: (usize, usize), id: &str) -> Place {
        let own = (place.0, place.1, id.to_owned());
        match self.alias.get(&own) {
            Some((planned, ours)) if *ours || self.undoing => (place.0, place.1, planned.clone()),
            _ => own,
        }
    }

    /// What is put in where the plan has something is that again, under another id.
    pub fn added(&mut self, place: (usize, usize), backend: &Backend, ours: bool) {
        let own = (place.0, place.1, backend.id.clone());
        match ours {
            true => self.theirs.remove(&own),
            false => self.theirs.insert(own),
        };
        let is = |one: &Backend| {
            one.id != backend.id && (&one.server, &one.ip, one.port) == (&backend.server, &backend.ip, backend.port)
        };
        let planned = self.entries.iter().find(|(own, entry)| (own.0, own.1) == place && is(&entry.backend));
        if let Some(((.., planned), _)) = planned {
            self.alias.insert((place.0, place.1, backend.id.clone()), (planned.clone(), ours));
        }
    }

    /// A run begins, with these lanes.
    pub fn lanes(&mut self, cloud: &Cloud, lanes: &[String]) {
        self.balancers = lanes.iter().map(|id| cloud.find(id).expect("a load balancer")).collect();
    }

    /// A lane has sent something; it counts where it may have left.
    pub fn called(&mut self, lane: usize, counts: bool) {
        let balancer = self.balancers[lane];
        self.sequence[balancer] += 1;
        self.calls[balancer] += usize::from(counts);
    }

    /// The journal knows what the lane knows.
    pub fn keep(&mut self, lane: usize) {
        let balancer = self.balancers[lane];
        self.refused.remove(&balancer);
        for (place, view) in self.views.range((balancer, 0)..(balancer + 1, 0)) {
            self.kept.insert(*place, view.clone());
        }
    }

    /// Its report knows all that was read.
    pub fn keep_all(&mut self) {
        self.kept = self.views.clone();
        self.refused.clear();
    }

    /// What was done is to be put back from here on.
    pub fn begin_undo(&mut self) {
        self.cut();
        let gone = |place: &&Place| {
            self.kept.get(&(place.0, place.1)).is_some_and(|view| view.group.backend(&place.2).is_none())
        };
        self.known_gone = self.entries.keys().filter(gone).cloned().collect();
        self.undoing = true;
        self.calls.fill(0);
    }

    /// A run was cut off: the next knows what the journal knows, and has read nothing.
    pub fn cut(&mut self) {
        self.views = self.kept.clone();
        self.fresh.clear();
        self.half.clear();
        for (since, sequence) in self.since.iter_mut().zip(&mut self.sequence) {
            *sequence += 1;
            *since = *sequence;
        }
        // For all that it knows of a removal whose refusal was not written down, that may have been carried out.
        for (_, (number, named)) in core::mem::take(&mut self.refused) {
            for (place, there) in named {
                let entry = self.entries.get_mut(&place).expect("planned");
                if entry.removal.is_none() {
                    (entry.removal, entry.there) = (Some(number), there);
                }
            }
        }
    }

    /// A lane is told what came: an answer on its way shows it nothing.
    pub fn told(&mut self, lane: usize) {
        for (of, place, view) in core::mem::take(&mut self.fresh) {
            match of == lane {
                true => drop(self.views.insert(place, Rc::new(view))),
                false => self.fresh.push((of, place, view)),
            }
        }
    }

    /// A lane will be told an answer that shows this.
    pub fn saw(&mut self, cloud: &Cloud, lane: usize, seen: &[Seen]) {
        let (at, when) = (self.sequence[self.balancers[lane]], cloud.now);
        for seen in seen {
            match *seen {
                Seen::Group(balancer, group) => {
                    let mut view = View { group: cloud.shown(balancer).groups[group].clone(), at, when };
                    if self.family == Family::Openstack && !cloud.temper.accepts {
                        self.hide_health((balancer, group), &mut view.group);
                    }
                    match self.family {
                        Family::Alibaba => drop(self.half.insert((balancer, group), view)),
                        _ => self.fresh.push((lane, (balancer, group), view)),
                    }
                }
                Seen::Health(balancer) => {
                    let ready: Vec<(usize, usize)> =
                        self.half.keys().filter(|place| place.0 == balancer).copied().collect();
                    for place in ready {
                        let mut view = self.half.remove(&place).expect("a half");
                        let now = &cloud.shown(balancer).groups[place.1];
                        for backend in &mut view.group.backends {
                            backend.health = now.backend(&backend.id).map_or(Health::Unknown, |now| now.health);
                        }
                        self.fresh.push((lane, place, view));
                    }
                }
                Seen::Header(_) => {}
            }
        }
    }

    /// What these clouds show at weight 0 says nothing of a backend's check: it is known as it was shown before.
    fn hide_health(&mut self, place: (usize, usize), group: &mut Group) {
        for backend in &mut group.backends {
            let own = self.place(place, &backend.id);
            if backend.weight == 0 {
                let planned = self.entries.get(&own).map(|entry| entry.backend.health);
                backend.health = self.health.get(&own).copied().or(planned).unwrap_or(backend.health);
            } else {
                self.health.insert(own, backend.health);
            }
        }
    }

    /// A lane sends a change; what it will be told, and whether it takes effect.
    pub fn sends(&mut self, cloud: &Cloud, lane: usize, change: &Change, error: &Value, effect: bool) {
        let place = (change.balancer, change.group);
        assert_eq!(self.balancers[lane], change.balancer, "P2: a lane changes another one's load balancer");
        let possible = error.is_null() || error["kind"] == "outcome-unknown";
        assert!(possible || !effect);
        self.changes += 1;
        let balancer = change.balancer;
        let number = self.sequence[balancer];
        let view = self.views.get(&place).unwrap_or_else(|| panic!("P3: a change without any read of its group"));
        let view = view.clone();
        assert!(view.at >= self.since[balancer], "P3: a change without a read in this run: {change:?}");
        assert!(view.at > self.last_change[balancer], "P3: a change without a read since the last one: {change:?}");
        let group = &view.group;
        let named: Vec<String> = match &change.act {
            Act::Weights(items) => items.iter().map(|(id, ..)| id.clone()).collect(),
            Act::Enable(id, _) => vec![id.clone()],
            Act::Remove(ids) => ids.clone(),
            Act::RuleSet(rule) | Act::RuleCreate(rule) => self.gone(place, group, rule.id.as_str(), &rule.backends),
            Act::RuleDelete(id) => self.gone(place, group, id, &[]),
            Act::Add(backends) => backends.iter().map(|one| one.id.clone()).collect(),
            Act::Health(..) => panic!("not ours: {change:?}"),
        };
        if let Act::Add(backends) = &change.act {
            assert!(self.undoing, "P2: a run adds something: {change:?}");
            for backend in backends {
                self.added(place, backend, true);
                self.add(place, group, backend);
            }
        }
        self.twice(cloud, &view, change, possible);
        let property = match change.act {
            Act::RuleSet(_) | Act::RuleCreate(_) | Act::RuleDelete(_) => "P4",
            _ => "P2",
        };
        for id in &named {
            assert!(self.planned(place, id), "{property}: {id} is not in the plan: {change:?}");
        }
        if self.undoing && property == "P2" && !matches!(change.act, Act::Add(_)) {
            for id in &named {
                let own = self.place(place, id);
                let theirs = self.theirs.contains(&(place.0, place.1, id.clone())) && self.known_gone.contains(&own);
                assert!(!theirs, "R4: somebody has put {id} in since it was seen gone: {change:?}");
                let drained = group.backend(id).is_none_or(|one| group.is_drained(self.family, one));
                let other = self.entries[&own].drain && drained;
                assert!(other, "R4: {id} was not drained by us: {change:?}");
            }
        }
        match &change.act {
            Act::Weights(items) => {
                for (id, weight, description) in items {
                    let entry = &self.entries[&self.place(place, id)];
                    let drains = *weight == 0 && !self.undoing;
                    assert!(drains || *weight == entry.backend.weight, "P2: another weight than planned: {change:?}");
                    if let (Family::Alibaba, Some(backend)) = (self.family, group.backend(id)) {
                        let told = description.clone().unwrap_or_default();
                        assert_eq!(told, backend.description, "P2: the description of {id} is lost");
                    }
                }
            }
            Act::Enable(id, enabled) => {
                let entry = &self.entries[&self.place(place, id)];
                assert!(*enabled || !self.undoing, "P2: {id} is switched off by an undo");
                assert!(!enabled || entry.backend.enabled, "P2: {id} is switched on, and was off");
            }
            Act::RuleSet(_) | Act::RuleCreate(_) | Act::RuleDelete(_) => self.edit(cloud, change, effect),
            _ => {}
        }
        let lowers = match &change.act {
            Act::Weights(items) => items.iter().any(|(_, weight, _)| *weight == 0),
            Act::Enable(_, enabled) => !enabled,
            Act::Remove(_) | Act::RuleDelete(_) => true,
            Act::RuleSet(rule) => {
                group.rule(&rule.id).is_some_and(|before| before.backends.len() > rule.backends.len())
            }
            _ => false,
        };
        let takes = lowers && matches!(change.act, Act::Weights(_) | Act::Enable(..));
        assert!(!lowers || !self.undoing, "P3: an undo takes something out of service: {change:?}");
        if lowers && !self.allows_keep {
            self.guards += 1;
            self.guard(place, group, &named, change);
        }
        self.last_change[balancer] = number;
        if possible && takes {
            self.drained_at[balancer] = cloud.now;
        }
        for id in &named {
            let there = group.backend(id).is_some();
            let own = self.place(place, id);
            let waited = self.wait_ms.is_none_or(|millis| self.drained_at[balancer] + millis <= cloud.now);
            let entry = self.entries.get_mut(&own).expect("planned");
            let removes = matches!(change.act, Act::Remove(_));
            assert!(!removes || !entry.drain || waited, "P3: {id} is removed before its drain is over");
            entry.named = true;
            entry.returned |= possible && self.undoing;
            if possible && removes && entry.removal.is_none() {
                entry.removal = Some(number);
                entry.there = there;
            }
            entry.drain |= possible && takes;
            if removes && !possible {
                self.refused.entry(balancer).or_insert((number, Vec::new())).1.push((own, there));
            }
        }
        if error["kind"] == "outcome-unknown" && self.lost.is_none() {
            self.lost = Some(named.iter().map(|id| self.place(place, id)).collect());
        }
    }

    /// What an undo puts in: what we took out, as it was.
    fn add(&self, place: (usize, usize), group: &Group, backend: &Backend) {
        let entry = &self.entries[&self.place(place, &backend.id)];
        assert!(entry.removal.is_some(), "P2: {} was not taken out by us", backend.id);
        assert!(group.twin(backend).is_none(), "P2: {} was read there, and is added", backend.id);
        let planned = &entry.backend;
        let told = |one: &Backend| {
            let text = if self.family == Family::Ucloud { String::new() } else { one.description.clone() };
            (one.weight, one.enabled, text)
        };
        assert_eq!(told(backend), told(planned), "P2: {} is not put in as it was", planned.id);
    }

    /// R3: what would be done twice is sent again only after a read that would show the first, and does not.
    fn twice(&mut self, cloud: &Cloud, view: &View, change: &Change, possible: bool) {
        let things: Vec<String> = match &change.act {
            Act::RuleCreate(rule) => vec![format!("rule {}", rule.matches)],
            Act::Add(backends) => {
                backends.iter().map(|one| format!("{} {}:{}", one.server, one.ip, one.port)).collect()
            }
            _ => return,
        };
        let settle = [5_000, 10_000, 2_000][self.family as usize];
        for thing in things {
            let own = (change.balancer, change.group, thing);
            if let Some(sent) = self.once.get(&own) {
                let late = view.when - sent;
                assert!(late >= settle, "R3: {} is sent twice, after a read {late} ms after the first", own.2);
            }
            if possible {
                self.once.insert(own, cloud.now);
            }
        }
    }

    /// The planned backends that a rule is to lose or to get again.
    fn gone(&self, place: (usize, usize), group: &Group, id: &str, now: &[String]) -> Vec<String> {
        let before = group.rule(id).map(|rule| rule.backends.clone()).unwrap_or_default();
        let mut out: Vec<String> = before.iter().filter(|one| !now.contains(one)).cloned().collect();
        out.extend(now.iter().filter(|one| !before.contains(one)).cloned());
        out.retain(|one| self.planned(place, one) || group.rule(id).is_some());
        out
    }

    /// What an edit makes of a rule, as it is at this moment.
    fn edit(&mut self, cloud: &Cloud, change: &Change, effect: bool) {
        let place = (change.balancer, change.group);
        let real = &cloud.real[place.0].groups[place.1];
        let seen = &self.views[&place].group;
        self.edits += 1;
        let (id, after) = match &change.act {
            Act::RuleSet(rule) => (&rule.id, Some(rule)),
            Act::RuleDelete(id) => (id, None),
            Act::RuleCreate(rule) => {
                let planned = self.rules.iter().find(|one| one.matches == rule.matches && one.place == place);
                let planned = planned.unwrap_or_else(|| panic!("P2: a rule is made that was never there: {rule:?}"));
                assert_eq!(planned.kind, rule.kind, "P4: made again as another kind");
                for id in &rule.backends {
                    let id = self.place(place, id).2;
                    assert!(planned.backends.contains(&id), "P4: made again with {id}, which it never had");
                }
                return;
            }
            _ => return,
        };
        let Some(before) = seen.rule(id) else { panic!("P4: a rule is edited that was not read") };
        let known = |one: &&crate::watch::PlannedRule| {
            one.place == place && (one.id == before.id || one.matches == before.matches)
        };
        assert!(self.rules.iter().any(|one| known(&one)), "P2: rule {id} is not in the plan");
        self.repeats += usize::from(after == Some(before));
        let Some(now) = real.rule(id).filter(|_| effect) else { return };
        let others = |ids: &[String]| -> BTreeSet<String> {
            ids.iter().filter(|id| !self.planned(place, id)).cloned().collect()
        };
        let [had, read, gets] = [
            others(&now.backends),
            others(&before.backends),
            after.map(|rule| others(&rule.backends)).unwrap_or_default(),
        ];
        assert_eq!(read, gets, "P4: rule {id} does not get what was read of it");
        if let Some(rule) = after {
            let what = |rule: &crate::cloud::Rule| (rule.kind, rule.matches.clone(), rule.mode, rule.priority);
            assert_eq!(what(rule), what(before), "P4: rule {id} becomes another one");
        }
        // Read directly before, and changed since: there is no version to compare, so nobody can tell.
        let same = after.is_some_and(|rule| rule.matches == now.matches) || after.is_none();
        if had != gets || !same {
            assert!(now != before, "P4: rule {id} loses or gains what is not in the plan");
            self.windows += 1;
            self.hit.insert(place);
        }
    }

    /// Counts once more what would stay in service.
    fn guard(&self, place: (usize, usize), group: &Group, named: &[String], change: &Change) {
        let planned = |id: &str| self.entries.get(&self.place(place, id));
        // What we have drained would serve, were it put back.
        let takes = |id: &str| {
            let backend = group.backend(id)?;
            let ours = planned(id).is_some_and(|entry| entry.drain && !entry.drained);
            (ours || !group.is_drained(self.family, backend)).then_some(backend)
        };
        let rules = group.rules.iter().filter(|rule| rule.own && group.is_l7());
        for rule in [None].into_iter().chain(rules.map(Some)) {
            let listed: Vec<&str> = match rule {
                None => group.backends.iter().map(|backend| backend.id.as_str()).collect(),
                Some(rule) => rule.backends.iter().map(String::as_str).collect(),
            };
            if rule.is_some_and(|rule| rule.backends.iter().all(|id| planned(id).is_some())) {
                continue;
            }
            let count = |out: &[String], poor: bool| {
                let serving = listed.iter().filter(|id| !out.iter().any(|one| one == *id)).filter_map(|id| takes(id));
                let serving = serving.filter(|one| one.health != Health::Bad && (poor || one.health != Health::Mixed));
                serving.map(|one| self.server(one)).collect::<BTreeSet<_>>().len()
            };
            let mut all: BTreeSet<String> =
                listed.iter().filter_map(|id| group.backend(id)).map(|one| self.server(one)).collect();
            if rule.is_none() {
                let ours = self.entries.iter().filter(|(own, one)| (own.0, own.1) == place && one.removal.is_some());
                let gone = ours.filter(|(own, _)| group.backend(&own.2).is_none());
                all.extend(gone.map(|(_, one)| self.name(&one.backend.server, &one.backend.ip)));
            }
            let need = if self.keep.1 { (all.len() * self.keep.0).div_ceil(100) } else { self.keep.0 };
            let lowered = count(named, true) < count(&[], true);
            assert!(
                !lowered || count(named, false) >= need,
                "P3: {} would serve, {need} must: {change:?} in {group:?}",
                count(named, false)
            );
        }
    }

    fn server(&self, backend: &crate::cloud::Backend) -> String {
        self.name(&backend.server, &backend.ip)
    }

    /// An interface with several addresses is several servers, as its machines are.
    fn name(&self, server: &str, ip: &str) -> String {
        if self.family == Family::Alibaba && server.starts_with("eni") {
            format!("{server}@{ip}")
        } else {
            server.into()
        }
    }
}
