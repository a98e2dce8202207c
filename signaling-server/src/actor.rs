//! The one task that owns the [`Hub`]: every socket reports to it, and none can hold it up.

use std::collections::HashMap;
use std::time::Instant;

use parlor_signaling_protocol::{ClientMessage, CloseCode, DecodeError, ResumeToken};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};
use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::hub::{ConnId, Delivery, Hub};

/// How many events of all sockets wait for the hub. A socket that finds no room stops reading,
/// and its client feels that through TCP.
pub(crate) const INBOX: usize = 1024;

/// What sockets report.
#[derive(Debug)]
pub(crate) enum Event {
    Opened(ConnId, Outbox),
    Frame(ConnId, Result<ClientMessage, DecodeError>),
    Closed(ConnId),
    /// A request ends the session that this token takes up.
    Ended(ResumeToken),
    /// A request asks whether the hub is alive, and takes one more session.
    Asked(oneshot::Sender<bool>),
    ShutDown,
}

/// The way to one socket.
#[derive(Debug)]
pub(crate) struct Outbox {
    pub(crate) frames: mpsc::Sender<Outgoing>,
    /// Apart from the frames, so that a full outbox cannot keep its socket open.
    pub(crate) closing: oneshot::Sender<Closing>,
}

/// A frame for a socket.
#[derive(Debug)]
pub(crate) enum Outgoing {
    /// The first frame of a session on this socket, which was greeted with it.
    Welcome(Utf8Bytes),
    Frame(Utf8Bytes),
}

/// What a close frame says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Closing {
    pub(crate) code: u16,
    pub(crate) reason: &'static str,
}

impl Closing {
    /// The server goes away (RFC 6455, 7.4.1).
    pub(crate) const GOING_AWAY: Self = Self {
        code: 1001,
        reason: "the server stops",
    };
    /// The client broke the rules of WebSockets (RFC 6455, 7.4.1).
    pub(crate) const PROTOCOL_ERROR: Self = Self {
        code: 1002,
        reason: "not a WebSocket frame that may come here",
    };
    /// A text is no UTF-8 (RFC 6455, 7.4.1).
    pub(crate) const BAD_UTF8: Self = Self {
        code: 1007,
        reason: "a text that is no UTF-8",
    };
}

impl From<CloseCode> for Closing {
    fn from(code: CloseCode) -> Self {
        Self {
            code: code.code(),
            reason: code.reason(),
        }
    }
}

/// Drives the hub.
#[derive(Debug)]
pub(crate) struct Actor {
    hub: Hub,
    events: mpsc::Receiver<Event>,
    outboxes: HashMap<ConnId, Outbox>,
    is_stopping: bool,
}

impl Actor {
    pub(crate) fn new(hub: Hub, events: mpsc::Receiver<Event>) -> Self {
        Self {
            hub,
            events,
            outboxes: HashMap::new(),
            is_stopping: false,
        }
    }

    /// Runs until nobody is left to report anything.
    pub(crate) async fn run(mut self) {
        loop {
            let deadline = self.hub.next_deadline();
            let expiry = async {
                match deadline {
                    Some(at) => tokio::time::sleep_until(at.into()).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                event = self.events.recv() => match event {
                    Some(event) => self.on_event(event),
                    None => return,
                },
                () = expiry => self.hub.expire(now()),
            }
            self.deliver();
        }
    }

    fn on_event(&mut self, event: Event) {
        match event {
            Event::Opened(_, outbox) if self.is_stopping => {
                // Nobody listens if the socket is gone already.
                let _ = outbox.closing.send(Closing::GOING_AWAY);
            }
            Event::Opened(conn, outbox) => {
                self.outboxes.insert(conn, outbox);
                self.hub.open(conn, now());
            }
            Event::Frame(conn, frame) => self.hub.handle(conn, frame, now()),
            Event::Closed(conn) => {
                self.outboxes.remove(&conn);
                self.hub.close(conn, now());
            }
            Event::Ended(token) => self.hub.end_by_token(token),
            Event::Asked(answer) => {
                // The request may have ended meanwhile.
                let _ = answer.send(!self.is_stopping && self.hub.takes_sessions());
            }
            Event::ShutDown => {
                self.is_stopping = true;
                for (_, outbox) in self.outboxes.drain() {
                    let _ = outbox.closing.send(Closing::GOING_AWAY);
                }
            }
        }
    }

    fn send(&mut self, conn: ConnId, frame: Outgoing) {
        let Some(outbox) = self.outboxes.get(&conn) else {
            return;
        };
        // A closed one reports its own end.
        if let Err(TrySendError::Full(_)) = outbox.frames.try_send(frame) {
            tracing::debug!(conn, "outbox is full");
            self.hub.overflow(conn);
        }
    }

    fn deliver(&mut self) {
        while let Some(delivery) = self.hub.poll() {
            match delivery {
                Delivery::Welcome(conn, frame) => self.send(conn, Outgoing::Welcome(frame)),
                Delivery::Frame(conn, frame) => self.send(conn, Outgoing::Frame(frame)),
                Delivery::Close(conn, code) => {
                    if let Some(outbox) = self.outboxes.remove(&conn) {
                        let _ = outbox.closing.send(code.into());
                    }
                }
            }
        }
    }
}

/// Tokio's clock, which tests can hold still.
pub(crate) fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}
