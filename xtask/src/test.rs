//! `cargo xtask test`: every test there is, counted.

use std::process::{Command, ExitCode};

use crate::{
    axe::Axe,
    browser::Browser,
    conformance,
    error::{Result, fail},
    firefox::Firefox,
    process,
    project::Project,
    tally::Tally,
    turn::TurnServer,
    web,
};

/// Tests at once. A call with two browsers keeps two cores busy by itself, and its timeouts are
/// those of real calls.
const THREADS: &str = "2";

/// Runs the tests; the last line says how many passed, failed and were skipped.
pub(crate) fn run(project: &Project, filter: &[String]) -> Result<ExitCode> {
    let mut tally = Tally::default();
    let outcome = run_all(project, filter, &mut tally);
    let is_whole = outcome.is_ok();
    if let Err(error) = outcome {
        let crate::error::Error::Message(message) = error else {
            return Err(error);
        };
        eprintln!("error: {message}");
    }
    if tally.passed + tally.failed == 0 {
        eprintln!("error: no tests ran; is the filter right?");
    }
    println!("{tally}");
    Ok(if is_whole && tally.is_good() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn run_all(project: &Project, filter: &[String], tally: &mut Tally) -> Result<()> {
    let browser = Browser::find_or_install()?;
    let turn = TurnServer::find_or_install()?;
    let axe = Axe::find_or_install(project);
    let firefox = Firefox::find_or_install()?;
    let site = web::build(project)?;
    let contract = web::module::CONTRACT.build(project)?;
    let mut tests = project.cargo();
    tests.args(["test", "--no-fail-fast"]);
    tests.env("RUST_TEST_THREADS", THREADS);
    tests.env("PARLOR_WEB", &site.folder);
    tests.env("PARLOR_WEB_CONTRACT", &contract);
    browser.describe_to(&mut tests);
    turn.describe_to(&mut tests);
    firefox.describe_to(&mut tests);
    if let Some(axe) = axe {
        axe.describe_to(&mut tests);
    }
    let outcome = run_those(project, filter, &mut tests, tally);
    firefox.report();
    outcome?;
    if names_packages(filter) {
        return Ok(());
    }
    conformance::check(project).and_then(|()| site.check_budget())
}

/// Runs the tests of the packages that the filter names, or all.
fn run_those(
    project: &Project,
    filter: &[String],
    tests: &mut Command,
    tally: &mut Tally,
) -> Result<()> {
    if names_packages(filter) {
        if filter.iter().any(|word| word == "parlor-tests") {
            build_examples(project)?;
        }
        return count(tests.args(filter), tally);
    }
    // All in one call: two would compile what both need twice, with other features.
    count(tests.arg("--workspace").args(filter), tally)
}

/// The examples, which some tests run. A whole test run builds them by itself.
fn build_examples(project: &Project) -> Result<()> {
    let mut cargo = project.cargo();
    cargo.args(["build", "--workspace", "--examples"]);
    process::run(&mut cargo, "the examples did not compile; see above")
}

/// Runs one cargo test. A binary that crashed printed no result line, so that it counts as a failure
/// of its own.
fn count(command: &mut Command, tally: &mut Tally) -> Result<()> {
    let before = tally.failed;
    let status = process::each_line(command, |line| tally.read(line))?;
    if status.success() || tally.failed > before {
        return Ok(());
    }
    tally.failed += 1;
    fail("a test did not compile or did not run to its end; see above")
}

fn names_packages(filter: &[String]) -> bool {
    filter.iter().take_while(|word| *word != "--").any(|word| {
        word == "-p" || word.starts_with("--package") || word == "--workspace" || word == "--all"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_may_name_packages() {
        let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert!(names_packages(&words("-p parlor-engine glare")));
        assert!(!names_packages(&words("glare -- -p")));
    }
}
