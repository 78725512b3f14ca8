//! Installs what is missing. Each piece says in one line what it does, nothing when it is there,
//! and answers with what the commands need to know about it.

mod apt;
pub mod bindgen;
pub mod browser;
pub mod lints;
pub mod matrix;
pub mod npm;
pub mod python;
pub mod wasm_target;

use crate::project::Project;
use std::fmt::Display;
use std::process::ExitCode;

/// One line on what is being installed, before it takes its time.
fn say(what: impl Display) {
    println!("setup: {what}");
}

/// Every piece; goes on after a failure, so that one run names all that is missing.
pub fn everything(project: &Project) -> Result<ExitCode, String> {
    let _lock = project.lock()?;
    let mut missing = 0;
    let mut tell = |name: &str, piece: Result<String, String>| match piece {
        Ok(state) => println!("ready: {name}: {state}"),
        Err(message) => {
            missing += 1;
            eprintln!("error: {name}: {message}");
        }
    };
    tell("wasm32 target", wasm_target::ready(project).map(|it| it.to_string()));
    tell("rustfmt and clippy", lints::ready(project));
    tell("wasm-bindgen", bindgen::ready(project).map(|it| it.to_string()));
    for folder in npm::FOLDERS {
        tell(&format!("npm packages of {folder}/"), npm::ready(project, folder).map(|()| "as locked".to_owned()));
    }
    tell("Chromium", browser::ready(project).map(|it| it.to_string()));
    tell("what the matrix needs", matrix::ready_for_all(project).map(|it| it.to_string()));
    tell("signers to be measured beside", npm::ready(project, "tests/bench/peers").map(|()| "as locked".to_owned()));
    tell(
        "the vendors' Python clients",
        python::clients(project).map(|it| it.map_or("none listed".to_owned(), |p| p.display().to_string())),
    );
    tell("what OpenStack needs", python::openstack(project).map(|it| it.display().to_string()));
    match missing {
        0 => Ok(ExitCode::SUCCESS),
        n => Err(format!("{n} of the pieces above could not be set up")),
    }
}
