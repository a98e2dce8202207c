//! What the server says, and what follows from it.

use std::collections::VecDeque;
use std::time::Duration;

use parlor_signaling_protocol::{Challenge, ErrorCode, ResumeToken, RoomId, ServerMessage, limits};

use super::{Client, Event, Output, Session, Socket};

impl Client {
    pub(super) fn message(&mut self, now: Duration, message: ServerMessage) {
        if let Socket::Online {
            heard, probe_ends, ..
        } = &mut self.socket
        {
            *heard = now;
            *probe_ends = None;
        }
        match message {
            ServerMessage::Welcome {
                resume,
                resumed,
                received,
                challenge,
                ice_servers,
                origins,
                ..
            } => {
                let accepted = resumed.then_some(received);
                let online = Event::Online {
                    ice_servers,
                    origins,
                };
                self.welcome(now, (resume, challenge), accepted, online);
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
        (token, challenge): (ResumeToken, Challenge),
        accepted: Option<u64>,
        online: Event,
    ) {
        if !matches!(self.socket, Socket::Greeting { .. }) {
            return self.garbage(now);
        }
        self.socket = Socket::Online {
            since: now,
            heard: now,
            ping_at: now + limits::PING_INTERVAL,
            probe_ends: None,
        };
        self.told_offline = false;
        self.outputs.push_back(Output::Event(online));
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
                    challenge,
                    received: 0,
                    confirmed: 0,
                    accepted: 0,
                    kept: VecDeque::new(),
                });
                self.wish_again();
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
            ErrorCode::ServerFull if room.is_none() => self.give_up(now),
            ErrorCode::RateLimited => {
                // Which message was not carried out is not said, and a room that was not joined is
                // joined by nobody else: a new session says all that is wanted again.
                self.session = None;
                self.give_up(now);
            }
            ErrorCode::BadProof
            | ErrorCode::RoomFull
            | ErrorCode::TooManyRooms
            | ErrorCode::ServerFull => {
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
