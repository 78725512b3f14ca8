//! Whose load balancers a removal is about.

use alloc::string::String;

use crate::core::json::Json;
use crate::removal::family::Family;

/// Whose load balancers these are.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The vendor's part.
    pub family: &'static Family,
    /// The vendor's name, as the client has it.
    pub vendor: &'static str,
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
    pub fn batch_limit(&self) -> usize {
        if self.family.batches { self.batch } else { 1 }
    }
}

/// The beginning of everything that is written here.
pub(super) fn heading(setting: &Setting, schema: &str, when: &str, time: &str) -> Json {
    Json::object(&[
        ("schema", schema),
        ("vendor", setting.vendor),
        ("endpoint", &setting.endpoint),
        ("region", &setting.region),
        (when, time),
    ])
}
