//! Sans-IO: what the client of the signaling server says and when. Sessions, counting and
//! confirming are as `signaling-protocol/PROTOCOL.md` describes.

mod heard;
mod output;
mod wishes;

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use parlor_signaling_protocol::{
    self as protocol, Challenge, ClientMessage, Resume, ResumeToken, RoomId, limits,
};

pub(crate) use self::output::{Event, Output};
use self::wishes::Wish;
use super::backoff::Backoff;

/// How long a socket may take to open and to be welcomed.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// A connection that lasted this long was a good one: the next loss starts with short pauses.
const GOOD_AFTER: Duration = Duration::from_secs(10);
/// How long the server may take to answer where the connection may have died unnoticed: long for any
/// round trip, short for somebody who looks at a page that does not move.
const PROBE_TIMEOUT: Duration = Duration::from_secs(2);
/// How many frames that are no messages a connection may bring before it is given up.
const MAX_GARBAGE: u32 = 16;

#[derive(Debug)]
enum Socket {
    None {
        retry_at: Duration,
    },
    /// Asked for; opening or waiting for the welcome.
    Greeting {
        since: Duration,
    },
    Online {
        since: Duration,
        heard: Duration,
        ping_at: Duration,
        /// The connection is given up then, unless something was heard before.
        probe_ends: Option<Duration>,
    },
    /// Given up for good.
    Stopped,
}

/// What both sides know of each other, across sockets.
#[derive(Debug)]
struct Session {
    token: ResumeToken,
    /// What the proofs of `join` sign.
    challenge: Challenge,
    /// How many counted messages came from the server.
    received: u64,
    /// How many of those the server was told of.
    confirmed: u64,
    /// How many of ours the server has.
    accepted: u64,
    /// Ours that it may not have, the first of them being number `accepted + 1`.
    kept: VecDeque<ClientMessage>,
}

#[derive(Debug)]
pub(crate) struct Client {
    socket: Socket,
    session: Option<Session>,
    wishes: BTreeMap<RoomId, Wish>,
    backoff: Backoff,
    garbage: u32,
    /// Listeners know that there is no connection.
    told_offline: bool,
    outputs: VecDeque<Output>,
}

impl Client {
    /// A client that connects at its first [`tick`](Self::tick). The seed spreads the tries of many
    /// clients in time.
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            socket: Socket::None {
                retry_at: Duration::ZERO,
            },
            session: None,
            wishes: BTreeMap::new(),
            backoff: Backoff::new(seed),
            garbage: 0,
            told_offline: false,
            outputs: VecDeque::new(),
        }
    }

    /// The token of the session, if there is one.
    pub(crate) fn resume_token(&self) -> Option<ResumeToken> {
        self.session.as_ref().map(|session| session.token)
    }

    pub(crate) fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When [`tick`](Self::tick) has something to do.
    pub(crate) fn deadline(&self) -> Option<Duration> {
        match self.socket {
            Socket::None { retry_at } => Some(retry_at),
            Socket::Greeting { since } => Some(since + CONNECT_TIMEOUT),
            Socket::Online {
                heard,
                ping_at,
                probe_ends,
                ..
            } => {
                let usual = ping_at.min(heard + limits::SILENCE_TIMEOUT);
                Some(probe_ends.map_or(usual, |ends| ends.min(usual)))
            }
            Socket::Stopped => None,
        }
    }

    pub(crate) fn tick(&mut self, now: Duration) {
        match self.socket {
            Socket::None { retry_at } if now >= retry_at => self.connect(now),
            Socket::Greeting { since } if now >= since + CONNECT_TIMEOUT => self.give_up(now),
            Socket::Online {
                probe_ends: Some(ends),
                ..
            } if now >= ends => {
                self.backoff.reset();
                self.give_up(now);
            }
            Socket::Online { heard, .. } if now >= heard + limits::SILENCE_TIMEOUT => {
                self.give_up(now);
            }
            Socket::Online { ping_at, .. } if now >= ping_at => self.ping(now),
            _ => {}
        }
    }

    /// The network seems to be back or another one, or the device slept: waiting any longer is
    /// pointless, and an open socket may be dead without knowing.
    pub(crate) fn network_changed(&mut self, now: Duration) {
        match self.socket {
            Socket::None { .. } => {
                self.backoff.reset();
                self.connect(now);
            }
            Socket::Online { .. } => {
                self.ping(now);
                if let Socket::Online { probe_ends, .. } = &mut self.socket {
                    probe_ends.get_or_insert(now + PROBE_TIMEOUT);
                }
            }
            // It was begun before, perhaps before the device slept.
            Socket::Greeting { since } if now >= since + PROBE_TIMEOUT => {
                self.backoff.reset();
                self.give_up(now);
            }
            Socket::Greeting { .. } | Socket::Stopped => {}
        }
    }

    pub(crate) fn opened(&mut self) {
        let resume = self.session.as_ref().map(|session| Resume {
            token: session.token,
            received: session.received,
        });
        self.send(&ClientMessage::Hello {
            version: protocol::VERSION,
            resume,
        });
    }

    pub(crate) fn closed(&mut self, now: Duration) {
        match self.socket {
            Socket::None { .. } | Socket::Stopped => return,
            Socket::Online { since, .. } => {
                if now.saturating_sub(since) >= GOOD_AFTER {
                    self.backoff.reset();
                }
            }
            Socket::Greeting { .. } => {}
        }
        if !std::mem::replace(&mut self.told_offline, true) {
            self.outputs.push_back(Output::Event(Event::Offline));
        }
        self.socket = Socket::None {
            retry_at: now + self.backoff.next(),
        };
    }

    /// Takes a text frame from the server.
    pub(crate) fn text(&mut self, now: Duration, frame: &str) {
        match protocol::decode_server(frame) {
            Ok(message) => self.message(now, message),
            Err(error) => {
                tracing::debug!(%error, "the server sent something that is no message");
                self.garbage(now);
            }
        }
    }

    pub(crate) fn garbage(&mut self, now: Duration) {
        self.garbage += 1;
        if self.garbage >= MAX_GARBAGE {
            self.give_up(now);
        }
    }

    fn connect(&mut self, now: Duration) {
        self.garbage = 0;
        self.socket = Socket::Greeting { since: now };
        self.outputs.push_back(Output::Connect);
    }

    fn give_up(&mut self, now: Duration) {
        self.outputs.push_back(Output::GiveUp);
        self.closed(now);
    }

    fn ping(&mut self, now: Duration) {
        let Some(session) = &mut self.session else {
            return;
        };
        session.confirmed = session.received;
        let ping = ClientMessage::Ping {
            received: session.received,
        };
        if let Socket::Online { ping_at, .. } = &mut self.socket {
            *ping_at = now + limits::PING_INTERVAL;
        }
        self.send(&ping);
    }

    /// Says a counted message now, or after the next resumption.
    fn say(&mut self, message: ClientMessage) {
        // Without a session the wishes are carried out at the welcome, and there is nobody to
        // relay to.
        let Some(session) = &mut self.session else {
            return;
        };
        if session.kept.len() >= limits::MAX_UNCONFIRMED {
            // So far behind, starting anew is quicker than catching up.
            self.session = None;
            self.outputs.push_back(Output::GiveUp);
            return;
        }
        session.kept.push_back(message.clone());
        if matches!(self.socket, Socket::Online { .. }) {
            self.send(&message);
        }
    }

    fn send(&mut self, message: &ClientMessage) {
        self.outputs
            .push_back(Output::Send(protocol::encode(message)));
    }
}

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;
