//! Looking without touching: what [`inspect`] and [`plan`] read.
//!
//! [`inspect`]: Survey::inspect
//! [`plan`]: Survey::plan

use alloc::{string::String, vec::Vec};

use crate::core::error::Result;
use crate::core::input::given;
use crate::core::json::Json;
use crate::core::path::Path;
use crate::core::text::same;
use crate::core::time;
use crate::removal::family::Family;
use crate::removal::plan::{self, Surveyed};
use crate::removal::reader::{Action, Event, Failure, Reader, Step};
use crate::removal::request::{Wanted, one_or_many, sources};
use crate::removal::setting::{Setting, heading};
use crate::removal::world::{Balancer, list};

/// One item of `from`, being read.
#[derive(Debug, Default)]
struct Source {
    reader: Reader,
    world: Balancer,
    failure: Option<Failure>,
}

/// A survey: of each item of `from` a lane, all of which may go on at once.
#[derive(Debug)]
pub struct Survey {
    setting: Setting,
    /// What is to be planned, if anything is.
    wanted: Option<Wanted>,
    sources: Vec<Source>,
}

impl Survey {
    /// Reads `from`, given as JSON text: an item of `from`, or a list of them.
    ///
    /// # Errors
    /// `invalid-input` naming the field.
    pub fn inspect(setting: Setting, from: &str) -> Result<Self> {
        let document = given(from, "from")?;
        sources(setting.family, document.value(), &Path::Root.field("from"))?;
        let readers = one_or_many(Some(document.value())).into_iter();
        let sources = readers.map(|from| source(setting.family, from)).collect();
        Ok(Survey { setting, wanted: None, sources })
    }

    /// Reads what a plan request, given as JSON text, is about.
    ///
    /// # Errors
    /// `invalid-input` naming the field and its index.
    pub fn plan(setting: Setting, request: &str) -> Result<Self> {
        let wanted = Wanted::new(setting.family, request)?;
        let sources = wanted.from().into_iter().map(|from| source(setting.family, from)).collect();
        Ok(Survey { setting, wanted: Some(wanted), sources })
    }

    /// How many lanes there are.
    #[must_use]
    pub fn lanes(&self) -> usize {
        self.sources.len()
    }

    /// What to do in a lane after `event`.
    pub fn next(&mut self, lane: usize, event: Event, random: u32) -> Action {
        let Some(source) = self.sources.get_mut(lane) else { return Action::Done };
        match source.reader.next(self.setting.family, &mut source.world, event, random) {
            Step::Do(action) => action,
            Step::Done => Action::Done,
            Step::Failed(failure) => {
                source.failure = Some(failure);
                Action::Done
            }
        }
    }

    /// The picture or the plan, once all lanes are done; or the first failure, as JSON text.
    ///
    /// # Errors
    /// The error of a read that could not be made, as it came in.
    pub fn finish(self, now: i64) -> core::result::Result<Json, String> {
        let mut surveyed: Vec<Surveyed> = Vec::new();
        for (number, source) in self.sources.into_iter().enumerate() {
            if let Some(failure) = source.failure {
                return Err(failure.text().into());
            }
            let reads = source.reader.reads as usize;
            // Two items may be of one load balancer.
            match surveyed.iter_mut().find(|known| same(&known.balancer.id, &source.world.id)) {
                Some(known) => {
                    known.balancer.merge(source.world);
                    known.sources.push(number);
                    known.reads += reads;
                }
                None => surveyed.push(Surveyed { balancer: source.world, sources: [number].into(), reads }),
            }
        }
        Ok(match self.wanted {
            Some(wanted) => plan::write(&self.setting, &wanted, &surveyed, now),
            None => {
                let mut out = heading(&self.setting, "unpool/picture@1", "readAt", &time::extended(now));
                out.add_json("loadBalancers", &list(&surveyed, |one| one.balancer.write()));
                out
            }
        })
    }
}

fn source(family: &Family, from: crate::core::value::Value<'_>) -> Source {
    Source { reader: Reader::new((family.begin)(from)), ..Source::default() }
}
