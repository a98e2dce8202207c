//! One web socket: frames in to the hub, frames out from its outbox.

use std::time::Duration;

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use parlor_signaling_protocol::{CloseCode, DecodeError, decode_client, limits};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Message, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Utf8Bytes};

use crate::Limits;
use crate::actor::{Closing, Event, Outbox};
use crate::hub::ConnId;

/// A frame that is a little too long is still answered in words; beyond this the socket closes,
/// since its rest would have to be read to get at the next one.
const FRAME_SLACK: usize = 4 * 1024;

/// Allocated for each socket for as long as it is open, so it decides what an idle peer costs.
/// Larger frames are read in several steps.
const READ_BUFFER: usize = 8 * 1024;

type Socket = WebSocketStream<TcpStream>;

/// Why the conversation is over.
enum End {
    /// The client said so, or is gone.
    Theirs,
    /// The server says so.
    Ours(Closing),
}

/// One web socket.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) id: ConnId,
    pub(crate) hub: mpsc::Sender<Event>,
    pub(crate) silence_timeout: Duration,
    pub(crate) close_timeout: Duration,
    pub(crate) outbox: usize,
}

impl Connection {
    pub(crate) fn new(id: ConnId, hub: mpsc::Sender<Event>, limits: &Limits) -> Self {
        Self {
            id,
            hub,
            silence_timeout: limits.silence_timeout,
            close_timeout: limits.close_timeout,
            outbox: limits.outbox,
        }
    }

    /// Runs until the socket is closed. `early` is what the client sent right behind its
    /// handshake.
    pub(crate) async fn run(self, stream: TcpStream, early: Vec<u8>) {
        let socket =
            WebSocketStream::from_partially_read(stream, early, Role::Server, Some(config())).await;
        let (mut sink, mut stream) = socket.split();
        let (frames, to_send) = mpsc::channel(self.outbox);
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
                Err(_) => End::Theirs,
            },
            () = write(&mut sink, to_send) => End::Theirs,
            end = self.read(&mut stream) => end,
        };
        // Fails only when the hub is gone, and with it whatever this would tell.
        let _ = self.hub.send(Event::Closed(self.id)).await;
        let Ok(socket) = stream.reunite(sink) else {
            return;
        };
        // A peer that does not take the close frame in time is cut off.
        let _ = timeout(self.close_timeout, close(socket, end)).await;
    }

    async fn read(&self, stream: &mut SplitStream<Socket>) -> End {
        loop {
            let Ok(next) = timeout(self.silence_timeout, stream.next()).await else {
                return End::Ours(CloseCode::Silent.into());
            };
            let frame = match next {
                Some(Ok(Message::Text(text))) => decode_client(&text),
                Some(Ok(Message::Binary(_))) => {
                    Err(DecodeError::Malformed("a binary frame".into()))
                }
                Some(Ok(Message::Close(_))) => return End::Theirs,
                // Tungstenite answers pings itself.
                Some(Ok(_)) => continue,
                Some(Err(Error::Capacity(_))) => {
                    return End::Ours(CloseCode::FrameTooLarge.into());
                }
                Some(Err(_)) | None => return End::Theirs,
            };
            if self.hub.send(Event::Frame(self.id, frame)).await.is_err() {
                return End::Ours(Closing::GOING_AWAY);
            }
        }
    }
}

/// Sends what is in the outbox, as much as there is at a time. Returns when the socket fails.
async fn write(sink: &mut SplitSink<Socket, Message>, mut frames: mpsc::Receiver<Utf8Bytes>) {
    while let Some(frame) = frames.recv().await {
        if sink.feed(Message::Text(frame)).await.is_err() {
            return;
        }
        while let Ok(frame) = frames.try_recv() {
            if sink.feed(Message::Text(frame)).await.is_err() {
                return;
            }
        }
        if sink.flush().await.is_err() {
            return;
        }
    }
    // The hub let go of the outbox; the word to close, with its reason, is on its way.
    std::future::pending().await
}

async fn close(mut socket: Socket, end: End) {
    let End::Ours(Closing { code, reason }) = end else {
        // Sends the answer to the client's own close frame, if there was one. Nothing comes after
        // that frame, so the socket can be dropped, which the client waits for.
        let _ = socket.flush().await;
        return;
    };
    let frame = CloseFrame {
        code: code.into(),
        reason: Utf8Bytes::from_static(reason),
    };
    let said = socket.close(Some(frame)).await;
    if !matches!(said, Ok(()) | Err(Error::ConnectionClosed)) {
        return;
    }
    // Data that arrives after the socket is dropped makes the system reset the connection, and
    // the close frame would be lost with it. So take what comes until the client hangs up.
    let stream = socket.get_mut();
    let mut ignored = [0; 1024];
    if stream.shutdown().await.is_ok() {
        while stream.read(&mut ignored).await.is_ok_and(|read| read > 0) {}
    }
}

fn config() -> WebSocketConfig {
    let most = limits::MAX_FRAME_BYTES + FRAME_SLACK;
    WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(READ_BUFFER)
        .max_write_buffer_size(4 * most)
        .max_message_size(Some(most))
        .max_frame_size(Some(most))
}
