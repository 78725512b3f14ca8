//! TypeScript declarations and builders, from the crate's own tables.

use std::fmt::Write as _;

use unpool::core::operation::{Effect, Field, Kind, Need, Operation, Parameter, Shape, camel};
use unpool::core::text::words;
use unpool::vendor::{VENDORS, Vendor};

/// `builders.js`: one tiny function for each operation, and the version.
pub fn builders(version: &str) -> String {
    let mut out = String::from("// Generated from the operation tables.\n");
    let _ = writeln!(out, "export const version = \"{version}\";");
    // Each name once: twice, with a function between, is 60 bytes more of what every page loads.
    out.push_str(
        "
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

/// The generated part of `index.d.ts`.
pub fn declarations() -> String {
    let mut out = String::from("// ---- generated from the operation tables ----\n");
    for vendor in VENDORS {
        for operation in vendor.operations {
            operation_types(&mut out, operation);
        }
        builder_types(&mut out, vendor);
    }
    maps(&mut out);
    out
}

fn operation_types(out: &mut String, operation: &Operation) {
    let _ = writeln!(out, "\n/**\n * {}\n *\n * Source: {}.\n */", operation.doc.0, operation.source.0);
    let _ = writeln!(out, "export interface {} {{\n  readonly operation: \"{}\";", operation.name, operation.name);
    parameters(out, operation.parameters, 1);
    out.push_str("}\n");
    let _ = writeln!(out, "\n/** What {} answers. */\nexport interface {}Answer {{", operation.name, operation.name);
    fields(out, operation.answer.fields, 1);
    out.push_str(match operation.effect {
        Effect::Removal => ALREADY_GONE,
        Effect::Create => ALREADY_THERE,
        Effect::Read | Effect::Write => "",
    });
    out.push_str("}\n");
}

/// What sending says besides, after an attempt whose answer was lost.
const ALREADY_GONE: &str = "  /**
   * The answer to an attempt was lost, and the next one found nothing left to remove. The vendor's own
   * fields are missing then.
   */
  alreadyGone?: true;
";
const ALREADY_THERE: &str = "  /**
   * The answer to an attempt was lost, and reading showed what was to be made, so that it was not sent
   * again. The other fields are what was read.
   */
  alreadyThere?: true;
";

fn parameters(out: &mut String, table: &[Parameter], depth: usize) {
    let indent = "  ".repeat(depth);
    for parameter in table {
        let _ = writeln!(out, "{indent}/** {} */", parameter.doc.0);
        let always = matches!(parameter.need, Need::Always);
        let (mark, tail) = if always { ("", "") } else { ("?", " | undefined") };
        let _ = writeln!(out, "{indent}readonly {}{mark}: {}{tail};", parameter.name, input(&parameter.kind, depth));
    }
}

fn input(kind: &Kind, depth: usize) -> String {
    match kind {
        Kind::Text(_) | Kind::Id | Kind::Key(_) | Kind::Address => "string".into(),
        Kind::Integer(..) => "Integer".into(),
        Kind::Flag => "boolean".into(),
        Kind::OneOf(list) => words(list).map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" | "),
        Kind::List(item, _) => format!("readonly {}[]", input(item, depth)),
        Kind::Strings => "{ readonly [name: string]: string }".into(),
        Kind::Object | Kind::Any => "unknown".into(),
        Kind::Batch(batch) => {
            let mut out = String::from("readonly {\n");
            parameters(&mut out, batch.fields, depth + 1);
            let _ = write!(out, "{}}}[]", "  ".repeat(depth));
            if batch.bare {
                out.push_str(" | readonly string[]");
            }
            out
        }
    }
}

fn fields(out: &mut String, table: &[Field], depth: usize) {
    let indent = "  ".repeat(depth);
    for field in table {
        let _ = writeln!(out, "{indent}/** {} */", field.doc.0);
        // A list that the vendor leaves out is an empty one.
        let always = field.required || matches!(field.shape, Shape::List(_) | Shape::Wrapped(..) | Shape::Texts);
        let mark = if always { "" } else { "?" };
        let _ = writeln!(out, "{indent}{}{mark}: {};", camel(field.wire), output(&field.shape, depth));
    }
}

fn output(shape: &Shape, depth: usize) -> String {
    let object = |table: &[Field]| {
        let mut out = String::from("{\n");
        fields(&mut out, table, depth + 1);
        let _ = write!(out, "{}}}", "  ".repeat(depth));
        out
    };
    match shape {
        Shape::Text => "string".into(),
        Shape::Integer => "number".into(),
        Shape::Flag => "boolean".into(),
        Shape::Texts => "string[]".into(),
        Shape::Object(table) => object(table),
        Shape::List(table) | Shape::Wrapped(_, table) => format!("{}[]", object(table)),
    }
}

fn builder_types(out: &mut String, vendor: &Vendor) {
    let _ = writeln!(out, "\n/** Builders of operations for {}. */", vendor.names.join(", "));
    let _ = writeln!(out, "export declare const {}: {{", vendor.namespace);
    for operation in vendor.operations {
        let _ = writeln!(out, "  /** {} */", operation.doc.0);
        let name = operation.name;
        let _ = writeln!(out, "  {}(parameters: Omit<{name}, \"operation\">): {name};", builder(name));
    }
    out.push_str("};\n");
}

/// Which operations a vendor's client takes, and what each answers.
fn maps(out: &mut String) {
    out.push_str("\n/** The operations by vendor and name, with their answers. */\nexport interface Operations {\n");
    for vendor in VENDORS {
        for name in vendor.names {
            let _ = writeln!(out, "  {name}: {{");
            for operation in vendor.operations {
                let name = operation.name;
                let _ = writeln!(out, "    {name}: {{ operation: {name}; answer: {name}Answer }};");
            }
            out.push_str("  };\n");
        }
    }
    out.push_str("}\n");
    out.push_str(
        "\n/** The operations that a vendor's client takes. */\n\
         export type OperationOf<V extends VendorName> = V extends VendorName\n  \
           ? Extract<Operations[V][keyof Operations[V]], { operation: unknown }>[\"operation\"]\n  \
           : never;\n\
         \n/** What an operation answers. */\n\
         export type AnswerOf<V extends VendorName, O> = O extends { readonly operation: infer N }\n  \
           ? { [Name in V]: N extends keyof Operations[Name] ? (Operations[Name][N] extends { answer: infer A } ? A : never) : never }[V]\n  \
           : never;\n",
    );
}

/// `RemoveVServerGroupBackendServers` as a function's name.
fn builder(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_operation_has_a_builder_and_types() {
        let (script, types) = (super::builders("1.2.3"), super::declarations());
        assert!(
            script
                .contains("\nexport const alibaba = builders(\"RemoveBackendServers RemoveVServerGroupBackendServers ")
        );
        assert!(types.contains("  readonly vServerGroupId: string;"));
        assert!(types.contains(
            "  removeBackendServers(parameters: Omit<RemoveBackendServers, \"operation\">): RemoveBackendServers;"
        ));
        assert!(types.contains("readonly weight?: Integer | undefined;"));
        for (answer, field) in
            [("ReleaseBackend", "alreadyGone"), ("CreateMember", "alreadyThere"), ("ListMembers", "")]
        {
            let (_, body) = types.split_once(&format!("interface {answer}Answer {{")).expect("an answer");
            let (body, _) = body.split_once("\n}\n").expect("its end");
            assert_eq!(body.contains("already"), !field.is_empty(), "{answer}");
            assert!(body.contains(field), "{answer}");
        }
    }
}
