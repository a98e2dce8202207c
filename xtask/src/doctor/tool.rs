//! One thing that commands need, and the report on all of them.

use std::path::{Path, PathBuf};

use crate::{apt, process};

/// A program or library that a command needs, as it is on this machine.
#[derive(Debug)]
pub(crate) struct Tool {
    name: String,
    state: State,
    /// The commands that need it, for people.
    needed_by: &'static str,
    /// `cargo xtask test` fails without it.
    is_for_tests: bool,
    /// xtask installs it when a command needs it.
    is_installed_by_xtask: bool,
    /// An instruction for people: how to get it.
    way: String,
}

/// The state of a tool.
#[derive(Debug, PartialEq)]
pub(crate) enum State {
    /// It is here, in this version.
    Here(String),
    /// It is here, in a version that is too old.
    TooOld(String),
    Missing,
}

impl Tool {
    pub(crate) fn new(name: &str, state: State, needed_by: &'static str, way: &str) -> Self {
        Self {
            name: name.to_owned(),
            state,
            needed_by,
            is_for_tests: false,
            is_installed_by_xtask: false,
            way: way.to_owned(),
        }
    }

    /// Marks it as one that `cargo xtask test` fails without.
    pub(crate) fn for_tests(self) -> Self {
        Self {
            is_for_tests: true,
            ..self
        }
    }

    /// Marks it as one that xtask installs with apt-get, if apt-get may be used here.
    pub(crate) fn by_apt(self) -> Self {
        self.by_xtask(apt::can_install())
    }

    /// Marks it as one that xtask installs, if the condition for that holds.
    pub(crate) fn by_xtask(self, can_install: bool) -> Self {
        Self {
            is_installed_by_xtask: can_install,
            ..self
        }
    }

    fn is_here(&self) -> bool {
        matches!(self.state, State::Here(_))
    }

    /// Returns `true` if `cargo xtask test` cannot succeed before a person has installed this.
    fn stops_tests(&self) -> bool {
        self.is_for_tests && !self.is_here() && !self.is_installed_by_xtask
    }

    fn lines(&self) -> String {
        let state = match &self.state {
            State::Here(version) => version.clone(),
            State::TooOld(version) => format!("{version} is too old"),
            State::Missing => "missing".to_owned(),
        };
        let line = format!("{:<32}{state:<26}{}\n", self.name, self.needed_by);
        if self.is_here() {
            return line;
        }
        let by_itself = match self.is_installed_by_xtask {
            true => "xtask installs it when a command needs it. By hand: ",
            false => "",
        };
        format!("{line}    {by_itself}{}\n", self.way)
    }
}

impl State {
    /// Describes a program by the version that it says it has.
    pub(crate) fn of(program: Option<PathBuf>) -> Self {
        program.map_or(Self::Missing, |path| {
            let said = process::output(&path, &["--version"]);
            Self::Here(
                said.and_then(|said| version(&said))
                    .unwrap_or_else(no_version),
            )
        })
    }

    /// Describes a program that is missing if it does not run: rustup has stand-ins for programs
    /// that are not installed.
    pub(crate) fn of_run(program: &Path, arguments: &[&str]) -> Self {
        process::output(program, arguments).map_or(Self::Missing, |said| {
            Self::Here(version(&said).unwrap_or_else(no_version))
        })
    }

    /// Requires a version.
    pub(crate) fn at_least(self, oldest: &str) -> Self {
        match self {
            Self::Here(version) if numbers(&version) < numbers(oldest) => Self::TooOld(version),
            state => state,
        }
    }
}

fn no_version() -> String {
    "unknown version".to_owned()
}

/// Returns the first word that begins with a digit: programs put their name, their builder or
/// nothing in front of their version.
fn version(said: &str) -> Option<String> {
    let mut words = said.split_whitespace();
    words
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))
        .map(str::to_owned)
}

/// Returns the numbers of a version, up to the first part that is none.
fn numbers(version: &str) -> Vec<u64> {
    let parts = version.split(['.', '-']);
    parts.map_while(|part| part.parse().ok()).collect()
}

/// Returns the report, and `true` if xtask can run the tests on this machine, perhaps after it has
/// installed something.
pub(super) fn report(tools: &[Tool]) -> (String, bool) {
    let mut text: String = tools.iter().map(Tool::lines).collect();
    text.push('\n');
    let stopping: Vec<&str> = tools
        .iter()
        .filter(|tool| tool.stops_tests())
        .map(|tool| tool.name.as_str())
        .collect();
    let is_missing = |tool: &Tool| tool.is_for_tests && !tool.is_here();
    if !stopping.is_empty() {
        text.push_str(&format!(
            "`cargo xtask test` cannot run before these are installed: {}\n",
            stopping.join(", ")
        ));
    } else if tools.iter().any(is_missing) {
        text.push_str("`cargo xtask test` can run: xtask installs the missing tools first\n");
    } else {
        text.push_str("`cargo xtask test` can run: nothing that it needs is missing\n");
    }
    (text, stopping.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tool(state: State) -> Tool {
        Tool::new("coturn", state, "test", "install coturn")
    }

    fn here() -> State {
        State::Here("4.6.1".to_owned())
    }

    #[test]
    fn programs_say_their_version_in_many_ways() {
        let found = |said| version(said).unwrap_or_default();
        assert_eq!(found("Chromium 148.0.1 built on Debian 12"), "148.0.1");
        assert_eq!(found("Mozilla Firefox 153.8.0esr"), "153.8.0esr");
        assert_eq!(found("4.6.1"), "4.6.1");
        assert_eq!(version("no idea"), None);
    }

    #[test]
    fn versions_are_compared_by_their_numbers() {
        let state = |version: &str| State::Here(version.to_owned()).at_least("1.95");
        assert_eq!(state("1.95.0"), State::Here("1.95.0".to_owned()));
        assert_eq!(state("1.100.0"), State::Here("1.100.0".to_owned()));
        assert_eq!(
            state("1.96.0-nightly"),
            State::Here("1.96.0-nightly".to_owned())
        );
        assert_eq!(state("1.94.9"), State::TooOld("1.94.9".to_owned()));
        assert_eq!(State::Missing.at_least("1.95"), State::Missing);
    }

    #[test]
    fn tests_are_stopped_by_what_they_need_and_nobody_installs() {
        assert!(tool(State::Missing).for_tests().stops_tests());
        assert!(
            tool(State::TooOld("1".to_owned()))
                .for_tests()
                .stops_tests()
        );
        assert!(!tool(here()).for_tests().stops_tests());
        assert!(!tool(State::Missing).stops_tests());
        let installed = tool(State::Missing).for_tests().by_xtask(true);
        assert!(!installed.stops_tests());
    }

    #[test]
    fn the_way_to_a_tool_is_shown_where_it_is_missing() {
        assert!(!tool(here()).lines().contains("install coturn"));
        let by_hand = tool(State::Missing).lines();
        assert!(by_hand.contains("missing") && by_hand.ends_with("\n    install coturn\n"));
        let by_xtask = tool(State::Missing).by_xtask(true).lines();
        assert!(by_xtask.contains("xtask installs it"));
    }

    #[test]
    fn the_report_ends_with_what_can_be_done() {
        let end = |tools: &[Tool]| {
            let (text, can_run) = report(tools);
            (text.lines().last().unwrap_or_default().to_owned(), can_run)
        };
        let (text, can_run) = end(&[tool(State::Missing).for_tests()]);
        assert!(text.ends_with("installed: coturn") && !can_run);
        let (text, can_run) = end(&[tool(State::Missing).for_tests().by_xtask(true)]);
        assert!(text.contains("installs the missing") && can_run);
        let (text, can_run) = end(&[tool(here()).for_tests(), tool(State::Missing)]);
        assert!(text.contains("nothing") && can_run);
    }
}
