//! Time in an answer's headers: how long to wait, and how far this machine's clock is off.

use crate::core::error::{Error, Kind};
use crate::core::request::Response;
use crate::core::text::trim;
use crate::core::time;
use crate::core::value::integer;

/// The `field` of an error that means that the clock is wrong. The tables of codes set it.
pub const TIMESTAMP: &str = "timestamp";

/// A clock that differs by less cannot be why a request was refused, since the vendors allow 15 minutes.
const TOLERANCE_MS: i64 = 60_000;

/// Whether the vendor refused a call for its time: signed again at the right time it may pass.
#[must_use]
pub fn is_wrong(error: &Error) -> bool {
    error.kind() == Kind::Auth && error.0.field.as_deref() == Some(TIMESTAMP)
}

/// What to add to this machine's time, in milliseconds, to have the server's: by the `date` of an
/// answer that came at `now` (milliseconds since 1970, this machine's).
///
/// `None` where there is no readable date, as in most pages. `None` as well where the clock is right, since another
/// signature would then be refused like the first.
#[must_use]
pub fn correction(response: &Response, now: i64) -> Option<i64> {
    let offset = parse(response.header("date")?)?.saturating_sub(now);
    (offset.saturating_abs() >= TOLERANCE_MS).then_some(offset)
}

/// How long the server asks to wait, in milliseconds: `retry-after`, as seconds or as a date. The
/// date counts from the answer's own one, so that a wrong clock here does no harm.
#[must_use]
pub fn delay(response: &Response) -> Option<u32> {
    let text = trim(response.header("retry-after")?);
    wait(text, 1_000).or_else(|| {
        let millis = parse(text)?.saturating_sub(parse(response.header("date")?)?);
        Some(millis.clamp(0, u32::MAX.into()) as u32)
    })
}

/// A waiting time in units of `unit` milliseconds; what is too long to count is as long as can be.
#[must_use]
pub fn wait(text: &str, unit: u32) -> Option<u32> {
    let count = integer(trim(text)).filter(|&count| count >= 0)?;
    Some(u32::try_from(count).unwrap_or(u32::MAX).saturating_mul(unit))
}

/// Reads `Sun, 06 Nov 1994 08:49:37 GMT`, the one date format that HTTP lets servers write.
#[must_use]
pub fn parse(text: &str) -> Option<i64> {
    let ranges = [(12, 16), (8, 11), (5, 7), (17, 19), (20, 22), (23, 25)];
    time::read(trim(text), "???, ?? ??? ???? ??:??:?? GMT", &ranges)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(headers: &[(&'static str, &str)]) -> Response {
        let lines = headers.iter().map(|(name, value)| alloc::format!("{name}\n{value}\n")).collect();
        Response { status: 503, lines, body: None }
    }

    #[test]
    fn http_dates() {
        assert_eq!(parse("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777_000));
        assert_eq!(parse(" Thu, 14 Mar 2024 15:09:26 GMT "), Some(1_710_428_966_000));
        assert_eq!(parse("Thu, 29 Feb 2024 00:00:00 GMT"), Some(1_709_164_800_000));
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let days = months.map(|month| parse(&format!("Thu, 01 {month} 2026 00:00:00 GMT")).expect(month));
        assert!(days.windows(2).all(|pair| pair[0] < pair[1]));
        for bad in [
            "",
            "784111777",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Sun, 06 Nox 1994 08:49:37 GMT",
            "Sun, 06 anF 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 06 Nov 1994 08-49-37 GMT",
            "Sun, 06 Növ 994 08:49:37 GMT",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_delay_in_seconds_or_until_a_date() {
        let of = |value| delay(&response(&[("retry-after", value)]));
        assert_eq!((of("0"), of(" 7 "), of("120")), (Some(0), Some(7_000), Some(120_000)));
        assert_eq!(of("99999999999"), Some(u32::MAX), "never shorter than asked for");
        assert_eq!((of(""), of("soon"), of("-1"), of("1.5")), (None, None, None, None));
        assert_eq!(delay(&response(&[])), None);
        let until = ("retry-after", "Thu, 14 Mar 2024 15:09:56 GMT");
        assert_eq!(delay(&response(&[until, ("date", "Thu, 14 Mar 2024 15:09:26 GMT")])), Some(30_000));
        assert_eq!(delay(&response(&[until, ("date", "Thu, 14 Mar 2024 16:00:00 GMT")])), Some(0), "over already");
        assert_eq!(delay(&response(&[until])), None, "without a date nobody knows from when on");
    }

    #[test]
    fn a_correction_is_what_the_server_is_ahead() {
        let at = |now| correction(&response(&[("date", "Thu, 14 Mar 2024 15:09:26 GMT")]), now);
        let server = 1_710_428_966_000;
        assert_eq!(at(server - 3_600_000), Some(3_600_000));
        assert_eq!(at(server + 3_600_000), Some(-3_600_000));
        assert_eq!((at(server), at(server + 59_000), at(server - 59_000)), (None, None, None));
        assert_eq!(correction(&response(&[]), server - 3_600_000), None);
        assert!(at(i64::MAX).is_some() && at(i64::MIN).is_some(), "no overflow");
    }

    #[test]
    fn only_a_refusal_for_its_time_is_one_of_the_clock() {
        let mut error = Error::new(Kind::Auth, "m");
        assert!(!is_wrong(&error));
        error.0.field = Some(TIMESTAMP.to_owned());
        assert!(is_wrong(&error));
        error.0.kind = Kind::InvalidInput;
        assert!(!is_wrong(&error));
    }
}
