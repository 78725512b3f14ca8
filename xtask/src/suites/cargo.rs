//! Suites that cargo runs: lints, documentation, native tests, tests as WebAssembly.

use super::{Ready, Run, Suite, suite};
use crate::counts;
use crate::project::{Project, entries};
use crate::run::{MINUTE, cargo, patient};
use crate::tools::{Piece, Tools};
use std::process::Command;

/// Nothing in these depends on time, and they keep every core busy for as long as they take. So they take what the
/// others leave, one after the other: cargo would make them wait for each other anyway.
fn in_the_background<'a>(name: impl Into<String>, run: Run<'a>) -> Suite<'a> {
    Suite { load: 0, alone: Some("cargo"), ..suite(name, run) }
}

pub fn native(project: &Project) -> Vec<Suite<'_>> {
    let mut suites = vec![
        check(project, "fmt", &[Piece::Lints], |project, _| {
            let mut fmt = cargo(project);
            fmt.args(["fmt", "--all", "--check", "--", "--color=never"]);
            Ok(Ready::Run(fmt))
        }),
        check(project, "clippy", &[Piece::Lints], |project, _| {
            let mut clippy = cargo(project);
            clippy.arg("clippy").args(WORKSPACE).args(["--all-targets", "--quiet", "--", "-D", "warnings"]);
            Ok(Ready::Run(patient(project, clippy)))
        }),
        check(project, "doc", &[], |project, _| {
            let mut doc = cargo(project);
            doc.args(["doc", "--no-deps", "--quiet"]).env("RUSTDOCFLAGS", "-D warnings");
            Ok(Ready::Run(patient(project, doc)))
        }),
    ];
    suites.extend(["fetch", "module", "removal-module"].map(|feature| clippy_wasm(project, feature)));
    let command = Box::new(|_: &Tools| {
        let mut tests = cargo(project);
        tests.arg("test").args(WORKSPACE).arg("--no-fail-fast");
        Ok(Ready::Run(patient(project, tests)))
    });
    suites.push(Suite {
        // The simulation plays some hundred thousand removals.
        limit: 45 * MINUTE,
        ..in_the_background("native", Run::Tests { command, count: counts::libtest })
    });
    suites
}

/// All but the tool with forty dependencies, which `build` compiles in a folder of its own, and runs.
const WORKSPACE: [&str; 3] = ["--workspace", "--exclude", "xtask-bindgen"];

fn check<'a>(
    project: &'a Project,
    name: impl Into<String>,
    needs: &[Piece],
    make: impl FnOnce(&Project, &Tools) -> Result<Ready, String> + Send + 'a,
) -> Suite<'a> {
    let run = Run::Check(Box::new(move |tools| make(project, tools)));
    Suite { needs: needs.to_vec(), ..in_the_background(name, run) }
}

/// The crate with one of the features that exist in WebAssembly only.
fn clippy_wasm<'a>(project: &'a Project, feature: &'static str) -> Suite<'a> {
    check(project, format!("clippy {feature}"), &[Piece::Lints, Piece::Target], move |project, tools| {
        let Some(mut clippy) = tools.target()?.clippy(project) else {
            return Ok(Ready::Skip("this toolchain has no clippy for it"));
        };
        clippy.args(["--package", "unpool", "--lib", "--features", feature, "--quiet"]);
        // The tests are of that feature.
        if feature == "fetch" {
            for name in wasm_tests(project) {
                clippy.args(["--test", &name]);
            }
        }
        clippy.args(["--", "-D", "warnings"]);
        Ok(Ready::Run(patient(project, clippy)))
    })
}

/// Names of the integration tests that run as WebAssembly: `tests/wasm*.rs`.
fn wasm_tests(project: &Project) -> Vec<String> {
    let files = entries(&project.path("tests"));
    let names = files.iter().filter(|file| file.extension().is_some_and(|e| e == "rs"));
    let names = names.filter_map(|file| Some(file.file_stem()?.to_str()?.to_owned()));
    names.filter(|name| name.starts_with("wasm")).collect()
}

pub fn wasm(project: &Project, quick: bool) -> Vec<Suite<'_>> {
    let places = [("wasm in Node", false), ("wasm in Chromium", true)];
    let suites =
        places.into_iter().filter(|(_, in_browser)| !(quick && *in_browser)).filter_map(|(name, in_browser)| {
            let mut tests = wasm_tests(project);
            tests.retain(|test| test.starts_with("wasm_browser") == in_browser);
            let mut needs = vec![Piece::Target, Piece::Runner];
            needs.extend(in_browser.then_some(Piece::Browser));
            let run = Run::Tests {
                count: counts::libtest,
                command: Box::new({
                    let tests = tests.clone();
                    move |tools| wasm_command(project, tools, &tests, in_browser).map(Ready::Run)
                }),
            };
            (!tests.is_empty()).then(|| Suite { needs, alone: Some("cargo for wasm"), ..suite(name, run) })
        });
    suites.collect()
}

fn wasm_command(project: &Project, tools: &Tools, tests: &[String], in_browser: bool) -> Result<Command, String> {
    let mut command = tools.target()?.cargo(project, "test");
    command
        .args(["--package", "unpool", "--features", "fetch", "--no-fail-fast"])
        .args(tests.iter().flat_map(|test| ["--test", test]))
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", tools.runner()?);
    if in_browser {
        let browser = tools.browser()?;
        command
            .env("CHROMEDRIVER", &browser.driver)
            .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", browser.webdriver_json(project)?)
            .env("WASM_BINDGEN_TEST_TIMEOUT", "120");
    }
    Ok(command)
}
