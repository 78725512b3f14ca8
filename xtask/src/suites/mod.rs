//! The list of test suites. A suite is one of cargo's (`cargo.rs`), the build of the package, or a folder of `tests/`
//! that holds `*.test.mjs` files (`node.rs`): to add one of those, make the folder, and say in `node.rs` what it needs
//! if that is more than the package.

mod cargo;
mod node;

use crate::counts::Counts;
use crate::project::Project;
use crate::run::MINUTE;
use crate::tools::{Piece, Tools};
use std::process::Command;
use std::time::Duration;

pub struct Suite<'a> {
    pub name: String,
    /// What must be set up.
    pub needs: Vec<Piece>,
    /// It is about the package in `pkg/`.
    pub package: bool,
    /// How much of a core it keeps busy, in percent.
    pub load: u32,
    /// Of the suites with the same word, one runs at a time.
    pub alone: Option<&'static str>,
    pub limit: Duration,
    pub run: Run<'a>,
}

pub enum Run<'a> {
    /// A command whose output says how many tests there were.
    Tests {
        command: Make<'a>,
        count: fn(&str) -> Counts,
    },
    /// A command that is one test: it succeeds or not.
    Check(Make<'a>),
    Build,
}

/// The command of a suite, made when what it needs is set up.
pub type Make<'a> = Box<dyn FnOnce(&Tools) -> Result<Ready, String> + Send + 'a>;

pub enum Ready {
    Run(Command),
    /// With the reason.
    Skip(&'static str),
}

/// What comes first starts first, where it can.
pub fn list(project: &Project, quick: bool) -> Vec<Suite<'_>> {
    let build = Suite {
        needs: Vec::new(),
        // It compiles two modules and wasm-bindgen, and nearly everything else waits for it.
        load: 200,
        ..suite("build", Run::Build)
    };
    let mut suites = vec![build];
    suites.extend(cargo::native(project));
    suites.extend(node::folders(project, quick));
    suites.extend(cargo::wasm(project, quick));
    suites
}

fn suite<'a>(name: impl Into<String>, run: Run<'a>) -> Suite<'a> {
    Suite { name: name.into(), needs: Vec::new(), package: false, load: 100, alone: None, limit: 20 * MINUTE, run }
}
