//! The module of the safe removal: what is under way, as the facade holds it.

use alloc::string::String;

use wasm_bindgen::prelude::*;

use crate::core::encode::decimal;
use crate::core::error::Result;
use crate::core::text::{cut, join};
use crate::js::errors;
use crate::js::job::Job;
use crate::js::random::bits;
use crate::js::slots::{Slots, insert};
use crate::numbers::removal as what;
use crate::vendor::registry;

/// The removals of all clients. Nothing here knows a secret.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Core {
    /// Those under way.
    jobs: Slots<Job>,
}

#[wasm_bindgen]
impl Core {
    /// With nothing under way.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Core {
        Core::default()
    }

    /// The one way in, of the same form as the other module's.
    ///
    /// - `BEGIN`: what `inspect`, `plan`, `run` or `undo` takes; that word, a line break and what `SETTING`
    ///   of the client says; the time. Out: the job's number, a blank, and how many lanes it has; see [`Job::keys`] for what follows.
    /// - `ADVANCE`: what came (see [`Job::next`]); the job's number, the lane's, the time, and random bits.
    /// - `FINISH`: the job's number, and the time. Out: JSON. The job is over then.
    pub fn call(&self, what: u32, text: &str, more: Option<String>, a: f64, b: f64, c: f64, d: f64) -> String {
        let out = match what {
            what::BEGIN => self.begin(text, more.as_deref().unwrap_or_default(), a),
            what::ADVANCE => Ok(match self.jobs.borrow_mut().get_mut(a as usize) {
                Some(Some(job)) => job.next(b as usize, text, c as i64, bits(d)),
                _ => String::from("."),
            }),
            what::FINISH => {
                let job = self.jobs.borrow_mut().get_mut(a as usize).and_then(Option::take);
                Ok(job.map_or_else(String::new, |job| job.finish(b as i64)))
            }
            _ => Ok(String::new()),
        };
        out.unwrap_or_else(|error| errors::written(&error))
    }
}

impl Core {
    fn begin(&self, text: &str, more: &str, now: f64) -> Result<String> {
        let (what, setting) = cut(more, "\n");
        let job = Job::new(registry::setting(setting)?, what, text, now as i64)?;
        let (lanes, keys) = (decimal(job.lanes() as i64), job.keys());
        Ok(join(&[&decimal(insert(&self.jobs, job)), " ", &lanes, &keys]))
    }
}
