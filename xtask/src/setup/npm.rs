//! Node and the npm packages that build, test and show the package. Their install scripts do not
//! run: none of them needs one.

use crate::project::{Project, hash, read, write};
use crate::run::{MINUTE, answer, command, on_path, quiet};
use std::sync::Mutex;

pub const FOLDERS: [&str; 2] = ["tests", "www"];
const OLDEST_NODE: (u32, u32) = (20, 19);

/// One at a time: whoever comes second finds the folder complete.
static NPM: Mutex<()> = Mutex::new(());

pub fn ready(project: &Project, folder: &str) -> Result<(), String> {
    node(project)?;
    let _alone = NPM.lock();
    let lock = hash(&read(&project.path(&format!("{folder}/package-lock.json")))?);
    let stamp = project.path(&format!("{folder}/node_modules/.locked-by"));
    if std::fs::read_to_string(&stamp).is_ok_and(|text| text == lock) {
        return Ok(());
    }
    super::say(format_args!("npm ci in {folder}/"));
    let npm = on_path(&["npm", "npm.cmd"]).ok_or("npm is missing; it comes with Node, https://nodejs.org")?;
    let mut install = command(project, npm);
    install.current_dir(project.path(folder)).args([
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]);
    quiet(project, install, 10 * MINUTE)?;
    write(&stamp, lock)
}

pub fn node(project: &Project) -> Result<(), String> {
    let (major, minor) = OLDEST_NODE;
    let wanted = format!("Node {major}.{minor} or newer is needed, from https://nodejs.org");
    match answer(project, "node", &["--version"]) {
        Some(version) if parse(&version).is_some_and(|v| v >= OLDEST_NODE) => Ok(()),
        Some(version) => Err(format!("{wanted}; this is {version}")),
        None => Err(wanted),
    }
}

fn parse(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.strip_prefix('v')?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::{OLDEST_NODE, parse};

    #[test]
    fn node_versions_compare_as_numbers() {
        assert!(parse("v20.20.2") >= Some(OLDEST_NODE));
        assert!(parse("v100.0.0") >= Some(OLDEST_NODE));
        assert!(parse("v20.9.0") < Some(OLDEST_NODE));
        assert_eq!(parse("20.9.0"), None);
    }
}
