//! The tables of what codes mean: every rule of every vendor can be read, and can be reached.

use unpool::Kind;
use unpool::vendor::{alibaba, openstack, ucloud};

const KINDS: [Kind; 14] = [
    Kind::InvalidInput,
    Kind::Auth,
    Kind::Forbidden,
    Kind::NotFound,
    Kind::Busy,
    Kind::Throttled,
    Kind::Server,
    Kind::Network,
    Kind::Timeout,
    Kind::Aborted,
    Kind::OutcomeUnknown,
    Kind::Refused,
    Kind::UnexpectedAnswer,
    Kind::Unsupported,
];

#[test]
fn every_rule_of_every_vendor_can_be_read() {
    for table in [alibaba::errors::MEANINGS, openstack::errors::MEANINGS, ucloud::errors::MEANINGS] {
        assert!(table.ends_with('\n'));
        for (number, rule) in table.lines().enumerate() {
            let columns: Vec<&str> = rule.split('|').collect();
            assert!(columns.len() == 6 || (columns.len() == 7 && !columns[6].is_empty()), "{rule}");
            let (kind, codes, status, says, hint) = (columns[0], columns[1], columns[2], columns[3], columns[5]);
            let name = kind.trim_end_matches('?').trim_end_matches(['+', '-']);
            assert!(KINDS.iter().any(|kind| kind.name() == name), "{rule}: no such kind");
            let last = number + 1 == table.lines().count();
            assert!(last || [codes, status, says] != [""; 3], "{rule}: nothing behind it counts");
            assert!(!hint.is_empty() || says.is_empty(), "{rule}: knows more than it says");
            assert_eq!(codes, codes.split_whitespace().collect::<Vec<_>>().join(" "), "{rule}");
        }
    }
}
