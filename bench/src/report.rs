use std::fmt::{self, Write as _};

/// The goal for the ratio of the engine to the bare side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Goal {
    #[allow(missing_docs)]
    AtLeast(f64),
    #[allow(missing_docs)]
    AtMost(f64),
}

impl Goal {
    fn is_met(self, ratio: f64) -> bool {
        match self {
            Self::AtLeast(goal) => ratio >= goal,
            Self::AtMost(goal) => ratio <= goal,
        }
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(goal) => write!(f, ">= {goal}"),
            Self::AtMost(goal) => write!(f, "<= {goal}"),
        }
    }
}

/// The measurements of the engine and of the bare side.
#[derive(Clone, Debug)]
pub struct Comparison {
    what: String,
    unit: &'static str,
    goal: Goal,
    bare: Vec<f64>,
    engine: Vec<f64>,
}

impl Comparison {
    /// Creates a comparison without measurements.
    pub fn new(what: impl Into<String>, unit: &'static str, goal: Goal) -> Self {
        Self {
            what: what.into(),
            unit,
            goal,
            bare: Vec::new(),
            engine: Vec::new(),
        }
    }

    /// Adds the measurements of one round.
    pub fn add(&mut self, bare: f64, engine: f64) {
        self.bare.push(bare);
        self.engine.push(engine);
    }

    /// Returns the engine's median divided by that of the bare side.
    fn ratio(&self) -> f64 {
        median(&self.engine) / median(&self.bare)
    }

    fn cells(&self) -> [String; 6] {
        let ratio = self.ratio();
        let verdict = match self.goal.is_met(ratio) {
            true => "yes",
            false => "no",
        };
        [
            format!("{}, {}", self.what, self.unit),
            spread(&self.bare),
            spread(&self.engine),
            format!("{ratio:.3}"),
            self.goal.to_string(),
            verdict.to_owned(),
        ]
    }
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

/// Returns the median: of an even number of values, the upper one of the two in the middle; NaN
/// without values.
fn median(values: &[f64]) -> f64 {
    let sorted = sorted(values);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Formats the median with the minimum and the maximum.
fn spread(values: &[f64]) -> String {
    let sorted = sorted(values);
    match (sorted.first(), sorted.last()) {
        (Some(least), Some(most)) => {
            format!("{:.1} ({least:.1} to {most:.1})", median(values))
        }
        _ => "not measured".to_owned(),
    }
}

/// Formats comparisons as a Markdown table, for the terminal and for `docs/performance.md`.
pub fn table(comparisons: &[Comparison]) -> String {
    let head = [
        "median (min to max)",
        "bare",
        "engine",
        "ratio",
        "goal",
        "met",
    ]
    .map(str::to_owned);
    let rows: Vec<_> = comparisons.iter().map(Comparison::cells).collect();
    let widths: [usize; 6] = std::array::from_fn(|column| {
        let cells = rows.iter().chain([&head]).map(|row| row[column].len());
        cells.max().unwrap_or(0)
    });
    let mut text = line(&head, &widths);
    text += &line(&widths.map(|width| "-".repeat(width)), &widths);
    for row in &rows {
        text += &line(row, &widths);
    }
    text
}

fn line(cells: &[String; 6], widths: &[usize; 6]) -> String {
    let mut line = String::from("|");
    for (cell, width) in cells.iter().zip(widths) {
        // A text takes whatever is written to it.
        let _ = write!(line, " {cell:width$} |");
    }
    line.push('\n');
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ratio_is_that_of_the_medians() {
        let mut comparison = Comparison::new("x", "ms", Goal::AtMost(1.1));
        for (bare, engine) in [(10.0, 30.0), (20.0, 11.0), (900.0, 22.0)] {
            comparison.add(bare, engine);
        }
        assert_eq!(comparison.ratio(), 1.1);
        let table = table(&[comparison]);
        assert!(table.contains("| x, ms"), "{table}");
        assert!(table.contains("| 20.0 (10.0 to 900.0) | 22.0 (11.0 to 30.0) | 1.100 |"));
        assert!(table.contains("| yes |"));
    }

    #[test]
    fn what_was_not_measured_meets_no_goal() {
        let nothing = Comparison::new("x", "Mbit/s", Goal::AtLeast(0.95));
        let table = table(&[nothing]);
        assert!(
            table.contains("not measured") && table.contains("| no  |"),
            "{table}"
        );
    }
}
