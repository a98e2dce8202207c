//! What the server knows and decides, without sockets, tasks or a clock.
//!
//! Input arrives with the time at which it did ([`Hub::open`], [`Hub::handle`], [`Hub::close`],
//! [`Hub::overflow`], [`Hub::expire`]); after each, [`Hub::poll`] is drained for what goes out.
//!
//! * A *connection* is one socket. It is greeted once its `hello` was accepted.
//! * A *session* is one client's conversation. It has a connection, or it is in a room and has a
//!   grace in which to get another.
//! * A *room* exists as long as a session is in it. A session is in it as one peer, whose key it has
//!   proved to hold. Any room id can be watched, also that of a room that does not exist.
//!
//! Whatever is told to a session is numbered and kept until it is confirmed, with or without a
//! connection; [`Session`] does the counting. A session that cannot keep up ends.

mod connection;
mod cost;
mod greeting;
mod membership;
mod presence;
mod refusal;
mod room;
mod session;
#[cfg(test)]
mod tests;
mod watchers;

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::fmt;
use std::time::Instant;

use parlor_signaling_protocol::{
    ClientMessage, CloseCode, DecodeError, ErrorCode, IceServer, LeaveReason, ResumeToken, RoomId,
    ServerMessage, encode,
};
use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::Limits;
use crate::addresses::OriginSource;
use connection::Connection;
use refusal::{Refusal, explain};
use room::Room;
use session::{Session, SessionId};
use watchers::Watchers;

/// One socket, for as long as the server runs.
pub(crate) type ConnId = u64;

/// Draws random bytes for tokens and challenges. None if the system has no randomness to give.
pub(crate) type RandomSource = Box<dyn FnMut() -> Option<[u8; 16]> + Send>;

/// What the hub wants done.
#[derive(Debug)]
pub(crate) enum Delivery {
    /// Send this text to that connection, which is greeted with it.
    Welcome(ConnId, Utf8Bytes),
    /// Send this text to that connection.
    Frame(ConnId, Utf8Bytes),
    /// Close that connection. The hub has already forgotten it.
    Close(ConnId, CloseCode),
}

/// All sessions and rooms.
pub(crate) struct Hub {
    limits: Limits,
    ice_servers: Vec<IceServer>,
    random: RandomSource,
    origins: OriginSource,
    connections: HashMap<ConnId, Connection>,
    sessions: HashMap<SessionId, Session>,
    started_sessions: SessionId,
    /// The session that each token takes up. No need for a search in constant time: a guess needs
    /// 2^128 tries over the network.
    tokens: HashMap<ResumeToken, SessionId>,
    rooms: HashMap<RoomId, Room>,
    watchers: Watchers,
    due: BTreeSet<(Instant, Due)>,
    /// Sessions that were told more than may be kept. They end when the current input is done,
    /// so that no step of it finds a session gone half-way.
    overrun: Vec<SessionId>,
    out: VecDeque<Delivery>,
}

#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Due {
    Hello(ConnId),
    Grace(SessionId),
}

impl Hub {
    pub(crate) fn new(limits: Limits, ice_servers: Vec<IceServer>, random: RandomSource) -> Self {
        Self {
            limits,
            ice_servers,
            random,
            origins: Box::new(Vec::new),
            connections: HashMap::new(),
            sessions: HashMap::new(),
            started_sessions: 0,
            tokens: HashMap::new(),
            rooms: HashMap::new(),
            watchers: Watchers::default(),
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
        let connection = Connection::new(&self.limits, now);
        self.due.insert((connection.hello_by, Due::Hello(conn)));
        self.connections.insert(conn, connection);
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
        let cost = frame.as_ref().map_or(1, cost::cost);
        let within_rate = connection.bucket.take(cost, now);
        if !within_rate && !connection.refusals.take(1, now) {
            self.close(from, now);
            self.out
                .push_back(Delivery::Close(from, CloseCode::RateLimited));
            return;
        }
        let id = connection.session;
        if let Some(session) = id.and_then(|id| self.sessions.get_mut(&id)) {
            if let Some(token) = session.heard() {
                self.tokens.remove(&token);
            }
            // Counting comes before every refusal: the client counted it when it sent it.
            session.received += u64::from(frame.as_ref().is_ok_and(is_counted));
        }
        let result = match frame {
            _ if !within_rate => Err(Refusal(ErrorCode::RateLimited, None)),
            Err(error) => return self.refuse(from, error.code(), error.to_string(), None),
            Ok(message) => match id {
                Some(id) => self.carry_out(id, from, message),
                None => self.greet(from, message, now),
            },
        };
        if let Err(Refusal(code, room)) = result {
            self.refuse(from, code, explain(code), room);
        }
        self.settle();
    }

    /// A socket is gone. Its close code says nothing about the peer: a proxy that is loaded anew
    /// closes every socket with 1001, as browsers do with a page's. Only `leave` is a farewell.
    pub(crate) fn close(&mut self, conn: ConnId, now: Instant) {
        let Some(id) = self.forget(conn) else {
            return;
        };
        let Some(session) = self.sessions.get_mut(&id) else {
            return;
        };
        session.conn = None;
        if session.rooms.is_empty() {
            // Nobody misses it, and its client can watch again in a fresh one.
            self.end(id, LeaveReason::Lost);
        } else {
            let grace_ends = now + self.limits.session_grace;
            session.grace_ends = Some(grace_ends);
            self.due.insert((grace_ends, Due::Grace(id)));
        }
        self.settle();
    }

    /// A page that goes says so with a request, after its socket was closed or just before.
    pub(crate) fn end_by_token(&mut self, token: ResumeToken) {
        if let Some(id) = self.tokens.get(&token).copied() {
            self.hang_up(id, CloseCode::Ended);
            self.end(id, LeaveReason::Left);
            self.settle();
        }
    }

    /// Whether one more session can start.
    pub(crate) fn takes_sessions(&self) -> bool {
        self.sessions.len() < self.limits.max_sessions
    }

    /// A socket does not take what it is sent.
    pub(crate) fn overflow(&mut self, conn: ConnId) {
        match self
            .connections
            .get(&conn)
            .map(|connection| connection.session)
        {
            Some(Some(id)) => self.overrun.push(id),
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
                Due::Grace(id) => self.end(id, LeaveReason::Lost),
            }
        }
        self.settle();
    }

    /// The next thing to do. Drain it after every input.
    pub(crate) fn poll(&mut self) -> Option<Delivery> {
        self.out.pop_front()
    }

    /// Closes the socket of a session, if it has one.
    fn hang_up(&mut self, id: SessionId, code: CloseCode) {
        let session = self.sessions.get_mut(&id);
        if let Some(conn) = session.and_then(|session| session.conn.take()) {
            self.forget(conn);
            self.out.push_back(Delivery::Close(conn, code));
        }
    }

    /// Drops a connection. Returns its session, if it was greeted.
    fn forget(&mut self, conn: ConnId) -> Option<SessionId> {
        let connection = self.connections.remove(&conn)?;
        self.due.remove(&(connection.hello_by, Due::Hello(conn)));
        connection.session
    }

    /// Ends the sessions that fell too far behind. Telling the others may push more over.
    fn settle(&mut self) {
        while let Some(id) = self.overrun.pop() {
            self.hang_up(id, CloseCode::SlowReader);
            self.end(id, LeaveReason::Lost);
        }
    }

    /// Sends something that is not counted.
    fn answer(&mut self, conn: ConnId, message: &ServerMessage) {
        let frame = encode(message).into();
        self.out.push_back(Delivery::Frame(conn, frame));
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
