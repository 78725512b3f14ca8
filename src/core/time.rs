//! The three time formats of the vendors, from and to milliseconds since 1970 (UTC).

use alloc::string::String;

use crate::core::encode::push_padded;
use crate::core::text::{part, push};
use crate::core::value::integer;

const DAY: i64 = 86_400;

/// The last millisecond that still has a four-digit year: 9999-12-31T23:59:59.999Z.
pub const LATEST: i64 = 253_402_300_799_999;

/// Year, month and day of a day number, by Howard Hinnant's `civil_from_days`.
fn civil(days: u32) -> [u32; 3] {
    let z = days + 719_468;
    let era = z / 146_097;
    let day_of_era = z % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_index + 2) / 5 + 1;
    let month = if month_index < 10 { month_index + 3 } else { month_index - 9 };
    let year = year_of_era + era * 400 + u32::from(month <= 2);
    [year, month, day]
}

/// The day number of a date, by Howard Hinnant's `days_from_civil`.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let y = year - i64::from(month <= 2);
    let era = y.div_euclid(400);
    let year_of_era = y.rem_euclid(400);
    let day_of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

fn format(millis: i64, date: &str, time: &str) -> String {
    let seconds = millis.clamp(0, LATEST) / 1_000;
    let [year, month, day] = civil((seconds / DAY) as u32);
    let second = (seconds % DAY) as u32;
    let mut out = String::with_capacity(20);
    push_padded(&mut out, year.into(), 4);
    push(&mut out, date);
    push_padded(&mut out, month.into(), 2);
    push(&mut out, date);
    push_padded(&mut out, day.into(), 2);
    push(&mut out, "T");
    push_padded(&mut out, (second / 3_600).into(), 2);
    push(&mut out, time);
    push_padded(&mut out, (second / 60 % 60).into(), 2);
    push(&mut out, time);
    push_padded(&mut out, (second % 60).into(), 2);
    push(&mut out, "Z");
    out
}

/// `2024-03-14T15:09:26Z`, as Alibaba wants it (no milliseconds).
#[must_use]
pub fn extended(millis: i64) -> String {
    format(millis, "-", ":")
}

/// `20240314T150926Z`, as SDK-HMAC-SHA256 wants it.
#[must_use]
pub fn basic(millis: i64) -> String {
    format(millis, "", "")
}

/// Reads `2026-11-22T06:42:30.000000Z`, the form of Keystone's `expires_at`.
///
/// Fractions of a second are dropped; `None` for anything else than UTC.
#[must_use]
pub fn parse(text: &str) -> Option<i64> {
    // Where each number ends, and with what.
    const MARKS: [(usize, &str); 6] = [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":"), (19, "")];
    let (mut numbers, mut from) = ([0; 6], 0);
    for (number, &(end, mark)) in numbers.iter_mut().zip(&MARKS) {
        let digits = part(text, from, end);
        *number = integer(digits).filter(|_| !digits.starts_with("-"))?;
        from = end + mark.len();
        if part(text, end, from) != mark {
            return None;
        }
    }
    let [year, month, day, hour, minute, second] = numbers;
    let seconds = days(year, month, day) * DAY + hour * 3_600 + minute * 60 + second;
    text.ends_with("Z").then_some(seconds * 1_000)
}
