//! `docs/conformance.md`: which behaviour passes on which back-end, from what the tests left.

use std::{collections::BTreeMap, fs, path::Path};

use crate::{
    error::{Explain, Result, fail},
    project::Project,
};

/// The back-ends, in the order of the columns.
const PLATFORMS: [&str; 3] = ["web", "native", "fake"];

const HEAD: &str = "\
# What passes where

Written from test runs by `cargo xtask conformance`; `cargo xtask test` fails when it is out of date. Each line is one
behaviour of `contract/`, run by the same source on every back-end: **web** in headless Chromium with made-up devices,
**native** over loopback, and the **fake** in virtual time. Ids other than `N` are those of Ktor's tests, whose point each
keeps: `E` engine, `D` data channel, `I` iteration, `M` media, `W` web, `IO` iOS, `R` Rust.

";

/// What one back-end said of a behaviour.
struct Line {
    title: String,
    verdicts: BTreeMap<&'static str, String>,
}

/// Writes the table anew.
pub(crate) fn write(project: &Project) -> Result<()> {
    let path = project.root.join("docs/conformance.md");
    fs::write(&path, table(project)?).explain(|| format!("cannot write {}", path.display()))
}

/// Fails if the table says something else than the last whole runs.
pub(crate) fn check(project: &Project) -> Result<()> {
    let path = project.root.join("docs/conformance.md");
    let written =
        fs::read_to_string(&path).explain(|| format!("cannot read {}", path.display()))?;
    if written == table(project)? {
        return Ok(());
    }
    fail("docs/conformance.md is out of date: run `cargo xtask conformance` after the tests")
}

fn table(project: &Project) -> Result<String> {
    let folder = project.target.join("conformance");
    let mut order = Vec::new();
    let mut lines: BTreeMap<String, Line> = BTreeMap::new();
    for platform in PLATFORMS {
        for (id, title, verdict) in read(&folder.join(platform).with_extension("tsv"))? {
            let line = lines.entry(id.clone()).or_insert_with(|| {
                order.push(id);
                Line {
                    title,
                    verdicts: BTreeMap::new(),
                }
            });
            line.verdicts.insert(platform, verdict);
        }
    }
    Ok(render(&order, &lines))
}

fn read(path: &Path) -> Result<Vec<(String, String, String)>> {
    let text = fs::read_to_string(path).explain(|| {
        format!(
            "no run on every back-end yet (cannot read {}): run `cargo xtask test`",
            path.display()
        )
    })?;
    let lines = text.lines().map(|line| {
        let mut fields = line.splitn(3, '\t').map(str::to_owned);
        Some((fields.next()?, fields.next()?, fields.next()?))
    });
    match lines.collect() {
        Some(lines) => Ok(lines),
        None => fail(format!("{} is not what the tests write", path.display())),
    }
}

fn render(order: &[String], lines: &BTreeMap<String, Line>) -> String {
    let mut table = format!("{HEAD}| id | behaviour | {} |\n", PLATFORMS.join(" | "));
    table.push_str("|---|---|---|---|---|\n");
    let mut reasons: Vec<&str> = Vec::new();
    for id in order {
        let line = &lines[id];
        table.push_str(&format!("| {id} | {} |", line.title));
        for platform in PLATFORMS {
            table.push(' ');
            table.push_str(&cell(line.verdicts.get(platform), &mut reasons));
            table.push_str(" |");
        }
        table.push('\n');
    }
    if !reasons.is_empty() {
        table.push_str("\nNot possible, because:\n\n");
    }
    for (number, reason) in (1..).zip(&reasons) {
        table.push_str(&format!("{number}. {reason}\n"));
    }
    table
}

/// Reasons stand once, below the table.
fn cell<'a>(verdict: Option<&'a String>, reasons: &mut Vec<&'a str>) -> String {
    let Some(verdict) = verdict else {
        return "not run".to_owned();
    };
    let Some(why) = verdict.strip_prefix("not possible here: ") else {
        return verdict.clone();
    };
    let place = reasons.iter().position(|known| *known == why);
    let place = place.unwrap_or_else(|| {
        reasons.push(why);
        reasons.len() - 1
    });
    format!("not possible ({})", place + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_stands_once_below_the_table() {
        let verdict = |text: &str| text.to_owned();
        let line = |title: &str, web: &str| Line {
            title: title.to_owned(),
            verdicts: BTreeMap::from([("web", verdict(web)), ("native", verdict("passes"))]),
        };
        let lines = BTreeMap::from([
            ("A".to_owned(), line("one", "not possible here: no")),
            ("B".to_owned(), line("two", "not possible here: no")),
        ]);
        let text = render(&["A".to_owned(), "B".to_owned()], &lines);
        assert!(text.contains("| A | one | not possible (1) | passes | not run |"));
        assert!(text.contains("| B | two | not possible (1) | passes | not run |"));
        assert!(text.ends_with("because:\n\n1. no\n"));
    }
}
