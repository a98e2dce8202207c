//! The limits of connections, of all together and of one address, and the answers beyond them.

mod common;

use std::net::SocketAddr;
use std::time::Duration;

use common::http::{Reply, get, reply, request};
use common::raw::{Raw, UPGRADE};
use common::{Client, TestServer, in_time};
use parlor_signaling_server::{Config, Server, descriptors};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

/// Tries to open a web socket; the answer is an ordinary one.
async fn refused_socket(server: &TestServer) -> Reply {
    let headers = UPGRADE.replace("Connection: Upgrade\r\n", "Connection: Upgrade, close\r\n");
    request(server, "GET /ws", &headers).await
}

/// A connection from another address of this computer, whose request for a page was answered.
async fn visit_from(server: &TestServer, ip: [u8; 4]) -> (TcpStream, u16) {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind(SocketAddr::from((ip, 0))).expect("an address");
    let mut stream = socket.connect(server.addr).await.expect("a connection");
    stream
        .write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .expect("sending");
    let mut start = [0; 12];
    let read = in_time("answer", stream.read_exact(&mut start)).await;
    read.expect("an answer");
    let status = std::str::from_utf8(&start[9..]).expect("text");
    let status = status.parse().expect("a status");
    (stream, status)
}

#[tokio::test]
async fn full_server_says_so_and_is_still_healthy() {
    let server = TestServer::with(|config| config.limits.max_connections = 1).await;
    let (mut client, _) = Client::join(&server, 1).await;
    let page = get(&server, "/").await;
    assert_eq!(page.status, 503);
    assert_eq!(page.body, "this server is full, try again later\n");
    assert_eq!(page.header("connection"), Some("close"));
    let socket = refused_socket(&server).await;
    assert_eq!((socket.status, &*socket.body), (503, &*page.body));
    for path in ["/health", "/healthz"] {
        let health = get(&server, path).await;
        assert_eq!((health.status, &*health.body), (200, "ok"), "{path}");
    }
    let ready = get(&server, "/readyz").await;
    assert_eq!(ready.status, 503);
    assert!(ready.body.contains("full"), "{}", ready.body);
    client.close(Some(1001)).await;
    let free = async { while get(&server, "/").await.status != 200 {} };
    in_time("free place", free).await;
}

#[tokio::test]
async fn server_is_ready_while_it_takes_sessions() {
    let server = TestServer::with(|config| config.limits.max_sessions = 1).await;
    assert_eq!(get(&server, "/readyz").await.status, 200);
    let mut client = Client::greet(&server, 1).await;
    assert_eq!(get(&server, "/readyz").await.status, 503);
    assert_eq!(get(&server, "/healthz").await.status, 200);
    client.close(None).await;
    let ready = async { while get(&server, "/readyz").await.status != 200 {} };
    in_time("readiness", ready).await;
}

#[tokio::test]
async fn those_without_a_place_are_few_and_the_rest_is_told_at_once() {
    let server = TestServer::with(|config| {
        config.limits.max_connections = 1;
        config.limits.health_timeout = Duration::from_millis(100);
    })
    .await;
    let _client = Client::greet(&server, 1).await;
    let mut waiting = Vec::new();
    // Connections are taken in order. Each of these could still ask for something.
    for _ in 0..16 {
        waiting.push(TcpStream::connect(server.addr).await.expect("a connection"));
    }
    let mut stream = TcpStream::connect(server.addr).await.expect("a connection");
    let told = reply(&mut stream).await;
    assert_eq!(told.status, 503);
    assert_eq!(told.body, "this server is full, try again later\n");
    let length = told.body.len().to_string();
    assert_eq!(told.header("content-length"), Some(&*length));
    // Those who ask nothing make place for others after two seconds.
    let health = async {
        loop {
            let mut stream = TcpStream::connect(server.addr).await.expect("a connection");
            let request = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n";
            let mut answer = String::new();
            // One for which there is no place may be reset.
            if stream.write_all(request).await.is_ok()
                && stream.read_to_string(&mut answer).await.is_ok()
                && answer.starts_with("HTTP/1.1 200 ")
            {
                return;
            }
        }
    };
    in_time("health", health).await;
}

#[cfg(target_os = "linux")] // others have one address on loopback
#[tokio::test]
async fn one_address_has_a_share_of_the_connections() {
    let server = TestServer::with(|config| config.limits.max_connections_per_address = 2).await;
    let here = [127, 0, 0, 1];
    let (first, status) = visit_from(&server, here).await;
    assert_eq!(status, 200);
    let (_second, status) = visit_from(&server, here).await;
    assert_eq!(status, 200);
    let refused = get(&server, "/").await;
    assert_eq!(refused.status, 429);
    assert!(
        refused.body.contains("your address has too many"),
        "{}",
        refused.body
    );
    assert_eq!(refused_socket(&server).await.status, 429);
    assert_eq!(get(&server, "/health").await.status, 200);
    let (_other, status) = visit_from(&server, [127, 0, 0, 2]).await;
    assert_eq!(status, 200, "another address has its own");
    drop(first);
    let free = async { while visit_from(&server, here).await.1 != 200 {} };
    in_time("free place", free).await;
}

#[tokio::test]
async fn one_address_opens_so_many_web_sockets_a_second() {
    let server = TestServer::with(|config| {
        // As many at once as there may be connections.
        config.limits.max_connections_per_address = 10;
        config.limits.handshakes_per_second = 1;
    })
    .await;
    for _ in 0..10 {
        let mut socket = Raw::connect(&server).await;
        socket
            .send(common::raw::CLOSE, &1000_u16.to_be_bytes())
            .await;
        assert_eq!(socket.closed().await, 1000);
        socket.hung_up().await;
    }
    let refused = async {
        // On a slow machine, the second is over and another one gets through.
        loop {
            let reply = open_socket(&server).await;
            if reply.contains("too many web sockets") {
                return reply;
            }
        }
    };
    let reply = in_time("refusal", refused).await;
    assert!(reply.starts_with("HTTP/1.1 429 "), "{reply}");
    // Pages are not counted. The connections of before may take a moment to end.
    let page = async { while get(&server, "/").await.status != 200 {} };
    in_time("page", page).await;
    let again = async { while !open_socket(&server).await.starts_with("HTTP/1.1 101 ") {} };
    in_time("another web socket", again).await;
}

/// The first part of the answer to a request for a web socket.
async fn open_socket(server: &TestServer) -> String {
    let mut stream = TcpStream::connect(server.addr).await.expect("a connection");
    let request = format!("GET /ws HTTP/1.1\r\nHost: x\r\n{UPGRADE}\r\n");
    stream.write_all(request.as_bytes()).await.expect("sending");
    let mut answer = vec![0; 4096];
    let read = in_time("answer", stream.read(&mut answer)).await;
    answer.truncate(read.expect("an answer"));
    String::from_utf8(answer).expect("text")
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn thousands_who_come_at_once_wait_for_their_turn() {
    // More than the usual 128 and 1,024. The system may allow fewer.
    let allowed = std::fs::read_to_string("/proc/sys/net/core/somaxconn").expect("a limit");
    let allowed: usize = allowed.trim().parse().expect("a number");
    descriptors::raise_limit().expect("more open files");
    let server = Server::bind(Config::new(([127, 0, 0, 1], 0).into()))
        .await
        .expect("a free port");
    // Nobody accepts them yet.
    let mut waiting = Vec::new();
    for _ in 0..allowed.min(1500) {
        let connecting = TcpStream::connect(server.local_addr());
        waiting.push(
            in_time("connection", connecting)
                .await
                .expect("a connection"),
        );
    }
}
