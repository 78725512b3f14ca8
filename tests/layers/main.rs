//! The rooms of this crate: which file may use which.
//!
//! All paths in the code of `src/` are read, in `use` lines and elsewhere, unit tests included; comments are not. It is
//! the picture in DESIGN.md, as a rule.

#![allow(unreachable_pub, reason = "modules of one test")]

mod arrows;
mod circles;
mod paths;
mod words;

use std::path::PathBuf;

/// The layers: whoever stands here may use what stands behind it, and nothing before it.
const LAYERS: [&str; 7] = ["js", "transport", "vendor", "removal", "core", "fast", "numbers.rs"];

/// Of a safe removal, all that a vendor knows: what it implements, and what that is about.
const SEEN_BY_VENDORS: [&str; 4] = ["removal/mod.rs", "removal/family.rs", "removal/setting.rs", "removal/world.rs"];

/// The files that may name a vendor's folder: the list of vendors, and the list of signers.
const KNOW_VENDORS: [&str; 2] = ["vendor/registry.rs", "vendor/signers.rs"];

fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

#[test]
fn no_arrow_points_outwards() {
    let arrows = arrows::of_rust(&folder("src"));
    let layer = |file: &str| {
        let room = file.split('/').next().unwrap_or_default();
        LAYERS.iter().position(|layer| *layer == room)
    };
    let mut wrong = Vec::new();
    for (from, targets) in &arrows {
        // The crate's own face shows what all have, and nobody uses it.
        if from == "lib.rs" {
            continue;
        }
        let Some(own) = layer(from) else {
            wrong.push(format!("{from} is in no layer"));
            continue;
        };
        let outwards = targets.iter().filter(|target| layer(target).is_none_or(|other| other < own));
        wrong.extend(outwards.map(|target| format!("{from} uses {target}")));
    }
    assert!(arrows.len() > 80, "only {} files were found", arrows.len());
    assert!(wrong.is_empty(), "against {}:\n{}", LAYERS.join(" > "), wrong.join("\n"));
}

#[test]
fn vendors_know_nothing_of_each_other_and_are_known_to_nobody() {
    let arrows = arrows::of_rust(&folder("src"));
    // The folder of one vendor, for a file in it.
    let vendor = |file: &str| {
        let mut parts = file.split('/');
        (parts.next() == Some("vendor"))
            .then(|| parts.next().unwrap_or_default().to_owned())
            .filter(|_| parts.next().is_some())
    };
    let mut wrong = Vec::new();
    for (from, targets) in &arrows {
        for target in targets {
            let known = vendor(target).is_none_or(|other| vendor(from) == Some(other));
            let seen = !from.starts_with("vendor/")
                || !target.starts_with("removal/")
                || SEEN_BY_VENDORS.contains(&target.as_str());
            if !(known || KNOW_VENDORS.contains(&from.as_str())) || !seen {
                wrong.push(format!("{from} uses {target}"));
            }
        }
    }
    let vendors: std::collections::BTreeSet<_> = arrows.keys().filter_map(|file| vendor(file)).collect();
    assert!(vendors.len() >= 3, "only {vendors:?} were found");
    assert!(wrong.is_empty(), "a vendor's room is not closed:\n{}", wrong.join("\n"));
}

#[test]
fn no_circle_between_files() {
    let arrows = arrows::of_rust(&folder("src"));
    let found = circles::circles(&arrows);
    let found: Vec<String> = found.iter().map(|circle| circles::described(&arrows, circle)).collect();
    assert!(found.is_empty(), "files use each other in a circle:\n{}", found.join("\n"));
}

#[test]
fn no_circle_in_the_page() {
    let arrows = arrows::of_typescript(&folder("www/src"));
    let missing: Vec<&String> = arrows.values().flatten().filter(|target| !arrows.contains_key(*target)).collect();
    assert!(arrows.len() > 30 && missing.is_empty(), "{} files, not found: {missing:?}", arrows.len());
    let found: Vec<String> =
        circles::circles(&arrows).iter().map(|circle| circles::described(&arrows, circle)).collect();
    assert!(found.is_empty(), "files use each other in a circle:\n{}", found.join("\n"));
}
