//! Runs the comparison: `cargo bench -p parlor-bench -- native web`, or one of the two. `cargo
//! xtask bench` builds the page for it first.
#![allow(
    clippy::disallowed_macros,
    reason = "a program that is run for what it prints"
)]

mod bare;
mod native;
mod sockets;
mod web;

use std::process::ExitCode;

use parlor_bench::table;

fn main() -> ExitCode {
    let mut comparisons = Vec::new();
    // cargo adds flags of its own.
    for word in std::env::args().skip(1).filter(|it| !it.starts_with('-')) {
        match word.as_str() {
            "native" => comparisons.extend(native::compare()),
            "web" => comparisons.extend(web::compare()),
            other => {
                eprintln!("there is nothing to measure that is called {other:?}: native, web");
                return ExitCode::FAILURE;
            }
        }
    }
    print!("{}", table(&comparisons));
    ExitCode::SUCCESS
}
