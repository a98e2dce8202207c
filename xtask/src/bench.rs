//! `cargo xtask bench`: the engine beside what it is built on.

use std::str::FromStr;

use crate::{
    browser::Browser,
    error::{Error, Result, fail},
    process, progress,
    project::Project,
    web::module::BENCH,
};

/// Where to measure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Place {
    Native,
    Web,
}

impl FromStr for Place {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self> {
        match word {
            "native" => Ok(Self::Native),
            "web" => Ok(Self::Web),
            _ => fail(format!("{word:?} is not measured; there are native, web")),
        }
    }
}

/// Builds what is needed, then measures; the table tells which goals are met, and a missed one is
/// no failure.
pub(crate) fn run(project: &Project, places: &[Place]) -> Result<()> {
    let mut cargo = project.cargo();
    cargo.args(["bench", "--package", "parlor-bench", "--bench", "compare"]);
    cargo.arg("--");
    let is_wanted = |place| places.is_empty() || places.contains(&place);
    if is_wanted(Place::Native) {
        cargo.arg("native");
    }
    if is_wanted(Place::Web) {
        Browser::find_or_install()?.describe_to(&mut cargo);
        cargo.env("PARLOR_WEB_BENCH", BENCH.build(project)?);
        cargo.arg("web");
    }
    progress::long("measure", || {
        process::run(&mut cargo, "not everything was measured; see above")
    })
}
