//! Chromium and its WebDriver, for the tests in a browser.

use super::apt;
use crate::project::{Project, write};
use crate::run::{is_program, on_path};
use std::fmt;
use std::path::PathBuf;

pub struct Browser {
    pub chromium: PathBuf,
    pub driver: PathBuf,
}

impl fmt::Display for Browser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.chromium.display(), self.driver.display())
    }
}

impl Browser {
    /// Capabilities for wasm-bindgen-test-runner, which reads them from a file.
    pub fn webdriver_json(&self, project: &Project) -> Result<PathBuf, String> {
        // No sandbox: it refuses to start as root, which is what a CI container is. The rest keeps
        // the browser from talking to anybody but the test's own server.
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ];
        let arguments = arguments.map(|argument| format!("{argument:?}")).join(", ");
        let file = project.tools().join("webdriver.json");
        let binary = format!("{:?}", self.chromium.display().to_string());
        write(&file, format!("{{ \"goog:chromeOptions\": {{ \"binary\": {binary}, \"args\": [{arguments}] }} }}\n"))?;
        Ok(file)
    }
}

pub fn ready(project: &Project) -> Result<Browser, String> {
    if let Some(browser) = find()? {
        return Ok(browser);
    }
    apt::install(project, &["chromium", "chromium-driver"], "Chromium with its chromedriver")?;
    find()?.ok_or_else(|| "chromium was installed but is not on PATH".to_owned())
}

fn find() -> Result<Option<Browser>, String> {
    let chromium = named("CHROMIUM", &["chromium", "google-chrome", "chromium-browser"])?;
    let driver = named("CHROMEDRIVER", &["chromedriver"])?;
    Ok(chromium.zip(driver).map(|(chromium, driver)| Browser { chromium, driver }))
}

/// The program that a variable names, else the first one on PATH.
fn named(variable: &str, names: &[&str]) -> Result<Option<PathBuf>, String> {
    match std::env::var_os(variable).filter(|value| !value.is_empty()) {
        Some(value) => {
            let file = PathBuf::from(value);
            match is_program(&file) {
                true => Ok(Some(file)),
                false => Err(format!("${variable} names {}, which is not there", file.display())),
            }
        }
        None => Ok(on_path(names)),
    }
}
