//! What a run plays on, and whoever drives it: one action after the other, with whatever goes wrong, until it is over
//! or cut off.

use std::rc::Rc;

use serde_json::{Value, json};
use unpool::Client;
use unpool::removal::run::Next;
use unpool::removal::{Action, Event, Run};

use crate::adversary::{self, Touched};
use crate::case::{Weather, checked};
use crate::chance::Chance;
use crate::cloud::{Act, Change, Cloud, Family};
use crate::fault::{self, Fault};
use crate::golden;
use crate::vendor::{self, Asked};
use crate::watch::{Place, Watch};

/// What is carried out.
#[derive(Clone, Debug)]
pub enum Source {
    /// The plan, without a journal.
    Plain,
    /// The plan, with one.
    Journaled,
    /// An undo of this, with a journal of its own: JSON text.
    Undo(String),
}

/// Where all ends: at so many steps, or at so many changes.
#[derive(Clone, Copy, Debug)]
pub struct Cut {
    pub at: At,
    pub how: How,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    Step(usize),
    Change(usize),
}

/// How far it came with what was to be done then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Some of the entries were written, the last of them in part.
    Entries,
    /// All entries, and no intent.
    Before,
    /// A part of the intent.
    Torn,
    /// The intent, and nothing was sent.
    Intent,
    /// It was sent, and its answer never came: it was carried out, was not, or will be.
    Done,
    Undone,
    Late,
}

pub const ALL: [How; 7] = [How::Entries, How::Before, How::Torn, How::Intent, How::Done, How::Undone, How::Late];

/// What a step was like, for whoever wants to cut there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    pub entries: usize,
    pub changes: bool,
}

/// A line of a journal: its text, or as much of it as was written.
#[derive(Clone, Debug)]
pub struct Line {
    pub text: String,
    pub whole: bool,
}

#[derive(Clone)]
pub struct Stage {
    pub client: Rc<Client>,
    pub weather: Weather,
    pub cloud: Cloud,
    /// How it all was when the plan was made, and what others alone have made of it.
    pub before: Rc<Cloud>,
    pub shadow: Cloud,
    pub touched: Touched,
    pub watch: Watch,
    pub chance: Chance,
    pub plan: Rc<Value>,
    pub report: Value,
    /// The journal in hand, where one is written.
    pub lines: Vec<Line>,
    pub steps: Vec<Step>,
    /// Which faults there were, and at how many calls.
    pub faults: Vec<Fault>,
    pub aborted: bool,
    pub paused: bool,
    /// Whether nothing goes wrong any more.
    pub quiet: bool,
    /// How often it was gone on with.
    pub cuts: usize,
    pub told: bool,
    planned: Rc<Vec<Place>>,
    next: u32,
    pub mutations: usize,
    forbidden_from: usize,
    hindered: Fault,
    lost_at: usize,
    blind: usize,
    pub stop_at: usize,
    aborts: bool,
    before_call: bool,
}

struct Lane {
    /// What it is told next, and when.
    event: Event,
    at: i64,
    over: bool,
}

/// What a lane was told and said, to be told and said once more.
struct Heard {
    lane: usize,
    event: (u8, String),
    now: i64,
    random: u32,
    action: Action,
    entries: Vec<String>,
    intent: Option<String>,
}

fn retold(event: &(u8, String)) -> Event {
    match event.0 {
        0 => Event::Ready,
        1 => Event::Answer(event.1.clone()),
        2 => Event::Failed(event.1.clone()),
        3 => Event::Held,
        _ => Event::Stopped(event.1.clone()),
    }
}

fn kept(event: &Event) -> (u8, String) {
    match event {
        Event::Ready => (0, String::new()),
        Event::Answer(text) => (1, text.clone()),
        Event::Failed(text) => (2, text.clone()),
        Event::Held => (3, String::new()),
        Event::Stopped(text) => (4, text.clone()),
    }
}

/// A list of lines, as a driver hands them on: whole ones are read, a part of one stays a text.
pub fn listed(lines: &[Line]) -> String {
    let one = |line: &Line| if line.whole { line.text.clone() } else { Value::from(line.text.as_str()).to_string() };
    format!("[{}]", lines.iter().map(one).collect::<Vec<_>>().join(","))
}

impl Stage {
    pub fn new(
        client: &Rc<Client>,
        weather: Weather,
        cloud: Cloud,
        mut chance: Chance,
        plan: Value,
        told: bool,
    ) -> Self {
        let watch = Watch::new(&cloud, &plan);
        // How many changes there would be without trouble: what is to happen once happens at one of them.
        let changes = plan["calls"]["changes"].as_u64().unwrap_or(1) as usize;
        let forbidden_from = if weather.forbidden { chance.below(changes + 1) } else { usize::MAX };
        let hindered = *chance.pick(&[
            Fault::Forbidden,
            Fault::Forbidden,
            Fault::Busy,
            Fault::Throttled,
            Fault::Server,
            Fault::NotSent,
            Fault::LostUndone,
        ]);
        let lost_at = if weather.one_lost { chance.below(changes.max(1)) } else { usize::MAX };
        let stop_at =
            if chance.permille(weather.abort + weather.pause) { chance.below(changes * 6 + 8) } else { usize::MAX };
        let aborts = chance.below((weather.abort + weather.pause).max(1) as usize) < weather.abort as usize;
        let before_call = chance.permille(300);
        Stage {
            client: client.clone(),
            weather,
            before: Rc::new(cloud.clone()),
            shadow: Cloud::new(cloud.family, crate::cloud::Temper::default(), cloud.real.clone()),
            touched: Touched::default(),
            planned: Rc::new(watch.entries.keys().cloned().collect()),
            watch,
            chance,
            cloud,
            plan: Rc::new(plan),
            report: Value::Null,
            lines: Vec::new(),
            steps: Vec::new(),
            faults: Vec::new(),
            aborted: false,
            paused: false,
            quiet: false,
            cuts: 0,
            told,
            next: 5_000,
            mutations: 0,
            forbidden_from,
            hindered,
            lost_at,
            blind: usize::MAX,
            stop_at,
            aborts,
            before_call,
        }
    }

    pub fn family(&self) -> Family {
        self.cloud.family
    }

    /// No faults, aborts and other people from now on.
    pub fn lull(&mut self) {
        self.weather = Weather { name: self.weather.name, slow: self.weather.slow, ..Weather::default() };
        (self.forbidden_from, self.lost_at, self.blind) = (usize::MAX, usize::MAX, usize::MAX);
        self.quiet = true;
        self.rest();
    }

    /// What was done is put back from here on, with a journal of its own.
    pub fn begin_undo(&mut self) {
        self.watch.begin_undo();
        self.lines.clear();
        self.cuts = 0;
        self.rest();
    }

    /// What happens once may happen to the undo, too.
    pub fn again_by_chance(&mut self) {
        let changes = self.watch.entries.len() + self.watch.rules.len();
        if self.lost_at != usize::MAX && self.mutations <= self.lost_at + 1 {
            self.lost_at = self.mutations + self.chance.below(changes);
        }
        if self.weather.forbidden && self.chance.permille(500) {
            self.forbidden_from = self.mutations + self.chance.below(changes + 1);
        }
        if self.chance.permille(self.weather.abort + self.weather.pause) {
            self.stop_at = self.chance.below(changes * 6 + 8);
        }
    }

    /// The caller does not stop it again.
    pub fn rest(&mut self) {
        (self.stop_at, self.aborted, self.paused) = (usize::MAX, false, false);
    }

    /// The run of it.
    pub fn run(&self, source: &Source, lines: &[Line], now: i64) -> Result<Run, unpool::Error> {
        self.run_of(source, &listed(lines), now)
    }

    /// The same of a list of entries, as text.
    pub fn run_of(&self, source: &Source, entries: &str, now: i64) -> Result<Run, unpool::Error> {
        let setting = self.client.setting().expect("an open client");
        match source {
            Source::Plain => Run::new(setting, &self.plan.to_string(), now),
            Source::Journaled => {
                Run::journaled(setting, &format!(r#"{{"plan":{},"entries":{entries}}}"#, self.plan), now)
            }
            Source::Undo(of) => Run::undo(setting, &format!(r#"{{"of":{of},"entries":{entries}}}"#), now),
        }
    }

    fn act(&mut self) {
        adversary::act(
            &mut self.cloud,
            &mut self.shadow,
            &mut self.touched,
            &mut self.chance,
            &self.planned,
            &mut self.next,
            self.weather.only_health,
        );
        for (place, backend) in self.touched.put_in.drain(..) {
            self.watch.added(place, &backend, false);
        }
    }

    /// Writes what was to be written, or as much as the cut lets it.
    fn write(&mut self, next: &Next, lane: usize, cut: Option<How>) {
        let mut entries = next.entries.clone();
        if cut == Some(How::Entries) && !entries.is_empty() {
            entries.truncate(self.chance.below(entries.len() + 1));
            if let Some(last) = entries.pop() {
                self.lines.extend(entries.into_iter().map(|text| Line { text, whole: true }));
                self.tear(&last);
            }
            return;
        }
        self.lines.extend(entries.into_iter().map(|text| Line { text, whole: true }));
        self.watch.keep(lane);
    }

    /// Only a part of this was written, at any byte.
    fn tear(&mut self, text: &str) {
        let mut end = self.chance.below(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        if end > 0 {
            self.lines.push(Line { text: text[..end].to_owned(), whole: false });
        }
    }

    /// Carries it out until it is over, or cut off. Whether it is over.
    pub fn carry(&mut self, source: &Source, cut: Option<Cut>) -> bool {
        let journals = !matches!(source, Source::Plain);
        let lines = self.lines.clone();
        let mut run = self
            .run(source, &lines, self.cloud.now)
            .unwrap_or_else(|error| panic!("R1: a journal that is not taken: {error}"));
        // What was written in part is not gone on from.
        self.lines.retain(|line| line.whole);
        let (count, began) = (run.lanes().len(), self.cloud.now);
        let ids: Vec<String> = run.lanes().iter().map(|lane| lane.id().to_owned()).collect();
        self.watch.lanes(&self.cloud, &ids);
        self.steps.clear();
        let mut heard: Vec<Heard> = Vec::new();
        let mut lanes: Vec<Lane> = (0..count).map(|_| Lane { event: Event::Ready, at: 0, over: false }).collect();
        let (mut steps, mut changes) = (0, 0);
        let most = 400 * (self.watch.entries.len() + self.watch.rules.len() + 4);
        let over = 'run: loop {
            if lanes.iter().all(|lane| lane.over) {
                break true;
            }
            if self.chance.permille(self.weather.adversary) {
                self.act();
            }
            if steps >= self.stop_at {
                if !self.aborts && !self.before_call {
                    self.paused = true;
                    break true;
                }
                self.aborted |= self.aborts;
            }
            steps += 1;
            assert!(steps < most, "a run without end: {steps} steps for {} entries", self.watch.entries.len());
            let ready: Vec<usize> = (0..count)
                .filter(|lane| !lanes[*lane].over && (self.aborted || lanes[*lane].at <= self.cloud.now))
                .collect();
            if ready.is_empty() {
                let wait = lanes.iter().filter(|lane| !lane.over).map(|lane| lane.at).min().unwrap_or(0);
                self.cloud.pass(wait - self.cloud.now);
                continue;
            }
            let place = *self.chance.pick(&ready);
            let lane = &mut lanes[place];
            let event = match (self.aborted, &lane.event) {
                (true, Event::Ready) => Event::Failed(fault::aborted(false).to_string()),
                _ => core::mem::take(&mut lane.event),
            };
            let random = self.chance.bits() as u32;
            let event_kept = kept(&event);
            self.watch.told(place);
            let told_next = run.next(place, event, self.cloud.now, random);
            for note in &told_next.notes {
                serde_json::from_str::<Value>(note).expect("a note is JSON");
            }
            if self.told {
                println!("{} {place} < {} {}", self.cloud.now - began, event_kept.0, event_kept.1);
                for note in &told_next.notes {
                    println!("  note {note}");
                }
                for entry in &told_next.entries {
                    println!("  entry {entry}");
                }
                println!("{} {place} > {:?}", self.cloud.now - began, told_next.action);
                if let Some(intent) = &told_next.intent {
                    println!("  intent {intent}");
                }
            }
            heard.push(Heard {
                lane: place,
                event: event_kept,
                now: self.cloud.now,
                random,
                action: told_next.action.clone(),
                entries: told_next.entries.clone(),
                intent: told_next.intent.clone(),
            });
            let is_change = matches!(told_next.action, Action::Change(_));
            assert_eq!(journals && is_change, told_next.intent.is_some(), "R1: an intent for every change");
            self.steps.push(Step { entries: told_next.entries.len(), changes: is_change });
            let here = cut.filter(|cut| match cut.at {
                At::Step(at) => at + 1 == self.steps.len(),
                At::Change(at) => is_change && at == changes,
            });
            let how = here.map(|cut| cut.how).filter(|how| is_change || matches!(how, How::Entries));
            let how = here.map(|_| how.unwrap_or(How::Before));
            changes += usize::from(is_change);
            if journals {
                self.write(&told_next, place, how);
            }
            if matches!(how, Some(How::Entries | How::Before)) {
                break false;
            }
            if let (Some(How::Torn), Some(intent)) = (how, &told_next.intent) {
                self.tear(intent);
                break false;
            }
            lanes[place].event = match told_next.action {
                Action::Done => {
                    lanes[place].over = true;
                    Event::Ready
                }
                Action::Sleep(millis) => {
                    lanes[place].at = self.cloud.now + i64::from(millis);
                    Event::Ready
                }
                Action::Read(text) | Action::Change(text) => {
                    let op = checked(&self.client, &text);
                    let reads = matches!(vendor::ask(&self.cloud, &op), Asked::Read(..));
                    assert_ne!(reads, is_change, "the wrong kind of action: {text}");
                    if self.chance.permille(self.weather.adversary / 2) {
                        self.act();
                    }
                    if steps > self.stop_at && !self.aborts {
                        // It stops before this call is made, and says so, or is never heard of again.
                        self.paused = true;
                        if self.chance.permille(600) {
                            let lost = fault::error("refused", false, json!(false), "lock-lost", 0).to_string();
                            let event = if self.chance.permille(400) { Event::Stopped(lost) } else { Event::Held };
                            let event_kept = kept(&event);
                            if let (Event::Stopped(_), Some(text)) = (&event, told_next.intent) {
                                // The lock is looked at when the intent is written.
                                self.lines.push(Line { text, whole: true });
                            }
                            let next = run.next(place, event, self.cloud.now, random);
                            assert_eq!(next.action, Action::Done);
                            assert_eq!(next.intent, None, "R1: an intent for nothing");
                            if journals {
                                self.write(&next, place, None);
                            }
                            let (action, entries, intent) = (Action::Done, next.entries, None);
                            heard.push(Heard {
                                lane: place,
                                event: event_kept,
                                now: self.cloud.now,
                                random,
                                action,
                                entries,
                                intent,
                            });
                        } else {
                            self.watch.called(place, true);
                        }
                        break 'run true;
                    }
                    if let Some(text) = told_next.intent {
                        self.lines.push(Line { text, whole: true });
                    }
                    self.cloud.pass(self.chance.range(5, 60));
                    let (event, effect) = self.send(place, &op, how);
                    if how.is_some() {
                        if self.told {
                            println!("  cut {how:?} effect {effect}");
                        }
                        break false;
                    }
                    // An abort before it left is no call.
                    let unsent =
                        self.aborted && matches!(&event, Event::Failed(text) if text.contains("\"sent\":false"));
                    self.watch.called(place, !unsent);
                    event
                }
            };
        };
        let report = run.report(self.cloud.now).into_text();
        for one in &heard {
            golden::add(&one.action, &one.entries, one.intent.as_deref());
        }
        golden::add_report(&report);
        let mut sorted = lines;
        sorted.sort_by_cached_key(|line| {
            let lane =
                serde_json::from_str::<Value>(&line.text).ok().and_then(|told| Some(told["lane"].as_str()?.to_owned()));
            // What was cut off stays the last.
            (!line.whole, lane)
        });
        self.again(source, &sorted, began, heard, &report);
        self.report = serde_json::from_str(&report).expect("a report is JSON");
        // Whether somebody has stopped a run is told of that run alone.
        let stopped = |lane: &Value| {
            let error = &lane["error"];
            (error["kind"] == "aborted" && !self.aborted) || (error["code"] == "lock-lost" && !self.paused)
        };
        let lanes = self.report["loadBalancers"].as_array().into_iter().flatten();
        assert!(!lanes.into_iter().any(stopped), "R2: nobody has stopped it: {report}");
        over
    }

    /// Sends an operation: what its lane will be told, and whether it takes effect.
    fn send(&mut self, place: usize, op: &Value, cut: Option<How>) -> (Event, bool) {
        let asked = vendor::ask(&self.cloud, op);
        let reads = matches!(asked, Asked::Read(..));
        let fault = match cut {
            Some(How::Done) => Fault::LostDone,
            Some(How::Late) => Fault::LostLate,
            Some(_) => Fault::LostUndone,
            None => self.fault(place, reads),
        };
        if fault != Fault::None && cut.is_none() {
            self.faults.push(fault);
            if self.told {
                println!("  fault {fault:?}");
            }
        }
        match asked {
            Asked::Read(..) if self.aborted => (Event::Failed(fault::aborted(false).to_string()), false),
            Asked::Read(Ok(answer), seen) if fault == Fault::None => {
                self.watch.saw(&self.cloud, place, &seen);
                (Event::Answer(answer.to_string()), false)
            }
            Asked::Read(Err(error), _) if fault == Fault::None => (Event::Failed(error.to_string()), false),
            Asked::Read(..) => (Event::Failed(fault.error(false, &mut self.chance).to_string()), false),
            Asked::Change(change) => {
                if self.mutations == self.lost_at && self.weather.blind {
                    self.blind = place;
                }
                self.mutations += 1;
                self.change(place, change, fault)
            }
        }
    }

    fn fault(&mut self, place: usize, reads: bool) -> Fault {
        if self.blind == place {
            Fault::Forbidden
        } else if !reads && self.mutations == self.lost_at {
            *self.chance.pick(&[
                Fault::LostDone,
                Fault::LostUndone,
                Fault::LostLate,
                Fault::GarbageDone,
                Fault::GarbageUndone,
            ])
        } else if !reads && self.mutations >= self.forbidden_from {
            self.hindered
        } else if self.chance.permille(self.weather.faults / if reads { 4 } else { 1 }) {
            *self.chance.pick(if reads { fault::ON_READ } else { fault::ON_CHANGE })
        } else {
            Fault::None
        }
    }

    fn change(&mut self, place: usize, mut change: Change, fault: Fault) -> (Event, bool) {
        let refusal = vendor::refusal(&self.cloud, &change);
        vendor::name(&mut self.cloud, &mut change);
        let left = self.chance.permille(500);
        let error = if self.aborted {
            fault::aborted(left)
        } else if fault != Fault::None {
            fault.error(true, &mut self.chance)
        } else {
            refusal.clone().unwrap_or(Value::Null)
        };
        let effect = if self.aborted { left && self.chance.permille(500) } else { fault.is_done() };
        let effect = effect && refusal.is_none();
        self.watch.sends(&self.cloud, place, &change, &error, effect);
        let answer = match &change.act {
            Act::RuleCreate(rule) => json!({"retCode": 0, "policyId": rule.id}),
            _ => json!({"retCode": 0}),
        };
        if effect && fault == Fault::LostLate {
            let settle = [5_000, 10_000, 2_000][self.family() as usize];
            let millis = self.chance.range(1, settle - 100);
            if self.weather.adversary > 0 && matches!(change.act, Act::RuleSet(_)) {
                // It may come over what somebody does meanwhile: the same window, and wider.
                self.watch.hit.insert((change.balancer, change.group));
            }
            self.cloud.delay(change, millis);
        } else if effect {
            self.cloud.accept(change, true, &mut self.chance);
        }
        if self.told {
            println!("  effect {effect} error {error}");
        }
        self.cloud.pass(self.chance.range(5, 60));
        (if error.is_null() { Event::Answer(answer.to_string()) } else { Event::Failed(error.to_string()) }, effect)
    }

    /// The same events give the same actions, entries and report, lane by lane, in whatever order the lanes are asked.
    fn again(&self, source: &Source, lines: &[Line], began: i64, mut heard: Vec<Heard>, report: &str) {
        let mut run = self.run(source, lines, began).unwrap_or_else(|error| panic!("R6: it was taken before: {error}"));
        heard.sort_by_key(|one| one.lane);
        for one in heard {
            let next = run.next(one.lane, retold(&one.event), one.now, one.random);
            assert_eq!(next.action, one.action, "P11: another action after the same events");
            assert_eq!(next.entries, one.entries, "R6: other entries after the same events");
            assert_eq!(next.intent, one.intent, "R6: another intent after the same events");
        }
        assert_eq!(run.report(self.cloud.now).into_text(), report, "P11: another report after the same events");
    }
}
