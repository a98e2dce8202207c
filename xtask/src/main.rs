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
mod error;
mod firefox;
mod layers;
mod lint;
mod process;
mod project;
mod serve;
mod tally;
mod test;
mod toolchain;
mod tools;
mod turn;
mod web;

use std::process::ExitCode;

use crate::{args::Command, error::Error};

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

fn run() -> error::Result<ExitCode> {
    match Command::parse(std::env::args().skip(1))? {
        Command::Help(text) => print!("{text}"),
        Command::Conformance => conformance::write(&project::Project::find()?)?,
        Command::Bench(places) => bench::run(&project::Project::find()?, &places)?,
        Command::Contract => drop(web::module::CONTRACT.build(&project::Project::find()?)?),
        Command::Web => web::build(&project::Project::find()?)?.check_budget()?,
        Command::Serve(options) => return serve::run(&project::Project::find()?, &options),
        Command::Lint(steps) => lint::run(&project::Project::find()?, &steps)?,
        Command::Test(filter) => return test::run(&project::Project::find()?, &filter),
    }
    Ok(ExitCode::SUCCESS)
}
