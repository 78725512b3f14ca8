//! Installs what is missing. Each piece says in one line what it does, nothing when it is there,
//! and answers with what the commands need to know about it.

mod apt;
pub mod bindgen;
pub mod browser;
pub mod lints;
pub mod matrix;
pub mod npm;
pub mod python;
pub mod runner;
pub mod wasm_target;

use crate::project::Project;
use crate::run::joined;
use std::fmt::Display;
use std::process::ExitCode;
use std::sync::Mutex;

/// Rustup changes one toolchain at a time, and set-up does several things at once.
static RUSTUP: Mutex<()> = Mutex::new(());

/// One line on what is being installed, before it takes its time.
fn say(what: impl Display) {
    println!("setup: {what}");
}

/// A piece's name, and what sets it up.
type Piece<'a> = (String, Box<dyn Fn() -> Result<String, String> + Sync + 'a>);

/// Every piece, side by side: most wait for a download. Goes on after a failure, so that one run names all that is
/// missing.
pub fn everything(project: &Project) -> Result<ExitCode, String> {
    let _lock = project.lock()?;
    let mut pieces: Vec<Piece<'_>> = vec![
        ("wasm32 target".into(), Box::new(|| wasm_target::ready(project).map(|it| it.to_string()))),
        ("rustfmt and clippy".into(), Box::new(|| lints::ready(project))),
        ("wasm-bindgen".into(), Box::new(|| bindgen::ready(project).map(|it| it.display().to_string()))),
        ("wasm-bindgen's test runner".into(), Box::new(|| runner::ready(project).map(|it| it.display().to_string()))),
    ];
    for folder in npm::FOLDERS {
        let ready = || npm::ready(project, folder).map(|()| "as locked".to_owned());
        pieces.push((format!("npm packages of {folder}/"), Box::new(ready)));
    }
    let clients = || {
        python::clients(project).map(|it| it.map_or("none listed".to_owned(), |python| python.display().to_string()))
    };
    pieces.push(("Chromium".into(), Box::new(|| browser::ready(project).map(|it| it.to_string()))));
    pieces.push(("the vendors' Python clients".into(), Box::new(clients)));
    let peers = || npm::ready(project, "tests/bench/peers").map(|()| "as locked".to_owned());
    pieces.push(("signers to be measured beside".into(), Box::new(peers)));
    pieces.push((
        "what OpenStack needs".into(),
        Box::new(|| python::openstack(project).map(|it| it.display().to_string())),
    ));
    let missing = std::thread::scope(|scope| {
        let started: Vec<_> = pieces.iter().map(|(name, ready)| (name, scope.spawn(ready))).collect();
        let ended = started.into_iter().map(|(name, thread)| {
            let state = joined(thread);
            match &state {
                Ok(state) => println!("ready: {name}: {state}"),
                Err(message) => eprintln!("error: {name}: {message}"),
            }
            state
        });
        ended.filter(Result::is_err).count()
    });
    // After the others, some of which it needs as well.
    let missing = missing
        + match matrix::ready_for_all(project) {
            Ok(state) => {
                println!("ready: what the matrix needs: {state}");
                0
            }
            Err(message) => {
                eprintln!("error: what the matrix needs: {message}");
                1
            }
        };
    match missing {
        0 => Ok(ExitCode::SUCCESS),
        n => Err(format!("{n} of the pieces above could not be set up")),
    }
}
