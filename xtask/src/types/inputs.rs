//! The declarations of what callers give: options and credentials of clients, places and selectors of removals, and the
//! parameters of operations.

use std::fmt::Write as _;

use unpool::core::operation::{Kind, Need, Parameter};
use unpool::core::text::words;
use unpool::removal::Family;
use unpool::vendor::options::COMMON;
use unpool::vendor::{FAMILIES, VENDORS, Vendor};

/// What callers give to a vendor's client, and the map of it by vendor.
pub fn inputs(out: &mut String) {
    let names: Vec<String> = VENDORS.iter().flat_map(|vendor| vendor.names).map(|name| quoted(name)).collect();
    let _ = writeln!(out, "\n/** The clouds. */\nexport type VendorName = {};", names.join(" | "));
    out.push_str("\n/** What every client takes. */\nexport interface CommonOptions {\n");
    parameters(out, &shared(), "", 1);
    out.push_str("}\n");
    for vendor in VENDORS {
        credentials(out, vendor);
        options(out, vendor);
    }
    for vendor in VENDORS {
        let title = title(vendor);
        place(out, &title, vendor);
        out.push('\n');
        let about = "All that is given must fit; `port` and `groupId` need something beside them. One server can be many backends: all that fit are meant.";
        comment(out, &format!("What to take out at {}. {about}", listed(vendor.names)), "");
        let _ = writeln!(out, "export interface {title}Selector {{");
        parameters(out, family(vendor).selectors, "readonly ", 1);
        out.push_str("}\n");
    }
    map(out);
}

/// Those options of every vendor that are the same at each.
fn shared() -> Vec<Parameter> {
    COMMON.iter().filter(|option| !["vendor", "credentials", "region"].contains(&option.name)).copied().collect()
}

fn credentials(out: &mut String, vendor: &Vendor) {
    for form in vendor.declared.credentials {
        out.push('\n');
        comment(out, form.about, "");
        let _ = writeln!(out, "export interface {} {{", form.name);
        parameters(out, form.fields, "", 1);
        out.push_str("}\n");
    }
    if let [_, _, ..] = vendor.declared.credentials {
        let _ = writeln!(out, "\n/** The forms of credentials of {}. */", listed(vendor.names));
        let forms: Vec<&str> = vendor.declared.credentials.iter().map(|form| form.name).collect();
        let _ = writeln!(out, "export type {}Credentials = {};", title(vendor), forms.join(" | "));
    }
}

fn options(out: &mut String, vendor: &Vendor) {
    let (title, told) = (title(vendor), &vendor.declared);
    let _ = writeln!(out, "\n/** The options of a client for {}. */", listed(vendor.names));
    let _ = writeln!(out, "export interface {title}Options extends CommonOptions {{");
    let names: Vec<String> = vendor.names.iter().map(|name| quoted(name)).collect();
    let _ = writeln!(out, "  /** Which cloud. */\n  vendor: {};", names.join(" | "));
    let (mark, tail) = if told.needs_region { ("", "") } else { ("?", " | undefined") };
    let _ = writeln!(out, "  /** {} */\n  region{mark}: string{tail};", told.region);
    let about = COMMON.iter().find(|option| option.name == "credentials").map_or("", |option| option.doc.0);
    let _ = writeln!(out, "  /** {about} */\n  credentials: {title}Credentials;");
    let is_own = |option: &&Parameter| !COMMON.iter().any(|common| common.name == option.name);
    let own: Vec<Parameter> = vendor.options.iter().filter(is_own).copied().collect();
    parameters(out, &own, "", 1);
    out.push_str("}\n");
}

/// A place is one type for each parameter of which exactly one must be given.
fn place(out: &mut String, title: &str, vendor: &Vendor) {
    let family = family(vendor);
    let _ = writeln!(out, "\n/** Where to take servers out at {}. */", listed(vendor.names));
    let either = family.from.iter().find_map(|one| match one.need {
        Need::Either(other) => Some([one.name, other]),
        _ => None,
    });
    let Some(choices) = either else {
        let _ = writeln!(out, "export interface {title}Place {{");
        parameters(out, family.from, "readonly ", 1);
        out.push_str("}\n");
        return;
    };
    let _ = writeln!(out, "export type {title}Place =");
    for (place, chosen) in choices.iter().enumerate() {
        out.push_str("  | {\n");
        for one in family.from {
            let excluded = matches!(one.need, Need::Without(other) if other == *chosen);
            if one.name == *chosen {
                parameters(out, &[Parameter { need: Need::Always, ..*one }], "readonly ", 3);
            } else if excluded || choices.contains(&one.name) {
                let _ = writeln!(out, "      readonly {}?: undefined;", one.name);
            } else {
                parameters(out, &[*one], "readonly ", 3);
            }
        }
        out.push_str(if place + 1 == choices.len() { "    };\n" } else { "    }\n" });
    }
}

/// Each vendor's types by its name.
fn map(out: &mut String) {
    out.push_str("\n/** What is each vendor's own, by its name. */\nexport interface Vendors {\n");
    for vendor in VENDORS {
        let title = title(vendor);
        for name in vendor.names {
            let _ = writeln!(
                out,
                "  {name}: {{ options: {title}Options; place: {title}Place; selector: {title}Selector }};"
            );
        }
    }
    out.push_str(
        "}

/** The options of a client. */
export type ClientOptions<V extends VendorName = VendorName> = Vendors[V][\"options\"] & { vendor: V };

/** Where to take servers out. */
export type PlaceOf<V extends VendorName> = Vendors[V][\"place\"];

/** What to take out. */
export type SelectorOf<V extends VendorName> = Vendors[V][\"selector\"];
",
    );
}

/// A table's parameters as properties. What must be given only under a condition may be left out, as far as types tell.
pub fn parameters(out: &mut String, table: &[Parameter], modifier: &str, depth: usize) {
    let indent = "  ".repeat(depth);
    for parameter in table {
        comment(out, &format!("{}{}", parameter.doc.0, bounds(parameter)), &indent);
        let always = matches!(parameter.need, Need::Always);
        let (mark, tail) = if always { ("", "") } else { ("?", " | undefined") };
        let _ = writeln!(out, "{indent}{modifier}{}{mark}: {}{tail};", parameter.name, input(parameter, depth));
    }
}

/// The bounds of an option, which has no name at a vendor.
fn bounds(parameter: &Parameter) -> String {
    match parameter.kind {
        Kind::Integer(least, most) if parameter.wire.is_empty() => format!(" From {least} to {}.", grouped(most)),
        _ => String::new(),
    }
}

/// A number as people write it: `600,000`.
fn grouped(number: i32) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The names of a vendor, as prose.
fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

/// A comment of one line, or of several where it is long.
pub fn comment(out: &mut String, text: &str, indent: &str) {
    const WIDTH: usize = 116;
    if indent.len() + text.chars().count() < WIDTH {
        let _ = writeln!(out, "{indent}/** {text} */");
        return;
    }
    let _ = write!(out, "{indent}/**\n{indent} *");
    let mut length = indent.len() + 2;
    for word in text.split(' ') {
        if length + word.chars().count() >= WIDTH {
            let _ = write!(out, "\n{indent} *");
            length = indent.len() + 2;
        }
        let _ = write!(out, " {word}");
        length += word.chars().count() + 1;
    }
    let _ = writeln!(out, "\n{indent} */");
}

fn input(parameter: &Parameter, depth: usize) -> String {
    // The one thing that is given and no data.
    if parameter.name == "fetch" { "FetchLike".into() } else { kind(&parameter.kind, depth) }
}

fn kind(given: &Kind, depth: usize) -> String {
    match given {
        Kind::Text(_) | Kind::Id | Kind::Key(_) | Kind::Address => "string".into(),
        Kind::Integer(..) => "Integer".into(),
        Kind::Flag => "boolean".into(),
        Kind::OneOf(list) => words(list).map(quoted).collect::<Vec<_>>().join(" | "),
        Kind::List(item, _) => format!("readonly {}[]", kind(item, depth)),
        Kind::Strings => "{ readonly [name: string]: string }".into(),
        Kind::Object | Kind::Any => "unknown".into(),
        Kind::Batch(batch) => {
            let mut out = String::from("readonly {\n");
            parameters(&mut out, batch.fields, "readonly ", depth + 1);
            let _ = write!(out, "{}}}[]", "  ".repeat(depth));
            if batch.bare {
                out.push_str(" | readonly string[]");
            }
            out
        }
    }
}

fn quoted(word: &str) -> String {
    format!("\"{word}\"")
}

/// What the types of a vendor are called after.
fn title(vendor: &Vendor) -> String {
    let (first, rest) = vendor.namespace.split_at(1);
    first.to_uppercase() + rest
}

/// What the removal has of a vendor: names that differ in it (Octavia and the others) take the same all the same.
fn family(vendor: &Vendor) -> &'static Family {
    let has = |name: &str| FAMILIES.iter().find(|(names, _)| names.contains(&name)).map(|(_, family)| *family);
    let all: Vec<&Family> = vendor.names.iter().map(|name| has(name).expect("every vendor has a family")).collect();
    let names = |list: &'static [Parameter]| list.iter().map(|one| one.name).collect::<Vec<_>>();
    for other in &all {
        assert_eq!((names(other.from), names(other.selectors)), (names(all[0].from), names(all[0].selectors)));
    }
    all[0]
}
