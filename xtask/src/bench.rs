//! `cargo xtask bench`: speed and size of the package as it would be published.

use crate::project::Project;
use crate::run::{MINUTE, command, shown};
use crate::wasm;
use std::process::ExitCode;

pub fn bench(project: &Project, flags: &[String]) -> Result<ExitCode, String> {
    wasm::build_and_say(project)?;
    let mut bench = command(project, "node");
    bench.arg(project.path("tests/bench/bench.mjs")).args(flags).env("UNPOOL_PKG", project.package());
    shown(bench, 30 * MINUTE)
}
