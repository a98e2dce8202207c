//! A server in the hands of a member: what it tells may be changed, kept and said again.

use std::sync::{Arc, Mutex};

use futures_util::{SinkExt as _, StreamExt as _};
use parlor_signaling_protocol::{PeerId, ServerMessage, decode_server};
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{accept_async, connect_async};

use crate::keys::{bytes, peer_of};

/// Changes what the server tells a peer.
type Change = dyn Fn(PeerId, ServerMessage) -> ServerMessage + Send + Sync;

/// Who is connected, and the way to them.
type Clients = Arc<Mutex<Vec<(PeerId, mpsc::Sender<ServerMessage>)>>>;

/// It ends with this value.
pub(crate) struct Proxy {
    pub(crate) socket: String,
    clients: Clients,
    _task: JoinSet<()>,
}

impl Proxy {
    /// Stands before a real server.
    pub(crate) async fn before(
        server: String,
        change: impl Fn(PeerId, ServerMessage) -> ServerMessage + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let socket = format!("ws://{}/ws", listener.local_addr().expect("an address"));
        let clients = Clients::default();
        let (change, listed) = (Arc::new(change) as Arc<Change>, clients.clone());
        let mut task = JoinSet::new();
        task.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(carry(
                    stream,
                    server.clone(),
                    change.clone(),
                    listed.clone(),
                ));
            }
        });
        Self {
            socket,
            clients,
            _task: task,
        }
    }

    /// Tells a peer something that the server never said.
    pub(crate) fn tell(&self, peer: PeerId, message: &ServerMessage) {
        let clients = self.clients.lock().expect("nothing panics with it");
        let client = clients.iter().rev().find(|(client, _)| *client == peer);
        let (_, client) = client.expect("the peer is connected");
        let told = client.try_send(message.clone());
        told.expect("it is connected, and was not told too much at once");
    }
}

async fn carry(client: TcpStream, server: String, change: Arc<Change>, clients: Clients) {
    let client = accept_async(client).await.expect("a web socket");
    let (server, _) = connect_async(server).await.expect("the server listens");
    let (mut to_client, mut from_client) = client.split();
    let (mut to_server, mut from_server) = server.split();
    let (told, mut tell) = mpsc::channel(256);
    let mut peer = PeerId::from_bytes([0; 16]);
    loop {
        tokio::select! {
            said = from_client.next() => {
                let Some(Ok(said)) = said else { return };
                if let Some(joining) = joining(&said) {
                    peer = joining;
                    clients.lock().expect("nothing panics with it").push((peer, told.clone()));
                }
                if to_server.send(said).await.is_err() {
                    return;
                }
            }
            said = from_server.next() => {
                let Some(Ok(mut said)) = said else { return };
                if let Message::Text(text) = &said
                    && let Ok(message) = decode_server(text)
                {
                    said = encoded(&change(peer, message));
                }
                if to_client.send(said).await.is_err() {
                    return;
                }
            }
            Some(message) = tell.recv() => {
                if to_client.send(encoded(&message)).await.is_err() {
                    return;
                }
            }
        }
    }
}

fn encoded(message: &ServerMessage) -> Message {
    Message::text(serde_json::to_string(message).expect("a message"))
}

/// Which peer the client enters a room as.
fn joining(said: &Message) -> Option<PeerId> {
    let said: Value = serde_json::from_str(said.to_text().ok()?).ok()?;
    (said["type"] == "join").then(|| peer_of(&bytes(said["key"].as_str().unwrap_or_default())))
}
