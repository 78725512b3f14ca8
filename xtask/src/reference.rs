//! `cargo xtask docs`: `docs/operations.md`, from the crate's own tables. What a table does not say is
//! not in that file, and a test here holds the file against the tables.

use std::fmt::Write as _;
use std::process::ExitCode;

use unpool::core::operation::{
    Effect, Empty, Field, Kind, Need, Operation, Paging, Parameter, Shape, TIMEOUT_MS, camel,
};
use unpool::core::text::words;
use unpool::vendor::{VENDORS, Vendor};

use crate::project::{Project, write};

const FILE: &str = "docs/operations.md";

const HEAD: &str = "\
# Operations

<!-- Written by `cargo xtask docs` from src/vendor/*/operations.rs. Change those, not this file. -->

Every operation that `send`, `sign` and `explain` take. Names, parameters and answers are the vendor's own, in camelCase: `ULBId` is `ulbId`, `protocol_port` is `protocolPort`. Integers may be numbers or decimal text. All of this is checked before anything is signed, and an error names the field and its index.

- A **read** changes nothing.
- A **removal** and a **write** can safely be sent twice, so they are [repeated](errors.md#what-is-repeated) after a lost answer. A removal that finds nothing left answers `alreadyGone: true`.
- What **creates** would do it twice. After a lost answer it is looked for first, and what is found is `alreadyThere: true`.

In answers `?` marks what may be missing. What each field of an answer means is shown by your editor: it stands in the package's types.
";

/// Writes the file.
pub fn docs(project: &Project) -> Result<ExitCode, String> {
    write(&project.path(FILE), text())?;
    println!("docs: {FILE}");
    Ok(ExitCode::SUCCESS)
}

/// What the file must say.
fn text() -> String {
    let mut out = String::from(HEAD);
    for vendor in VENDORS {
        of_vendor(&mut out, vendor);
    }
    out
}

fn of_vendor(out: &mut String, vendor: &Vendor) {
    let names: Vec<String> = vendor.names.iter().map(|name| format!("`{name}`")).collect();
    let _ = writeln!(out, "\n## {}: builders `{}.*`\n", names.join(", "), vendor.namespace);
    out.push_str("| operation | kind | |\n|---|---|---|\n");
    for operation in vendor.operations {
        let (name, doc) = (operation.name, cell(operation.doc.0));
        let _ = writeln!(out, "| [{name}](#{}) | {} | {doc} |", name.to_ascii_lowercase(), kind(operation.effect));
    }
    for operation in vendor.operations {
        of_operation(out, operation);
    }
}

fn kind(effect: Effect) -> &'static str {
    match effect {
        Effect::Read => "read",
        Effect::Removal => "removal",
        Effect::Write => "write",
        Effect::Create => "creates",
    }
}

fn of_operation(out: &mut String, operation: &Operation) {
    let _ = writeln!(out, "\n### {}\n", operation.name);
    let (method, path) = operation.route;
    if !path.is_empty() {
        let _ = write!(out, "`{method} {path}`. ");
    }
    out.push_str(operation.doc.0);
    if !matches!(operation.paging, Paging::None) {
        out.push_str(" The list comes with all its pages.");
    }
    if operation.timeout_ms != TIMEOUT_MS {
        let _ = write!(out, " Its answer is waited for {} s.", operation.timeout_ms / 1_000);
    }
    out.push_str("\n\n| parameter | takes | |\n|---|---|---|\n");
    parameters(out, "", operation.parameters);
    let _ = writeln!(out, "\nAnswers `{}`.", object(operation.answer.fields));
}

fn parameters(out: &mut String, before: &str, table: &[Parameter]) {
    for parameter in table {
        let name = format!("{before}{}", parameter.name);
        let takes = [takes(&parameter.kind), need(&parameter.need)];
        let takes: Vec<&str> = takes.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
        let _ = writeln!(out, "| `{name}` | {} | {} |", takes.join("; "), cell(parameter.doc.0));
        if let Kind::Batch(batch) = &parameter.kind {
            parameters(out, &format!("{name}[]."), batch.fields);
        }
    }
}

fn takes(kind: &Kind) -> String {
    match kind {
        Kind::Text(most) | Kind::Key(most) => format!("text, up to {most} characters"),
        Kind::Id => "id".into(),
        Kind::Address => "address".into(),
        Kind::Integer(0, 1) => "0 or 1".into(),
        Kind::Integer(least, most) => format!("{least} to {most}"),
        Kind::Flag => "`true` or `false`".into(),
        Kind::OneOf(list) => words(list).map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "),
        Kind::List(item, empty) => {
            let rule = match empty {
                Empty::Fine => String::new(),
                Empty::Never => ", not empty".into(),
                Empty::Only(flag) => format!(", empty only with `{flag}: true`"),
            };
            format!("list ({}){rule}", takes(item))
        }
        Kind::Batch(batch) if batch.bare => "list of objects, or of ids".into(),
        Kind::Batch(_) => "list of objects".into(),
        Kind::Strings => "object of texts".into(),
        Kind::Object | Kind::Any => "object".into(),
    }
}

fn need(need: &Need) -> String {
    let list = |names| words(names).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    match need {
        Need::Always => "**needed**".into(),
        Need::Never => String::new(),
        Need::Or(others) => format!("needed: at least one of this and {}", list(others)),
        Need::Either(other) => format!("needed: either this or {}", list(other)),
        Need::With(other) => format!("needed with {}", list(other)),
        Need::Without(other) => format!("not beside {}", list(other)),
    }
}

fn object(table: &[Field]) -> String {
    let fields: Vec<String> = table.iter().map(field).collect();
    format!("{{ {} }}", fields.join(", "))
}

fn field(field: &Field) -> String {
    let name = camel(field.wire);
    let mark = if field.required { "" } else { "?" };
    match &field.shape {
        Shape::Text | Shape::Integer | Shape::Flag => format!("{name}{mark}"),
        // A list that the vendor leaves out is an empty one.
        Shape::Texts => format!("{name}: []"),
        Shape::Object(table) => format!("{name}{mark}: {}", object(table)),
        Shape::List(table) | Shape::Wrapped(_, table) => format!("{name}: [{}]", object(table)),
    }
}

/// Text that ends no cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::{FILE, text};
    use crate::project::Project;

    #[test]
    fn the_file_says_what_the_tables_say() {
        let written = std::fs::read_to_string(Project::find().path(FILE)).unwrap_or_default();
        assert!(written == text(), "{FILE} is not what the operation tables give: run `cargo xtask docs`");
    }

    #[test]
    fn bounds_needs_and_answers_are_told() {
        let text = text();
        for line in [
            "| `backendServers[].weight` | 0 to 100 |",
            "| `policyPriority` | 1 to 9999 |",
            "list (id), empty only with `allowEmpty: true`",
            "`DELETE /v2.0/lbaas/pools/{poolId}/members/{memberId}`",
            "Its answer is waited for 65 s.",
        ] {
            assert!(text.contains(line), "{line}");
        }
    }
}
