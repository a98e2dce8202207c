//! A client that speaks the wire by itself, and says what it likes.

use futures_util::{SinkExt as _, StreamExt as _};
use parlor_signaling_protocol::{
    ClientMessage, PeerId, RoomId, Sealed, ServerMessage, VERSION, decode_server, encode,
};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::SOON;

/// One socket that was welcomed.
#[derive(Debug)]
pub struct Wire {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    me: PeerId,
}

impl Wire {
    /// Connects and greets.
    pub async fn connect(address: &str, me: PeerId) -> Self {
        let (socket, _) = connect_async(address).await.expect("the server listens");
        let mut wire = Self { socket, me };
        let version = VERSION;
        wire.say(&ClientMessage::Hello {
            version,
            peer: me,
            resume: None,
        })
        .await;
        wire.hear(|message| matches!(message, ServerMessage::Welcome { .. }))
            .await;
        wire
    }

    /// The id of this client.
    pub fn me(&self) -> PeerId {
        self.me
    }

    /// Becomes a member, and learns the others with their cards.
    pub async fn join(&mut self, room: RoomId, card: &str) -> Vec<(PeerId, Sealed)> {
        let card = Sealed(card.to_owned());
        self.say(&ClientMessage::Join { room, card }).await;
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

    /// Says something, whatever the server thinks of it.
    pub async fn say(&mut self, message: &ClientMessage) {
        self.say_raw(encode(message).as_str()).await;
    }

    /// Says any text.
    pub async fn say_raw(&mut self, text: &str) {
        let sent = self.socket.send(Message::text(text.to_owned())).await;
        sent.expect("the socket is open");
    }

    /// Waits for a message; others are passed over.
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
