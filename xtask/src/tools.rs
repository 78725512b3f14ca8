//! What suites need besides cargo and Node, each set up once and by whoever needs it first.

use crate::project::Project;
use crate::setup::browser::{self, Browser};
use crate::setup::matrix::{self, Matrix};
use crate::setup::wasm_target::{self, WasmTarget};
use crate::setup::{lints, npm, python, runner};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// A piece of set-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    Lints,
    Target,
    /// wasm-bindgen's test runner.
    Runner,
    /// npm packages of `tests/`.
    Npm,
    /// npm packages of the demo page.
    Page,
    Browser,
    /// The vendors' clients from PyPI.
    Clients,
    Openstack,
    /// Runtimes, bundlers, test runners and browsers to try the package in.
    Matrix,
}

impl Piece {
    pub fn name(self) -> &'static str {
        match self {
            Self::Lints => "rustfmt and clippy",
            Self::Target => "wasm32 target",
            Self::Runner => "wasm-bindgen's test runner",
            Self::Npm => "npm packages of tests/",
            Self::Page => "npm packages of www/",
            Self::Browser => "Chromium",
            Self::Clients => "the vendors' Python clients",
            Self::Openstack => "what OpenStack needs",
            Self::Matrix => "what the matrix needs",
        }
    }

    /// How much of a core it keeps busy, in percent: what waits for downloads does so beside the compiler.
    pub fn load(self) -> u32 {
        match self {
            Self::Runner => 100,
            _ => 0,
        }
    }
}

type Once<T> = OnceLock<Result<T, String>>;

/// What set-up found, or why it could not: a suite that needs a missing piece fails with its message.
#[derive(Default)]
pub struct Tools {
    lints: Once<()>,
    target: Once<WasmTarget>,
    runner: Once<PathBuf>,
    npm: Once<()>,
    page: Once<()>,
    browser: Once<Browser>,
    clients: Once<Option<PathBuf>>,
    openstack: Once<PathBuf>,
    matrix: Once<Matrix>,
}

impl Tools {
    /// Installs the piece where it is missing; asked again, says the same.
    pub fn set_up(&self, project: &Project, piece: Piece) -> Result<(), String> {
        match piece {
            Piece::Lints => once(&self.lints, || lints::ready(project).map(drop)),
            Piece::Target => once(&self.target, || wasm_target::ready(project)),
            Piece::Runner => once(&self.runner, || runner::ready(project)),
            Piece::Npm => once(&self.npm, || npm::ready(project, "tests")),
            Piece::Page => once(&self.page, || npm::ready(project, "www")),
            Piece::Browser => once(&self.browser, || browser::ready(project)),
            Piece::Clients => once(&self.clients, || python::clients(project)),
            Piece::Openstack => once(&self.openstack, || python::openstack(project)),
            Piece::Matrix => once(&self.matrix, || {
                // What it shares with others is set up once, and not by two at a time.
                self.set_up(project, Piece::Npm)?;
                self.set_up(project, Piece::Browser)?;
                matrix::ready(project)
            }),
        }
    }

    pub fn target(&self) -> Result<&WasmTarget, String> {
        known(&self.target)
    }

    pub fn runner(&self) -> Result<&Path, String> {
        known(&self.runner).map(PathBuf::as_path)
    }

    pub fn browser(&self) -> Result<&Browser, String> {
        known(&self.browser)
    }

    /// The interpreter that has the vendors' clients, where any are listed.
    pub fn clients(&self) -> Option<&Path> {
        known(&self.clients).ok()?.as_deref()
    }

    pub fn matrix(&self) -> Option<&Matrix> {
        known(&self.matrix).ok()
    }

    pub fn openstack(&self) -> Option<&Path> {
        known(&self.openstack).ok().map(PathBuf::as_path)
    }
}

fn once<T>(piece: &Once<T>, ready: impl FnOnce() -> Result<T, String>) -> Result<(), String> {
    piece.get_or_init(ready).as_ref().map(drop).map_err(String::clone)
}

fn known<T>(piece: &Once<T>) -> Result<&T, String> {
    piece.get().ok_or("this was not set up")?.as_ref().map_err(String::clone)
}
