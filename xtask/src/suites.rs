//! The list of test suites, cheapest first, each with the command that runs it.

use crate::counts::{self, Counts};
use crate::project::{Project, entries};
use crate::run::{MINUTE, cargo, command};
use crate::setup::bindgen::Bindgen;
use crate::setup::browser::Browser;
use crate::setup::matrix::Matrix;
use crate::setup::wasm_target::WasmTarget;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// What set-up found, or why it could not: a suite that needs a missing piece fails with its message.
pub struct Tools {
    pub lints: Result<(), String>,
    pub target: Result<WasmTarget, String>,
    pub bindgen: Result<Bindgen, String>,
    pub npm: Result<(), String>,
    /// None of these is looked for in a quick run.
    pub browser: Option<Result<Browser, String>>,
    pub clients: Option<Result<Option<PathBuf>, String>>,
    pub openstack: Option<Result<PathBuf, String>>,
    pub matrix: Option<Result<Matrix, String>>,
}

pub struct Suite {
    pub name: String,
    pub run: Run,
    pub limit: Duration,
}

pub enum Run {
    /// A command whose output says how many tests there were.
    Tests {
        command: Command,
        count: fn(&str) -> Counts,
    },
    /// A command that is one test: it succeeds or not.
    Check(Command),
    Build,
    Impossible(String),
    Skipped(&'static str),
}

/// Folders under tests/ that are left out of a quick run.
const SLOW: [&str; 4] = ["faults", "page", "openstack", "matrix"];

pub fn list(project: &Project, tools: &Tools, quick: bool) -> Vec<Suite> {
    let mut suites = vec![
        lint(tools, "fmt", || {
            let mut fmt = cargo(project);
            fmt.args(["fmt", "--all", "--check", "--", "--color=never"]);
            fmt
        }),
        lint(tools, "clippy", || {
            let mut clippy = cargo(project);
            clippy.args(["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]);
            clippy
        }),
        clippy_wasm(project, tools, "fetch"),
        clippy_wasm(project, tools, "module"),
        clippy_wasm(project, tools, "removal-module"),
        suite("doc", Run::Check(doc(project))),
        Suite {
            // The simulation plays some hundred thousand removals.
            limit: 45 * MINUTE,
            ..suite("native", {
                let mut tests = cargo(project);
                tests.args(["test", "--workspace", "--no-fail-fast"]);
                Run::Tests { command: tests, count: counts::libtest }
            })
        },
        suite("build", Run::Build),
    ];
    suites.extend(wasm(project, tools, "wasm in Node", false));
    suites.extend(folders(project, tools, false));
    if !quick {
        suites.extend(wasm(project, tools, "wasm in Chromium", true));
        suites.extend(folders(project, tools, true));
    }
    suites
}

fn suite(name: impl Into<String>, run: Run) -> Suite {
    Suite { name: name.into(), run, limit: 20 * MINUTE }
}

fn lint(tools: &Tools, name: &str, command: impl FnOnce() -> Command) -> Suite {
    suite(
        name,
        match &tools.lints {
            Ok(()) => Run::Check(command()),
            Err(message) => Run::Impossible(message.clone()),
        },
    )
}

/// The crate with one of the features that exist in WebAssembly only.
fn clippy_wasm(project: &Project, tools: &Tools, feature: &str) -> Suite {
    let run = match &tools.target {
        Err(message) => Run::Impossible(message.clone()),
        Ok(target) => match target.clippy(project) {
            None => Run::Skipped("this toolchain has no clippy for it"),
            Some(mut clippy) => {
                clippy.args(["--package", "unpool", "--lib", "--features", feature, "--quiet"]);
                // The tests are of that feature.
                if feature == "fetch" {
                    for name in wasm_tests(project) {
                        clippy.args(["--test", &name]);
                    }
                }
                clippy.args(["--", "-D", "warnings"]);
                Run::Check(clippy)
            }
        },
    };
    suite(format!("clippy {feature}"), run)
}

fn doc(project: &Project) -> Command {
    let mut doc = cargo(project);
    doc.args(["doc", "--no-deps", "--quiet"]).env("RUSTDOCFLAGS", "-D warnings");
    doc
}

/// Names of the integration tests that run as WebAssembly: `tests/wasm*.rs`.
fn wasm_tests(project: &Project) -> Vec<String> {
    let files = entries(&project.path("tests"));
    let names = files.iter().filter(|file| file.extension().is_some_and(|e| e == "rs"));
    let names = names.filter_map(|file| Some(file.file_stem()?.to_str()?.to_owned()));
    names.filter(|name| name.starts_with("wasm")).collect()
}

fn wasm(project: &Project, tools: &Tools, name: &str, in_browser: bool) -> Option<Suite> {
    let mut tests = wasm_tests(project);
    tests.retain(|test| test.starts_with("wasm_browser") == in_browser);
    if tests.is_empty() {
        return None;
    }
    let run = wasm_command(project, tools, &tests, in_browser)
        .map_or_else(Run::Impossible, |command| Run::Tests { command, count: counts::libtest });
    Some(suite(name, run))
}

fn wasm_command(project: &Project, tools: &Tools, tests: &[String], in_browser: bool) -> Result<Command, String> {
    let bindgen = tools.bindgen.as_ref().map_err(String::clone)?;
    let mut command = tools.target.as_ref().map_err(String::clone)?.cargo(project, "test");
    command
        .args(["--package", "unpool", "--features", "fetch", "--no-fail-fast"])
        .args(tests.iter().flat_map(|test| ["--test", test]))
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", &bindgen.runner);
    if in_browser {
        let browser = match &tools.browser {
            Some(browser) => browser.as_ref().map_err(String::clone)?,
            None => return Err("no browser was set up".to_owned()),
        };
        command
            .env("CHROMEDRIVER", &browser.driver)
            .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", browser.webdriver_json(project)?)
            .env("WASM_BINDGEN_TEST_TIMEOUT", "120");
    }
    Ok(command)
}

/// One suite for each folder of `tests/` that holds `*.test.mjs` files, and one for those that need
/// the vendors' clients from PyPI.
fn folders(project: &Project, tools: &Tools, slow: bool) -> Vec<Suite> {
    let mut suites = Vec::new();
    let mut pypi = Vec::new();
    for folder in entries(&project.path("tests")) {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name == "node_modules" || !folder.is_dir() {
            continue;
        }
        let (theirs, own) = test_files(&folder).into_iter().partition(|file| ends(file, ".pypi.test.mjs"));
        pypi.extend::<Vec<_>>(theirs);
        if SLOW.contains(&name.as_str()) == slow {
            suites.extend(node(project, tools, &name, own));
        }
    }
    if slow {
        suites.extend(node(project, tools, "clients from PyPI", pypi));
        // The slowest last.
        suites.sort_by_key(|suite| suite.name == "openstack");
    }
    suites
}

fn node(project: &Project, tools: &Tools, name: &str, files: Vec<PathBuf>) -> Option<Suite> {
    if files.is_empty() {
        return None;
    }
    let run = node_command(project, tools, name, files)
        .map_or_else(Run::Impossible, |command| Run::Tests { command, count: counts::node });
    Some(suite(name, run))
}

fn node_command(project: &Project, tools: &Tools, name: &str, files: Vec<PathBuf>) -> Result<Command, String> {
    tools.npm.as_ref().map_err(String::clone)?;
    let mut node = command(project, "node");
    node.args(["--test", "--test-reporter=spec"]).args(files);
    node.env("UNPOOL_PKG", project.package()).env("NO_COLOR", "1");
    // A variable of the reporter's own, which would make the output of nested runs unreadable.
    node.env_remove("NODE_TEST_CONTEXT");
    match &tools.browser {
        Some(Ok(browser)) => {
            node.env("CHROMIUM", &browser.chromium).env("CHROMEDRIVER", &browser.driver);
        }
        Some(Err(message)) if name == "page" => return Err(message.clone()),
        _ => {}
    }
    match &tools.clients {
        Some(Ok(python)) => {
            node.envs(python.as_ref().map(|python| ("UNPOOL_PYTHON", python)));
        }
        Some(Err(message)) if name == "clients from PyPI" => return Err(message.clone()),
        _ => {}
    }
    match &tools.matrix {
        Some(Ok(matrix)) if name == "matrix" => matrix.configure(&mut node),
        Some(Err(message)) if name == "matrix" => return Err(message.clone()),
        _ => {}
    }
    match &tools.openstack {
        Some(Ok(python)) => {
            node.env("PY", python);
        }
        Some(Err(message)) if name == "openstack" => return Err(message.clone()),
        _ => {}
    }
    Ok(node)
}

fn test_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in entries(folder) {
        if entry.is_dir() && entry.file_name().is_some_and(|name| name != "node_modules") {
            files.extend(test_files(&entry));
        } else if ends(&entry, ".test.mjs") {
            files.push(entry);
        }
    }
    files
}

fn ends(file: &Path, end: &str) -> bool {
    file.file_name().is_some_and(|name| name.to_string_lossy().ends_with(end))
}
