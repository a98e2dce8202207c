//! The program: what it prints, and how it ends.

#![cfg(all(feature = "cli", unix))]

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

/// Ends the program if a test fails before it does.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn program(args: &[&str]) -> Running {
    let child = Command::new(env!("CARGO_BIN_EXE_parlor-signaling-server"))
        .args(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    Running(child.expect("the program"))
}

#[test]
fn says_where_it_is_and_ends_well_when_asked() {
    let mut program = program(&["--port", "0"]);
    let stdout = program.0.stdout.take().expect("a pipe");
    let mut line = String::new();
    let mut stdout = BufReader::new(stdout);
    stdout.read_line(&mut line).expect("a line");
    assert!(line.starts_with("Open http://localhost:"), "{line}");
    // Its handlers are set before it serves, and it says that it serves.
    let stderr = program.0.stderr.take().expect("a pipe");
    let mut line = String::new();
    BufReader::new(stderr).read_line(&mut line).expect("a line");
    assert!(line.contains("serving"), "{line}");
    let pid = program.0.id().to_string();
    let killed = Command::new("kill").args(["-TERM", &pid]).status();
    assert!(killed.expect("kill").success());
    assert_eq!(program.0.wait().expect("an end").code(), Some(0));
}

#[test]
fn taken_port_is_one_clear_sentence() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let mut program = program(&["--port", &port]);
    assert_eq!(program.0.wait().expect("an end").code(), Some(1));
    let mut text = String::new();
    let mut stderr = program.0.stderr.take().expect("a pipe");
    stderr.read_to_string(&mut text).expect("text");
    let expected = format!(
        "Port {port} is taken: stop the program that has it, or choose another with --port.\n"
    );
    assert_eq!(text, expected);
}
