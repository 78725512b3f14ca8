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
mod golden;
mod judge;
mod mutants;
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

/// Each test is one series: a part, and a weather by its name.
macro_rules! series {
    ($($test:ident: $part:ident, $weather:literal;)*) => {
        /// What is played of which weather, by the name of the weather in that part.
        const SERIES: &[(Part, &str)] = &[$((Part::$part, $weather)),*];
        $(
            #[test]
            fn $test() {
                played(Part::$part, weather($weather));
            }
        )*
    };
}

series! {
    without_trouble: Run, "calm";
    with_slow_services: Run, "slow";
    with_faults: Run, "faults";
    with_one_lost_answer: Run, "lost";
    with_one_lost_answer_and_nothing_readable_after_it: Run, "blind";
    with_changes_forbidden_from_some_call_on: Run, "forbidden";
    with_somebody_else_at_it: Run, "others";
    with_somebody_else_at_slow_services: Run, "crowd";
    with_health_that_flips: Run, "health";
    with_all_of_it: Run, "storm";
    cut_without_trouble: Every, "cut-calm";
    cut_with_slow_services: Every, "cut-slow";
    cut_with_faults: Cut, "cut-faults";
    cut_with_one_lost_answer: Cut, "cut-lost";
    cut_with_changes_forbidden: Cut, "cut-forbidden";
    cut_with_somebody_else_at_it: Cut, "cut-others";
    cut_with_somebody_else_at_slow_services: Cut, "cut-crowd";
    cut_with_all_of_it: Cut, "cut-storm";
    undo_without_trouble: UndoEvery, "undo-calm";
    undo_with_slow_services: UndoEvery, "undo-slow";
    undo_with_faults: Undo, "undo-faults";
    undo_with_one_lost_answer: Undo, "undo-lost";
    undo_with_changes_forbidden: Undo, "undo-forbidden";
    undo_with_somebody_else_at_it: Undo, "undo-others";
    undo_with_all_of_it: Undo, "undo-storm";
}

/// The same events give the same actions, entries and reports as when `golden.txt` was written.
#[test]
fn golden() {
    let mut lines = String::new();
    for (part, name) in SERIES {
        for (family_name, family) in FAMILIES {
            lines.push_str(&format!(
                "{name} {family_name} {}\n",
                golden_digest(*part, weather(name), family_name, family)
            ));
        }
    }
    golden::compare(&lines);
}

/// The digest of some cases of a series. What a case asserts is for the series' own test.
fn golden_digest(part: Part, weather: Weather, name: &str, family: Family) -> String {
    let client = Rc::new(case::client(family));
    let cases = if matches!(part, Part::Every | Part::UndoEvery) { 2 } else { 40 };
    golden::begin();
    for case in 0..cases {
        let number = (77 << 40) + case;
        let mut tally = Tally::default();
        let play = AssertUnwindSafe(|| match part {
            Part::Run => case::play(&client, family, weather, number, false).map(drop),
            Part::Cut => cut::some(&client, family, weather, number, false, &mut tally).map(drop),
            Part::Undo => undo::some(&client, family, weather, number, false, &mut tally).map(drop),
            Part::Every => cut::every(&client, family, weather, number, false, None, &mut tally).map(drop),
            Part::UndoEvery => undo::every(&client, family, weather, number, false, None, &mut tally).map(drop),
        });
        let ended = match catch_unwind(play) {
            Ok(Ok(())) => "ran",
            Ok(Err(why)) => why,
            Err(_) => "failed",
        };
        golden::end_case(&format!("{}:{name}:{number}", weather.name), ended);
    }
    golden::finish()
}

/// The weather of this name: what goes wrong is told in README.md.
fn weather(name: &'static str) -> Weather {
    let calm = Weather { name, share: 1, ..Weather::default() };
    match name.trim_start_matches("cut-").trim_start_matches("undo-") {
        "calm" => Weather { share: if name == "calm" { 2 } else { 3 }, ..calm },
        "slow" => Weather { slow: true, ..calm },
        "faults" => Weather { faults: 150, ..calm },
        "lost" => Weather { one_lost: true, ..calm },
        "blind" => Weather { one_lost: true, blind: true, ..calm },
        "forbidden" => Weather { forbidden: true, ..calm },
        "others" => Weather { adversary: 60, share: if name == "others" { 2 } else { 1 }, ..calm },
        "crowd" => Weather { adversary: 40, slow: true, ..calm },
        "health" => Weather { adversary: 200, only_health: true, ..calm },
        "storm" => Weather { slow: true, faults: 100, adversary: 20, abort: 150, pause: 150, share: 2, ..calm },
        other => panic!("no weather is called {other}"),
    }
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
