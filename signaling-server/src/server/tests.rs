//! The hub that hangs or fails, which no client can bring about.

use std::sync::mpsc as blocking;
use std::time::Duration;

use parlor_signaling_protocol::{ClientMessage, VERSION, encode};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::*;

/// Far longer than anything takes here, even on a busy machine.
const DEADLINE: Duration = Duration::from_secs(20);

async fn in_time<T>(what: &str, future: impl Future<Output = T>) -> T {
    match timeout(DEADLINE, future).await {
        Ok(value) => value,
        Err(_) => panic!("no {what} in time"),
    }
}

async fn server() -> Server {
    let mut config = Config::new(([127, 0, 0, 1], 0).into());
    config.limits.health_timeout = Duration::from_millis(200);
    Server::bind(config).await.expect("a free port")
}

async fn status(addr: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(addr).await.expect("a connection");
    let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("sending");
    let mut answer = String::new();
    let read = in_time("answer", stream.read_to_string(&mut answer)).await;
    read.expect("text");
    answer["HTTP/1.1 ".len()..][..3].to_owned()
}

/// A web socket that says hello; the answer is not waited for.
async fn greet(addr: SocketAddr) -> TcpStream {
    let mut stream = TcpStream::connect(addr).await.expect("a connection");
    let request = "GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    stream.write_all(request.as_bytes()).await.expect("sending");
    let version = VERSION;
    let resume = None;
    let text = encode(&ClientMessage::Hello { version, resume });
    let length = u8::try_from(text.len()).expect("a short one");
    // A mask of zeros changes nothing.
    let frame = [&[0x81, 0x80 | length, 0, 0, 0, 0][..], text.as_bytes()].concat();
    stream.write_all(&frame).await.expect("sending");
    stream
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn hub_that_hangs_is_unhealthy_until_it_goes_on() {
    let server = server().await;
    let addr = server.addr;
    let (go_on, wait) = blocking::channel::<()>();
    let (hangs, mut has_hung) = mpsc::channel(8);
    let random = move || {
        let _ = hangs.try_send(());
        // In place, so that only the hub hangs and not what else its thread has to do.
        let _ = tokio::task::block_in_place(|| wait.recv_timeout(DEADLINE));
        draw_bytes()
    };
    let stop = std::future::pending();
    let serving = tokio::spawn(server.serve_with(Box::new(random), stop));
    assert_eq!(status(addr, "/healthz").await, "200");
    assert_eq!(status(addr, "/readyz").await, "200");
    let _socket = greet(addr).await;
    in_time("hanging hub", has_hung.recv()).await;
    assert_eq!(status(addr, "/healthz").await, "503");
    assert_eq!(status(addr, "/readyz").await, "503");
    assert_eq!(status(addr, "/health").await, "200", "it asks nobody");
    drop(go_on);
    let healthy = async { while status(addr, "/healthz").await != "200" {} };
    in_time("health", healthy).await;
    serving.abort();
}

#[tokio::test]
async fn hub_that_fails_ends_the_server_with_an_error() {
    let server = server().await;
    let addr = server.addr;
    let random = || panic!("a mistake, as the test wants it");
    let stop = std::future::pending();
    let serving = tokio::spawn(server.serve_with(Box::new(random), stop));
    let mut socket = greet(addr).await;
    let mut said = Vec::new();
    in_time("end", socket.read_to_end(&mut said))
        .await
        .expect("a clean end");
    let close = [&[0x88, 17, 0x03, 0xe9][..], b"the server stops"].concat();
    let close = [&[0x88, (close.len() - 2) as u8][..], &close[2..]].concat();
    assert!(said.ends_with(&close), "{said:?}");
    drop(socket);
    let result = in_time("end of the server", serving).await;
    let error = result.expect("no panic").expect_err("a failure");
    assert!(error.to_string().contains("hub"), "{error}");
    assert!(TcpStream::connect(addr).await.is_err());
}
