//! A server on a free port, and clients that speak the wire to it. Whatever is waited for has a
//! deadline, so that a test that fails says so soon.

#![allow(dead_code, unreachable_pub)] // each test file uses its own part

pub mod http;
pub mod program;
pub mod raw;

use std::net::SocketAddr;
use std::time::Duration;

use ed25519_dalek::{Signer as _, SigningKey};
use futures_util::{SinkExt as _, StreamExt as _};
use parlor_signaling_protocol::{
    Challenge, ClientMessage, ErrorCode, Member, Origin, PeerId, PeerKey, Resume, ResumeToken,
    RoomId, Sealed, ServerMessage, Signature, VERSION, decode_server, encode, join_claim,
};
use parlor_signaling_server::{Config, Server};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Message};
use tokio_tungstenite::tungstenite::{Error, Utf8Bytes};
use tokio_tungstenite::{WebSocketStream, client_async};

/// Far longer than anything takes here, even on a busy machine.
pub const DEADLINE: Duration = Duration::from_secs(20);

pub async fn in_time<T>(what: &str, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(DEADLINE, future).await {
        Ok(value) => value,
        Err(_) => panic!("no {what} in time"),
    }
}

pub struct TestServer {
    pub addr: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<std::io::Result<()>>,
}

impl TestServer {
    pub async fn start() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::new(([127, 0, 0, 1], 0).into());
        change(&mut config);
        let server = Server::bind(config).await.expect("a free port");
        let addr = server.local_addr();
        let (stop, stopped) = oneshot::channel();
        let shutdown = async {
            // A dropped handle stops the server as well.
            let _ = stopped.await;
        };
        let task = tokio::spawn(server.serve(shutdown));
        Self { addr, stop, task }
    }

    /// Stops the server without waiting for it.
    pub fn stop(self) -> JoinHandle<std::io::Result<()>> {
        self.stop.send(()).expect("still serving");
        self.task
    }
}

fn secret(n: u8) -> SigningKey {
    SigningKey::from_bytes(&[n; 32])
}

fn key(n: u8) -> PeerKey {
    PeerKey::from_bytes(secret(n).verifying_key().to_bytes())
}

/// The peer that client `n` is.
pub fn peer(n: u8) -> PeerId {
    key(n).peer_id()
}

pub fn room(n: u8) -> RoomId {
    RoomId::from_bytes([n; 16])
}

pub fn sealed(text: &str) -> Sealed {
    Sealed(text.into())
}

pub fn member(n: u8, card: &str) -> Member {
    Member {
        peer: peer(n),
        card: sealed(card),
    }
}

/// Peer `n` enters a room. The proof holds in the session that has this challenge.
pub fn join(in_room: u8, n: u8, challenge: Challenge, card: &str) -> ClientMessage {
    let claim = join_claim(room(in_room), challenge);
    ClientMessage::Join {
        room: room(in_room),
        key: key(n),
        proof: Signature::from_bytes(secret(n).sign(&claim).to_bytes()),
        card: sealed(card),
    }
}

pub fn relay(n: u8, to: u8, payload: &str) -> ClientMessage {
    ClientMessage::Relay {
        room: room(n),
        to: peer(to),
        payload: sealed(payload),
    }
}

pub fn relayed(n: u8, from: u8, payload: &str) -> ServerMessage {
    ServerMessage::Relayed {
        room: room(n),
        from: peer(from),
        payload: sealed(payload),
    }
}

pub fn hello(resume: Option<Resume>) -> ClientMessage {
    ClientMessage::Hello {
        version: VERSION,
        resume,
    }
}

/// What a `welcome` said.
#[derive(Clone, Debug)]
pub struct Welcome {
    pub token: ResumeToken,
    pub resumed: bool,
    pub received: u64,
    pub origins: Vec<Origin>,
}

pub struct Client {
    pub socket: WebSocketStream<TcpStream>,
    pub token: Option<ResumeToken>,
    challenge: Option<Challenge>,
    n: u8,
}

impl Client {
    /// A bare socket of client `n`.
    pub async fn connect(server: &TestServer, n: u8) -> Self {
        let stream = TcpStream::connect(server.addr).await.expect("a connection");
        Self::over(stream, server.addr, n).await
    }

    /// A socket whose system buffers less than usual.
    pub async fn connect_narrow(server: &TestServer, n: u8) -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_recv_buffer_size(8 * 1024).expect("a size");
        let stream = socket.connect(server.addr).await.expect("a connection");
        Self::over(stream, server.addr, n).await
    }

    async fn over(stream: TcpStream, addr: SocketAddr, n: u8) -> Self {
        // Else small frames wait for the answer to earlier ones.
        stream.set_nodelay(true).expect("an option");
        let url = format!("ws://{addr}/ws");
        let (socket, _) = in_time("handshake", client_async(url, stream))
            .await
            .expect("a handshake");
        Self {
            socket,
            token: None,
            challenge: None,
            n,
        }
    }

    /// A greeted socket.
    pub async fn greet(server: &TestServer, n: u8) -> Self {
        let mut client = Self::connect(server, n).await;
        let welcome = client.hello(None).await;
        assert!(!welcome.resumed);
        client
    }

    /// A greeted socket in room 1; with those who were there.
    pub async fn join(server: &TestServer, n: u8) -> (Self, Vec<Member>) {
        let mut client = Self::greet(server, n).await;
        let members = client.enter().await;
        (client, members)
    }

    /// Another socket, with the session of this client's.
    pub async fn again(&self, server: &TestServer, received: u64) -> (Self, Welcome) {
        let mut client = Self::connect(server, self.n).await;
        let welcome = client.hello(self.resume(received)).await;
        (client, welcome)
    }

    /// Enters room 1; returns who was there.
    pub async fn enter(&mut self) -> Vec<Member> {
        self.say_join(1, &format!("card{}", self.n)).await;
        match self.next().await {
            ServerMessage::Joined { members, .. } => members,
            other => panic!("not joined but {other:?}"),
        }
    }

    pub async fn say_join(&mut self, in_room: u8, card: &str) {
        self.say(&join(in_room, self.n, self.challenge(), card))
            .await;
    }

    pub fn challenge(&self) -> Challenge {
        self.challenge.expect("a welcome came first")
    }

    pub async fn hello(&mut self, resume: Option<Resume>) -> Welcome {
        self.say(&hello(resume)).await;
        match self.next().await {
            ServerMessage::Welcome {
                version,
                resume,
                resumed,
                received,
                challenge,
                origins,
                ..
            } => {
                assert_eq!(version, VERSION);
                self.token = Some(resume);
                self.challenge = Some(challenge);
                Welcome {
                    token: resume,
                    resumed,
                    received,
                    origins,
                }
            }
            other => panic!("no welcome but {other:?}"),
        }
    }

    /// What to show to take this client's session up.
    pub fn resume(&self, received: u64) -> Option<Resume> {
        let token = self.token.expect("a welcome came first");
        Some(Resume { token, received })
    }

    pub async fn say(&mut self, message: &ClientMessage) {
        self.say_raw(Message::text(encode(message))).await;
    }

    pub async fn say_raw(&mut self, message: Message) {
        let sent = in_time("sending", self.socket.send(message)).await;
        sent.expect("an open socket");
    }

    /// Asks for a sign of life; returns how many counted messages the server has.
    pub async fn ping(&mut self, received: u64) -> u64 {
        self.say(&ClientMessage::Ping { received }).await;
        match self.next().await {
            ServerMessage::Pong { received } => received,
            other => panic!("no pong but {other:?}"),
        }
    }

    pub async fn next(&mut self) -> ServerMessage {
        loop {
            let next = in_time("message", self.socket.next()).await;
            match next.expect("an open socket").expect("a frame") {
                Message::Text(text) => return decode_server(&text).expect("a message"),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("no message but {other:?}"),
            }
        }
    }

    pub async fn next_error(&mut self) -> ErrorCode {
        match self.next().await {
            ServerMessage::Error { code, .. } => code,
            other => panic!("no error but {other:?}"),
        }
    }

    /// Reads on until the server closes; returns the code.
    pub async fn closed(&mut self) -> u16 {
        loop {
            match in_time("close frame", self.socket.next()).await {
                Some(Ok(Message::Close(Some(CloseFrame { code, .. })))) => return code.into(),
                Some(Ok(Message::Close(None))) => panic!("closed without a code"),
                Some(Ok(_)) => {}
                Some(Err(error)) => panic!("no close frame but {error}"),
                None => panic!("no close frame"),
            }
        }
    }

    /// Sends a close frame, and waits until the server has hung up as well.
    pub async fn close(&mut self, code: Option<u16>) {
        let frame = code.map(|code| CloseFrame {
            code: code.into(),
            reason: Utf8Bytes::default(),
        });
        in_time("closing", self.socket.close(frame))
            .await
            .expect("an open socket");
        while let Some(next) = in_time("end", self.socket.next()).await {
            if matches!(next, Err(Error::ConnectionClosed)) {
                return;
            }
        }
    }
}
