use std::sync::Arc;

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Message, protocol::CloseFrame};
use tokio_tungstenite::{Connector, MaybeTlsStream, WebSocketStream};

use super::runtime;
use crate::error::{Error, ErrorKind, Result};
use crate::platform::{Socket, SocketEvent};

/// More than the server ever says at once (`signaling-protocol/src/limits.rs`).
const MAX_MESSAGE: usize = 1 << 20;
/// One connection's share of memory while nothing comes.
const READ_BUFFER: usize = 8 * 1024;

type Stream = WebSocketStream<MaybeTlsStream<TcpStream>>;

pub(crate) struct NativeSocket(mpsc::UnboundedSender<Wish>);

enum Wish {
    Send(String),
    Close(u16),
}

impl NativeSocket {
    pub(super) fn connect(url: &str) -> Result<(Self, mpsc::UnboundedReceiver<SocketEvent>)> {
        let is_known = url.starts_with("ws://") || url.starts_with("wss://");
        if !is_known {
            let text = "the server's address does not begin with ws:// or wss://";
            return Err(Error::new(ErrorKind::Invalid, text));
        }
        let tls = super::tls::trusting(&[])?;
        let (events, inbox) = crate::inbox::unbounded();
        let (wishes, wished) = crate::inbox::unbounded();
        runtime::spawn(run(url.to_owned(), tls, wished, events));
        Ok((Self(wishes), inbox))
    }
}

impl Socket for NativeSocket {
    fn close(&self, code: u16) {
        // A task that is gone closed it already.
        let _ = self.0.send(Wish::Close(code));
    }

    fn send(&self, text: &str) {
        let _ = self.0.send(Wish::Send(text.to_owned()));
    }
}

impl Drop for NativeSocket {
    fn drop(&mut self) {
        self.close(1000);
    }
}

async fn run(
    url: String,
    tls: Arc<rustls::ClientConfig>,
    mut wishes: mpsc::UnboundedReceiver<Wish>,
    events: mpsc::UnboundedSender<SocketEvent>,
) {
    let code = match open(&url, tls, &mut wishes).await {
        Some(Ok(stream)) => {
            let _ = events.send(SocketEvent::Open);
            match serve(stream, &mut wishes, &events).await {
                Ended::ByUs => return,
                Ended::ByThem(code) => code,
            }
        }
        Some(Err(error)) => {
            tracing::debug!(kind = %kind_of(&error), "the server is not reached");
            None
        }
        // Given up while it was being opened.
        None => return,
    };
    let _ = events.send(SocketEvent::Closed { code });
}

type OpenError = tokio_tungstenite::tungstenite::Error;

/// The kind alone: the rest of it may hold an address.
fn kind_of(error: &OpenError) -> &'static str {
    match error {
        OpenError::Io(_) => "network",
        OpenError::Tls(_) => "TLS",
        OpenError::Http(_) => "HTTP",
        OpenError::Url(_) => "URL",
        _ => "protocol",
    }
}

/// `None` when it was closed meanwhile.
async fn open(
    url: &str,
    tls: Arc<rustls::ClientConfig>,
    wishes: &mut mpsc::UnboundedReceiver<Wish>,
) -> Option<std::result::Result<Stream, OpenError>> {
    let mut config = WebSocketConfig::default();
    config.max_message_size = Some(MAX_MESSAGE);
    config.max_frame_size = Some(MAX_MESSAGE);
    config.read_buffer_size = READ_BUFFER;
    let connector = Connector::Rustls(tls);
    let opening =
        tokio_tungstenite::connect_async_tls_with_config(url, Some(config), true, Some(connector));
    let closed = async {
        while let Some(wish) = wishes.recv().await {
            if matches!(wish, Wish::Close(_)) {
                break;
            }
        }
    };
    tokio::select! {
        opened = opening => Some(opened.map(|(stream, _response)| stream)),
        () = closed => None,
    }
}

enum Ended {
    ByUs,
    ByThem(Option<u16>),
}

async fn serve(
    mut stream: Stream,
    wishes: &mut mpsc::UnboundedReceiver<Wish>,
    events: &mpsc::UnboundedSender<SocketEvent>,
) -> Ended {
    loop {
        tokio::select! {
            wish = wishes.recv() => match wish {
                Some(Wish::Send(text)) => {
                    if stream.send(Message::text(text)).await.is_err() {
                        return Ended::ByThem(None);
                    }
                }
                Some(Wish::Close(code)) => {
                    close(stream, code).await;
                    return Ended::ByUs;
                }
                None => {
                    close(stream, 1000).await;
                    return Ended::ByUs;
                }
            },
            message = stream.next() => match message {
                Some(Ok(Message::Text(text))) => {
                    let _ = events.send(SocketEvent::Text(text.as_str().to_owned()));
                }
                Some(Ok(Message::Binary(_))) => {
                    let _ = events.send(SocketEvent::Binary);
                }
                Some(Ok(Message::Close(frame))) => {
                    return Ended::ByThem(frame.map(|frame| frame.code.into()));
                }
                // Pings are answered by the library.
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Ended::ByThem(None),
            },
        }
    }
}

async fn close(mut stream: Stream, code: u16) {
    let frame = CloseFrame {
        code: CloseCode::from(code),
        reason: "".into(),
    };
    // A peer that is gone needs no farewell.
    let _ = stream.close(Some(frame)).await;
}
