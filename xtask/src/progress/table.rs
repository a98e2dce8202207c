//! The times of a command's steps, as text.

use std::time::Duration;

/// One step.
#[derive(Debug)]
pub(super) struct Row {
    name: String,
    /// 0, or more for a part of the step above it.
    depth: usize,
    pub(super) took: Duration,
    pub(super) has_failed: bool,
}

impl Row {
    pub(super) fn new(name: &str, depth: usize) -> Self {
        Self {
            name: name.to_owned(),
            depth,
            took: Duration::ZERO,
            has_failed: false,
        }
    }

    /// A whole test run has dozens of parts that take no time, which would hide the others.
    fn is_worth_a_line(&self) -> bool {
        self.depth == 0 || self.has_failed || self.took >= Duration::from_secs(1)
    }
}

/// The steps in the order in which they began. Empty if there are none.
pub(super) fn render(rows: &[Row]) -> String {
    let mut text = String::new();
    for row in rows.iter().filter(|row| row.is_worth_a_line()) {
        let indent = "  ".repeat(row.depth);
        let remark = if row.has_failed { " (failed)" } else { "" };
        text.push_str(&line(row.took, &format!("{indent}{}{remark}", row.name)));
    }
    let steps = rows.iter().filter(|row| row.depth == 0);
    if steps.clone().count() > 1 {
        text.push_str(&line(steps.map(|row| row.took).sum(), "in all"));
    }
    text
}

fn line(took: Duration, what: &str) -> String {
    format!("{:>8}  {what}\n", time(took))
}

/// `1:42`, or `1:02:03` from an hour on.
pub(super) fn time(took: Duration) -> String {
    let seconds = took.as_secs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, depth: usize, milliseconds: u64) -> Row {
        Row {
            took: Duration::from_millis(milliseconds),
            ..Row::new(name, depth)
        }
    }

    #[test]
    fn times_have_minutes_and_hours_when_they_are_needed() {
        assert_eq!(time(Duration::from_millis(1999)), "0:01");
        assert_eq!(time(Duration::from_secs(102)), "1:42");
        assert_eq!(time(Duration::from_secs(3599)), "59:59");
        assert_eq!(time(Duration::from_secs(3723)), "1:02:03");
    }

    #[test]
    fn the_sum_counts_parts_once_and_leaves_out_short_ones() {
        let rows = [
            row("layers", 0, 20),
            row("tests", 0, 102_000),
            row("browser", 1, 90_000),
            row("limits", 1, 20),
        ];
        let expected = "    0:00  layers\n    1:42  tests\n    1:30    browser\n    1:42  in all\n";
        assert_eq!(render(&rows), expected);
    }

    #[test]
    fn one_step_needs_no_sum_and_none_no_table() {
        assert_eq!(render(&[row("web", 0, 1000)]), "    0:01  web\n");
        assert_eq!(render(&[]), "");
    }

    #[test]
    fn a_failed_step_is_marked_however_short_it_was() {
        let failed = Row {
            has_failed: true,
            ..row("compile", 1, 5)
        };
        assert_eq!(render(&[failed]), "    0:00    compile (failed)\n");
    }
}
