//! Taking servers out safely: look, plan, drain, wait, detach, remove, check; and put back what was
//! drained where that cannot be finished.
//!
//! Machines without I/O, one lane for each load balancer: told what came of the last action, a lane
//! says the next one. An action sends an operation as a single attempt, never a signed request, and
//! whether it is repeated is decided here. Time and chance come in, so the same events give the same actions.
//!
//! No vendor is known here by name: see [`family::Family`].
//!
//! Whoever drives them sends each operation with [`crate::transport::Sending`], [`once`], and tells the
//! answer or the error ([`crate::Error::json`]) as JSON text. Here `send` is that:
//!
//! [`once`]: crate::transport::Sending::once
//!
//! ```
//! use unpool::removal::{Action, Event, Run, Survey};
//! use unpool::{Client, json};
//! # let options = json::parse(r#"{"vendor": "ucloud", "region": "cn-bj2",
//! #     "credentials": {"publicKey": "test", "privateKey": "secret"}}"#).expect("JSON");
//! # let client = Client::new(options.value())?;
//! # let there = std::cell::Cell::new(true);
//! # let send = |operation: &str| -> Result<String, String> {
//! #     there.set(there.get() && !operation.contains("ReleaseBackend"));
//! #     let node = |id: u8| format!(
//! #         r#"{{"backendId": "backend-{id}", "resourceId": "uhost-{id}", "enabled": 1, "status": 0}}"#);
//! #     let nodes: Vec<String> = (1..4).filter(|id| *id > 1 || there.get()).map(node).collect();
//! #     Ok(format!(r#"{{"dataSet": [{{"vServerId": "vserver-1", "protocol": "TCP", "frontendPort": 80,
//! #         "backendSet": [{}]}}]}}"#, nodes.join(",")))
//! # };
//! # let (mut now, random) = (1_700_000_000_000, 0);
//!
//! let request = r#"{"from": {"ulbId": "ulb-1"}, "remove": {"resourceId": "uhost-1"}, "drain": false}"#;
//! let mut survey = Survey::plan(client.setting()?, request)?;
//! for lane in 0..survey.lanes() {
//!     let mut event = Event::Ready;
//!     loop {
//!         event = match survey.next(lane, event, random) {
//!             Action::Read(operation) | Action::Change(operation) => send(&operation).map_or_else(Event::Failed, Event::Answer),
//!             Action::Sleep(_) => Event::Ready,
//!             Action::Done => break,
//!         };
//!     }
//! }
//! let plan = survey.finish(now).expect("what is there can be read");
//!
//! let mut run = Run::new(client.setting()?, plan.as_str(), now)?;
//! for lane in 0..run.lanes().len() {
//!     let mut event = Event::Ready;
//!     loop {
//!         event = match run.next(lane, event, now, random).action {
//!             Action::Read(operation) | Action::Change(operation) => send(&operation).map_or_else(Event::Failed, Event::Answer),
//!             Action::Sleep(millis) => {
//!                 now += i64::from(millis);
//!                 Event::Ready
//!             }
//!             Action::Done => break,
//!         };
//!     }
//! }
//! assert!(run.report(now).as_str().contains(r#""outcome":"removed""#));
//! # Ok::<(), unpool::Error>(())
//! ```
//!
//! With a [`journal`] a run that was cut off is gone on with by another one, and undone. Whoever drives it writes
//! [`run::Next::entries`] before anything else, and [`run::Next::intent`] directly before the call; where he does not
//! make the call after all, he tells [`Event::Held`]. Here `cut` ends all after the removal was sent:
//!
//! ```
//! use unpool::removal::{Action, Event, Run};
//! # use unpool::removal::Survey;
//! # use unpool::{Client, json};
//! # let options = json::parse(r#"{"vendor": "ucloud", "region": "cn-bj2",
//! #     "credentials": {"publicKey": "test", "privateKey": "secret"}}"#).expect("JSON");
//! # let client = Client::new(options.value())?;
//! # let there = std::cell::Cell::new("backend-1");
//! # let send = |operation: &str| -> Result<String, String> {
//! #     if operation.contains("ReleaseBackend") { there.set(""); }
//! #     if operation.contains("AllocateBackend") { there.set("backend-9"); }
//! #     let node = |id: &str| format!(
//! #         r#"{{"backendId": "{id}", "resourceId": "uhost-{}", "resourceType": "UHost", "privateIp": "10.0.0.{}",
//! #             "port": 80, "enabled": 1, "status": 0}}"#,
//! #         id.replace("backend-", "").replace("9", "1"), id.len());
//! #     let ids = [there.get(), "backend-2", "backend-3"];
//! #     let nodes: Vec<String> = ids.iter().filter(|id| !id.is_empty()).map(|id| node(id)).collect();
//! #     Ok(format!(r#"{{"dataSet": [{{"vServerId": "vserver-1", "protocol": "TCP", "frontendPort": 80,
//! #         "backendSet": [{}]}}]}}"#, nodes.join(",")))
//! # };
//! # let (now, random) = (std::cell::Cell::new(1_700_000_000_000_i64), 0);
//! # let request = r#"{"from": {"ulbId": "ulb-1"}, "remove": {"resourceId": "uhost-1"}, "drain": false}"#;
//! # let mut survey = Survey::plan(client.setting()?, request)?;
//! # let mut event = Event::Ready;
//! # while let Action::Read(operation) = survey.next(0, event, random) {
//! #     event = send(&operation).map_or_else(Event::Failed, Event::Answer);
//! # }
//! # let plan = survey.finish(now.get()).expect("what is there can be read").into_text();
//! let drive = |run: &mut Run, journal: &mut Vec<String>, cut: bool| {
//!     let mut event = Event::Ready;
//!     loop {
//!         let next = run.next(0, event, now.get(), random);
//!         journal.extend(next.entries);
//!         journal.extend(next.intent);
//!         let changes = matches!(next.action, Action::Change(_));
//!         event = match next.action {
//!             Action::Read(operation) | Action::Change(operation) => send(&operation).map_or_else(Event::Failed, Event::Answer),
//!             Action::Sleep(millis) => {
//!                 now.set(now.get() + i64::from(millis));
//!                 Event::Ready
//!             }
//!             Action::Done => break,
//!         };
//!         if cut && changes {
//!             break;
//!         }
//!     }
//!     run.report(now.get()).into_text()
//! };
//!
//! let mut journal = Vec::new();
//! let given = |plan: &str, entries: &[String]| format!(r#"{{"plan": {plan}, "entries": [{}]}}"#, entries.join(","));
//! let mut run = Run::journaled(client.setting()?, &given(&plan, &journal), now.get())?;
//! drive(&mut run, &mut journal, true);
//!
//! let mut again = Run::journaled(client.setting()?, &given(&plan, &journal), now.get())?;
//! let report = drive(&mut again, &mut journal, false);
//! assert!(report.contains(r#""outcome":"removed""#));
//!
//! let mut undo = Run::undo(client.setting()?, &format!(r#"{{"of": {report}}}"#), now.get())?;
//! let report = drive(&mut undo, &mut Vec::new(), false);
//! assert!(report.contains(r#""outcome":"restored""#) && report.contains(r#""newId":"backend-9""#));
//! # Ok::<(), unpool::Error>(())
//! ```

mod call;
mod check;
mod course;
mod decide;
pub mod entry;
mod errors;
mod fact;
pub mod family;
pub mod guard;
pub mod journal;
pub mod lane;
mod ledger;
mod memory;
mod needed;
mod observe;
mod outbox;
pub mod phase;
pub mod plan;
pub mod reader;
mod recheck;
mod record;
pub mod request;
mod rules;
pub mod run;
pub mod safety;
#[cfg(test)]
mod scene;
pub mod select;
mod setting;
mod sight;
pub mod survey;
pub mod world;

pub use fact::Status;
pub use family::Family;
pub use reader::{Action, Event};
pub use run::Run;
pub use setting::Setting;
pub use survey::Survey;
