//! Taking servers out safely: look, plan, drain, wait, detach, remove, check; and put back what was
//! drained where that cannot be finished.
//!
//! Machines without I/O, one lane for each load balancer: told what came of the last action, a lane
//! says the next one. An action sends an operation as a single attempt, never a signed request, and
//! whether it is repeated is decided here. Time and chance come in, so the same events give the same actions.
//!
//! No vendor is known here by name: see [`family::Family`].

pub mod family;
pub mod guard;
pub mod lane;
pub mod note;
pub mod plan;
pub mod reader;
pub mod request;
pub mod run;
pub mod select;
pub mod survey;
pub mod track;
pub mod work;
pub mod world;

use alloc::string::String;

use crate::core::json::Json;

pub use family::Family;
pub use reader::{Action, Event};
pub use run::Run;
pub use survey::Survey;

/// Whose load balancers these are.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The vendor's part.
    pub family: &'static Family,
    /// The vendor's name, as the client has it.
    pub vendor: String,
    /// The endpoint's host.
    pub endpoint: String,
    /// The region; empty where the endpoint says all.
    pub region: String,
    /// How many backends one call may name.
    pub batch: usize,
}

impl Setting {
    /// How many backends of a group one call may change.
    #[must_use]
    pub fn at_once(&self) -> usize {
        if self.family.batches { self.batch } else { 1 }
    }
}

/// The beginning of everything that is written here.
fn heading(setting: &Setting, schema: &str, when: &str, time: &str) -> Json {
    Json::object(&[
        ("schema", schema),
        ("vendor", &setting.vendor),
        ("endpoint", &setting.endpoint),
        ("region", &setting.region),
        (when, time),
    ])
}
