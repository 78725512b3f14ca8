//! TypeScript declarations and scripts of the package, from the crate's own tables.

mod inputs;
mod operations;
mod scripts;

pub use scripts::{builders, numbers, removal_numbers};

/// The generated part of `index.d.ts`.
pub fn declarations() -> String {
    let mut out = String::from("// ---- generated from the tables that check what is given ----\n");
    inputs::inputs(&mut out);
    operations::operations(&mut out);
    // Without it the helpers among the types would be exported as well.
    out.push_str("\nexport {};\n");
    out
}

#[cfg(test)]
mod tests {
    use unpool::core::operation::Parameter;
    use unpool::core::text::words;
    use unpool::json::parse;
    use unpool::removal::guard::NAMES;
    use unpool::removal::request::REQUEST;
    use unpool::vendor::{Client, VENDORS};

    const BY_HAND: &str = include_str!("../../../pkg-template/index.d.ts");

    /// The lines of a declaration, from its name to a line without indentation.
    fn declaration<'t>(types: &'t str, head: &str) -> &'t str {
        let (_, body) = types.split_once(head).unwrap_or_else(|| panic!("{head} is not declared"));
        let end = body.match_indices('\n').find(|(at, _)| !body[at + 1..].starts_with([' ', '/']));
        &body[..end.map_or(body.len(), |(at, _)| at)]
    }

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

    #[test]
    fn options_places_and_selectors_are_those_of_the_tables() {
        let types = super::declarations();
        let alibaba = declaration(&types, "export interface AlibabaOptions extends CommonOptions {");
        for line in ["vendor: \"alibaba\";", "region: string;", "signature?: \"rpc\" | \"acs3\" | undefined;"] {
            assert!(alibaba.contains(line), "{line}");
        }
        assert!(!alibaba.contains("endpoint?"), "what every vendor has stands in CommonOptions");
        let common = declaration(&types, "export interface CommonOptions {");
        assert!(common.contains("fetch?: FetchLike | undefined;") && common.contains("From 1 to 600,000."));
        let place = declaration(&types, "export type AlibabaPlace =");
        let alternatives: Vec<&str> = place.split("  | {").skip(1).collect();
        let [balancer, group] = alternatives[..] else { panic!("two of them: {place}") };
        assert!(
            balancer.contains("readonly loadBalancerId: string;") && group.contains("readonly vServerGroupId: string;")
        );
        assert!(balancer.contains("defaultGroupOnly?: boolean") && group.contains("defaultGroupOnly?: undefined"));
        let selector = declaration(&types, "export interface OpenstackSelector {");
        for name in ["id", "memberId", "address", "serverIp", "groupId"] {
            assert!(selector.contains(&format!("readonly {name}?: string | undefined;")), "{name}");
        }
    }

    /// The tables leave it to each vendor to say that a region is missing.
    #[test]
    fn a_region_is_needed_where_the_types_say_so() {
        for vendor in VENDORS {
            let form = &vendor.declared.credentials[0];
            let needed = |field: &&Parameter| matches!(field.need, unpool::core::operation::Need::Always);
            let given: Vec<String> =
                form.fields.iter().filter(needed).map(|field| format!("\"{}\":\"x\"", field.name)).collect();
            let options = format!(
                "{{\"vendor\":\"{}\",\"endpoint\":\"https://example.com\",\"credentials\":{{{}}}}}",
                vendor.names[0],
                given.join(",")
            );
            let document = parse(&options).expect("JSON");
            let made = Client::new(document.value());
            let error = made.err().map(|error| error.json().into_text()).unwrap_or_default();
            let names_it = error.contains("\"field\":\"region\"");
            assert_eq!(names_it, vendor.declared.needs_region, "{}: {error}", vendor.names[0]);
        }
    }

    #[test]
    fn what_is_declared_by_hand_names_what_the_tables_have() {
        let request = declaration(BY_HAND, "export interface PlanRequest<V extends VendorName = VendorName> {");
        for parameter in REQUEST {
            assert!(request.contains(&format!("  readonly {}", parameter.name)), "{}", parameter.name);
        }
        assert_eq!(request.matches("\n  readonly ").count(), REQUEST.len());
        let guards = declaration(BY_HAND, "export type Guard =");
        for guard in words(NAMES) {
            assert!(guards.contains(&format!("| \"{guard}\"")), "{guard}");
        }
        assert_eq!(guards.matches("| \"").count(), words(NAMES).count());
    }

    #[test]
    fn the_numbers_of_the_scripts_are_those_of_the_modules() {
        assert!(super::numbers().contains("\nexport const REGIONS = 8;\n"));
        assert!(super::numbers().contains("\nexport const READY = -1;\n"));
        assert!(super::removal_numbers().contains("\nexport const FINISH = 2;\n"));
        assert!(super::removal_numbers().contains("\nexport const CLEAN = 10;\n"));
    }
}
