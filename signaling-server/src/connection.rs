//! One web socket: messages in to the hub, frames out from its outbox.

use std::sync::Arc;

use parlor_signaling_protocol::{CloseCode, DecodeError, decode_client};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Message};
use tokio_tungstenite::tungstenite::{Error, Utf8Bytes, error::ProtocolError};

use crate::Limits;
use crate::actor::{Closing, Event, Outbox, Outgoing, now};
use crate::hub::ConnId;
use crate::rate::Bucket;
use crate::socket::{ReadError, Socket};

/// Why the conversation is over.
enum End {
    /// The client said so, or is gone.
    Theirs,
    /// The server says so.
    Ours(Closing),
}

impl From<ReadError> for End {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Silent => Self::Ours(CloseCode::Silent.into()),
            ReadError::Failed(Error::Capacity(_)) => Self::Ours(CloseCode::FrameTooLarge.into()),
            ReadError::Failed(Error::Utf8(_)) => Self::Ours(Closing::BAD_UTF8),
            // That is how tungstenite calls a stream that ended.
            ReadError::Failed(Error::Protocol(ProtocolError::ResetWithoutClosingHandshake)) => {
                Self::Theirs
            }
            ReadError::Failed(Error::Protocol(_)) => Self::Ours(Closing::PROTOCOL_ERROR),
            ReadError::Failed(_) => Self::Theirs,
        }
    }
}

/// One web socket.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) id: ConnId,
    pub(crate) hub: mpsc::Sender<Event>,
    pub(crate) limits: Arc<Limits>,
}

impl Connection {
    /// Runs until the socket is closed. `early` is what the client sent right behind its
    /// handshake.
    pub(crate) async fn run(self, stream: TcpStream, early: Vec<u8>) {
        let socket = Socket::new(stream, early);
        let (frames, to_send) = mpsc::channel(self.limits.outbox);
        let (closing, told) = oneshot::channel();
        let outbox = Outbox { frames, closing };
        if self.hub.send(Event::Opened(self.id, outbox)).await.is_err() {
            return;
        }
        // Both directions at once: a client that sends while it does not read must not stop us
        // from reading, or two full buffers would wait for each other.
        let end = tokio::select! {
            biased;
            closing = told => match closing {
                Ok(closing) => End::Ours(closing),
                // The hub has failed, and the program ends.
                Err(_) => End::Ours(Closing::GOING_AWAY),
            },
            _ = write(&socket, to_send) => End::Theirs,
            end = self.read(&socket) => end,
        };
        // Fails only when the hub is gone, and with it whatever this would tell.
        let _ = self.hub.send(Event::Closed(self.id)).await;
        let frame = match end {
            End::Theirs => None,
            End::Ours(Closing { code, reason }) => Some(CloseFrame {
                code: code.into(),
                reason: Utf8Bytes::from_static(reason),
            }),
        };
        // A peer that does not take the close frame in time is cut off.
        let _ = timeout(self.limits.close_timeout, socket.close(frame)).await;
    }

    async fn read(&self, socket: &Socket) -> End {
        let Limits {
            messages_per_second,
            message_burst,
            ..
        } = *self.limits;
        // Apart from the hub's bucket for messages, so that pings cost the hub nothing.
        let mut pings = Bucket::new(messages_per_second, message_burst, now());
        loop {
            let frame = match socket.read(self.limits.silence_timeout).await {
                Ok(Message::Text(text)) => decode_client(&text),
                Ok(Message::Binary(_)) => Err(DecodeError::Malformed("a binary frame".into())),
                Ok(Message::Close(_)) => return End::Theirs,
                // Tungstenite answers pings itself. There are no words to refuse one with.
                Ok(_) if pings.take(1, now()) => continue,
                Ok(_) => return End::Ours(CloseCode::RateLimited.into()),
                Err(error) => return error.into(),
            };
            if self.hub.send(Event::Frame(self.id, frame)).await.is_err() {
                return End::Ours(Closing::GOING_AWAY);
            }
        }
    }
}

/// Sends what is in the outbox, as much as there is at a time. Returns when the socket fails.
async fn write(socket: &Socket, mut frames: mpsc::Receiver<Outgoing>) -> Result<(), Error> {
    loop {
        tokio::select! {
            frame = frames.recv() => match frame {
                Some(frame) => put(socket, frame).await?,
                // The hub let go of the outbox; the word to close, with its reason, is on its way.
                None => std::future::pending().await,
            },
            () = socket.pong_queued() => {}
        }
        while let Ok(frame) = frames.try_recv() {
            put(socket, frame).await?;
        }
        socket.flush().await?;
    }
}

async fn put(socket: &Socket, outgoing: Outgoing) -> Result<(), Error> {
    let frame = match outgoing {
        Outgoing::Welcome(frame) => {
            // The client sends nothing else before it has this.
            socket.allow_large_frames();
            frame
        }
        Outgoing::Frame(frame) => frame,
    };
    socket.write(Message::Text(frame)).await
}
