//! Formats times for people: relative up to a day, and as dates beyond.

use crate::i18n::language;
use crate::platform::{self, DateStyle};
use crate::t;

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
const YEAR: u64 = 300 * DAY;
/// The latest time that JavaScript's `Date` can represent.
const LAST: u64 = 8_640_000_000_000_000;

/// The age of an event.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Ago {
    Now,
    Minutes(u64),
    Hours(u64),
    /// Between a day and [`YEAR`].
    Days,
    Years,
}

impl Ago {
    pub fn between(at: u64, now: u64) -> Self {
        match now.saturating_sub(at) {
            0..MINUTE => Self::Now,
            age @ MINUTE..HOUR => Self::Minutes(age / MINUTE),
            age @ HOUR..DAY => Self::Hours(age / HOUR),
            DAY..YEAR => Self::Days,
            _ => Self::Years,
        }
    }
}

/// Returns a relative time, such as "5 minutes ago", or a date.
pub fn relative(at: u64) -> String {
    let date = |style| platform::format_date(at, language().tag(), style);
    match Ago::between(at, platform::now()) {
        Ago::Now => t!("when-now"),
        Ago::Minutes(count) => t!("when-minutes", count = count),
        Ago::Hours(count) => t!("when-hours", count = count),
        Ago::Days => date(DateStyle::Short),
        Ago::Years => date(DateStyle::Year),
    }
}

/// Returns the number of the local day at a time, to tell one day from the next.
pub fn day(at: u64) -> u64 {
    let offset = i64::from(platform::utc_offset(at)) * 60_000;
    at.saturating_add_signed(offset) / DAY
}

/// Returns the number of the current day.
pub fn today() -> u64 {
    day(platform::now())
}

/// Waits until it may be another day. The caller has to check the day, since clocks are set and
/// devices sleep.
pub async fn next_day() {
    let now = platform::now();
    platform::sleep(until_next_day(now, platform::utc_offset(now))).await;
}

/// Returns the milliseconds until the next midnight at this offset from UTC in minutes, but at most
/// an hour, since clocks are set and summer time ends.
fn until_next_day(now: u64, offset: i32) -> u32 {
    let local = now.saturating_add_signed(i64::from(offset) * 60_000);
    let left = (DAY - local % DAY).min(HOUR);
    u32::try_from(left).unwrap_or(u32::MAX)
}

/// Returns "Today", "Yesterday", or the date.
pub fn day_name(at: u64) -> String {
    let now = platform::now();
    match day(now).saturating_sub(day(at)) {
        0 => t!("when-today"),
        1 => t!("when-yesterday"),
        _ => date(at, now, DateStyle::Long),
    }
}

fn date(at: u64, now: u64, style: DateStyle) -> String {
    let style = if now.abs_diff(at) > YEAR {
        DateStyle::Year
    } else {
        style
    };
    platform::format_date(at, language().tag(), style)
}

/// Returns a date with its year, for use in a sentence.
pub fn full_date(at: u64) -> String {
    platform::format_date(at, language().tag(), DateStyle::Year)
}

/// Returns the time of the day; an empty text for a time beyond [`LAST`].
pub fn time(at: u64) -> String {
    if at > LAST {
        return String::new();
    }
    platform::format_time(at, language().tag())
}

/// Returns the date and the time of the day.
pub fn date_and_time(at: u64) -> String {
    if at > LAST {
        return String::new();
    }
    let date = date(at, platform::now(), DateStyle::Short);
    t!("when-date-time", date = date, time = time(at))
}

/// Formats a duration as "4:05" or "1:04:05".
pub fn duration(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_relative_until_a_day() {
        let now = 1_000 * DAY;
        assert_eq!(Ago::between(now - 59_999, now), Ago::Now);
        assert_eq!(Ago::between(now + 5 * HOUR, now), Ago::Now);
        assert_eq!(Ago::between(now - HOUR + 1, now), Ago::Minutes(59));
        assert_eq!(Ago::between(now - DAY + 1, now), Ago::Hours(23));
        assert_eq!(Ago::between(now - DAY, now), Ago::Days);
        assert_eq!(Ago::between(now - 400 * DAY, now), Ago::Years);
    }

    #[test]
    fn the_next_day_is_waited_for_until_midnight() {
        assert_eq!(until_next_day(5 * DAY - 1, 0), 1);
        assert_eq!(until_next_day(5 * DAY, 0), 3_600_000);
        assert_eq!(until_next_day(5 * DAY - HOUR - 5_000, 60), 5_000);
        assert_eq!(until_next_day(0, -60), 3_600_000);
    }

    #[test]
    fn what_no_calendar_has_is_no_time() {
        assert_eq!(time(u64::MAX), "");
        assert_eq!(date_and_time(LAST + 1), "");
    }

    #[test]
    fn durations_have_no_needless_hours() {
        assert_eq!(duration(5), "0:05");
        assert_eq!(duration(3_599), "59:59");
        assert_eq!(duration(3_845), "1:04:05");
    }
}
