//! The safe removal against models of the vendors: thousands of worlds, requests, faults and other
//! people. See README.md beside this file.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says so by failing")]
#![allow(unreachable_pub, reason = "modules of one test")]

mod adversary;
mod alibaba;
mod case;
mod chance;
mod cloud;
mod cut;
mod fault;
mod generate;
mod judge;
mod openstack;
mod scale;
mod select;
mod stage;
mod tally;
mod tamper;
mod ucloud;
mod undo;
mod vendor;
mod watch;

use std::panic::{AssertUnwindSafe, catch_unwind};

use std::rc::Rc;

use case::Weather;
use cloud::Family;
use tally::Tally;

const FAMILIES: [(&str, Family); 3] =
    [("alibaba", Family::Alibaba), ("ucloud", Family::Ucloud), ("openstack", Family::Openstack)];

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

/// What is played of a weather.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Runs, without a journal.
    Run,
    /// Runs that are cut off at every action in turn.
    Every,
    /// Runs that are cut off somewhere.
    Cut,
    /// Undos that are cut off at every action in turn.
    UndoEvery,
    /// Undos that are cut off somewhere.
    Undo,
}

/// So many cases of this weather, spread over the families. Every property is looked at in several
/// weathers, so that half of the number is enough for most.
fn series(weather: Weather) {
    played(Part::Run, weather);
}

fn played(part: Part, weather: Weather) {
    let cases = number("UNPOOL_CASES").unwrap_or(10_000) * u64::from(weather.share)
        / if matches!(part, Part::Every | Part::UndoEvery) { 100 } else { 2 };
    let seed = number("UNPOOL_SEED").unwrap_or(1);
    let one = std::env::var("UNPOOL_CASE").ok();
    let one: Option<Vec<&str>> = one.as_deref().map(|one| one.split(':').collect());
    for (place, (name, family)) in FAMILIES.into_iter().enumerate() {
        let client = Rc::new(case::client(family));
        let mut tally = Tally::default();
        let (numbers, cut): (Vec<u64>, _) = match one.as_deref() {
            Some([of, own, number, cut @ ..]) if *of == weather.name && *own == name => {
                (vec![number.parse().unwrap()], cut.first().map(|cut| cut.parse().unwrap()))
            }
            Some(_) => continue,
            None => (
                (0..cases.div_ceil(3)).map(|case| seed.wrapping_mul(1 << 40) + case * 3 + place as u64).collect(),
                None,
            ),
        };
        for case in numbers {
            let told = one.is_some();
            let play = AssertUnwindSafe(|| {
                let mut ran = match part {
                    Part::Run => case::play(&client, family, weather, case, told)?,
                    Part::Cut => cut::some(&client, family, weather, case, told, &mut tally)?,
                    Part::Undo => undo::some(&client, family, weather, case, told, &mut tally)?,
                    Part::UndoEvery => {
                        let cuts = undo::every(&client, family, weather, case, told, cut, &mut tally)?;
                        tally.count("case", "cut", cuts);
                        return Ok("ran");
                    }
                    Part::Every => {
                        let cuts = cut::every(&client, family, weather, case, told, cut, &mut tally)?;
                        tally.count("case", "cut", cuts);
                        return Ok("ran");
                    }
                };
                match part {
                    Part::Undo => undo::judge(&mut ran, &mut tally),
                    _ => judge::judge(&mut ran, &mut tally),
                }
                if told {
                    println!("plan {:#}\nreport {:#}", ran.plan, ran.report);
                    println!("touched {:?}\nbefore {:#?}\nafter {:#?}", ran.touched, ran.before.real, ran.cloud.real);
                }
                Ok::<_, &str>("ran")
            });
            match catch_unwind(play) {
                Ok(Ok(what) | Err(what)) => tally.add("case", what),
                Err(panic) => {
                    eprintln!("again with UNPOOL_CASE={}:{name}:{case}", weather.name);
                    if number("UNPOOL_GO_ON").is_none() {
                        std::panic::resume_unwind(panic);
                    }
                }
            }
        }
        println!("{} {name}:{}", weather.name, tally.text());
    }
}

#[test]
fn without_trouble() {
    series(Weather { name: "calm", share: 2, ..Weather::default() });
}

#[test]
fn with_slow_services() {
    series(Weather { name: "slow", slow: true, share: 1, ..Weather::default() });
}

#[test]
fn with_faults() {
    series(Weather { name: "faults", faults: 150, share: 1, ..Weather::default() });
}

#[test]
fn with_one_lost_answer() {
    series(Weather { name: "lost", one_lost: true, share: 1, ..Weather::default() });
}

#[test]
fn with_one_lost_answer_and_nothing_readable_after_it() {
    series(Weather { name: "blind", one_lost: true, blind: true, share: 1, ..Weather::default() });
}

#[test]
fn with_changes_forbidden_from_some_call_on() {
    series(Weather { name: "forbidden", forbidden: true, share: 1, ..Weather::default() });
}

#[test]
fn with_somebody_else_at_it() {
    series(Weather { name: "others", adversary: 60, share: 2, ..Weather::default() });
}

#[test]
fn with_somebody_else_at_slow_services() {
    series(Weather { name: "crowd", adversary: 40, slow: true, share: 1, ..Weather::default() });
}

#[test]
fn with_health_that_flips() {
    series(Weather { name: "health", adversary: 200, only_health: true, share: 1, ..Weather::default() });
}

#[test]
fn with_all_of_it() {
    series(Weather {
        name: "storm",
        slow: true,
        faults: 100,
        adversary: 20,
        abort: 150,
        pause: 150,
        share: 2,
        ..Weather::default()
    });
}

#[test]
fn cut_without_trouble() {
    played(Part::Every, Weather { name: "cut-calm", share: 3, ..Weather::default() });
}

#[test]
fn cut_with_slow_services() {
    played(Part::Every, Weather { name: "cut-slow", slow: true, share: 1, ..Weather::default() });
}

#[test]
fn cut_with_faults() {
    played(Part::Cut, Weather { name: "cut-faults", faults: 150, share: 1, ..Weather::default() });
}

#[test]
fn cut_with_one_lost_answer() {
    played(Part::Cut, Weather { name: "cut-lost", one_lost: true, share: 1, ..Weather::default() });
}

#[test]
fn cut_with_changes_forbidden() {
    played(Part::Cut, Weather { name: "cut-forbidden", forbidden: true, share: 1, ..Weather::default() });
}

#[test]
fn cut_with_somebody_else_at_it() {
    played(Part::Cut, Weather { name: "cut-others", adversary: 60, share: 1, ..Weather::default() });
}

#[test]
fn cut_with_somebody_else_at_slow_services() {
    played(Part::Cut, Weather { name: "cut-crowd", adversary: 40, slow: true, share: 1, ..Weather::default() });
}

#[test]
fn cut_with_all_of_it() {
    played(
        Part::Cut,
        Weather {
            name: "cut-storm",
            slow: true,
            faults: 100,
            adversary: 20,
            abort: 150,
            pause: 150,
            share: 2,
            ..Weather::default()
        },
    );
}

#[test]
fn undo_without_trouble() {
    played(Part::UndoEvery, Weather { name: "undo-calm", share: 3, ..Weather::default() });
}

#[test]
fn undo_with_slow_services() {
    played(Part::UndoEvery, Weather { name: "undo-slow", slow: true, share: 1, ..Weather::default() });
}

#[test]
fn undo_with_faults() {
    played(Part::Undo, Weather { name: "undo-faults", faults: 150, share: 1, ..Weather::default() });
}

#[test]
fn undo_with_one_lost_answer() {
    played(Part::Undo, Weather { name: "undo-lost", one_lost: true, share: 1, ..Weather::default() });
}

#[test]
fn undo_with_changes_forbidden() {
    played(Part::Undo, Weather { name: "undo-forbidden", forbidden: true, share: 1, ..Weather::default() });
}

#[test]
fn undo_with_somebody_else_at_it() {
    played(Part::Undo, Weather { name: "undo-others", adversary: 60, share: 1, ..Weather::default() });
}

#[test]
fn undo_with_all_of_it() {
    played(
        Part::Undo,
        Weather {
            name: "undo-storm",
            slow: true,
            faults: 100,
            adversary: 20,
            abort: 150,
            pause: 150,
            share: 2,
            ..Weather::default()
        },
    );
}

/// cargo test --release --test simulation scale -- --ignored --nocapture
#[test]
#[ignore = "a measurement"]
fn scale() {
    println!(
        "| family | entries | load balancers | reads of the plan | calls of the run | ms to plan | ms to run | plan | report | memory | all |"
    );
    for balancers in [20, 200, 2_000] {
        for (_, family) in FAMILIES {
            scale::measure(family, balancers);
        }
    }
}
