//! The program that makes a module's glue: the crate `xtask/bindgen`, compiled when a package is built.

use crate::project::Project;
use crate::run::{MINUTE, cargo, is_program, quiet};
use std::path::PathBuf;

/// The program, as current as its sources. Cargo decides that.
pub fn ready(project: &Project) -> Result<PathBuf, String> {
    // A folder of its own: nothing waits for another cargo, and cargo does not wait for this one.
    let folder = project.path("target/bindgen");
    let program = folder.join("tool/xtask-bindgen");
    if !is_program(&program) {
        super::say("cargo build xtask-bindgen (wasm-bindgen, once)");
    }
    let mut build = cargo(project);
    build
        .args(["build", "--quiet", "--package", "xtask-bindgen", "--profile", "tool"])
        .env("CARGO_TARGET_DIR", &folder)
        .env_remove("CARGO_BUILD_TARGET");
    quiet(project, build, 20 * MINUTE)?;
    Ok(program)
}
