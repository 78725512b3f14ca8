//! A compiler for wasm32-unknown-unknown, from the first of these that works:
//! 1. the active toolchain already has the target's standard library;
//! 2. Debian's rustc-web is installed already: nothing is downloaded where nothing is missing;
//! 3. `rustup target add`;
//! 4. Debian's rustc-web is installed;
//! 5. an error that says what to install.
//!
//! Where the library's source is there (`rustup component add rust-src`; Debian always brings it), the two parts of it
//! that the package holds are built together with it, for size as it is: the module is a KiB smaller, and the same
//! from either compiler. Tests and lints use the library that comes with the target, and build one only for Debian's
//! compiler, which comes without.

use super::apt;
use crate::project::{Project, entries};
use crate::run::{MINUTE, answer, captured, cargo, command, on_path};
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

pub const TARGET: &str = "wasm32-unknown-unknown";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_CLIPPY: &str = "/usr/bin/cargo-clippy";

pub enum WasmTarget {
    /// The toolchain that also compiles native code, maybe with its library's source.
    Active { version: String, source: bool },
    /// Debian's compiler with its library source and LLVM's linker.
    Debian { version: String, linker: PathBuf, clippy: bool },
}

impl fmt::Display for WasmTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Active { version, source } => write!(
                f,
                "in the active toolchain ({version}{})",
                if *source { ", with its library source" } else { "" }
            ),
            Self::Debian { version, linker, clippy } => write!(
                f,
                "Debian's {version} with its library source, {}{}",
                linker.file_name().unwrap_or_default().to_string_lossy(),
                if *clippy { ", clippy" } else { "" }
            ),
        }
    }
}

impl WasmTarget {
    /// A cargo command for the package's modules, which have no standard library.
    pub fn package(&self, project: &Project, subcommand: &str) -> Command {
        let mut command = cargo(project);
        command.arg(subcommand);
        let library = match self {
            Self::Debian { .. } | Self::Active { source: true, .. } => Some("core,alloc"),
            Self::Active { source: false, .. } => None,
        };
        self.configure(project, &mut command, library);
        command
    }

    /// A cargo command for tests.
    pub fn cargo(&self, project: &Project, subcommand: &str) -> Command {
        let mut command = cargo(project);
        command.arg(subcommand);
        self.configure(project, &mut command, self.missing_library());
        command
    }

    /// Clippy of the same toolchain, where there is one.
    pub fn clippy(&self, project: &Project) -> Option<Command> {
        let mut command = match self {
            Self::Active { .. } => cargo(project),
            // Not `cargo clippy`: that finds the clippy of the active toolchain first.
            Self::Debian { clippy: true, .. } => command(project, DEBIAN_CLIPPY),
            Self::Debian { clippy: false, .. } => return None,
        };
        command.arg("clippy");
        self.configure(project, &mut command, self.missing_library());
        Some(command)
    }

    /// What has to be built where nothing came compiled.
    fn missing_library(&self) -> Option<&'static str> {
        matches!(self, Self::Debian { .. }).then_some("std,panic_abort")
    }

    /// Its own target folder, because the compiler may be another one than the native one's.
    fn configure(&self, project: &Project, command: &mut Command, library: Option<&str>) {
        command
            .args(["--target", TARGET])
            .env("CARGO_TARGET_DIR", project.path("target/wasm"))
            .env("CARGO_ENCODED_RUSTFLAGS", flags(project, self).join("\x1f"));
        if let Some(parts) = library {
            // Stable compilers know the flag, too, but only take it when told that they may.
            command.arg(format!("-Zbuild-std={parts}")).env("RUSTC_BOOTSTRAP", "1");
        }
        if let Self::Debian { linker, .. } = self {
            command.env("RUSTC", DEBIAN_RUSTC).env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
        }
    }

    fn sysroot(&self, project: &Project) -> Option<String> {
        let rustc = match self {
            Self::Active { .. } => active_rustc(),
            Self::Debian { .. } => DEBIAN_RUSTC.into(),
        };
        answer(project, rustc, &["--print", "sysroot"])
    }
}

/// Panic messages carry source paths; the rules for them make them the same on every machine.
fn flags(project: &Project, target: &WasmTarget) -> Vec<String> {
    // SHA-256 as a loop: unrolled it is four times as long, and no budget of speed is about it.
    let mut flags = vec!["--cfg=sha2_backend_soft=\"compact\"".to_owned()];
    // What a call costs, to LLVM's judgement of what to inline. Its own 25 is a machine's; in WebAssembly a call
    // checks the stack, too, and code for size is little functions: a fiftieth of a signature's time.
    flags.push("-Cllvm-args=-inline-call-penalty=80".to_owned());
    // The stack is in front of the data: with rustc's megabyte each address of a text takes a byte more,
    // and each instance sixteen pages. The deepest calls here take less than a quarter of this.
    flags.push("-Clink-arg=-zstack-size=65536".to_owned());
    // Text and numbers cross the boundary, so nobody needs the table of references that comes with these.
    flags.push("-Ctarget-feature=-reference-types".to_owned());
    // A standard library that came compiled has them all the same, and one part with them is enough for the linker to
    // say that the whole has: it is told instead what there is.
    flags.push("-Clink-arg=--no-check-features".to_owned());
    flags.push("-Clink-arg=--features=bulk-memory,multivalue,mutable-globals,nontrapping-fptoint,sign-ext".to_owned());
    // Addresses that are kept up beside a loop's counter, and values computed early on some of the ways
    // to a place, save nothing in WebAssembly and are more code.
    flags.push("-Cllvm-args=-disable-lsr -enable-pre=false".to_owned());
    let mut map = |from: &Path, to: &str| {
        flags.push(format!("--remap-path-prefix={}={to}", from.display()));
    };
    map(&project.root, "unpool");
    if let Some(home) = cargo_home() {
        map(&home, "cargo");
        // One folder for each registry or mirror of it; of several rules, the last that fits counts.
        for registry in entries(&home.join("registry/src")) {
            map(&registry, "crates");
        }
    }
    if let Some(sysroot) = target.sysroot(project) {
        let source = Path::new(&sysroot).join("lib/rustlib/src/rust");
        map(&source, "rust");
        // Debian's is a symbolic link, and cargo uses what it points to.
        if let Ok(real) = source.canonicalize() {
            map(&real, "rust");
        }
    }
    flags
}

pub fn cargo_home() -> Option<PathBuf> {
    std::env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(std::env::home_dir()?.join(".cargo")))
}

fn active_rustc() -> PathBuf {
    std::env::var_os("RUSTC").map_or_else(|| "rustc".into(), PathBuf::from)
}

/// One at a time: whoever comes second finds it there.
static TARGET_ALONE: Mutex<()> = Mutex::new(());

pub fn ready(project: &Project) -> Result<WasmTarget, String> {
    let _alone = TARGET_ALONE.lock();
    if let Some(active) = active(project) {
        return Ok(with_source(project, active));
    }
    if let Some(debian) = debian(project) {
        return Ok(debian);
    }
    let by_rustup = add_by_rustup(project);
    if by_rustup.is_ok()
        && let Some(active) = active(project)
    {
        return Ok(with_source(project, active));
    }
    let by_debian = add_by_debian(project);
    match (by_debian, debian(project)) {
        (Ok(()), Some(debian)) => {
            super::say(format_args!("{TARGET} is compiled by {debian}"));
            Ok(debian)
        }
        (by_debian, _) => Err(format!(
            "no compiler for {TARGET}\n  rustup: {}\n  Debian: {}",
            by_rustup.err().unwrap_or_else(|| "added it, but the active toolchain is another one".into()),
            by_debian.err().unwrap_or_else(|| "the packages are installed but incomplete".into()),
        )),
    }
}

fn active(project: &Project) -> Option<WasmTarget> {
    let rustc = active_rustc();
    let folder = answer(project, &rustc, &["--print", "target-libdir", "--target", TARGET])?;
    let has_std = entries(Path::new(&folder)).iter().any(|file| {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.starts_with("libstd-") && name.ends_with(".rlib")
    });
    has_std.then(|| WasmTarget::Active { version: version(project, &rustc), source: has_source(project, &rustc) })
}

fn has_source(project: &Project, rustc: &Path) -> bool {
    answer(project, rustc, &["--print", "sysroot"])
        .is_some_and(|sysroot| Path::new(&sysroot).join("lib/rustlib/src/rust/library/Cargo.lock").exists())
}

/// Gets the library's source, where rustup can: without it the module is only larger.
fn with_source(project: &Project, active: WasmTarget) -> WasmTarget {
    match active {
        WasmTarget::Active { version, source: false } if on_path(&["rustup"]).is_some() => {
            super::say(format_args!("rustup component add rust-src"));
            let source =
                rustup(project, &["component", "add", "rust-src"]).is_ok() && has_source(project, &active_rustc());
            WasmTarget::Active { version, source }
        }
        other => other,
    }
}

fn version(project: &Project, rustc: &Path) -> String {
    let line = answer(project, rustc, &["--version"]).unwrap_or_default();
    line.split_whitespace().take(2).collect::<Vec<_>>().join(" ")
}

fn add_by_rustup(project: &Project) -> Result<(), String> {
    if on_path(&["rustup"]).is_none() {
        return Err(format!("not installed; with it: rustup target add {TARGET}"));
    }
    super::say(format_args!("rustup target add {TARGET}"));
    rustup(project, &["target", "add", TARGET])
}

fn rustup(project: &Project, args: &[&str]) -> Result<(), String> {
    let _alone = super::RUSTUP.lock();
    let mut add = command(project, "rustup");
    add.args(args).env("RUSTUP_MAX_RETRIES", "0").env("RUST_BACKTRACE", "0");
    let done = captured(project, add, 2 * MINUTE)?;
    if done.ok {
        return Ok(());
    }
    let reason = done.output.lines().find(|line| line.starts_with("error")).unwrap_or(done.output.trim());
    Err(format!("`rustup {}`: {reason}", args.join(" ")))
}

fn debian(project: &Project) -> Option<WasmTarget> {
    if !apt::installed(project, "rustc-web") || !apt::installed(project, "rust-web-src") {
        return None;
    }
    Some(WasmTarget::Debian {
        version: version(project, Path::new(DEBIAN_RUSTC)),
        linker: linker()?,
        clippy: apt::installed(project, "rust-web-clippy"),
    })
}

/// The newest `wasm-ld-N`.
fn linker() -> Option<PathBuf> {
    entries(Path::new("/usr/bin"))
        .into_iter()
        .filter_map(|file| {
            let name = file.file_name()?.to_str()?;
            Some((numbered(name, "wasm-ld-")?, file))
        })
        .max()
        .map(|(_, file)| file)
}

fn add_by_debian(project: &Project) -> Result<(), String> {
    if on_path(&["apt-get"]).is_none() {
        return Err("this is not Debian".to_owned());
    }
    let lld = match linker() {
        Some(_) => None,
        None => Some(newest("lld-", &apt::search(project, "^lld-[0-9]+$")).unwrap_or("lld".to_owned())),
    };
    let mut packages = vec!["rustc-web", "rust-web-src"];
    packages.extend(lld.as_deref());
    packages.retain(|package| !apt::installed(project, package));
    if !packages.is_empty() {
        apt::install(project, &packages, "a compiler for WebAssembly")?;
    }
    // Without it only the wasm half of the lints is left out, so its absence is no error.
    if apt::may_install(project) && !apt::installed(project, "rust-web-clippy") {
        let _ = apt::install(project, &["rust-web-clippy"], "clippy for WebAssembly");
    }
    Ok(())
}

/// `lld-22` out of `lld-9`, `lld-22`, `lld-16`.
fn newest(prefix: &str, names: &[String]) -> Option<String> {
    names.iter().filter_map(|name| Some((numbered(name, prefix)?, name))).max().map(|(_, n)| n.clone())
}

fn numbered(name: &str, prefix: &str) -> Option<u32> {
    name.strip_prefix(prefix)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::newest;

    #[test]
    fn newest_counts_and_does_not_compare_text() {
        let names = ["lld-9", "lld-22", "lld-16", "lld-dev"].map(str::to_owned);
        assert_eq!(newest("lld-", &names).as_deref(), Some("lld-22"));
        assert_eq!(newest("lld-", &names[3..]), None);
    }
}
