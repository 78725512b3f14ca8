//! The paths that a Rust file names, in `use` lines and anywhere else in its code.

use std::collections::BTreeMap;

use crate::words::{is_name, rust};

/// A path as it is written: `crate::core::{json, text}` is two of them.
pub type Path = Vec<String>;

/// What a file names.
#[derive(Debug, Default)]
pub struct Named {
    /// The modules that it declares and does not hold itself.
    pub children: Vec<String>,
    /// Every path, with the modules inside this file that it stands in.
    pub paths: Vec<(Vec<String>, Path)>,
    /// What it shows under another path (`pub use`), by the name that it has there.
    pub shown: BTreeMap<String, Path>,
    /// What `use` brings, by its name here: the first part of longer paths.
    pub brought: BTreeMap<String, Path>,
}

/// Reads a file.
pub fn read(text: &str) -> Named {
    let words = rust(text);
    let mut named = Named::default();
    // Modules inside this file that are open, each with the depth of braces outside it.
    let mut inside: Vec<(String, usize)> = Vec::new();
    let (mut at, mut depth) = (0, 0);
    let mut public = false;
    while at < words.len() {
        let word = words[at];
        match word {
            "{" => depth += 1,
            "}" => {
                depth -= 1;
                if inside.last().is_some_and(|(_, outside)| *outside == depth) {
                    inside.pop();
                }
            }
            "mod" if words.get(at + 2) == Some(&";") => named.children.push(words[at + 1].into()),
            "mod" if words.get(at + 2) == Some(&"{") => inside.push((words[at + 1].into(), depth)),
            "pub" => {
                public = true;
                // `pub(crate)`
                if words.get(at + 1) == Some(&"(") {
                    at += words[at..].iter().position(|word| *word == ")").unwrap_or(0);
                }
                at += 1;
                continue;
            }
            _ => {}
        }
        let is_use = word == "use";
        let begins = at == 0 || words[at - 1] != "::";
        if is_use || (begins && word.starts_with(is_name) && words.get(at + 1) == Some(&"::")) {
            let mut paths = Vec::new();
            let end = tree(&words, at + usize::from(is_use), &[], &mut paths);
            let modules: Vec<String> = inside.iter().map(|(name, _)| name.clone()).collect();
            for (path, name) in paths {
                if is_use && public {
                    named.shown.insert(name.clone(), path.clone());
                }
                if is_use {
                    named.brought.insert(name, path.clone());
                }
                named.paths.push((modules.clone(), path));
            }
            at = end.max(at + 1);
        } else {
            at += 1;
        }
        public = false;
    }
    named
}

/// Reads `a::b`, `a::{b, c::d as e}` or `a::*` at `at`; where it ends. Each path comes with its name here.
fn tree(words: &[&str], mut at: usize, before: &[String], out: &mut Vec<(Path, String)>) -> usize {
    let mut path = before.to_vec();
    loop {
        match words.get(at) {
            Some(&"{") => {
                at += 1;
                while words.get(at).is_some_and(|word| *word != "}") {
                    at = tree(words, at, &path, out).max(at + 1);
                    if words.get(at) == Some(&",") {
                        at += 1;
                    }
                }
                return at + 1;
            }
            Some(&"*") => {
                at += 1;
                break;
            }
            Some(word) if word.starts_with(is_name) => {
                // `a::b::{self}` is `a::b`.
                if *word != "self" || path.is_empty() {
                    path.push((*word).into());
                }
                at += 1;
                if words.get(at) != Some(&"::") {
                    break;
                }
                at += 1;
            }
            // `$crate` and a path of the whole world (`::core`) begin with a sign; `::<` ends what names a file.
            Some(&"$" | &"::") if path.is_empty() => at += 1,
            _ => break,
        }
    }
    let mut name = path.last().cloned().unwrap_or_default();
    if words.get(at) == Some(&"as") {
        name = words.get(at + 1).copied().unwrap_or_default().into();
        at += 2;
    }
    out.push((path, name));
    at
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_way_to_name_something_is_found() {
        let named = super::read(
            "mod a; pub(crate) mod b { use super::x::Y; } use crate::c::{self, d::E as F, g::*};
            pub use h::I; fn j() { k::l::<m::N>(); if o < p::Q { crate::r::s!() } $crate::t::U }",
        );
        let paths: Vec<String> =
            named.paths.iter().map(|(inside, path)| inside.join("/") + ":" + &path.join("::")).collect();
        for path in [
            "b:super::x::Y",
            ":crate::c",
            ":crate::c::d::E",
            ":crate::c::g",
            ":h::I",
            ":k::l",
            ":m::N",
            ":p::Q",
            ":crate::r::s",
            ":crate::t::U",
        ] {
            assert!(paths.iter().any(|found| found == path), "{path} in {paths:?}");
        }
        assert_eq!(named.children, ["a"]);
        assert_eq!(named.brought["F"].join("::"), "crate::c::d::E");
        assert_eq!(named.shown.keys().collect::<Vec<_>>(), ["I"]);
    }
}
