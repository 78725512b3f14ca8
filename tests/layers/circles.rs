//! Circles: files that use each other, directly or by way of others.

use std::collections::BTreeSet;

use crate::arrows::Arrows;

/// Sets of files each of which can be reached from every other one of its set, in order.
pub fn circles(arrows: &Arrows) -> Vec<Vec<&str>> {
    let reached: Vec<(&str, BTreeSet<&str>)> = arrows.keys().map(|file| (file.as_str(), reach(arrows, file))).collect();
    let mut out: Vec<Vec<&str>> = Vec::new();
    for (file, from_here) in &reached {
        if from_here.contains(file) && !out.iter().flatten().any(|known| known == file) {
            let back = reached.iter().filter(|(other, from)| from_here.contains(other) && from.contains(file));
            out.push(back.map(|(other, _)| *other).collect());
        }
    }
    out
}

/// A circle for whoever has to cut it: which of its files uses which.
pub fn described(arrows: &Arrows, circle: &[&str]) -> String {
    let inside = |file: &str| circle.contains(&file);
    let uses = circle.iter().flat_map(|file| arrows[*file].iter().map(move |target| (*file, target)));
    let uses = uses.filter(|(_, target)| inside(target)).map(|(file, target)| format!("{file} uses {target}"));
    uses.collect::<Vec<_>>().join("\n")
}

/// All that can be reached from `file`; itself only where a way leads back.
fn reach<'a>(arrows: &'a Arrows, file: &str) -> BTreeSet<&'a str> {
    let mut out = BTreeSet::new();
    let mut open = vec![file];
    while let Some(next) = open.pop() {
        for target in arrows.get(next).into_iter().flatten() {
            if out.insert(target.as_str()) {
                open.push(target);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_back_is_a_circle() {
        let pairs = [
            ("a", "b"),
            ("b", "c"),
            ("c", "a"),
            ("d", "a"),
            ("c", "e"),
            ("f", "g"),
            ("g", "f"),
            ("e", "h"),
            ("h", "i"),
        ];
        let mut arrows = Arrows::new();
        for (from, to) in pairs {
            arrows.entry(from.into()).or_default().insert(to.into());
        }
        let found = circles(&arrows);
        assert_eq!(found, [vec!["a", "b", "c"], vec!["f", "g"]]);
        assert_eq!(described(&arrows, &found[0]), "a uses b\nb uses c\nc uses a");
    }
}
