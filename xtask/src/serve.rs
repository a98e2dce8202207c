//! `cargo xtask serve`: the web app and the server, running.

use std::process::{Command, ExitCode};

use crate::{
    error::{Error, Result},
    process, progress,
    project::Project,
    web,
};

/// What `serve` passes on.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Options {
    /// Words for the server, as they came.
    pub(crate) flags: Vec<String>,
}

/// Builds both, then runs the server until it ends by itself or by a signal.
pub(crate) fn run(project: &Project, options: &Options) -> Result<ExitCode> {
    let site = web::build(project)?;
    if let Err(Error::Message(message)) = site.check_budget() {
        eprintln!("note: {message}");
    }
    let mut build = project.cargo();
    build.args(["build", "--release", "--package", "parlor-signaling-server"]);
    progress::long("compile the server", || {
        process::run(&mut build, "the server did not compile; see above")
    })?;
    // The server may run for days: its builds are over now.
    progress::report();
    let name = format!("parlor-signaling-server{}", std::env::consts::EXE_SUFFIX);
    let mut server = Command::new(project.target.join("release").join(name));
    server.arg("--web").arg(&site.folder).args(&options.flags);
    let code = process::exit_code(&mut server)?;
    Ok(u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from))
}
