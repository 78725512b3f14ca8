//! One digest of everything that the removal says in some thousand cases: actions, entries of journals, reports.
//!
//! It tells a change of behaviour from a change of shape. Where behaviour is meant to change, the file is written anew
//! and the commit says why: `UNPOOL_GOLDEN=write cargo test --test simulation golden`. To find the first case that
//! differs, let both versions write one line for each case, and compare them: `UNPOOL_GOLDEN_CASES=<file>`.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::io::Write as _;

use sha2::{Digest, Sha256};
use unpool::removal::Action;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/simulation/golden.txt");

#[derive(Default)]
struct Sum {
    case: Sha256,
    all: Sha256,
    cases: String,
}

thread_local! {
    static SUM: RefCell<Option<Sum>> = const { RefCell::new(None) };
}

/// Everything from now on counts, in this thread.
pub fn begin() {
    SUM.set(Some(Sum::default()));
}

fn add_text(text: &str) {
    SUM.with_borrow_mut(|sum| {
        if let Some(sum) = sum {
            sum.case.update((text.len() as u64).to_be_bytes());
            sum.case.update(text);
        }
    });
}

/// What a lane said.
pub fn add(action: &Action, entries: &[String], intent: Option<&str>) {
    match action {
        Action::Read(operation) | Action::Change(operation) => add_text(operation),
        Action::Sleep(millis) => add_text(&millis.to_string()),
        Action::Done => add_text("done"),
    }
    entries.iter().for_each(|entry| add_text(entry));
    add_text(intent.unwrap_or("no intent"));
}

/// What is reported at the end.
pub fn add_report(report: &str) {
    add_text(report);
}

/// A case is over.
pub fn end_case(name: &str, ended: &str) {
    add_text(ended);
    SUM.with_borrow_mut(|sum| {
        if let Some(sum) = sum {
            let digest = std::mem::take(&mut sum.case).finalize();
            sum.all.update(digest);
            let _ = writeln!(sum.cases, "{name} {ended} {}", hex(&digest[..8]));
        }
    });
}

/// The digest of all cases since the beginning.
pub fn finish() -> String {
    let Some(sum) = SUM.take() else { return String::new() };
    if let Ok(file) = std::env::var("UNPOOL_GOLDEN_CASES") {
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(file).expect("a file to append to");
        file.write_all(sum.cases.as_bytes()).expect("written");
    }
    hex(&sum.all.finalize()[..16])
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// Compares what was found with the file, line by line.
pub fn compare(lines: &str) {
    if std::env::var("UNPOOL_GOLDEN").is_ok_and(|what| what == "write") {
        std::fs::write(FILE, lines).expect("written");
        return;
    }
    let golden = std::fs::read_to_string(FILE).expect("golden.txt");
    let differing: Vec<&str> = lines.lines().filter(|line| !golden.lines().any(|old| old == *line)).collect();
    assert!(
        differing.is_empty() && golden.lines().count() == lines.lines().count(),
        "actions, entries or reports are other ones than before:\n{}",
        differing.join("\n")
    );
}
