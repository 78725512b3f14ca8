//! `cargo xtask test`: every suite, one line each, and `N passed, N failed` at the end.

use crate::counts::Counts;
use crate::project::Project;
use crate::run::captured;
use crate::setup::{bindgen, browser, lints, matrix, npm, python, wasm_target};
use crate::suites::{Run, Suite, Tools, list};
use crate::wasm;
use std::process::ExitCode;
use std::time::Instant;

struct Flags {
    quick: bool,
    verbose: bool,
    only: Option<String>,
}

struct Outcome {
    counts: Counts,
    seconds: f64,
    output: String,
}

impl Outcome {
    fn of_one(ok: bool, seconds: f64, output: String) -> Self {
        let counts = Counts { passed: u32::from(ok), failed: u32::from(!ok), skipped: 0 };
        Self { counts, seconds, output }
    }
}

pub fn test(project: &Project, flags: &[String]) -> Result<ExitCode, String> {
    let flags = parse(flags)?;
    let tools = set_up(project, flags.quick)?;
    let mut total = Counts::default();
    let mut ran = 0;
    for suite in list(project, &tools, flags.quick) {
        if flags.only.as_ref().is_some_and(|only| !suite.name.contains(only.as_str())) {
            continue;
        }
        ran += 1;
        let name = suite.name.clone();
        let Some(outcome) = run(project, suite)? else {
            continue;
        };
        print(&name, &outcome, flags.verbose);
        total.passed += outcome.counts.passed;
        total.failed += outcome.counts.failed;
    }
    if ran == 0 {
        return Err(format!("no suite is called `{}`", flags.only.unwrap_or_default()));
    }
    println!("{} passed, {} failed", total.passed, total.failed);
    Ok(if total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
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

fn set_up(project: &Project, quick: bool) -> Result<Tools, String> {
    let _lock = project.lock()?;
    let slow = !quick;
    Ok(Tools {
        lints: lints::ready(project).map(drop),
        target: wasm_target::ready(project),
        bindgen: bindgen::ready(project),
        npm: npm::FOLDERS.iter().try_for_each(|folder| npm::ready(project, folder)),
        browser: slow.then(|| browser::ready(project)),
        clients: slow.then(|| python::clients(project)),
        openstack: slow.then(|| python::openstack(project)),
        matrix: slow.then(|| matrix::ready(project)),
    })
}

/// Nothing for a suite that has a reason to be left out; the reason is printed.
fn run(project: &Project, suite: Suite) -> Result<Option<Outcome>, String> {
    Ok(Some(match suite.run {
        Run::Skipped(reason) => {
            println!("skip  {:<20} {reason}", suite.name);
            return Ok(None);
        }
        Run::Tests { command, count } => {
            let done = captured(project, command, suite.limit)?;
            let (counts, note) = judge(count(&done.output), done.ok);
            Outcome { counts, seconds: done.seconds, output: done.output + note }
        }
        Run::Check(command) => {
            let done = captured(project, command, suite.limit)?;
            Outcome::of_one(done.ok, done.seconds, done.output)
        }
        Run::Build => {
            let started = Instant::now();
            let built = wasm::build(project);
            let ok = built.is_ok();
            let output = built.unwrap_or_else(|message| message);
            Outcome::of_one(ok, started.elapsed().as_secs_f64(), output)
        }
        Run::Impossible(message) => Outcome::of_one(false, 0.0, message),
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

fn print(name: &str, outcome: &Outcome, verbose: bool) {
    let Counts { passed, failed, skipped } = outcome.counts;
    let word = if failed == 0 { "ok  " } else { "FAIL" };
    let mut text = format!("{passed} passed");
    if failed > 0 {
        text.push_str(&format!(", {failed} failed"));
    }
    if skipped > 0 {
        text.push_str(&format!(", {skipped} skipped"));
    }
    println!("{word}  {name:<20} {text:<32} {:>6.1} s", outcome.seconds);
    if failed > 0 || verbose {
        println!("{}\n", outcome.output.trim_end());
    }
}

#[cfg(test)]
mod tests {
    use super::{Counts, judge};

    #[test]
    fn only_a_clean_end_with_tests_is_success() {
        let counts = |passed, failed| Counts { passed, failed, skipped: 0 };
        assert_eq!(judge(counts(3, 0), true).0, counts(3, 0));
        assert_eq!(judge(counts(3, 2), false).0, counts(3, 2));
        assert_eq!(judge(counts(3, 0), false).0, counts(3, 1));
        assert_eq!(judge(counts(0, 0), true).0, counts(0, 1));
    }
}
