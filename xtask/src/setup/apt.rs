//! Debian packages: installed only by root and only where apt-get exists; everybody else is told
//! what to install.

use crate::project::Project;
use crate::run::{MINUTE, answer, command, on_path, quiet};
use std::sync::{Mutex, OnceLock};

/// One at a time: set-up does several things at once.
static APT: Mutex<()> = Mutex::new(());

/// Installs the packages, or says how to.
pub fn install(project: &Project, packages: &[&str], what_for: &str) -> Result<(), String> {
    let names = packages.join(" ");
    if !may_install(project) {
        return Err(if on_path(&["apt-get"]).is_some() {
            format!("{what_for} is missing; install it with: sudo apt-get install {names}")
        } else {
            format!("{what_for} is missing; install it by hand (the Debian packages are: {names})")
        });
    }
    let _alone = APT.lock();
    update(project)?;
    super::say(format_args!("apt-get install {names} ({what_for})"));
    let mut install = apt_get(project);
    install.args(["install", "--yes", "--no-install-recommends"]).args(packages);
    quiet(project, install, 15 * MINUTE).map(drop)
}

/// Packages whose name matches the pattern, as the package lists know them.
pub fn search(project: &Project, pattern: &str) -> Vec<String> {
    if may_install(project) && update(project).is_err() {
        return Vec::new();
    }
    answer(project, "apt-cache", &["search", "--names-only", pattern])
        .unwrap_or_default()
        .lines()
        .filter_map(|line| line.split_whitespace().next().map(str::to_owned))
        .collect()
}

pub fn installed(project: &Project, package: &str) -> bool {
    answer(project, "dpkg-query", &["--show", "--showformat=${db:Status-Status}", package])
        .is_some_and(|status| status == "installed")
}

pub fn may_install(project: &Project) -> bool {
    on_path(&["apt-get"]).is_some() && answer(project, "id", &["-u"]).is_some_and(|id| id == "0")
}

/// Once per run: the lists of a fresh machine or container are empty or old.
fn update(project: &Project) -> Result<(), String> {
    static DONE: OnceLock<Result<(), String>> = OnceLock::new();
    DONE.get_or_init(|| {
        super::say("apt-get update");
        let mut update = apt_get(project);
        update.arg("update");
        quiet(project, update, 5 * MINUTE).map(drop)
    })
    .clone()
}

fn apt_get(project: &Project) -> std::process::Command {
    let mut apt_get = command(project, "apt-get");
    // Somebody else's apt-get is waited for.
    apt_get.env("DEBIAN_FRONTEND", "noninteractive").args(["-qq", "-o", "DPkg::Lock::Timeout=300"]);
    apt_get
}
