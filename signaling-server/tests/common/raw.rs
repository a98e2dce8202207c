//! A client that sends frames as they are written, right or wrong.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{TestServer, in_time};

/// The headers of a request for the web socket, without its `Host`.
pub const UPGRADE: &str = "Connection: Upgrade\r\nUpgrade: websocket\r\n\
     Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

/// Opcodes of RFC 6455, 5.2, with the bit that says that this is the last fragment.
pub const TEXT: u8 = 0x81;
pub const CLOSE: u8 = 0x88;
pub const PING: u8 = 0x89;
pub const PONG: u8 = 0x8a;

/// A text that goes on in frames with opcode 0.
pub const TEXT_BEGINS: u8 = 0x01;
pub const GOES_ON: u8 = 0x00;
pub const ENDS: u8 = 0x80;

pub struct Raw {
    pub stream: TcpStream,
}

impl Raw {
    /// A web socket that said nothing yet.
    pub async fn connect(server: &TestServer) -> Self {
        let mut stream = TcpStream::connect(server.addr).await.expect("a connection");
        stream.set_nodelay(true).expect("an option");
        let request = format!("GET /ws HTTP/1.1\r\nHost: {}\r\n{UPGRADE}\r\n", server.addr);
        stream.write_all(request.as_bytes()).await.expect("sending");
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let byte = in_time("handshake", stream.read_u8()).await;
            head.push(byte.expect("an open connection"));
        }
        let head = String::from_utf8(head).expect("text");
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        Self { stream }
    }

    /// Sends one masked frame. The first byte has the opcode and the flags.
    pub async fn send(&mut self, first: u8, payload: &[u8]) {
        self.send_bytes(&frame(first, payload)).await;
    }

    pub async fn send_bytes(&mut self, bytes: &[u8]) {
        let sent = in_time("sending", self.stream.write_all(bytes)).await;
        sent.expect("an open socket");
    }

    /// Reads a frame; returns its first byte and its payload.
    pub async fn next(&mut self) -> (u8, Vec<u8>) {
        in_time("frame", self.read_frame())
            .await
            .expect("an open socket")
    }

    async fn read_frame(&mut self) -> std::io::Result<(u8, Vec<u8>)> {
        let first = self.stream.read_u8().await?;
        let length = match self.stream.read_u8().await? {
            126 => usize::from(self.stream.read_u16().await?),
            127 => panic!("too long for a test"),
            short => usize::from(short),
        };
        let mut payload = vec![0; length];
        self.stream.read_exact(&mut payload).await?;
        Ok((first, payload))
    }

    /// Reads on until the server closes; returns the code.
    pub async fn closed(&mut self) -> u16 {
        loop {
            let (first, payload) = self.next().await;
            if first == CLOSE {
                return u16::from_be_bytes([payload[0], payload[1]]);
            }
        }
    }

    /// Waits until the server hangs up. Nothing may come before.
    pub async fn hung_up(&mut self) {
        let mut rest = Vec::new();
        let end = in_time("end", self.stream.read_to_end(&mut rest)).await;
        end.expect("a clean end");
        assert!(rest.is_empty(), "{rest:?}");
    }
}

/// One masked frame, as a client sends it.
pub fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    match u16::try_from(payload.len()).expect("a short one") {
        length @ 0..=125 => bytes.push(0x80 | length as u8),
        length => {
            bytes.push(0x80 | 126);
            bytes.extend(length.to_be_bytes());
        }
    }
    const MASK: [u8; 4] = [1, 2, 3, 4];
    bytes.extend(MASK);
    bytes.extend(payload.iter().zip(MASK.iter().cycle()).map(|(a, b)| a ^ b));
    bytes
}
