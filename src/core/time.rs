//! The three time formats of the vendors, from and to milliseconds since 1970 (UTC).

use alloc::string::String;

use crate::core::encode::filled;
use crate::core::text::{find, part};
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

fn format(millis: i64, form: &str) -> String {
    let seconds = millis.clamp(0, LATEST) / 1_000;
    let [year, month, day] = civil((seconds / DAY) as u32);
    let second = (seconds % DAY) as u32;
    filled(form, [year, month, day, second / 3_600, second / 60 % 60, second % 60])
}

/// `2024-03-14T15:09:26Z`, as Alibaba wants it (no milliseconds).
#[must_use]
pub fn extended(millis: i64) -> String {
    format(millis, "0000-11-22T33:44:55Z")
}

/// `20240314T150926Z`, as SDK-HMAC-SHA256 wants it.
#[must_use]
pub fn basic(millis: i64) -> String {
    format(millis, "00001122T334455Z")
}

/// Reads `2026-11-22T06:42:30.000000Z`, the form of Keystone's `expires_at`.
///
/// Fractions of a second are dropped; `None` for anything else than UTC.
#[must_use]
pub fn parse(text: &str) -> Option<i64> {
    let ranges = [(0, 4), (5, 7), (8, 10), (11, 13), (14, 16), (17, 19)];
    read(part(text, 0, 19), "????-??-??T??:??:??", &ranges).filter(|_| text.ends_with("Z"))
}

/// Reads a time whose year, month, day, hour, minute and second are at `ranges`, and whose other
/// characters are those of `form` but for its question marks. A month of three letters is a name.
#[inline(never)]
#[must_use]
pub fn read(text: &str, form: &str, ranges: &[(usize, usize); 6]) -> Option<i64> {
    let fits =
        text.len() == form.len() && text.bytes().zip(form.bytes()).all(|(byte, form)| form == b'?' || byte == form);
    let mut numbers = [0; 6];
    for (number, &(from, to)) in numbers.iter_mut().zip(ranges) {
        let text = part(text, from, to);
        *number = match text.len() {
            3 => find("JanFebMarAprMayJunJulAugSepOctNovDec", text).filter(|at| at % 3 == 0)? as i64 / 3 + 1,
            _ => integer(text).filter(|_| !text.starts_with("-"))?,
        };
    }
    let [year, month, day, hour, minute, second] = numbers;
    fits.then_some((days(year, month, day) * DAY + hour * 3_600 + minute * 60 + second) * 1_000)
}
