//! An example as a process of its own.

use std::path::PathBuf;
use std::process::Stdio;

use parlor_tests::SOON;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

/// It ends with this value.
pub(crate) struct Program {
    name: &'static str,
    process: Child,
    input: Option<ChildStdin>,
    output: Lines<BufReader<ChildStdout>>,
}

impl Program {
    pub(crate) fn start(name: &'static str, words: &[&str]) -> Self {
        let mut process = Command::new(path(name))
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("{name} does not start: {error}"));
        let output = process.stdout.take().expect("the output is piped");
        Self {
            name,
            input: process.stdin.take(),
            output: BufReader::new(output).lines(),
            process,
        }
    }

    /// Its next line.
    pub(crate) async fn line(&mut self) -> String {
        match timeout(SOON, self.output.next_line()).await {
            Ok(Ok(Some(line))) => line,
            Ok(end) => {
                let complaint = self.complaint().await;
                panic!("{} said no more: {end:?}, {complaint}", self.name)
            }
            Err(_) => panic!("{} said nothing for {} s", self.name, SOON.as_secs()),
        }
    }

    /// Types a line.
    pub(crate) async fn write(&mut self, line: &str) {
        let input = self.input.as_mut().expect("its input is open");
        let line = format!("{line}\n");
        input.write_all(line.as_bytes()).await.expect("it reads");
    }

    /// As Ctrl-D does.
    pub(crate) fn close_input(&mut self) {
        self.input = None;
    }

    pub(crate) async fn ends_well(&mut self) {
        let is_well = self.end().await;
        let complaint = self.complaint().await;
        assert!(is_well, "{}: {complaint}", self.name);
    }

    /// Waits for its failure; gives what it complained of.
    pub(crate) async fn fails(mut self) -> String {
        assert!(!self.end().await, "{} should have failed", self.name);
        self.complaint().await
    }

    /// Whether it ended well.
    async fn end(&mut self) -> bool {
        let end = timeout(SOON, self.process.wait()).await;
        let end = end.unwrap_or_else(|_| panic!("{} does not end", self.name));
        end.expect("its end is told").success()
    }

    async fn complaint(&mut self) -> String {
        let mut text = String::new();
        if let Some(errors) = &mut self.process.stderr {
            let _ = timeout(SOON, errors.read_to_string(&mut text)).await;
        }
        text
    }
}

/// Cargo puts examples beside the folder of the tests.
fn path(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a program has a path");
    let profile = test.ancestors().nth(2).expect("tests are run by cargo");
    let path = profile.join("examples").join(name);
    assert!(
        path.is_file(),
        "the example {name} is not built: run `cargo build --package parlor-engine --examples`, or \
         all tests with `cargo xtask test`"
    );
    path
}
