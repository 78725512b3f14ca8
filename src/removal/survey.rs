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
use crate::removal::plan;
use crate::removal::reader::{Action, Event, Failure, Reader, Step};
use crate::removal::request::{Wanted, one_or_many, places};
use crate::removal::world::{Balancer, list};
use crate::removal::{Setting, heading};

/// One place, being read.
#[derive(Debug, Default)]
struct Place {
    reader: Reader,
    world: Balancer,
    failure: Option<Failure>,
}

/// A load balancer that was read.
#[derive(Debug)]
pub struct Surveyed {
    /// As it is.
    pub balancer: Balancer,
    /// The places of the request that lead to it.
    pub places: Vec<usize>,
    /// How many reads that took.
    pub reads: usize,
}

/// A survey: of each place a lane, all of which may go on at once.
#[derive(Debug)]
pub struct Survey {
    setting: Setting,
    /// What is to be planned, if anything is.
    wanted: Option<Wanted>,
    places: Vec<Place>,
}

impl Survey {
    /// Reads `from`, given as JSON text: a place, or a list of them.
    ///
    /// # Errors
    /// `invalid-input` naming the field.
    pub fn inspect(setting: Setting, from: &str) -> Result<Self> {
        let document = given(from, "from")?;
        places(setting.family, document.value(), &Path::Root.field("from"))?;
        let readers = one_or_many(Some(document.value())).into_iter();
        let places = readers.map(|from| place(setting.family, from)).collect();
        Ok(Survey { setting, wanted: None, places })
    }

    /// Reads what a plan request, given as JSON text, is about.
    ///
    /// # Errors
    /// `invalid-input` naming the field and its index.
    pub fn plan(setting: Setting, request: &str) -> Result<Self> {
        let wanted = Wanted::new(setting.family, request)?;
        let places = wanted.from().into_iter().map(|from| place(setting.family, from)).collect();
        Ok(Survey { setting, wanted: Some(wanted), places })
    }

    /// How many lanes there are.
    #[must_use]
    pub fn lanes(&self) -> usize {
        self.places.len()
    }

    /// What to do in a lane after `event`.
    pub fn next(&mut self, lane: usize, event: Event, random: u32) -> Action {
        let Some(place) = self.places.get_mut(lane) else { return Action::Done };
        match place.reader.next(self.setting.family, &mut place.world, event, random) {
            Step::Do(action) => action,
            Step::Done => Action::Done,
            Step::Failed(failure) => {
                place.failure = Some(failure);
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
        for (number, place) in self.places.into_iter().enumerate() {
            if let Some(failure) = place.failure {
                return Err(failure.text().into());
            }
            let reads = place.reader.reads as usize;
            // Two places may be of one load balancer.
            match surveyed.iter_mut().find(|known| same(&known.balancer.id, &place.world.id)) {
                Some(known) => {
                    known.balancer.merge(place.world);
                    known.places.push(number);
                    known.reads += reads;
                }
                None => surveyed.push(Surveyed { balancer: place.world, places: [number].into(), reads }),
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

fn place(family: &Family, from: crate::core::value::Value<'_>) -> Place {
    Place { reader: Reader::new((family.begin)(from)), ..Place::default() }
}
