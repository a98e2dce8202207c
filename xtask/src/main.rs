//! Builds, checks and runs Parlor: `cargo xtask <command>`.
//!
//! Everything that a contributor or the CI needs beyond plain cargo is here, so that a fresh clone
//! needs a Rust toolchain and nothing else: what is missing is installed or named in one sentence.
#![allow(
    clippy::disallowed_macros,
    reason = "a command-line tool talks to its user on the terminal"
)]

mod apt;
mod args;
mod axe;
mod bench;
mod browser;
mod conformance;
mod desktop;
mod doctor;
mod error;
mod firefox;
mod layers;
mod lint;
mod node;
mod npm;
mod process;
mod progress;
mod project;
mod serve;
mod tally;
mod test;
mod toolchain;
mod tools;
mod turn;
mod web;

use std::process::ExitCode;

use crate::{
    args::Command,
    error::{Error, Result},
    project::Project,
};

fn main() -> ExitCode {
    process::forward_signals();
    match run() {
        Ok(code) => code,
        Err(Error::Interrupted) => ExitCode::from(130),
        Err(Error::Message(message)) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode> {
    let command = Command::parse(std::env::args().skip(1))?;
    if let Command::Help(text) = command {
        print!("{text}");
        return Ok(ExitCode::SUCCESS);
    }
    let project = Project::find()?;
    progress::start(&project);
    let outcome = execute(&project, command);
    progress::report();
    outcome
}

fn execute(project: &Project, command: Command) -> Result<ExitCode> {
    match command {
        Command::Help(_) => {}
        Command::Conformance => conformance::write(project)?,
        Command::Bench(places) => bench::run(project, &places)?,
        Command::Contract => drop(web::module::CONTRACT.build(project)?),
        Command::Doctor => return Ok(doctor::run(project)),
        Command::Web => web::build(project)?.check_budget()?,
        Command::Serve(options) => return serve::run(project, &options),
        Command::Lint(steps) => lint::run(project, &steps)?,
        Command::Test(words) => return test::run(project, &words),
    }
    Ok(ExitCode::SUCCESS)
}
