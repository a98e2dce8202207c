//! Requests as they are written, and their answers.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{TestServer, in_time};

pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// Sends a request as it is written, and reads until the server hangs up.
pub async fn request(server: &TestServer, line: &str, headers: &str) -> Reply {
    let mut stream = TcpStream::connect(server.addr).await.expect("a connection");
    let host = server.addr;
    let request = format!("{line} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).await.expect("sending");
    reply(&mut stream).await
}

/// Reads an answer until the server hangs up.
pub async fn reply(stream: &mut TcpStream) -> Reply {
    let mut bytes = Vec::new();
    in_time("reply", stream.read_to_end(&mut bytes))
        .await
        .expect("a reply");
    let text = String::from_utf8(bytes).expect("text");
    let (head, body) = text.split_once("\r\n\r\n").expect("a head");
    let status = head.split(' ').nth(1).expect("a status");
    Reply {
        status: status.parse().expect("a number"),
        head: head.into(),
        body: body.into(),
    }
}

pub async fn get(server: &TestServer, path: &str) -> Reply {
    request(server, &format!("GET {path}"), "").await
}
