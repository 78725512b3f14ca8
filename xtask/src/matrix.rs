//! `cargo xtask matrix`: the package in every runtime, bundler, framework, browser and test runner that is known to
//! `tests/matrix/`, with one table at the end. `cargo xtask test` has a suite of the most important ones.

use crate::project::Project;
use crate::run::{MINUTE, command, shown};
use crate::setup::matrix;
use crate::wasm;
use std::process::ExitCode;

pub fn matrix(project: &Project, flags: &[String]) -> Result<ExitCode, String> {
    let only = match flags {
        [] => None,
        [flag, name] if flag == "--only" => Some(name),
        _ => return Err("matrix has no option but --only <part of a name>".to_owned()),
    };
    let tools = {
        let _lock = project.lock()?;
        matrix::ready_for_all(project)?
    };
    wasm::build_and_say(project)?;
    let mut table = command(project, "node");
    table.arg(project.path("tests/matrix/table.mjs")).args(only).env("UNPOOL_PKG", project.package());
    tools.configure(&mut table);
    shown(table, 60 * MINUTE)
}
