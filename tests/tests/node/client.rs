//! The client in JavaScript as a process of its own.

use std::process::Stdio;

use parlor_tests::{SOON, node, node_packages};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

/// Starts a script of the client. What it complains of is shown with the test's own output.
pub(crate) fn start(name: &str, words: &[&str], input: Stdio, output: Stdio) -> Child {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/node-client");
    let mut command = Command::new(node());
    command
        .arg(format!("{folder}/{name}"))
        .args(words)
        .env("NODE_PATH", node_packages())
        .stdin(input)
        .stdout(output)
        .kill_on_drop(true);
    command.spawn().unwrap_or_else(|error| {
        panic!(
            "Node.js does not start ({error}): install version 18 or newer (Debian: `apt-get install \
             nodejs`), name its `node` in PARLOR_NODE, or run all tests with `cargo xtask test`"
        )
    })
}

/// A member of a room. It ends with this value.
pub(crate) struct Client {
    name: String,
    process: Child,
    input: ChildStdin,
    events: Lines<BufReader<ChildStdout>>,
}

impl Client {
    /// Starts a client and waits until it is in the room.
    pub(crate) async fn enter(link: &str, name: &str) -> (Self, Value) {
        Self::enter_with(link, name, &[]).await
    }

    /// Starts a client that waits at most this long before it connects again, in milliseconds.
    pub(crate) async fn enter_hasty(link: &str, name: &str, longest_pause: u32) -> (Self, Value) {
        Self::enter_with(link, name, &[&longest_pause.to_string()]).await
    }

    async fn enter_with(link: &str, name: &str, more: &[&str]) -> (Self, Value) {
        let words: Vec<&str> = [link, name]
            .into_iter()
            .chain(more.iter().copied())
            .collect();
        let mut process = start("main.js", &words, Stdio::piped(), Stdio::piped());
        let output = process.stdout.take().expect("the output is piped");
        let mut client = Self {
            name: name.to_owned(),
            input: process.stdin.take().expect("the input is piped"),
            events: BufReader::new(output).lines(),
            process,
        };
        let joined = client.hears(|event| event["event"] == "joined").await;
        (client, joined)
    }

    /// Its next event.
    pub(crate) async fn event(&mut self) -> Value {
        let line = timeout(SOON, self.events.next_line()).await;
        let line = line.unwrap_or_else(|_| panic!("{} tells nothing", self.name));
        let line = line.expect("a line of text");
        let line = line.unwrap_or_else(|| panic!("{} ended", self.name));
        serde_json::from_str(&line).expect("JSON")
    }

    /// Waits for an event, and skips others. What it takes for nonsense fails the test.
    pub(crate) async fn hears(&mut self, is_it: impl Fn(&Value) -> bool) -> Value {
        let mut skipped = Vec::new();
        let heard = async {
            loop {
                let event = self.event().await;
                let is_nonsense = event["event"] == "dropped" || event["event"] == "refused";
                assert!(!is_nonsense, "{event}");
                if is_it(&event) {
                    return event;
                }
                skipped.push(event);
            }
        };
        let heard = timeout(SOON, heard).await;
        heard.unwrap_or_else(|_| panic!("it heard only {skipped:?}"))
    }

    /// Waits for a message of a peer.
    pub(crate) async fn hears_said(&mut self, is_it: impl Fn(&Value) -> bool) {
        let is_it = |event: &Value| event["event"] == "said" && is_it(&event["message"]);
        self.hears(is_it).await;
    }

    pub(crate) async fn tell(&mut self, command: Value) {
        let line = format!("{command}\n");
        let written = self.input.write_all(line.as_bytes()).await;
        written.unwrap_or_else(|error| panic!("{} reads nothing: {error}", self.name));
    }

    /// Leaves the room, and waits for its end.
    pub(crate) async fn leave(mut self) {
        self.tell(json!({ "do": "leave" })).await;
        let ended = timeout(SOON, self.process.wait()).await;
        let ended = ended.unwrap_or_else(|_| panic!("{} does not end", self.name));
        assert!(ended.expect("its end is told").success(), "{}", self.name);
    }
}
