//! A client that speaks the signaling protocol without the engine, and can send anything.

use ed25519_dalek::{Signer as _, SigningKey};
use futures_util::{SinkExt as _, StreamExt as _};
use parlor_signaling_protocol::{
    Challenge, ClientMessage, PeerId, PeerKey, RoomId, Sealed, ServerMessage, Signature, VERSION,
    decode_server, encode, join_claim,
};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::SOON;

/// A socket that the server has welcomed.
#[derive(Debug)]
pub struct Wire {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    secret: SigningKey,
    challenge: Challenge,
}

impl Wire {
    /// Connects and sends the greeting. The key is derived from `seed`.
    pub async fn connect(address: &str, seed: u8) -> Self {
        let (socket, _) = connect_async(address).await.expect("the server listens");
        let mut wire = Self {
            socket,
            secret: SigningKey::from_bytes(&[seed; 32]),
            challenge: Challenge::from_bytes([0; 16]),
        };
        let version = VERSION;
        let resume = None;
        wire.say(&ClientMessage::Hello { version, resume }).await;
        let welcome = wire
            .hear(|message| matches!(message, ServerMessage::Welcome { .. }))
            .await;
        let ServerMessage::Welcome { challenge, .. } = welcome else {
            unreachable!("that was waited for");
        };
        wire.challenge = challenge;
        wire
    }

    /// Returns the id of this client.
    pub fn me(&self) -> PeerId {
        self.key().peer_id()
    }

    fn key(&self) -> PeerKey {
        PeerKey::from_bytes(self.secret.verifying_key().to_bytes())
    }

    /// Asks to become a member of a room, without waiting for the answer.
    pub async fn say_join(&mut self, room: RoomId, card: Sealed) {
        let proof = self.secret.sign(&join_claim(room, self.challenge));
        self.say(&ClientMessage::Join {
            room,
            key: self.key(),
            proof: Signature::from_bytes(proof.to_bytes()),
            card,
        })
        .await;
    }

    /// Becomes a member of a room. Returns the other members with their cards.
    pub async fn join(&mut self, room: RoomId, card: &str) -> Vec<(PeerId, Sealed)> {
        self.say_join(room, Sealed(card.to_owned())).await;
        let joined = self
            .hear(|message| matches!(message, ServerMessage::Joined { .. }))
            .await;
        let ServerMessage::Joined { members, .. } = joined else {
            unreachable!("that was waited for");
        };
        members
            .into_iter()
            .map(|member| (member.peer, member.card))
            .collect()
    }

    /// Sends a message, even one that the server rejects.
    pub async fn say(&mut self, message: &ClientMessage) {
        self.say_raw(encode(message).as_str()).await;
    }

    /// Sends a payload to another member of a room.
    pub async fn relay(&mut self, room: RoomId, to: PeerId, payload: Sealed) {
        self.say(&ClientMessage::Relay { room, to, payload }).await;
    }

    /// Sends any text.
    pub async fn say_raw(&mut self, text: &str) {
        let sent = self.socket.send(Message::text(text.to_owned())).await;
        sent.expect("the socket is open");
    }

    /// Waits for a message that matches, and skips others.
    pub async fn hear(&mut self, wanted: impl Fn(&ServerMessage) -> bool) -> ServerMessage {
        let heard = async {
            loop {
                let frame = self.socket.next().await.expect("the socket is open");
                let Message::Text(text) = frame.expect("the socket works") else {
                    continue;
                };
                let message = decode_server(&text).expect("the server speaks the wire");
                if wanted(&message) {
                    return message;
                }
            }
        };
        timeout(SOON, heard).await.expect("the server answers")
    }
}
