//! wasm-bindgen's test runner, of exactly the version that the crate is locked to: they speak a private protocol with
//! each other. Only the tests that run as WebAssembly need it.

use crate::project::{Project, read};
use crate::run::{MINUTE, answer, cargo, is_program, on_path, quiet};
use std::path::{Path, PathBuf};

const RUNNER: &str = "wasm-bindgen-test-runner";

pub fn ready(project: &Project) -> Result<PathBuf, String> {
    let lock = read(&project.path("Cargo.lock"))?;
    let version =
        locked(&String::from_utf8_lossy(&lock), "wasm-bindgen").ok_or("Cargo.lock does not hold wasm-bindgen")?;
    if let Some(runner) = on_path(&[RUNNER])
        && is_version(project, &runner, &version)
    {
        return Ok(runner);
    }
    let home = project.tools().join(format!("wasm-bindgen-{version}"));
    let own = home.join("bin").join(RUNNER);
    if is_program(&own) {
        return Ok(own);
    }
    super::say(format_args!("cargo install {RUNNER} {version} (some minutes)"));
    let mut install = cargo(project);
    // Not --locked: that lock file can name versions which a registry mirror does not have yet. What it runs is small
    // and its requests stay on this machine, so that neither optimisation nor TLS is worth compiling.
    install
        .args(["install", "--quiet", "wasm-bindgen-cli", "--version", &format!("={version}")])
        .args(["--bin", RUNNER, "--no-default-features", "--debug", "--root"])
        .arg(&home)
        .env("CARGO_PROFILE_DEV_DEBUG", "false")
        .env_remove("CARGO_BUILD_TARGET");
    quiet(project, install, 30 * MINUTE)?;
    Ok(own)
}

fn is_version(project: &Project, program: &Path, version: &str) -> bool {
    answer(project, program, &["--version"]).is_some_and(|line| line.split_whitespace().nth(1) == Some(version))
}

/// The version of a package in Cargo.lock.
fn locked(lock: &str, package: &str) -> Option<String> {
    let mut lines = lock.lines();
    let wanted = format!("name = \"{package}\"");
    lines.find(|line| *line == wanted)?;
    let version = lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')?;
    Some(version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::locked;

    const LOCK: &str = r#"version = 4

[[package]]
name = "unpool"
version = "0.1.0"
dependencies = [
 "wasm-bindgen",
]

[[package]]
name = "wasm-bindgen-macro"
version = "0.2.9"

[[package]]
name = "wasm-bindgen"
version = "0.2.130"
source = "registry"
"#;

    #[test]
    fn version_is_read_from_the_right_package() {
        assert_eq!(locked(LOCK, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(locked(LOCK, "unpool").as_deref(), Some("0.1.0"));
        assert_eq!(locked(LOCK, "wasm"), None);
    }
}
