//! The program: what it prints, and how it ends.

#![cfg(all(feature = "cli", unix))]

mod common;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};

use common::DEADLINE;
use common::program::Running;

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
fn wrong_address_of_a_stun_server_ends_the_program_before_it_starts() {
    let mut program = program(&["--port", "0", "--stun", "stun.example:3478"]);
    assert_eq!(program.0.wait().expect("an end").code(), Some(2));
    let mut text = String::new();
    let mut stderr = program.0.stderr.take().expect("a pipe");
    stderr.read_to_string(&mut text).expect("text");
    assert!(text.contains("'--stun <URL>'"), "{text}");
    assert!(
        text.contains("write it as stun:stun.example:3478"),
        "{text}"
    );
}

#[test]
fn refused_page_is_logged_with_its_origin_and_host() {
    let mut program = program(&["--port", "0"]);
    let stdout = program.0.stdout.take().expect("a pipe");
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line).expect("a line");
    let port = line.trim_end().rsplit_once(':').expect("a port").1;
    let port: u16 = port.parse().expect("a port");
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("a connection");
    let request = "GET /ws HTTP/1.1\r\nHost: proxied.example:8460\r\n\
         Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: https://page.example\r\n\r\n";
    stream.write_all(request.as_bytes()).expect("sending");
    let stderr = program.0.stderr.take().expect("a pipe");
    let (lines, read) = std::sync::mpsc::channel();
    // Ends with the program, which ends with the test.
    std::thread::spawn(move || {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            let _ = lines.send(line);
        }
    });
    let next = || read.recv_timeout(DEADLINE).expect("a line in time");
    let refusal = std::iter::repeat_with(next).find(|line| line.contains("refused"));
    let refusal = refusal.expect("endless");
    for word in [
        "https://page.example",
        "proxied.example:8460",
        "--allow-origin",
    ] {
        assert!(refusal.contains(word), "{refusal}");
    }
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
