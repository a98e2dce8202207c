//! Times and dates as the app's languages write them, where no browser does it.

use jiff::Timestamp;
use jiff::civil::{DateTime, Weekday};
use jiff::tz::TimeZone;

use super::DateStyle;

/// Minutes to add to UTC at that moment, in milliseconds since 1970.
pub fn utc_offset(zone: &TimeZone, at: u64) -> i32 {
    timestamp(at).map_or(0, |at| zone.to_offset(at).seconds() / 60)
}

/// `2:05 PM` or `14:05`.
pub fn time(zone: &TimeZone, at: u64, language: &str) -> String {
    let pattern = match language {
        "ja" => "%-H:%M",
        _ => "%-I:%M %p",
    };
    in_zone(zone, at).strftime(pattern).to_string()
}

/// `Nov 26`, `Thursday, November 26` or `November 26, 2026`, and the same in Japanese.
pub fn date(zone: &TimeZone, at: u64, language: &str, style: DateStyle) -> String {
    let at = in_zone(zone, at);
    let pattern = match (language, style) {
        ("ja", DateStyle::Short) => "%-m月%-d日",
        ("ja", DateStyle::Long) => {
            return at.strftime("%-m月%-d日").to_string() + weekday(at.weekday());
        }
        ("ja", DateStyle::Year) => "%Y年%-m月%-d日",
        (_, DateStyle::Short) => "%b %-d",
        (_, DateStyle::Long) => "%A, %B %-d",
        (_, DateStyle::Year) => "%B %-d, %Y",
    };
    at.strftime(pattern).to_string()
}

fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "月曜日",
        Weekday::Tuesday => "火曜日",
        Weekday::Wednesday => "水曜日",
        Weekday::Thursday => "木曜日",
        Weekday::Friday => "金曜日",
        Weekday::Saturday => "土曜日",
        Weekday::Sunday => "日曜日",
    }
}

/// `None` for times that no calendar reaches: they come from others' clocks.
fn timestamp(at: u64) -> Option<Timestamp> {
    Timestamp::from_millisecond(i64::try_from(at).ok()?).ok()
}

fn in_zone(zone: &TimeZone, at: u64) -> DateTime {
    zone.to_datetime(timestamp(at).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use jiff::tz::Offset;

    use super::*;

    /// Thursday, 26 November 2026, 23:05:30 UTC.
    const AT: u64 = 1_795_734_330_000;

    fn tokyo() -> TimeZone {
        TimeZone::fixed(Offset::from_hours(9).unwrap())
    }

    #[test]
    fn english_is_written_as_in_browsers() {
        let date = |style| date(&TimeZone::UTC, AT, "en", style);
        assert_eq!(time(&TimeZone::UTC, AT, "en"), "11:05 PM");
        assert_eq!(date(DateStyle::Short), "Nov 26");
        assert_eq!(date(DateStyle::Long), "Thursday, November 26");
        assert_eq!(date(DateStyle::Year), "November 26, 2026");
    }

    #[test]
    fn japanese_is_written_as_in_browsers_and_in_its_zone() {
        let date = |style| date(&tokyo(), AT, "ja", style);
        assert_eq!(time(&tokyo(), AT, "ja"), "8:05");
        assert_eq!(date(DateStyle::Short), "11月27日");
        assert_eq!(date(DateStyle::Long), "11月27日金曜日");
        assert_eq!(date(DateStyle::Year), "2026年11月27日");
        assert_eq!(utc_offset(&tokyo(), AT), 540);
    }

    #[test]
    fn a_time_beyond_all_calendars_is_no_panic() {
        assert_eq!(time(&TimeZone::UTC, u64::MAX, "ja"), "0:00");
        assert_eq!(utc_offset(&tokyo(), u64::MAX), 0);
    }
}
