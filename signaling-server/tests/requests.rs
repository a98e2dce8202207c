//! Requests that are wrong in themselves, and bodies that nobody asked for.

mod common;

use common::raw::UPGRADE;
use common::{TestServer, in_time};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Sends a request as it is written; returns the whole answer, or its head where it is a socket.
async fn answer(server: &TestServer, request: &str) -> String {
    let mut stream = TcpStream::connect(server.addr).await.expect("a connection");
    stream.write_all(request.as_bytes()).await.expect("sending");
    let mut answer = Vec::new();
    let read = async {
        while !answer.starts_with(b"HTTP/1.1 101 ") || !answer.ends_with(b"\r\n\r\n") {
            if stream.read_buf(&mut answer).await.expect("an answer") == 0 {
                return;
            }
        }
    };
    in_time("answer", read).await;
    String::from_utf8(answer).expect("text")
}

#[tokio::test]
async fn request_that_leaves_its_host_or_origin_open_is_refused() {
    let server = TestServer::start().await;
    let own = format!("http://{}", server.addr);
    let host = format!("Host: {}\r\n", server.addr);
    let two_hosts = format!("{host}Host: other\r\n");
    let one_origin = format!("{host}Origin: {own}\r\n");
    let two_origins = format!("{one_origin}Origin: https://evil.example\r\n");
    for (headers, start, sentence) in [
        (&*host, "HTTP/1.1 101 ", ""),
        (&one_origin, "HTTP/1.1 101 ", ""),
        ("", "HTTP/1.1 400 ", "one Host header"),
        (&two_hosts, "HTTP/1.1 400 ", "one Host header"),
        (&two_origins, "HTTP/1.1 400 ", "more than one Origin"),
    ] {
        let request = format!("GET /ws HTTP/1.1\r\n{headers}{UPGRADE}\r\n");
        let request = match start {
            "HTTP/1.1 101 " => request,
            _ => request.replace("Connection: Upgrade", "Connection: Upgrade, close"),
        };
        let answer = answer(&server, &request).await;
        assert!(answer.starts_with(start), "{headers}: {answer}");
        assert!(answer.contains(sentence), "{headers}: {answer}");
    }
    // The rule holds for pages as well, and HTTP/1.0 knows no Host.
    let page = answer(&server, "GET / HTTP/1.1\r\nConnection: close\r\n\r\n").await;
    assert!(page.starts_with("HTTP/1.1 400 "), "{page}");
    let old = answer(&server, "GET /health HTTP/1.0\r\n\r\n").await;
    assert!(old.starts_with("HTTP/1.0 200 "), "{old}");
}

#[tokio::test]
async fn web_socket_needs_a_later_version_of_http() {
    let server = TestServer::start().await;
    let request = format!("GET /ws HTTP/1.0\r\nHost: x\r\n{UPGRADE}\r\n");
    let answer = answer(&server, &request).await;
    assert!(answer.starts_with("HTTP/1.0 400 "), "{answer}");
    assert!(answer.contains("begins with HTTP/1.1"), "{answer}");
}

#[tokio::test]
async fn key_has_sixteen_bytes_in_base64() {
    let server = TestServer::start().await;
    let upgrade = UPGRADE.replace("Upgrade\r\nUpgrade", "Upgrade, close\r\nUpgrade");
    let key = "dGhlIHNhbXBsZSBub25jZQ==";
    let line = format!("Sec-WebSocket-Key: {key}\r\n");
    for wrong in [
        String::new(),
        line.repeat(2),
        line.replace(key, ""),
        line.replace(key, "dGhlIHNhbXBsZSBub25jZQ"),
        line.replace(key, "dGhlIHNhbXBsZSBub25jZQ="),
        line.replace(key, "dGhlIHNhbXBsZSBub25j====="),
        line.replace(key, "dGhlIHNhbXBsZSBub25jZQA=="),
        line.replace(key, "dGhlIHNhbXBsZSBub25-ZQ=="),
        line.replace(key, "dGhlIHNhbXBsZSBub25jZQ==, dGhlIHNhbXBsZSBub25jZQ=="),
    ] {
        let headers = upgrade.replace(&line, &wrong);
        let request = format!("GET /ws HTTP/1.1\r\nHost: {}\r\n{headers}\r\n", server.addr);
        let answer = answer(&server, &request).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{wrong}: {answer}");
        assert!(answer.contains("16 bytes in base64"), "{wrong}: {answer}");
    }
}

#[tokio::test]
async fn web_socket_begins_without_a_body() {
    let server = TestServer::start().await;
    let headers = UPGRADE.replace("Upgrade\r\nUpgrade", "Upgrade, close\r\nUpgrade");
    let request = format!("GET /ws HTTP/1.1\r\nHost: x\r\n{headers}Content-Length: 2\r\n\r\n{{}}");
    let answer = answer(&server, &request).await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert!(answer.contains("without a body"), "{answer}");
}

#[tokio::test]
async fn large_body_is_refused_before_it_is_sent() {
    let server = TestServer::start().await;
    for path in ["/ws/leave", "/", "/health", "/ws"] {
        // Without `Connection: close`: the server hangs up because of the body.
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nContent-Length: 10000000000\r\n\r\n",
            server.addr
        );
        let answer = answer(&server, &request).await;
        assert!(answer.starts_with("HTTP/1.1 413 "), "{path}: {answer}");
        assert!(answer.contains("connection: close"), "{path}: {answer}");
        assert!(answer.contains("the body is too large"), "{path}: {answer}");
    }
}

#[tokio::test]
async fn endless_body_is_not_read_to_its_end() {
    let server = TestServer::start().await;
    for path in ["/ws/leave", "/"] {
        let mut stream = TcpStream::connect(server.addr).await.expect("a connection");
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nTransfer-Encoding: chunked\r\n\r\n",
            server.addr
        );
        stream.write_all(request.as_bytes()).await.expect("sending");
        let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
        let sending = async { while stream.write_all(chunk.as_bytes()).await.is_ok() {} };
        in_time("refusal", sending).await;
    }
}

#[tokio::test]
async fn body_of_unknown_length_is_refused_where_it_becomes_too_long() {
    let server = TestServer::start().await;
    let body = format!("50\r\n{}\r\n0\r\n\r\n", "x".repeat(0x50));
    let request = format!(
        "POST /ws/leave HTTP/1.1\r\nHost: {}\r\nTransfer-Encoding: chunked\r\n\r\n{body}",
        server.addr
    );
    let answer = answer(&server, &request).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}
