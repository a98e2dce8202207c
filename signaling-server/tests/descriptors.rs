//! The program with few open files, and what it says when it has no more.

#![cfg(all(feature = "cli", unix))]

mod common;

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

use common::DEADLINE;
use common::program::Running;
use rustix::io::{FdFlags, fcntl_setfd};

/// Runs the program with limits for its open files, in the words of `ulimit`, and with so many open
/// files that it inherits.
fn program_within(limits: &str, inherited: usize) -> (Running, u16) {
    // Every process that starts meanwhile inherits them.
    static STARTING: Mutex<()> = Mutex::new(());
    let guard = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
    let inherited: Vec<_> = (0..inherited)
        .map(|_| {
            let file = File::open("/dev/null").expect("a file");
            fcntl_setfd(&file, FdFlags::empty()).expect("an inherited file");
            file
        })
        .collect();
    let child = Command::new("sh")
        .arg("-c")
        .arg(format!("{limits} && exec \"$0\" --port 0"))
        .arg(env!("CARGO_BIN_EXE_parlor-signaling-server"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    drop((inherited, guard));
    let mut program = Running(child.expect("the program"));
    let stdout = program.0.stdout.take().expect("a pipe");
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line).expect("a line");
    let port = line.trim_end().rsplit_once(':').expect("a port").1;
    (program, port.parse().expect("a port"))
}

/// Asks for a page over a new connection, which stays open if the server lets it.
fn visit(port: u16, path: &str) -> (TcpStream, String) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("a connection");
    stream.set_read_timeout(Some(DEADLINE)).expect("an option");
    let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("sending");
    let mut answer = String::new();
    while !answer.contains("\r\n\r\n") || answer.ends_with("\r\n\r\n") {
        let mut part = [0; 4096];
        let read = stream.read(&mut part).expect("an answer in time");
        assert!(read > 0, "cut off after {answer:?}");
        answer.push_str(std::str::from_utf8(&part[..read]).expect("text"));
    }
    (stream, answer)
}

/// Opens connections until one is refused; returns those that were not.
fn fill(port: u16) -> Vec<TcpStream> {
    let mut open = Vec::new();
    loop {
        let (stream, answer) = visit(port, "/");
        if answer.starts_with("HTTP/1.1 503 ") {
            assert!(answer.contains("this server is full"), "{answer}");
            return open;
        }
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        open.push(stream);
    }
}

/// A full server answers, and goes on as usual when there is room again.
fn assert_recovers(port: u16, mut open: Vec<TcpStream>) {
    for _ in 0..3 {
        let (_, answer) = visit(port, "/health");
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        assert!(visit(port, "/").1.starts_with("HTTP/1.1 503 "));
    }
    open.pop();
    let start = std::time::SystemTime::now();
    while !visit(port, "/").1.starts_with("HTTP/1.1 200 ") {
        assert!(start.elapsed().expect("a clock") < DEADLINE, "stays full");
    }
}

#[test]
fn open_files_are_raised_to_what_is_allowed_and_bound_the_connections() {
    // With the 70 that it is given by itself, it could serve 6.
    let (_program, port) = program_within("ulimit -Sn 70 && ulimit -Hn 100", 0);
    let open = fill(port);
    assert_eq!(open.len(), 36);
    assert_recovers(port, open);
}

#[test]
fn server_without_a_free_descriptor_still_says_that_it_is_full() {
    // With so many files that it did not open itself, descriptors end before places do.
    let (_program, port) = program_within("ulimit -n 100", 60);
    let open = fill(port);
    assert!(
        (1..36).contains(&open.len()),
        "{} connections are not what ran out",
        open.len()
    );
    assert_recovers(port, open);
}
