//! `cargo xtask test`: every suite, side by side as the cores allow, one line for each when it has ended, and
//! `N passed, N failed` at last.

use crate::counts::Counts;
use crate::project::Project;
use crate::run::captured;
use crate::schedule::{self, Job, Needs};
use crate::suites::{Make, Ready, Run, Suite, list};
use crate::tools::{Piece, Tools};
use crate::wasm;
use std::num::NonZero;
use std::ops::ControlFlow;
use std::process::ExitCode;
use std::time::Instant;

struct Flags {
    quick: bool,
    verbose: bool,
    only: Option<String>,
}

struct Outcome {
    counts: Counts,
    output: String,
}

impl Outcome {
    fn of_one(ok: bool, output: String) -> Self {
        Self { counts: Counts { passed: u32::from(ok), failed: u32::from(!ok), skipped: 0 }, output }
    }
}

/// What came of a job.
enum Done {
    /// Its failure is told by the suites that need it.
    SetUp,
    Suite(Outcome),
    Skipped(&'static str),
}

pub fn test(project: &Project, flags: &[String]) -> Result<ExitCode, String> {
    let flags = parse(flags)?;
    let suites = chosen(list(project, flags.quick), flags.only.as_deref(), project.package().exists())?;
    let pieces = pieces(&suites);
    let names: Vec<String> = pieces
        .iter()
        .map(|piece| piece.name().to_owned())
        .chain(suites.iter().map(|suite| suite.name.clone()))
        .collect();
    // Until the last of those that write under target/tools or pkg/ has ended.
    let mut lock = Some(project.lock()?);
    let mut writers: Vec<usize> = (0..pieces.len()).collect();
    writers.extend(suites.iter().position(|suite| matches!(suite.run, Run::Build)).map(|place| pieces.len() + place));

    if writers.is_empty() {
        lock = None;
    }

    let started = Instant::now();
    let tools = Tools::default();
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let room = u32::try_from(cores).unwrap_or(u32::MAX).saturating_mul(100);
    let mut total = Counts::default();
    let mut broken = None;
    schedule::run(jobs(project, &tools, pieces, suites), room, |place, (seconds, done)| {
        writers.retain(|&writer| writer != place);
        if writers.is_empty() {
            lock = None;
        }
        match done {
            Ok(Done::Suite(outcome)) => {
                print(&names[place], seconds, &outcome, flags.verbose);
                total.passed += outcome.counts.passed;
                total.failed += outcome.counts.failed;
            }
            Ok(Done::Skipped(reason)) => println!("skip  {:<20} {reason}", names[place]),
            // What was there already is not worth a line.
            Ok(Done::SetUp) if seconds < 1.0 => {}
            Ok(Done::SetUp) => println!("setup {:<53} {seconds:>6.1} s", names[place]),
            Err(message) => {
                broken.get_or_insert(message);
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    });
    if let Some(message) = broken {
        return Err(message);
    }
    println!("all together in {:.1} s", started.elapsed().as_secs_f64());
    println!("{} passed, {} failed", total.passed, total.failed);
    Ok(if total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The suites that are wanted. Where no package was built yet, the build belongs to those that are about it.
fn chosen<'a>(suites: Vec<Suite<'a>>, only: Option<&str>, built: bool) -> Result<Vec<Suite<'a>>, String> {
    let Some(only) = only else {
        return Ok(suites);
    };
    let wanted = |suite: &Suite<'_>| suite.name.contains(only);
    let build = !built && suites.iter().any(|suite| suite.package && wanted(suite));
    let chosen: Vec<_> =
        suites.into_iter().filter(|suite| wanted(suite) || build && matches!(suite.run, Run::Build)).collect();
    if chosen.is_empty() { Err(format!("no suite is called `{only}`")) } else { Ok(chosen) }
}

/// What must be set up for these, each once.
fn pieces(suites: &[Suite<'_>]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for piece in suites.iter().flat_map(|suite| &suite.needs) {
        if !pieces.contains(piece) {
            pieces.push(*piece);
        }
    }
    pieces
}

type Timed = (f64, Result<Done, String>);

/// The pieces of set-up first, then the suites.
fn jobs<'a>(project: &'a Project, tools: &'a Tools, pieces: Vec<Piece>, suites: Vec<Suite<'a>>) -> Vec<Job<'a, Timed>> {
    let build = suites.iter().position(|suite| matches!(suite.run, Run::Build)).map(|place| pieces.len() + place);
    let place = |wanted: &Piece| pieces.iter().position(|piece| piece == wanted);
    let needs: Vec<Needs> = suites
        .iter()
        .map(|suite| {
            let after = suite.needs.iter().filter_map(place).chain(build.filter(|_| suite.package)).collect();
            Needs { after, load: suite.load, alone: suite.alone }
        })
        .collect();
    let set_up = pieces.into_iter().map(|piece| {
        let work = move || {
            // A failure is kept, and told by each suite that needs the piece.
            let _ = tools.set_up(project, piece);
            Ok(Done::SetUp)
        };
        // What compiles lets the package go first, for which nearly everything waits.
        let after = build.filter(|_| piece.load() > 0).into_iter().collect();
        Job { needs: Needs { after, load: piece.load(), alone: None }, work: timed(work) }
    });
    let suites = suites.into_iter().zip(needs);
    let suites = suites.map(|(suite, needs)| Job { needs, work: timed(move || run(project, tools, suite)) });
    set_up.chain(suites).collect()
}

fn timed<'a>(work: impl FnOnce() -> Result<Done, String> + Send + 'a) -> Box<dyn FnOnce() -> Timed + Send + 'a> {
    Box::new(|| {
        let started = Instant::now();
        let done = work();
        (started.elapsed().as_secs_f64(), done)
    })
}

fn parse(flags: &[String]) -> Result<Flags, String> {
    let mut parsed = Flags { quick: false, verbose: false, only: None };
    let mut flags = flags.iter();
    while let Some(flag) = flags.next() {
        match flag.as_str() {
            "--quick" => parsed.quick = true,
            "--verbose" => parsed.verbose = true,
            "--only" => {
                parsed.only = Some(flags.next().ok_or("--only needs a part of a suite's name")?.clone());
            }
            other => {
                return Err(format!("test has no option `{other}`; it has --quick, --verbose, --only"));
            }
        }
    }
    Ok(parsed)
}

fn run(project: &Project, tools: &Tools, suite: Suite<'_>) -> Result<Done, String> {
    let make = |make: Make<'_>| {
        suite.needs.iter().try_for_each(|&piece| tools.set_up(project, piece)).and_then(|()| make(tools))
    };
    let (made, count) = match suite.run {
        Run::Tests { command, count } => (make(command), Some(count)),
        Run::Check(command) => (make(command), None),
        Run::Build => {
            let built = wasm::build(project);
            let ok = built.is_ok();
            return Ok(Done::Suite(Outcome::of_one(ok, built.unwrap_or_else(|message| message))));
        }
    };
    let command = match made {
        Ok(Ready::Run(command)) => command,
        Ok(Ready::Skip(reason)) => return Ok(Done::Skipped(reason)),
        Err(message) => return Ok(Done::Suite(Outcome::of_one(false, message))),
    };
    let done = captured(project, command, suite.limit)?;
    Ok(Done::Suite(match count {
        None => Outcome::of_one(done.ok, done.output),
        Some(count) => {
            let (counts, note) = judge(count(&done.output), done.ok);
            Outcome { counts, output: done.output + note }
        }
    }))
}

/// A suite that broke off, or that has files and ran nothing of them, must not look like success.
fn judge(mut counts: Counts, ok: bool) -> (Counts, &'static str) {
    if counts.failed == 0 && !ok {
        counts.failed = 1;
        return (counts, "\nended with an error without naming a failed test\n");
    }
    if counts.failed == 0 && counts.passed == 0 {
        counts.failed = 1;
        return (counts, "\nran no test\n");
    }
    (counts, "")
}

fn print(name: &str, seconds: f64, outcome: &Outcome, verbose: bool) {
    let Counts { passed, failed, skipped } = outcome.counts;
    let word = if failed == 0 { "ok  " } else { "FAIL" };
    let mut text = format!("{passed} passed");
    if failed > 0 {
        text.push_str(&format!(", {failed} failed"));
    }
    if skipped > 0 {
        text.push_str(&format!(", {skipped} skipped"));
    }
    println!("{word}  {name:<20} {text:<32} {seconds:>6.1} s");
    if failed > 0 || verbose {
        println!("{}\n", outcome.output.trim_end());
    }
}

#[cfg(test)]
mod tests {
    use super::{Counts, chosen, jobs, judge, pieces};
    use crate::project::Project;
    use crate::suites::list;
    use crate::tools::{Piece, Tools};

    #[test]
    fn only_a_clean_end_with_tests_is_success() {
        let counts = |passed, failed| Counts { passed, failed, skipped: 0 };
        assert_eq!(judge(counts(3, 0), true).0, counts(3, 0));
        assert_eq!(judge(counts(3, 2), false).0, counts(3, 2));
        assert_eq!(judge(counts(3, 0), false).0, counts(3, 1));
        assert_eq!(judge(counts(0, 0), true).0, counts(0, 1));
    }

    #[test]
    fn only_takes_the_build_along_where_there_is_no_package() {
        let project = Project::find();
        let names = |only, built| {
            let chosen = chosen(list(&project, false), only, built);
            chosen.map(|suites| suites.into_iter().map(|suite| suite.name).collect::<Vec<_>>())
        };
        assert_eq!(names(Some("api"), true).unwrap_or_default(), ["api"]);
        assert_eq!(names(Some("api"), false).unwrap_or_default(), ["build", "api"]);
        assert_eq!(names(Some("native"), false).unwrap_or_default(), ["native"]);
        assert_eq!(names(None, true).map(|names| names.len()), Ok(list(&project, false).len()));
        assert!(names(Some("no such suite"), true).is_err());
    }

    #[test]
    fn a_suite_waits_for_its_pieces_and_for_the_package() {
        let project = Project::find();
        let tools = Tools::default();
        let suites = chosen(list(&project, false), Some("page"), false).unwrap_or_default();
        let pieces = pieces(&suites);
        assert_eq!(pieces, [Piece::Page, Piece::Browser, Piece::Npm]);
        let needs: Vec<_> = jobs(&project, &tools, pieces, suites).into_iter().map(|job| job.needs.after).collect();
        // Three pieces and the build wait for nothing; the page for all of them.
        assert_eq!(needs, [vec![], vec![], vec![], vec![], vec![0, 1, 2, 3]]);
    }
}
