//! What `tests/matrix/` tries the package in: runtimes, bundlers and test runners from npm, and browsers beside Chromium
//! from Debian. A part that cannot be had is an error and never a smaller matrix.

use super::{apt, browser, npm};
use crate::project::{Project, entries};
use crate::run::{is_program, on_path};
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Folders of npm packages: what every test run needs, and what only the whole matrix needs besides.
const FOLDER: &str = "tests/matrix";
const MORE: &str = "tests/matrix/more";

pub struct Matrix {
    chromium: PathBuf,
    firefox: PathBuf,
    webkit_driver: PathBuf,
    webkit_browser: PathBuf,
}

impl fmt::Display for Matrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "npm packages as locked, {}, {}", self.firefox.display(), self.webkit_browser.display())
    }
}

impl Matrix {
    /// Tells a program of tests/matrix/ where the browsers are.
    pub fn configure(&self, command: &mut Command) {
        command
            .env("CHROMIUM", &self.chromium)
            .env("FIREFOX", &self.firefox)
            .env("WEBKIT_DRIVER", &self.webkit_driver)
            .env("WEBKIT_BROWSER", &self.webkit_browser);
    }
}

/// What the suite of `cargo xtask test` needs.
pub fn ready(project: &Project) -> Result<Matrix, String> {
    npm::ready(project, "tests")?;
    npm::ready(project, FOLDER)?;
    let chromium = browser::ready(project)?.chromium;
    let missing = missing();
    if !missing.is_empty() {
        apt::install(project, &missing, "Firefox or WebKitGTK with its WebDriver and a display for it")?;
    }
    let found = |program: Option<PathBuf>, name: &str| program.ok_or_else(|| format!("{name} was not found"));
    found(xvfb(), "Xvfb")?;
    Ok(Matrix {
        chromium,
        firefox: found(firefox(), "Firefox")?,
        webkit_driver: found(webkit_driver(), "WebKitWebDriver")?,
        webkit_browser: found(webkit_browser(), "WebKitGTK's MiniBrowser")?,
    })
}

/// What `cargo xtask matrix` needs.
pub fn ready_for_all(project: &Project) -> Result<Matrix, String> {
    npm::ready(project, MORE)?;
    ready(project)
}

/// The Debian packages of what is not there.
fn missing() -> Vec<&'static str> {
    let parts = [
        ("firefox-esr", firefox().is_some()),
        ("webkit2gtk-driver", webkit_driver().is_some() && webkit_browser().is_some()),
        ("xvfb", xvfb().is_some()),
    ];
    parts.into_iter().filter_map(|(package, is_there)| (!is_there).then_some(package)).collect()
}

fn firefox() -> Option<PathBuf> {
    on_path(&["firefox-esr", "firefox"])
}

fn webkit_driver() -> Option<PathBuf> {
    on_path(&["WebKitWebDriver"])
}

fn xvfb() -> Option<PathBuf> {
    on_path(&["Xvfb"])
}

/// It is in the library's folder, since people are not meant to browse with it: `/usr/lib/<machine>/webkit2gtk-4.1/`.
fn webkit_browser() -> Option<PathBuf> {
    let machines = entries(Path::new("/usr/lib")).into_iter().chain([PathBuf::from("/usr/libexec")]);
    machines
        .flat_map(|folder| {
            ["webkitgtk-6.0", "webkit2gtk-4.1", "webkit2gtk-4.0"].map(|name| folder.join(name).join("MiniBrowser"))
        })
        .find(|file| is_program(file))
}
