//! `cargo xtask bench`: speed and size of the package as it would be published; with `--peers`, beside others.

use crate::project::Project;
use crate::run::{MINUTE, command, shown};
use crate::setup::npm;
use crate::wasm;
use std::process::ExitCode;

pub fn bench(project: &Project, flags: &[String]) -> Result<ExitCode, String> {
    let peers = flags == ["--peers"];
    if peers {
        let _lock = project.lock()?;
        npm::ready(project, "tests/bench/peers")?;
    }
    wasm::build_and_say(project)?;
    let mut bench = command(project, "node");
    if peers {
        bench.arg(project.path("tests/bench/peers.mjs"));
    } else {
        bench.arg(project.path("tests/bench/bench.mjs")).args(flags);
    }
    bench.env("UNPOOL_PKG", project.package());
    shown(bench, 30 * MINUTE)
}
