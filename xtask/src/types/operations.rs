//! The declarations of operations, of what they answer and of their builders.

use std::fmt::Write as _;

use unpool::core::operation::{Effect, Field, Operation, Shape, camel};
use unpool::vendor::{VENDORS, Vendor};

use super::inputs::{comment, parameters};

/// All operations, their builders, and the map of them by vendor and product.
pub fn operations(out: &mut String) {
    for vendor in VENDORS {
        for operation in vendor.operations {
            operation_types(out, operation);
        }
        builder_types(out, vendor);
    }
    map(out);
}

fn operation_types(out: &mut String, operation: &Operation) {
    let _ = writeln!(out, "\n/**\n * {}\n *\n * Source: {}.\n */", operation.doc.0, operation.source.0);
    let _ = writeln!(out, "export interface {} {{\n  readonly operation: \"{}\";", operation.name, operation.name);
    parameters(out, operation.parameters, "readonly ", 1);
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

fn fields(out: &mut String, table: &[Field], depth: usize) {
    let indent = "  ".repeat(depth);
    for field in table {
        comment(out, field.doc.0, &indent);
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
        comment(out, operation.doc.0, "  ");
        let name = operation.name;
        let _ = writeln!(out, "  {}(parameters: Omit<{name}, \"operation\">): {name};", builder(name));
    }
    out.push_str("};\n");
}

/// Which operations a vendor's client takes, and what each answers. A name is unique within its product only.
fn map(out: &mut String) {
    out.push_str(
        "\n/** The operations by vendor, product and name, each with its answer: `Operations[\"alibaba\"][\"clb\"]`. */\nexport interface Operations {\n",
    );
    for vendor in VENDORS {
        for name in vendor.names {
            let _ = writeln!(out, "  {name}: {{\n    {}: {{", vendor.declared.product);
            for operation in vendor.operations {
                let name = operation.name;
                let _ = writeln!(out, "      {name}: {{ operation: {name}; answer: {name}Answer }};");
            }
            out.push_str("    };\n  };\n");
        }
    }
    out.push_str("}\n");
    out.push_str(
        "\n/** The operations of a vendor, of all its products. */
type EntryOf<V extends VendorName> = {
  [Name in V]: { [Product in keyof Operations[Name]]: Operations[Name][Product][keyof Operations[Name][Product]] }[keyof Operations[Name]];
}[V];

/** The operations that a vendor's client takes. */
export type OperationOf<V extends VendorName> = Extract<EntryOf<V>, { operation: unknown }>[\"operation\"];

/** What an operation answers. */
export type AnswerOf<V extends VendorName, O> = O extends { readonly operation: infer Name }
  ? Extract<EntryOf<V>, { operation: { readonly operation: Name }; answer: unknown }>[\"answer\"]
  : never;
",
    );
}

/// `RemoveVServerGroupBackendServers` as a function's name.
fn builder(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
}
