//! The package's generated scripts: builders of operations, and the numbers that both sides of the boundary use.

use std::fmt::Write as _;

use unpool::numbers::{client, outcome, removal};
use unpool::vendor::VENDORS;

/// `builders.js`: one tiny function for each operation, and the version.
pub fn builders(version: &str) -> String {
    let mut out = String::from("// Generated from the operation tables.\n");
    let _ = writeln!(out, "export const version = \"{version}\";");
    // Each name once: twice, with a function between, is 60 bytes more of what every page loads.
    out.push_str(
        "
/** @type {(names: string) => Record<string, (parameters: object) => object>} */
/* @__NO_SIDE_EFFECTS__ */
const builders = (names) =>
  Object.fromEntries(
    names.split(\" \").map((operation) => [operation[0].toLowerCase() + operation.slice(1), (parameters) => ({ operation, ...parameters })]),
  );
",
    );
    for vendor in VENDORS {
        let names: Vec<&str> = vendor.operations.iter().map(|operation| operation.name).collect();
        let _ = writeln!(out, "\nexport const {} = builders(\"{}\");", vendor.namespace, names.join(" "));
    }
    out
}

/// `numbers.js`: what the start path shares with its module.
pub fn numbers() -> String {
    constants(&[client::ALL, outcome::ALL])
}

/// `removal_numbers.js`: what the safe removal shares with both modules. A file of its own, since a bundler makes one more
/// file of what is imported by the start and by what is loaded later.
pub fn removal_numbers() -> String {
    constants(&[removal::ALL, client::ALL])
}

fn constants(lists: &[&[(&str, i64)]]) -> String {
    let mut out = String::from("// Generated from src/numbers.rs, which says what they mean.\n");
    for (name, number) in lists.iter().copied().flatten() {
        let _ = writeln!(out, "export const {name} = {number};");
    }
    out
}
