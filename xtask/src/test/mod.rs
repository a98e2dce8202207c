//! `cargo xtask test`: every test there is, counted.

mod filter;
mod targets;

use std::process::{Command, ExitCode};

use crate::{
    axe::Axe,
    browser::Browser,
    conformance,
    error::{Result, fail},
    firefox::Firefox,
    node::Node,
    process, progress,
    project::Project,
    tally::Tally,
    turn::TurnServer,
    web,
};
use filter::Filter;

/// Tests at once. A call with two browsers keeps two cores busy by itself, and its timeouts are
/// those of real calls.
const THREADS: &str = "2";

/// Runs the tests; the last line says how many passed, failed and were skipped.
pub(crate) fn run(project: &Project, words: &[String]) -> Result<ExitCode> {
    let mut tally = Tally::default();
    let outcome = run_all(project, &Filter::new(words), &mut tally);
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
    progress::report();
    println!("{tally}");
    Ok(if is_whole && tally.is_good() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn run_all(project: &Project, filter: &Filter, tally: &mut Tally) -> Result<()> {
    let browser = Browser::find_or_install()?;
    let turn = TurnServer::find_or_install()?;
    let axe = Axe::find_or_install(project);
    let node = Node::find_or_install(project);
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
    if let Some(node) = node {
        node.describe_to(&mut tests);
    }
    let outcome = run_those(project, filter, &mut tests, tally);
    firefox.report();
    outcome?;
    if filter.names_packages() {
        return Ok(());
    }
    conformance::check(project).and_then(|()| site.check_budget())
}

/// Runs the tests of the packages that the filter names, or all.
fn run_those(
    project: &Project,
    filter: &Filter,
    tests: &mut Command,
    tally: &mut Tally,
) -> Result<()> {
    if filter.names("parlor-tests") {
        build_examples(project)?;
    }
    if !filter.names_packages() {
        // All in one call: two would compile what both need twice, with other features.
        tests.arg("--workspace");
    }
    if filter.may_compile_apart()
        && let Err(error) = compile(project, tests, filter)
    {
        tally.failed += 1;
        return Err(error);
    }
    progress::long("run the tests", || {
        count(tests.args(filter.arguments()), tally)
    })
}

/// The examples, which some tests run. A whole test run builds them by itself.
fn build_examples(project: &Project) -> Result<()> {
    let mut cargo = project.cargo();
    cargo.args(["build", "--workspace", "--examples"]);
    progress::long("compile the examples", || {
        process::run(&mut cargo, "the examples did not compile; see above")
    })
}

/// Compiles the programs that `tests` runs. This is a step of its own, so that its time is known, and
/// so that cargo has the terminal to itself and shows its progress.
fn compile(project: &Project, tests: &Command, filter: &Filter) -> Result<()> {
    let mut cargo = project.cargo();
    cargo.args(tests.get_args()).arg("--no-run");
    for (name, value) in tests.get_envs() {
        cargo.env(name, value.unwrap_or_default());
    }
    cargo.args(filter.arguments());
    progress::long("compile the tests", || {
        process::run(&mut cargo, "the tests did not compile; see above")
    })
}

/// Runs one cargo test. A binary that crashed printed no result line, so that it counts as a failure
/// of its own.
fn count(command: &mut Command, tally: &mut Tally) -> Result<()> {
    let before = tally.failed;
    let mut target = None;
    // Colours would hide the names from us.
    command.env("CARGO_TERM_COLOR", "never");
    let status = process::each_line(
        command,
        |line| tally.read(line),
        |line| {
            if let Some(name) = targets::begun(line) {
                // One has ended when the next begins.
                drop(target.take());
                target = Some(progress::Part::begin(&name));
            }
        },
    )?;
    drop(target);
    if status.success() || tally.failed > before {
        return Ok(());
    }
    tally.failed += 1;
    fail("a test did not compile or did not run to its end; see above")
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_crash_is_a_failure_of_its_own() {
        let mut tally = Tally::default();
        // It says nothing: a result line of a test would be counted by the run that this is part of.
        let outcome = count(Command::new("sh").args(["-c", "exit 101"]), &mut tally);
        assert!(outcome.is_err());
        assert_eq!(tally.failed, 1);
    }
}
