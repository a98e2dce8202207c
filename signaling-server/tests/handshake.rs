//! What the handshake of a web socket agrees on.

mod common;

use common::{TestServer, in_time};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

#[tokio::test]
async fn no_subprotocol_and_no_extension_is_chosen() {
    let server = TestServer::start().await;
    let mut stream = TcpStream::connect(server.addr).await.expect("a connection");
    let request = format!(
        "GET /ws HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         Sec-WebSocket-Protocol: parlor, chat\r\n\
         Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n",
        server.addr
    );
    stream.write_all(request.as_bytes()).await.expect("sending");
    let mut lines = BufReader::new(stream).lines();
    let mut head = Vec::new();
    let read = async {
        while let Some(line) = lines.next_line().await.expect("a reply") {
            if line.is_empty() {
                return;
            }
            head.push(line.to_ascii_lowercase());
        }
    };
    in_time("reply", read).await;
    assert!(head[0].starts_with("http/1.1 101 "), "{head:?}");
    // The example of RFC 6455, section 1.3.
    let accept = "sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=".to_owned();
    assert!(head.contains(&accept), "{head:?}");
    for name in ["sec-websocket-protocol", "sec-websocket-extensions"] {
        assert!(!head.iter().any(|line| line.starts_with(name)), "{head:?}");
    }
}
