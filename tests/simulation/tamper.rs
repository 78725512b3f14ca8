//! Journals that somebody has changed: none of them is gone on from.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use unpool::Kind;

use crate::chance::Chance;
use crate::stage::{Source, Stage};
use crate::tally::Tally;

/// The number of the entry that the error names, if it is taken at all.
fn refusal(stage: &Stage, source: &Source, entries: &str) -> Option<usize> {
    let error = match stage.run_of(source, entries, stage.cloud.now) {
        Ok(_) => return None,
        Err(error) => error,
    };
    assert_eq!(error.kind(), Kind::InvalidInput, "R5: {error}");
    let named = error.to_string();
    let from = named.find("journal.entries[").unwrap_or_else(|| panic!("R5: no entry is named: {named}"));
    let number = named[from..].split(['[', ']']).nth(1).and_then(|number| number.parse().ok());
    Some(number.unwrap_or_else(|| panic!("R5: no entry is named: {named}")))
}

fn list(lines: &[String]) -> String {
    format!("[{}]", lines.join(","))
}

/// The fields in another order, and blanks between: as a store may write it.
fn reordered(value: &Value, chance: &mut Chance) -> String {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<(&String, &Value)> = fields.iter().collect();
            for place in (1..fields.len()).rev() {
                fields.swap(place, chance.below(place + 1));
            }
            let told = fields.iter().map(|(name, value)| format!("{}: {}", json!(name), reordered(value, chance)));
            format!("{{ {} }}", told.collect::<Vec<_>>().join(" ,\n"))
        }
        Value::Array(items) => {
            format!("[ {} ]", items.iter().map(|one| reordered(one, chance)).collect::<Vec<_>>().join(", "))
        }
        // It may write letters as numbers, too.
        Value::String(text) => format!(
            "\"{}\"",
            text.chars()
                .map(|one| if one.is_ascii_alphanumeric() { one.to_string() } else { format!("\\u{:04x}", one as u32) })
                .collect::<String>()
        ),
        other => other.to_string(),
    }
}

/// One value somewhere in it is another one.
fn change(value: &mut Value, chance: &mut Chance) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            let names: Vec<String> = fields.keys().cloned().collect();
            let name = chance.pick(&names).clone();
            match chance.below(12) {
                0 => drop(fields.remove(&name)),
                1 => drop(fields.insert(format!("{name}x"), json!(1))),
                2 => {
                    let old = fields.remove(&name).unwrap_or_default();
                    fields.insert(format!("{name}s"), old);
                }
                _ => change(&mut fields[&name], chance),
            }
        }
        Value::Array(items) if !items.is_empty() => match chance.below(6) {
            0 => drop(items.pop()),
            1 => items.push(items[0].clone()),
            _ => {
                let place = chance.below(items.len());
                change(&mut items[place], chance);
            }
        },
        Value::String(text) if !text.is_empty() => {
            let mut letters: Vec<char> = text.chars().collect();
            let place = chance.below(letters.len());
            letters[place] = if letters[place] == '7' { '8' } else { '7' };
            *text = letters.into_iter().collect();
        }
        Value::Number(number) => *value = json!(number.as_i64().unwrap_or(0) + 1),
        Value::Bool(flag) => *value = json!(!*flag),
        other => *other = json!("x"),
    }
}

/// All that can be done to a journal that was kept.
pub fn tamper(stage: &Stage, source: &Source, chance: &mut Chance, tally: &mut Tally) {
    let lines: Vec<String> = stage.lines.iter().filter(|line| line.whole).map(|line| line.text.clone()).collect();
    if lines.is_empty() || !chance.permille(200) {
        return;
    }
    let told: Vec<Value> = lines.iter().map(|line| serde_json::from_str(line).expect("an entry is JSON")).collect();
    let whole = stage.run_of(source, &list(&lines), stage.cloud.now).expect("it was taken before");
    let report = whole.report(stage.cloud.now).into_text();
    let count = lines.len();
    let place = chance.below(count);
    let mut refused = |what: &'static str, lines: &[String], at: usize| {
        let named = refusal(stage, source, &list(lines));
        assert_eq!(named, Some(at), "R5: {what}: {}", list(lines));
        tally.add("tamper", what);
    };
    // In place, whatever it is.
    for _ in 0..4 {
        let mut other = told[place].clone();
        change(&mut other, chance);
        if other != told[place] {
            let mut lines = lines.clone();
            lines[place] = other.to_string();
            refused("changed", &lines, place);
        }
    }
    for (field, value) in [("schema", json!("unpool/journal@2")), ("vendor", json!("huawei")), ("plan", json!("0"))] {
        let mut other = told[place].clone();
        other[field] = value;
        let mut lines = lines.clone();
        lines[place] = other.to_string();
        refused("another's", &lines, place);
    }
    // Left out, or moved, where its lane has another one after it.
    let after = (place + 1..count).find(|next| told[*next]["lane"] == told[place]["lane"]);
    if let Some(after) = after {
        let mut without = lines.clone();
        without.remove(place);
        refused("left out", &without, after - 1);
        let mut swapped = lines.clone();
        swapped.swap(place, after);
        refused("swapped", &swapped, place);
    }
    let mut twice = lines.clone();
    twice.insert(place, lines[place].clone());
    refused("twice", &twice, place + 1);
    // Cut off, and not the last.
    let text = &lines[place];
    let mut end = 1 + chance.below(text.len() - 1);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let part = Value::from(&text[..end]).to_string();
    let mut broken = lines.clone();
    broken[place] = part.clone();
    if place + 1 < count {
        refused("broken", &broken, place);
    }
    // The last one, cut off, is dropped, and the report says so.
    let mut torn = lines.clone();
    torn.push(part);
    let run = stage.run_of(source, &list(&torn), stage.cloud.now).expect("R5: the last one may be cut off");
    let says: Value = serde_json::from_str(run.report(stage.cloud.now).as_str()).expect("JSON");
    assert_eq!(says["resumed"], json!({"entries": count, "droppedLine": true}), "R5: what was dropped");
    // Of another plan.
    let mut plan: Map<String, Value> = stage.plan.as_object().cloned().unwrap_or_default();
    plan.insert("createdAt".into(), json!("2026-09-21T14:13:19Z"));
    if matches!(source, Source::Journaled) {
        let mut other = stage.clone();
        other.plan = std::rc::Rc::new(Value::Object(plan));
        assert_eq!(refusal(&other, source, &list(&lines)), Some(0), "R5: a journal of another plan");
        tally.add("tamper", "another plan");
    }
    // Written anew by a store, as lines or as objects, or the lanes' one after the other: the same.
    let mut lanes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for one in &told {
        let text = reordered(one, chance);
        let kept = if chance.permille(500) { json!(text).to_string() } else { text };
        lanes.entry(one["lane"].to_string()).or_default().push(kept);
    }
    let sorted: Vec<String> = lanes.into_values().flatten().collect();
    let run = stage.run_of(source, &list(&sorted), stage.cloud.now).unwrap_or_else(|error| panic!("R5: {error}"));
    let read = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
    assert!(read(run.report(stage.cloud.now).as_str()) == read(&report), "R5: the order of fields: {report}");
    tally.add("tamper", "written anew");
    tally.add("checked", "R5");
}
