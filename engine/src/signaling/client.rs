//! Sans-IO: what the client of the signaling server says and when. Sessions, counting and
//! confirming are as `signaling-protocol/PROTOCOL.md` describes.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use parlor_signaling_protocol::{
    self as protocol, ClientMessage, ErrorCode, IceServer, LeaveReason, Member, PeerId, Resume,
    ResumeToken, RoomId, Sealed, ServerMessage, limits,
};

use super::backoff::Backoff;

/// How long a socket may take to open and to be welcomed.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// A connection that lasted this long was a good one: the next loss starts with short pauses.
const GOOD_AFTER: Duration = Duration::from_secs(10);
/// How many frames that are no messages a connection may bring before it is given up.
const MAX_GARBAGE: u32 = 16;

/// What the driver does for the client.
#[derive(Debug, Eq, PartialEq)]
pub(crate) enum Output {
    /// Open a socket.
    Connect,
    /// Close it, with a code that does not end the session.
    GiveUp,
    Send(String),
    Event(Event),
}

#[derive(Debug, Eq, PartialEq)]
pub(crate) enum Event {
    Online {
        ice_servers: Vec<IceServer>,
    },
    Offline,
    Joined {
        room: RoomId,
        members: Vec<Member>,
    },
    Watching {
        room: RoomId,
        members: Vec<Member>,
    },
    PeerJoined {
        room: RoomId,
        member: Member,
    },
    PeerCard {
        room: RoomId,
        member: Member,
    },
    PeerLeft {
        room: RoomId,
        peer: PeerId,
        reason: LeaveReason,
    },
    Relayed {
        room: RoomId,
        from: PeerId,
        payload: Sealed,
    },
    /// With no room: for good, the client has stopped.
    Refused {
        room: Option<RoomId>,
        code: ErrorCode,
    },
}

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
    },
    /// Given up for good.
    Stopped,
}

/// What both sides know of each other, across sockets.
#[derive(Debug)]
struct Session {
    token: ResumeToken,
    /// How many counted messages came from the server.
    received: u64,
    /// How many of those the server was told of.
    confirmed: u64,
    /// How many of ours the server has.
    accepted: u64,
    /// Ours that it may not have, the first of them being number `accepted + 1`.
    kept: VecDeque<ClientMessage>,
}

/// What we want of a room, whatever becomes of sockets and sessions.
#[derive(Debug, Default)]
struct Wish {
    card: Option<Sealed>,
    watch: bool,
}

#[derive(Debug)]
pub(crate) struct Client {
    me: PeerId,
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
    /// A client that connects at its first [`tick`](Self::tick).
    pub(crate) fn new(me: PeerId) -> Self {
        let seed = u64::from_le_bytes(*me.as_bytes().first_chunk().unwrap_or(&[0; 8]));
        Self {
            me,
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

    pub(crate) fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When [`tick`](Self::tick) has something to do.
    pub(crate) fn deadline(&self) -> Option<Duration> {
        match self.socket {
            Socket::None { retry_at } => Some(retry_at),
            Socket::Greeting { since } => Some(since + CONNECT_TIMEOUT),
            Socket::Online { heard, ping_at, .. } => {
                Some(ping_at.min(heard + limits::SILENCE_TIMEOUT))
            }
            Socket::Stopped => None,
        }
    }

    pub(crate) fn tick(&mut self, now: Duration) {
        match self.socket {
            Socket::None { retry_at } if now >= retry_at => self.connect(now),
            Socket::Greeting { since } if now >= since + CONNECT_TIMEOUT => self.give_up(now),
            Socket::Online { heard, .. } if now >= heard + limits::SILENCE_TIMEOUT => {
                self.give_up(now);
            }
            Socket::Online { ping_at, .. } if now >= ping_at => self.ping(now),
            _ => {}
        }
    }

    /// The network seems to be back or another one: waiting any longer is pointless, and an open
    /// socket may be dead without knowing.
    pub(crate) fn network_changed(&mut self, now: Duration) {
        match self.socket {
            Socket::None { .. } => {
                self.backoff.reset();
                self.connect(now);
            }
            Socket::Online { .. } => self.ping(now),
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
            peer: self.me,
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

    pub(crate) fn join(&mut self, room: RoomId, card: Sealed) {
        self.wishes.entry(room).or_default().card = Some(card.clone());
        self.say(ClientMessage::Join { room, card });
    }

    pub(crate) fn set_card(&mut self, room: RoomId, card: Sealed) {
        let Some(wish) = self.wishes.get_mut(&room) else {
            return;
        };
        if wish.card.is_some() {
            wish.card = Some(card.clone());
            self.say(ClientMessage::Card { room, card });
        }
    }

    pub(crate) fn leave(&mut self, room: RoomId) {
        let Some(wish) = self.wishes.get_mut(&room) else {
            return;
        };
        if wish.card.take().is_some() {
            self.forget_if_idle(room);
            self.say(ClientMessage::Leave { room });
        }
    }

    pub(crate) fn watch(&mut self, room: RoomId) {
        self.wishes.entry(room).or_default().watch = true;
        self.say(ClientMessage::Watch { room });
    }

    pub(crate) fn unwatch(&mut self, room: RoomId) {
        let Some(wish) = self.wishes.get_mut(&room) else {
            return;
        };
        if std::mem::take(&mut wish.watch) {
            self.forget_if_idle(room);
            self.say(ClientMessage::Unwatch { room });
        }
    }

    /// Relays to another member. Kept across sockets, but not across sessions: the peers repeat
    /// what still matters then.
    pub(crate) fn relay(&mut self, room: RoomId, to: PeerId, payload: Sealed) {
        self.say(ClientMessage::Relay { room, to, payload });
    }

    fn forget_if_idle(&mut self, room: RoomId) {
        if self
            .wishes
            .get(&room)
            .is_some_and(|wish| wish.card.is_none() && !wish.watch)
        {
            self.wishes.remove(&room);
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

    fn message(&mut self, now: Duration, message: ServerMessage) {
        if let Socket::Online { heard, .. } = &mut self.socket {
            *heard = now;
        }
        match message {
            ServerMessage::Welcome {
                resume,
                resumed,
                received,
                ice_servers,
                ..
            } => {
                self.welcome(now, resume, resumed.then_some(received), ice_servers);
            }
            ServerMessage::Pong { received } => self.confirmed(now, received),
            ServerMessage::Error {
                code,
                message,
                room,
            } => {
                tracing::debug!(?code, message, "the server refused something");
                self.refused(now, code, room);
            }
            counted => self.counted(now, counted),
        }
    }

    fn welcome(
        &mut self,
        now: Duration,
        token: ResumeToken,
        accepted: Option<u64>,
        ice_servers: Vec<IceServer>,
    ) {
        if !matches!(self.socket, Socket::Greeting { .. }) {
            return self.garbage(now);
        }
        self.socket = Socket::Online {
            since: now,
            heard: now,
            ping_at: now + limits::PING_INTERVAL,
        };
        self.told_offline = false;
        self.outputs
            .push_back(Output::Event(Event::Online { ice_servers }));
        match (accepted, &mut self.session) {
            (Some(accepted), Some(session)) => {
                session.token = token;
                session.confirmed = session.received;
                self.confirmed(now, accepted);
                let kept: Vec<_> = self
                    .session
                    .iter()
                    .flat_map(|session| &session.kept)
                    .cloned()
                    .collect();
                kept.iter().for_each(|message| self.send(message));
            }
            _ => {
                self.session = Some(Session {
                    token,
                    received: 0,
                    confirmed: 0,
                    accepted: 0,
                    kept: VecDeque::new(),
                });
                self.wish_again();
            }
        }
    }

    fn wish_again(&mut self) {
        let wishes: Vec<_> = self
            .wishes
            .iter()
            .map(|(room, wish)| (*room, wish.card.clone(), wish.watch))
            .collect();
        for (room, card, watch) in wishes {
            if let Some(card) = card {
                self.say(ClientMessage::Join { room, card });
            }
            if watch {
                self.say(ClientMessage::Watch { room });
            }
        }
    }

    /// The server has our messages up to this number.
    fn confirmed(&mut self, now: Duration, accepted: u64) {
        let Some(session) = &mut self.session else {
            return;
        };
        let newly = accepted.saturating_sub(session.accepted);
        if newly > session.kept.len() as u64 {
            // It claims what we never said: nothing that it counts can be relied on.
            self.session = None;
            return self.give_up(now);
        }
        session.kept.drain(..newly as usize);
        session.accepted += newly;
    }

    fn refused(&mut self, now: Duration, code: ErrorCode, room: Option<RoomId>) {
        match code {
            ErrorCode::UnsupportedVersion => {
                self.outputs.push_back(Output::GiveUp);
                self.outputs
                    .push_back(Output::Event(Event::Refused { room: None, code }));
                self.socket = Socket::Stopped;
            }
            // Our own old session, whose token we lost; it ends by itself.
            ErrorCode::PeerInUse | ErrorCode::ServerFull if room.is_none() => self.give_up(now),
            ErrorCode::RoomFull | ErrorCode::TooManyRooms | ErrorCode::ServerFull => {
                let Some(room) = room else { return };
                // Not again at the next welcome: the room has been told no.
                self.wishes.remove(&room);
                self.outputs.push_back(Output::Event(Event::Refused {
                    room: Some(room),
                    code,
                }));
            }
            // Of these, nothing follows: the peers repeat what still matters.
            _ => {}
        }
    }

    fn counted(&mut self, now: Duration, message: ServerMessage) {
        let Some(session) = &mut self.session else {
            return self.garbage(now);
        };
        session.received += 1;
        if session.received - session.confirmed >= limits::CONFIRM_EVERY {
            self.ping(now);
        }
        let event = match message {
            ServerMessage::Joined { room, members } => Event::Joined { room, members },
            ServerMessage::Watching { room, members } => Event::Watching { room, members },
            ServerMessage::PeerJoined { room, member } => Event::PeerJoined { room, member },
            ServerMessage::PeerCard { room, member } => Event::PeerCard { room, member },
            ServerMessage::PeerLeft { room, peer, reason } => {
                Event::PeerLeft { room, peer, reason }
            }
            ServerMessage::Relayed {
                room,
                from,
                payload,
            } => Event::Relayed {
                room,
                from,
                payload,
            },
            ServerMessage::Welcome { .. }
            | ServerMessage::Pong { .. }
            | ServerMessage::Error { .. } => return,
        };
        self.outputs.push_back(Output::Event(event));
    }
}

#[cfg(test)]
#[path = "client_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "client_fuzz.rs"]
mod fuzz;
