//! How many tests a suite ran, read from its own summary.

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: u32,
    pub failed: u32,
    pub skipped: u32,
}

/// Adds up the `test result: ok. 3 passed; 0 failed; 1 ignored; …` lines of cargo and of
/// wasm-bindgen-test-runner: one per test binary.
pub fn libtest(output: &str) -> Counts {
    let mut counts = Counts::default();
    for line in output.lines() {
        let Some((_, result)) = line.split_once("test result: ") else {
            continue;
        };
        let Some((_, numbers)) = result.split_once(". ") else {
            continue;
        };
        for part in numbers.split(';') {
            let mut words = part.split_whitespace();
            let number = words.next().and_then(|n| n.parse().ok()).unwrap_or(0);
            match words.next() {
                Some("passed") => counts.passed += number,
                Some("failed") => counts.failed += number,
                Some("ignored") => counts.skipped += number,
                _ => {}
            }
        }
    }
    counts
}

/// The summary of `node --test`: `ℹ pass 3` from the spec reporter, `# pass 3` from TAP.
pub fn node(output: &str) -> Counts {
    let mut counts = Counts::default();
    for line in output.lines() {
        let Some(rest) = line.strip_prefix("ℹ ").or_else(|| line.strip_prefix("# ")) else {
            continue;
        };
        let mut words = rest.split(' ');
        let (Some(name), Some(number), None) = (words.next(), words.next(), words.next()) else {
            continue;
        };
        let Ok(number) = number.parse::<u32>() else {
            continue;
        };
        match name {
            "pass" => counts.passed += number,
            // A test that was cut off did not pass.
            "fail" | "cancelled" => counts.failed += number,
            "skipped" | "todo" => counts.skipped += number,
            _ => {}
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::{Counts, libtest, node};

    #[test]
    fn libtest_lines_are_added_up() {
        let output = "\
running 2 tests
test a ... ok
test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
     Running tests/b.rs
test result: FAILED. 3 passed; 4 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s
";
        assert_eq!(libtest(output), Counts { passed: 5, failed: 4, skipped: 1 });
    }

    #[test]
    fn runner_line_without_the_measured_part() {
        let output = "test result: ok. 12 passed; 0 failed; 0 ignored; 2 filtered out; finished in 0.3s";
        assert_eq!(libtest(output), Counts { passed: 12, failed: 0, skipped: 0 });
    }

    #[test]
    fn node_summaries_of_both_reporters() {
        let spec = "✔ a (0.9ms)\nℹ tests 7\nℹ suites 0\nℹ pass 4\nℹ fail 1\nℹ cancelled 1\nℹ skipped 1\nℹ todo 0\nℹ duration_ms 262.9\n";
        let expected = Counts { passed: 4, failed: 2, skipped: 1 };
        assert_eq!(node(spec), expected);
        assert_eq!(node(&spec.replace('ℹ', "#")), expected);
    }

    #[test]
    fn output_without_a_summary_counts_nothing() {
        let output = "error[E0432]: unresolved import\nℹ pass the salt 3\n# pass\n";
        assert_eq!(libtest(output), Counts::default());
        assert_eq!(node(output), Counts::default());
    }
}
