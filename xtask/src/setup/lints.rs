//! rustfmt and clippy, which a minimal toolchain does not bring.

use crate::project::Project;
use crate::run::{MINUTE, cargo, command, on_path, quiet};

pub fn ready(project: &Project) -> Result<String, String> {
    let Some(missing) = missing(project) else {
        return Ok("in the active toolchain".to_owned());
    };
    if on_path(&["rustup"]).is_none() {
        return Err(format!("{missing} is missing; install it beside cargo"));
    }
    let _alone = super::RUSTUP.lock();
    super::say("rustup component add rustfmt clippy");
    let mut add = command(project, "rustup");
    add.args(["component", "add", "rustfmt", "clippy"]).env("RUSTUP_MAX_RETRIES", "0");
    quiet(project, add, 2 * MINUTE)?;
    Ok("added by rustup".to_owned())
}

fn missing(project: &Project) -> Option<&'static str> {
    [("fmt", "rustfmt"), ("clippy", "clippy")].into_iter().find_map(|(subcommand, name)| {
        let mut version = cargo(project);
        version.args([subcommand, "--version"]);
        quiet(project, version, MINUTE).is_err().then_some(name)
    })
}
