//! `cargo xtask build`: the crate as an npm package in `pkg/`.
//!
//! 1. cargo compiles the crate for wasm32, once for each of the two modules;
//! 2. wasm-bindgen makes their exports, and glue whose place `pkg-template/module.js` takes;
//! 3. wasm-opt makes the modules smaller and faster;
//! 4. the TypeScript declarations are written from the crate's own tables;
//! 5. `pkg-template/build.mjs` adds the entries and reports the sizes.
//!
//! The package is put together in a folder of its own and moved to `pkg/` when it is complete, so a
//! build that fails leaves the last good one in place.

use crate::project::{Project, hash, read, write};
use crate::run::{MINUTE, command, joined, quiet};
use crate::setup::wasm_target::{TARGET, WasmTarget, cargo_home};
use crate::setup::{bindgen, npm, wasm_target};
use crate::types;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, ScopedJoinHandle};

/// A module of the package: a build of the crate with other features.
struct Module {
    /// What its files are called after.
    name: &'static str,
    feature: &'static str,
    /// Each has its own, which is its folder as well.
    profile: &'static str,
}

/// The first signs and sends; the second is loaded by the first safe removal.
const MODULES: [Module; 2] = [
    Module { name: "core", feature: "module", profile: "release" },
    Module { name: "removal", feature: "removal-module", profile: "removal" },
];

/// Builds the package for a command that somebody waits for.
pub fn build_and_say(project: &Project) -> Result<String, String> {
    let _lock = project.lock()?;
    build_aloud(project)
}

/// The same for one who holds the project's lock.
pub fn build_aloud(project: &Project) -> Result<String, String> {
    println!("build: pkg/ (one or two minutes the first time, seconds later)");
    build(project)
}

/// Builds the package and answers with the table of its files. For one who holds the project's lock.
///
/// What is missing is installed while the compiler works, and the two modules are made side by side: half of each is
/// link-time optimisation, which keeps one core busy.
pub fn build(project: &Project) -> Result<String, String> {
    let stage = project.path("target/wasm/package");
    empty(&stage)?;
    let (bindgen, compiled) = thread::scope(|scope| {
        let npm = scope.spawn(|| npm::ready(project, "tests"));
        let bindgen = scope.spawn(|| bindgen::ready(project));
        let target = Arc::new(wasm_target::ready(project)?);
        let compile = |module| {
            let target = Arc::clone(&target);
            scope.spawn(move || compile(project, &target, module))
        };
        let compiled = ended(MODULES.iter().map(compile).collect())?;
        joined(npm)?;
        Ok::<_, String>((joined(bindgen)?, compiled))
    })?;
    thread::scope(|scope| {
        let (bindgen, stage) = (&bindgen, &stage);
        let finish = |(module, compiled): (_, &'_ PathBuf)| {
            let compiled = compiled.clone();
            scope.spawn(move || finish(project, bindgen, module, &compiled, stage))
        };
        ended(MODULES.iter().zip(&compiled).map(finish).collect())
    })?;
    declare(project, &stage)?;
    let report = entries(project, &stage)?;
    replace(&project.package(), &stage)?;
    Ok(report)
}

/// What each of these threads came to, or the first error.
fn ended<T>(threads: Vec<ScopedJoinHandle<'_, Result<T, String>>>) -> Result<Vec<T>, String> {
    threads.into_iter().map(joined).collect()
}

fn compile(project: &Project, target: &WasmTarget, module: &Module) -> Result<PathBuf, String> {
    let mut cargo = target.package(project, "rustc");
    // As cdylib alone: beside an rlib, cargo leaves link-time optimisation out.
    cargo.args(["--package", "unpool", "--lib", "--crate-type", "cdylib"]);
    cargo.args(["--profile", module.profile, "--features", module.feature]);
    quiet(project, cargo, 20 * MINUTE)?;
    Ok(project.path(&format!("target/wasm/{TARGET}/{}/unpool.wasm", module.profile)))
}

fn finish(project: &Project, bindgen: &Path, module: &Module, compiled: &Path, stage: &Path) -> Result<(), String> {
    let glued = glue(project, bindgen, module, compiled)?;
    write(&stage.join(format!("{}_bg.wasm", module.name)), optimise(project, module, &glued)?)
}

/// A folder with the module (`core_bg.wasm`) and its glue (`core.js`), the same names for each: what one
/// `module.js` is for.
fn glue(project: &Project, bindgen: &Path, module: &Module, compiled: &Path) -> Result<PathBuf, String> {
    let folder = project.path(&format!("target/wasm/glue/{}", module.name));
    let mut glue = command(project, bindgen);
    glue.arg(compiled).arg(&folder);
    quiet(project, glue, 2 * MINUTE)?;
    Ok(folder)
}

/// wasm-opt's version of a module, which is kept for the next build.
fn optimise(project: &Project, module: &Module, glued: &Path) -> Result<Vec<u8>, String> {
    // No feature flags: the module names its features itself, and all of them is more than Node 20
    // can read.
    // Cutting the data at its zeros makes hundreds of segments, which compress to more than the zeros.
    // What is inlined, kept in a local to be used twice, moved far to where it is used, or marked as aligned
    // compresses to more, too. The lowest kilobyte is the very end of the stack, which nothing reaches, so a
    // constant that is added to an address becomes the offset of the access.
    const FLAGS: [&str; 12] = [
        "-O3",
        "--flexible-inline-max-function-size=1",
        "--one-caller-inline-max-function-size=0",
        "--low-memory-unused",
        "--skip-pass=local-cse",
        "--skip-pass=simplify-locals",
        "--skip-pass=memory-packing",
        "--reorder-functions",
        "--dealign",
        "--strip-debug",
        "--strip-producers",
        "--strip-target-features",
    ];
    let given = glued.join("core_bg.wasm");
    let optimised = project.path(&format!("target/wasm/{}-optimised.wasm", module.name));
    let stamp = project.path(&format!("target/wasm/{}-optimised-from", module.name));
    let version = read(&project.path("tests/node_modules/binaryen/package.json"))?;
    let inputs = [read(&given)?, version, FLAGS.join(" ").into_bytes()];
    let inputs = inputs.map(|bytes| hash(&bytes)).join(" ");
    let fresh = optimised.exists() && fs::read_to_string(&stamp).is_ok_and(|text| text == inputs);
    if !fresh {
        // Removed first: after an interruption the old stamp must not vouch for a new module.
        let _ = fs::remove_file(&stamp);
        let mut optimise = command(project, "node");
        optimise
            .arg(project.path("tests/node_modules/binaryen/bin/wasm-opt"))
            .args(FLAGS)
            .arg(&given)
            .arg("-o")
            .arg(&optimised);
        quiet(project, optimise, 5 * MINUTE)?;
        write(&stamp, inputs)?;
    }
    let bytes = read(&optimised)?;
    no_paths_of_this_machine(project, &bytes)?;
    Ok(bytes)
}

/// Panic messages hold source paths; the flags that shorten them must have reached every crate.
fn no_paths_of_this_machine(project: &Project, module: &[u8]) -> Result<(), String> {
    let homes = [Some(project.root.clone()), cargo_home(), std::env::home_dir()];
    for home in homes.into_iter().flatten() {
        let text = home.display().to_string();
        // A home such as `/` would be found everywhere.
        if text.len() > 1 && contains(module, format!("{text}/").as_bytes()) {
            return Err(format!("the WebAssembly module contains the path {text}"));
        }
    }
    Ok(())
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// The TypeScript declarations, from the same tables that the code is made of.
fn declare(project: &Project, stage: &Path) -> Result<(), String> {
    let manifest =
        fs::read_to_string(project.path("Cargo.toml")).map_err(|e| format!("cannot read Cargo.toml: {e}"))?;
    let version = manifest.lines().find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"'));
    write(&stage.join("builders.js"), types::builders(version.ok_or("Cargo.toml has no version")?))?;
    write(&stage.join("numbers.js"), types::numbers())?;
    write(&stage.join("removal_numbers.js"), types::removal_numbers())?;
    write(&stage.join("operations.d.ts.part"), types::declarations())
}

fn entries(project: &Project, stage: &Path) -> Result<String, String> {
    let mut node = command(project, "node");
    node.arg(project.path("pkg-template/build.mjs")).arg(stage).arg(project.path("target/wasm/glue"));
    quiet(project, node, 2 * MINUTE)
}

fn empty(folder: &Path) -> Result<(), String> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|e| format!("cannot remove {}: {e}", folder.display()))?;
    }
    fs::create_dir_all(folder).map_err(|e| format!("cannot create {}: {e}", folder.display()))
}

fn replace(old: &Path, new: &Path) -> Result<(), String> {
    if old.exists() {
        fs::remove_dir_all(old).map_err(|e| format!("cannot remove {}: {e}", old.display()))?;
    }
    fs::rename(new, old).map_err(|e| format!("cannot move the package to {}: {e}", old.display()))
}

#[cfg(test)]
mod tests {
    use super::contains;

    #[test]
    fn a_path_is_found_anywhere_in_a_module() {
        assert!(contains(b"\0asm/home/me/x.rs", b"/home/me/"));
        assert!(!contains(b"\0asm/home/you/x.rs", b"/home/me/"));
        assert!(!contains(b"", b"/home/me/"));
    }
}
