//! The command line. Small enough to read by hand, which keeps xtask quick to compile.

use crate::{
    bench::Place,
    error::{Result, fail},
    lint::Step,
    serve,
};

const OVERVIEW: &str = "\
Usage: cargo xtask <command>

  serve   Builds the web app and the server, and runs them (serve --help tells more)
  web     Builds the web app into <target folder>/web
  test    Runs every test, in a browser too; further words go to cargo test as a filter, and of several
          names any may match
  lint    Checks formatting, lints, docs, licences and layers; `lint fmt layers` runs only these
          (fmt, layers, deny, clippy, doc, wasm, android, desktop)
  conformance
          Writes docs/conformance.md from what the last whole test run left
  doctor  Lists the tools that the commands need, and how to get the missing ones; it installs nothing
  contract
          Builds a page that runs the engine's contract into <target folder>/web-contract
  bench   Measures the engine beside what it is built on, for a quarter of an hour; `bench native` or
          `bench web` measures only there
";

const SERVE: &str = "\
Usage: cargo xtask serve [--port N] [--bind ADDRESS] [flags of the server]

Builds the web app and the signaling server, and runs the server with that app until Ctrl-C.

  --port N         The port to listen on (the server's default: 8460)
  --bind ADDRESS   The address to listen on

Other flags go to the server as they are: `cargo run -p parlor-signaling-server -- --help`.
";

/// What the user asked for.
#[derive(Debug, PartialEq)]
pub(crate) enum Command {
    Bench(Vec<Place>),
    Conformance,
    Contract,
    Doctor,
    Help(&'static str),
    Lint(Vec<Step>),
    Serve(serve::Options),
    Test(Vec<String>),
    Web,
}

impl Command {
    pub(crate) fn parse(words: impl IntoIterator<Item = String>) -> Result<Self> {
        let mut words = words.into_iter();
        let Some(command) = words.next() else {
            return Ok(Self::Help(OVERVIEW));
        };
        let rest: Vec<String> = words.collect();
        let asks_for_help = rest.iter().any(|word| word == "--help" || word == "-h");
        match command.as_str() {
            "serve" if asks_for_help => Ok(Self::Help(SERVE)),
            "help" | "--help" | "-h" => Ok(Self::Help(OVERVIEW)),
            "bench" | "conformance" | "contract" | "doctor" | "lint" | "web" | "test"
                if asks_for_help =>
            {
                Ok(Self::Help(OVERVIEW))
            }
            "bench" => rest
                .iter()
                .map(|word| word.parse())
                .collect::<Result<_>>()
                .map(Self::Bench),
            "lint" => rest
                .iter()
                .map(|word| word.parse())
                .collect::<Result<_>>()
                .map(Self::Lint),
            "serve" => Ok(Self::Serve(serve::Options { flags: rest })),
            "test" => Ok(Self::Test(rest)),
            "conformance" if rest.is_empty() => Ok(Self::Conformance),
            "contract" if rest.is_empty() => Ok(Self::Contract),
            "doctor" if rest.is_empty() => Ok(Self::Doctor),
            "web" if rest.is_empty() => Ok(Self::Web),
            "conformance" | "contract" | "doctor" | "web" => {
                fail(format!("`cargo xtask {command}` takes no further words"))
            }
            other => fail(format!(
                "there is no command {other:?}; `cargo xtask` alone lists the commands"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Command> {
        Command::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn no_words_print_the_overview() {
        assert_eq!(parse("").unwrap(), Command::Help(OVERVIEW));
        assert_eq!(parse("serve --help").unwrap(), Command::Help(SERVE));
    }

    #[test]
    fn flags_of_the_server_pass_through() {
        let flags = vec!["--port".to_owned(), "9000".to_owned()];
        assert_eq!(
            parse("serve --port 9000").unwrap(),
            Command::Serve(serve::Options { flags })
        );
    }

    #[test]
    fn lint_takes_the_names_of_its_steps() {
        assert_eq!(
            parse("lint fmt layers").unwrap(),
            Command::Lint(vec![Step::Fmt, Step::Layers])
        );
        assert!(parse("lint everything").is_err());
    }

    #[test]
    fn bench_takes_the_names_of_places() {
        assert_eq!(
            parse("bench web").unwrap(),
            Command::Bench(vec![Place::Web])
        );
        assert!(parse("bench everywhere").is_err());
    }

    #[test]
    fn unknown_words_are_refused() {
        assert!(parse("serv").is_err());
        assert!(parse("web --fast").is_err());
        assert!(parse("doctor all").is_err());
    }
}
