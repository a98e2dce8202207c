//! What the server knows and decides, without sockets, tasks or a clock.
//!
//! Input arrives with the time at which it did ([`Hub::open`], [`Hub::handle`], [`Hub::close`],
//! [`Hub::overflow`], [`Hub::expire`]); after each, [`Hub::poll`] is drained for what goes out.
//!
//! * A *connection* is one socket. It is greeted once its `hello` was accepted.
//! * A *session* is one peer. It has a connection, or a grace in which to get another.
//! * A *room* exists as long as a session is in it or watches it.
//!
//! Whatever is told to a session is numbered and kept until it is confirmed, with or without a
//! connection; [`Session`] does the counting. A session that cannot keep up ends.

mod greeting;
mod presence;
mod rate;
mod room;
mod session;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::fmt;
use std::time::Instant;

use parlor_signaling_protocol::{
    ClientMessage, CloseCode, DecodeError, ErrorCode, IceServer, LeaveReason, PeerId, ResumeToken,
    RoomId, ServerMessage, VERSION, encode,
};
use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::Limits;
use crate::addresses::OriginSource;
use rate::Bucket;
use room::Room;
use session::Session;

/// One socket, for as long as the server runs.
pub(crate) type ConnId = u64;

/// Draws tokens. None if the system has no randomness to give.
pub(crate) type TokenSource = Box<dyn FnMut() -> Option<ResumeToken> + Send>;

/// What the hub wants done.
#[derive(Debug)]
pub(crate) enum Delivery {
    /// Send this text to that connection.
    Frame(ConnId, Utf8Bytes),
    /// Close that connection. The hub has already forgotten it.
    Close(ConnId, CloseCode),
}

/// How a connection ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Ending {
    /// The client said that it is done.
    Clean,
    /// Anything else: the session may go on.
    Lost,
}

/// All sessions and rooms.
pub(crate) struct Hub {
    limits: Limits,
    ice_servers: Vec<IceServer>,
    origins: OriginSource,
    tokens: TokenSource,
    connections: HashMap<ConnId, Connection>,
    sessions: HashMap<PeerId, Session>,
    rooms: HashMap<RoomId, Room>,
    due: BTreeSet<(Instant, Due)>,
    /// Sessions that were told more than may be kept. They end when the current input is done,
    /// so that no step of it finds a session gone half-way.
    overrun: Vec<PeerId>,
    out: VecDeque<Delivery>,
}

#[derive(Debug)]
struct Connection {
    peer: Option<PeerId>,
    hello_by: Instant,
    bucket: Bucket,
}

#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Due {
    Hello(ConnId),
    Grace(PeerId),
}

/// Why a message is not carried out, and the room that it concerned.
struct Refusal(ErrorCode, Option<RoomId>);

impl Hub {
    pub(crate) fn new(limits: Limits, ice_servers: Vec<IceServer>, tokens: TokenSource) -> Self {
        Self {
            limits,
            ice_servers,
            origins: Box::new(Vec::new),
            tokens,
            connections: HashMap::new(),
            sessions: HashMap::new(),
            rooms: HashMap::new(),
            due: BTreeSet::new(),
            overrun: Vec::new(),
            out: VecDeque::new(),
        }
    }

    /// Tells clients where others reach the web app.
    pub(crate) fn with_origins(self, origins: OriginSource) -> Self {
        Self { origins, ..self }
    }

    /// A socket is there.
    pub(crate) fn open(&mut self, conn: ConnId, now: Instant) {
        let hello_by = now + self.limits.hello_timeout;
        let bucket = Bucket::new(
            self.limits.messages_per_second,
            self.limits.message_burst,
            now,
        );
        let connection = Connection {
            peer: None,
            hello_by,
            bucket,
        };
        self.connections.insert(conn, connection);
        self.due.insert((hello_by, Due::Hello(conn)));
    }

    /// A text frame arrived.
    pub(crate) fn handle(
        &mut self,
        from: ConnId,
        frame: Result<ClientMessage, DecodeError>,
        now: Instant,
    ) {
        // Frames of a connection that was just closed may still be on their way here.
        let Some(connection) = self.connections.get_mut(&from) else {
            return;
        };
        let within_rate = connection.bucket.take(now);
        let peer = connection.peer;
        if let Some(session) = peer.and_then(|peer| self.sessions.get_mut(&peer)) {
            session.heard();
            // Counting comes before every refusal: the client counted it when it sent it.
            session.received += u64::from(frame.as_ref().is_ok_and(is_counted));
        }
        let result = match frame {
            _ if !within_rate => Err(Refusal(ErrorCode::RateLimited, None)),
            Err(error) => return self.refuse(from, error.code(), error.to_string(), None),
            Ok(message) => match peer {
                Some(peer) => self.carry_out(peer, from, message),
                None => self.greet(from, message),
            },
        };
        if let Err(Refusal(code, room)) = result {
            self.refuse(from, code, explain(code), room);
        }
        self.settle();
    }

    /// A socket is gone.
    pub(crate) fn close(&mut self, conn: ConnId, how: Ending, now: Instant) {
        let Some(peer) = self.forget(conn) else {
            return;
        };
        let Some(session) = self.sessions.get_mut(&peer) else {
            return;
        };
        // Of a client that never said anything there is nothing to take up. Ending the session
        // lets it come back at once if its welcome was lost.
        if how == Ending::Clean || session.received == 0 {
            self.end(peer, LeaveReason::Left);
        } else {
            let grace_ends = now + self.limits.session_grace;
            session.conn = None;
            session.grace_ends = Some(grace_ends);
            self.due.insert((grace_ends, Due::Grace(peer)));
        }
        self.settle();
    }

    /// A socket does not take what it is sent.
    pub(crate) fn overflow(&mut self, conn: ConnId) {
        match self
            .connections
            .get(&conn)
            .map(|connection| connection.peer)
        {
            Some(Some(peer)) => self.overrun.push(peer),
            Some(None) => {
                self.forget(conn);
                self.out
                    .push_back(Delivery::Close(conn, CloseCode::SlowReader));
            }
            None => {}
        }
        self.settle();
    }

    /// When [`expire`](Self::expire) is next worth calling.
    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        self.due.first().map(|(at, _)| *at)
    }

    /// Ends what has waited too long.
    pub(crate) fn expire(&mut self, now: Instant) {
        while let Some((at, due)) = self.due.first().copied()
            && at <= now
        {
            self.due.pop_first();
            match due {
                Due::Hello(conn) => {
                    self.connections.remove(&conn);
                    self.out
                        .push_back(Delivery::Close(conn, CloseCode::HelloTimeout));
                }
                Due::Grace(peer) => self.end(peer, LeaveReason::Lost),
            }
        }
        self.settle();
    }

    /// The next thing to do. Drain it after every input.
    pub(crate) fn poll(&mut self) -> Option<Delivery> {
        self.out.pop_front()
    }

    /// Closes the socket of a session, if it has one.
    fn hang_up(&mut self, peer: PeerId, code: CloseCode) {
        let session = self.sessions.get_mut(&peer);
        if let Some(conn) = session.and_then(|session| session.conn.take()) {
            self.forget(conn);
            self.out.push_back(Delivery::Close(conn, code));
        }
    }

    /// Drops a connection. Returns the peer that it was greeted as.
    fn forget(&mut self, conn: ConnId) -> Option<PeerId> {
        let connection = self.connections.remove(&conn)?;
        self.due.remove(&(connection.hello_by, Due::Hello(conn)));
        connection.peer
    }

    /// Ends the sessions that fell too far behind. Telling the others may push more over.
    fn settle(&mut self) {
        while let Some(peer) = self.overrun.pop() {
            self.hang_up(peer, CloseCode::SlowReader);
            self.end(peer, LeaveReason::Lost);
        }
    }

    /// Sends something that is not counted.
    fn answer(&mut self, conn: ConnId, message: &ServerMessage) {
        let frame = encode(message).into();
        self.out.push_back(Delivery::Frame(conn, frame));
    }

    fn refuse(&mut self, conn: ConnId, code: ErrorCode, why: String, room: Option<RoomId>) {
        let error = ServerMessage::Error {
            code,
            message: why,
            room,
        };
        self.answer(conn, &error);
    }
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub")
            .field("connections", &self.connections.len())
            .field("sessions", &self.sessions.len())
            .field("rooms", &self.rooms.len())
            .finish_non_exhaustive()
    }
}

/// Whether both sides number this message.
fn is_counted(message: &ClientMessage) -> bool {
    !matches!(
        message,
        ClientMessage::Hello { .. } | ClientMessage::Ping { .. }
    )
}

fn explain(code: ErrorCode) -> String {
    match code {
        ErrorCode::Malformed => "not a message".into(),
        ErrorCode::TooLarge => "too large".into(),
        ErrorCode::UnsupportedVersion => format!("this server speaks version {VERSION}"),
        ErrorCode::HelloFirst => "say hello first".into(),
        ErrorCode::AlreadyGreeted => "hello was said before".into(),
        ErrorCode::PeerInUse => "another session has this peer id".into(),
        ErrorCode::NotInRoom => "you are not in this room".into(),
        ErrorCode::NoSuchPeer => "that peer is not in this room".into(),
        ErrorCode::RoomFull => "this room is full".into(),
        ErrorCode::TooManyRooms => "you are in too many rooms".into(),
        ErrorCode::RateLimited => "too many messages in too short a time".into(),
        ErrorCode::ServerFull => "this server is full".into(),
    }
}
