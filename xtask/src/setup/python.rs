//! Python: the vendors' own clients, against which the emulator is proven, and OpenStack itself.

use super::apt;
use crate::project::{Project, hash, read, write};
use crate::run::{MINUTE, answer, command, on_path, quiet};
use std::path::{Path, PathBuf};

const REQUIREMENTS: &str = "tests/clients/requirements.txt";

/// The interpreter of an environment that holds the vendors' clients; none where none are listed.
pub fn clients(project: &Project) -> Result<Option<PathBuf>, String> {
    if !project.has(REQUIREMENTS) {
        return Ok(None);
    }
    let wanted = hash(&read(&project.path(REQUIREMENTS))?);
    let home = project.tools().join("clients-venv");
    let inside = home.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let stamp = home.join(".locked-by");
    // The interpreter is asked, not only looked for: its base can have been removed since.
    if std::fs::read_to_string(&stamp).is_ok_and(|text| text == wanted) && version(project, &inside).is_some() {
        return Ok(Some(inside));
    }
    let python = interpreter(project, (3, 8))?;
    super::say(format_args!("the vendors' Python clients, from {REQUIREMENTS}"));
    let mut venv = command(project, python);
    venv.args(["-m", "venv", "--clear"]).arg(&home);
    quiet(project, venv, 2 * MINUTE)?;
    let mut install = command(project, &inside);
    install
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
        .arg(project.path(REQUIREMENTS));
    quiet(project, install, 10 * MINUTE)?;
    write(&stamp, wanted)?;
    Ok(Some(inside))
}

/// The interpreter for the script that starts Keystone and Octavia, which has installed them both.
pub fn openstack(project: &Project) -> Result<PathBuf, String> {
    let missing: Vec<&str> = ["curl", "openssl"].into_iter().filter(|name| on_path(&[name]).is_none()).collect();
    if !missing.is_empty() {
        apt::install(project, &missing, &missing.join(" and "))?;
    }
    let python = interpreter(project, (3, 11))?;
    if !project.has("target/openstack/venv/installed") {
        super::say("Keystone and Octavia, from PyPI (a minute)");
    }
    let mut install = command(project, "bash");
    install.arg(project.path("tests/openstack/octavia-up.sh")).arg("install").env("PY", &python);
    quiet(project, install, 15 * MINUTE)?;
    Ok(python)
}

/// A Python of at least this version that can make environments.
fn interpreter(project: &Project, oldest: (u32, u32)) -> Result<PathBuf, String> {
    if let Some(python) = usable(project, oldest) {
        return Ok(python);
    }
    let what = format!("Python {}.{} or newer with its venv module", oldest.0, oldest.1);
    apt::install(project, &["python3", "python3-venv"], &what)?;
    usable(project, oldest).ok_or_else(|| format!("{what} is needed; this system's python3 is older"))
}

fn usable(project: &Project, oldest: (u32, u32)) -> Option<PathBuf> {
    // Debian's own as well: another python3 may come first on PATH.
    let candidates = [on_path(&["python3", "python"]), Some(PathBuf::from("/usr/bin/python3"))];
    candidates.into_iter().flatten().find(|python| {
        // Debian splits ensurepip off, and `-m venv` fails without it.
        version(project, python).is_some_and(|found| found >= oldest)
            && answer(project, python, &["-c", "import ensurepip, venv"]).is_some()
    })
}

fn version(project: &Project, python: &Path) -> Option<(u32, u32)> {
    let text = answer(project, python, &["-c", "import sys; print(*sys.version_info[:2])"])?;
    let (major, minor) = text.split_once(' ')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}
