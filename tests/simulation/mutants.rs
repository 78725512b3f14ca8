//! What `mutants.mjs` breaks: that each place is still there, and there once.

use std::collections::HashSet;
use std::fs::read_to_string;
use std::path::Path;

use serde_json::Value;

/// A mutant whose line was rewritten would break nothing any more, and nobody would see that until it is run.
#[test]
fn what_mutants_break_stands_there_once() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for list in ["mutants.json", "rules.json"] {
        let text = read_to_string(root.join("tests/simulation").join(list)).unwrap();
        let mutants: Vec<Value> = serde_json::from_str(&text).unwrap();
        assert!(!mutants.is_empty(), "{list}");
        let mut names = HashSet::new();
        for mutant in &mutants {
            let [name, file, from, to] = ["name", "file", "from", "to"].map(|field| mutant[field].as_str().unwrap());
            assert!(names.insert((mutant["rule"].as_str(), name)), "{list}: {name}: twice");
            assert_ne!(from, to, "{list}: {name}");
            let source = read_to_string(root.join(file)).unwrap();
            assert_eq!(source.matches(from).count(), 1, "{list}: {name}: {file} has `{from}` that often");
        }
    }
}
