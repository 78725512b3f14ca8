//! Which file uses which: the paths of `paths.rs`, each followed to the file that it leads to.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path as File;

use crate::paths::{self, Named};

/// Each file, by its path below `src`, and the files that it uses.
pub type Arrows = BTreeMap<String, BTreeSet<String>>;

/// The crate that stands in a folder of this one's sources, and its name in code.
const FAST: (&str, &str) = ("fast", "unpool_fast");

/// A module: the folders and the name that lead to its file. The other crate's begin with its folder.
type Module = Vec<String>;

struct Sources {
    modules: BTreeMap<Module, (String, Named)>,
}

/// The arrows between the Rust files below `src`.
///
/// A `pub use` by which a folder's `mod.rs` shows what its own files have is no arrow: it makes a path shorter, and
/// whoever takes that path uses the file behind it.
pub fn of_rust(src: &File) -> Arrows {
    let mut files = Vec::new();
    list(src, "", "rs", &mut files);
    between(files.into_iter().map(|file| (fs::read_to_string(src.join(&file)).expect("a readable file"), file)))
}

fn between(files: impl Iterator<Item = (String, String)>) -> Arrows {
    let modules = files.map(|(text, file)| (module(&file), (file, paths::read(&text)))).collect();
    let sources = Sources { modules };
    sources.modules.iter().map(|(module, (file, named))| (file.clone(), sources.used(module, file, named))).collect()
}

/// Files with this ending below `folder`.
pub fn list(folder: &File, under: &str, ending: &str, out: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a readable folder").flatten() {
        let path = entry.path();
        let name = format!("{under}{}", entry.file_name().to_string_lossy());
        if path.is_dir() {
            list(&path, &format!("{name}/"), ending, out);
        } else if path.extension().is_some_and(|own| own == ending) {
            out.push(name);
        }
    }
}

/// `a/b.rs` and `a/b/mod.rs` are `a::b`; `lib.rs` is the crate itself.
fn module(file: &str) -> Module {
    let mut parts: Module = file.trim_end_matches(".rs").split('/').map(String::from).collect();
    if parts.last().is_some_and(|last| last == "mod" || last == "lib") {
        parts.pop();
    }
    parts
}

impl Sources {
    fn used(&self, module: &Module, file: &str, named: &Named) -> BTreeSet<String> {
        let own_folder = file.ends_with("mod.rs") || file.ends_with("lib.rs");
        let mut out = BTreeSet::new();
        for (inside, path) in &named.paths {
            let is_shown = named.shown.values().any(|shown| shown == path);
            let mut here = module.clone();
            here.extend_from_slice(inside);
            let Some(target) = self.absolute(&here, path).and_then(|path| self.file(&path, 0)) else { continue };
            let within = target.strip_prefix(module.as_slice().join("/").as_str()).is_some();
            if target != file && !(is_shown && own_folder && within) {
                out.insert(target);
            }
        }
        out
    }

    /// The path from the crate's root; `None` where it leads out of these sources.
    fn absolute(&self, here: &Module, path: &[String]) -> Option<Module> {
        let (first, rest) = path.split_first()?;
        let in_fast = here.first().is_some_and(|first| first == FAST.0);
        let mut out: Module = match first.as_str() {
            "crate" if in_fast => vec![FAST.0.into()],
            "crate" => Module::new(),
            "self" => here.clone(),
            "super" => here.split_last()?.1.into(),
            name if name == FAST.1 => vec![FAST.0.into()],
            name => {
                // The modules inside a file are not listed: what they name is found from the file.
                let (module, (_, named)) = self.holder(here)?;
                if named.children.iter().any(|child| child == name) {
                    [module.as_slice(), &[name.into()]].concat()
                } else {
                    let brought = named.brought.get(name).filter(|brought| brought.first() != Some(first))?;
                    self.absolute(module, brought)?
                }
            }
        };
        let ups = rest.iter().take_while(|part| *part == "super").count();
        out.truncate(out.len().checked_sub(ups)?);
        out.extend_from_slice(&rest[ups..]);
        Some(out)
    }

    /// The nearest module with a file of its own.
    fn holder(&self, path: &[String]) -> Option<(&Module, &(String, Named))> {
        (0..=path.len()).rev().find_map(|length| self.modules.get_key_value(&path[..length]))
    }

    /// The file in which what `path` names stands.
    fn file(&self, path: &[String], depth: usize) -> Option<String> {
        assert!(depth < 20, "{path:?} is shown in a circle");
        let (module, (file, named)) = self.holder(path)?;
        let rest = &path[module.len()..];
        match rest.first().and_then(|name| named.shown.get(name)) {
            Some(shown) => {
                let target = self.absolute(module, shown).map(|shown| [&shown, &rest[1..]].concat());
                // What is shown and defined in the same file, as a macro is.
                target.filter(|target| target != path).and_then(|target| self.file(&target, depth + 1))
            }
            None => None,
        }
        .or_else(|| Some(file.clone()))
    }
}

/// The arrows between the TypeScript files in `folder`: imports of types count as well.
pub fn of_typescript(folder: &File) -> Arrows {
    let mut files = Vec::new();
    list(folder, "", "ts", &mut files);
    let mut arrows = Arrows::new();
    for file in files {
        let text = fs::read_to_string(folder.join(&file)).expect("a readable file");
        let base = file.rsplit_once('/').map_or(String::new(), |(base, _)| format!("{base}/"));
        // `from "./a.ts"`, `import "./a.ts"` and `import("./a.ts")`.
        let named = text.split(['"', '\'', '\n']).filter(|part| part.starts_with("./") && part.ends_with(".ts"));
        arrows.insert(file.clone(), named.map(|part| format!("{base}{}", &part[2..])).collect());
    }
    arrows
}

#[cfg(test)]
mod tests {
    use super::between;

    fn arrows(files: &[(&str, &str)]) -> Vec<String> {
        let arrows = between(files.iter().map(|(file, text)| ((*text).into(), (*file).into())));
        arrows.iter().flat_map(|(from, to)| to.iter().map(move |to| format!("{from} > {to}"))).collect()
    }

    #[test]
    fn a_path_leads_to_the_file_that_has_it() {
        let found = arrows(&[
            ("lib.rs", "pub mod a; pub mod b; pub use crate::a::one::One;"),
            ("a/mod.rs", "pub mod one; mod two; pub use one::One; pub use unpool_fast::text; pub struct Here;"),
            (
                "a/one.rs",
                "use crate::b; fn f() { b::g(); super::two::h() } mod tests { use super::*; use super::super::Here; }",
            ),
            ("a/two.rs", "use crate::a::{Here, One as Other, text}; fn h() { text::join() }"),
            ("b.rs", "fn g() { let _ = crate::One; core::mem::drop(1); std::fs::read(2) }"),
            ("fast/lib.rs", "pub mod text; pub mod json;"),
            ("fast/text.rs", "fn join() {}"),
            ("fast/json.rs", "use crate::text::join;"),
        ]);
        assert_eq!(
            found,
            [
                "a/mod.rs > fast/text.rs",
                "a/one.rs > a/mod.rs",
                "a/one.rs > a/two.rs",
                "a/one.rs > b.rs",
                "a/two.rs > a/mod.rs",
                "a/two.rs > a/one.rs",
                "a/two.rs > fast/text.rs",
                "b.rs > a/one.rs",
                "fast/json.rs > fast/text.rs",
            ]
        );
    }
}
