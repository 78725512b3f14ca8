//! Suites that `node --test` runs: one for each folder of `tests/` that holds `*.test.mjs` files, and one for those
//! that need the vendors' clients from PyPI.

use super::{Ready, Run, Suite, suite};
use crate::counts;
use crate::project::{Project, entries};
use crate::run::command;
use crate::tools::{Piece, Tools};
use std::path::{Path, PathBuf};

/// How a folder's tests are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Folder {
    name: &'static str,
    /// Left out of a quick run.
    slow: bool,
    /// Next to Node and the npm packages of `tests/`.
    needs: &'static [Piece],
    /// How much of a core its files keep busy together, in percent.
    load: u32,
    /// How many of its files run at once.
    at_once: u32,
}

/// What is not in the list below: one file after the other, each busy all the time.
const ORDINARY: Folder = Folder { name: "", slow: false, needs: &[], load: 100, at_once: 1 };

/// Those that need something or spend their time waiting, the longest first.
const FOLDERS: [Folder; 9] = [
    Folder { name: "openstack", slow: true, needs: &[Piece::Openstack], load: 50, ..ORDINARY },
    Folder { name: "page", slow: true, needs: &[Piece::Page, Piece::Browser], at_once: 3, ..ORDINARY },
    Folder { name: "faults", slow: true, needs: &[Piece::Browser], ..ORDINARY },
    Folder { name: "matrix", slow: true, needs: &[Piece::Matrix], ..ORDINARY },
    Folder { name: "survival", at_once: 3, ..ORDINARY },
    Folder { name: "stores", load: 50, at_once: 3, ..ORDINARY },
    Folder { name: "workerd", load: 50, at_once: 2, ..ORDINARY },
    // It bundles with the page's Vite.
    Folder { name: "readme", needs: &[Piece::Page], ..ORDINARY },
    Folder { name: PYPI, slow: true, needs: &[Piece::Clients], ..ORDINARY },
];
const PYPI: &str = "clients from PyPI";

pub fn folders(project: &Project, quick: bool) -> Vec<Suite<'_>> {
    let mut found = Vec::new();
    let mut pypi = Vec::new();
    for folder in entries(&project.path("tests")) {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name != "node_modules" && folder.is_dir() {
            let (theirs, own): (Vec<_>, Vec<_>) =
                test_files(&folder).into_iter().partition(|file| ends(file, ".pypi.test.mjs"));
            pypi.extend(theirs);
            found.push((name, own));
        }
    }
    found.push((PYPI.to_owned(), pypi));
    found.retain(|(_, files)| !files.is_empty());
    if quick {
        found.retain(|(name, _)| !how(name).slow);
    }
    found.sort_by_key(|(name, _)| FOLDERS.iter().position(|folder| folder.name == name).unwrap_or(FOLDERS.len()));
    found.into_iter().map(|(name, files)| node(project, name, files)).collect()
}

fn how(name: &str) -> Folder {
    FOLDERS.into_iter().find(|folder| folder.name == name).unwrap_or(ORDINARY)
}

fn node(project: &Project, name: String, files: Vec<PathBuf>) -> Suite<'_> {
    let Folder { needs, load, at_once, .. } = how(&name);
    let mut needs = needs.to_vec();
    needs.push(Piece::Npm);
    let command = Box::new(move |tools: &Tools| Ok(Ready::Run(node_command(project, tools, at_once, &files))));
    Suite { needs, load, package: true, ..suite(name, Run::Tests { command, count: counts::node }) }
}

fn node_command(project: &Project, tools: &Tools, at_once: u32, files: &[PathBuf]) -> std::process::Command {
    let mut node = command(project, "node");
    node.args(["--test", "--test-reporter=spec"]).arg(format!("--test-concurrency={at_once}")).args(files);
    node.env("UNPOOL_PKG", project.package()).env("NO_COLOR", "1");
    // A variable of the reporter's own, which would make the output of nested runs unreadable.
    node.env_remove("NODE_TEST_CONTEXT");
    if let Ok(browser) = tools.browser() {
        node.env("CHROMIUM", &browser.chromium).env("CHROMEDRIVER", &browser.driver);
    }
    node.envs(tools.clients().map(|python| ("UNPOOL_PYTHON", python)));
    node.envs(tools.openstack().map(|python| ("PY", python)));
    if let Some(matrix) = tools.matrix() {
        matrix.configure(&mut node);
    }
    node
}

fn test_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in entries(folder) {
        if entry.is_dir() && entry.file_name().is_some_and(|name| name != "node_modules") {
            files.extend(test_files(&entry));
        } else if ends(&entry, ".test.mjs") {
            files.push(entry);
        }
    }
    files
}

fn ends(file: &Path, end: &str) -> bool {
    file.file_name().is_some_and(|name| name.to_string_lossy().ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::{FOLDERS, Folder, PYPI, folders, test_files};
    use crate::project::Project;

    #[test]
    fn each_line_of_the_list_is_about_a_folder_with_tests() {
        let project = Project::find();
        for Folder { name, load, at_once, .. } in FOLDERS {
            let files = test_files(&project.path(&format!("tests/{name}"))).len();
            assert!(name == PYPI || files > 0, "{name}");
            assert!(load > 0 && at_once > 0, "{name}");
        }
    }

    #[test]
    fn a_quick_run_leaves_out_the_slow_ones_and_nothing_else() {
        let project = Project::find();
        let names = |quick| folders(&project, quick).into_iter().map(|suite| suite.name).collect::<Vec<_>>();
        let (all, quick) = (names(false), names(true));
        let left_out: Vec<_> = all.iter().filter(|name| !quick.contains(name)).collect();
        assert_eq!(left_out, ["openstack", "page", "faults", "matrix", PYPI]);
        // The longest first, then those that are not in the list.
        assert_eq!(all[0], "openstack");
        assert!(all.iter().position(|name| name == "api") > all.iter().position(|name| name == "stores"));
    }
}
