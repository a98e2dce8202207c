//! What greeted clients ask for: cards, watching and relaying; `membership` has joining and leaving.

use std::collections::BTreeSet;

use parlor_signaling_protocol::{
    ClientMessage, ErrorCode, LeaveReason, Member, PeerId, RoomId, Sealed, ServerMessage, encode,
};
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::refusal::Refusal;
use super::room::Room;
use super::session::SessionId;
use super::{ConnId, Delivery, Due, Hub};

impl Hub {
    pub(super) fn carry_out(
        &mut self,
        id: SessionId,
        from: ConnId,
        message: ClientMessage,
    ) -> Result<(), Refusal> {
        match message {
            ClientMessage::Hello { .. } => Err(Refusal(ErrorCode::AlreadyGreeted, None)),
            ClientMessage::Ping { received } => self.pong(id, from, received),
            ClientMessage::Join {
                room,
                key,
                proof,
                card,
            } => {
                self.verify(id, room, key, &proof)?;
                self.join(id, room, key.peer_id(), card)
            }
            ClientMessage::Card { room, card } => self.replace_card(id, room, card),
            ClientMessage::Leave { room } => self.leave(id, room),
            ClientMessage::Watch { room } => self.watch(id, room),
            ClientMessage::Unwatch { room } => {
                self.unwatch(id, room);
                Ok(())
            }
            ClientMessage::Relay { room, to, payload } => self.relay(id, room, to, payload),
        }
    }

    /// Ends a session: it leaves its rooms and nothing of it is kept.
    pub(super) fn end(&mut self, id: SessionId, reason: LeaveReason) {
        let Some(session) = self.sessions.remove(&id) else {
            return;
        };
        tracing::debug!(session = id, ?reason, "session ends");
        for token in session.tokens() {
            self.tokens.remove(&token);
        }
        if let Some(grace_ends) = session.grace_ends {
            self.due.remove(&(grace_ends, Due::Grace(id)));
        }
        for room in session.watching {
            self.unwatch(id, room);
        }
        for (room, peer) in session.rooms {
            self.remove_member(id, room, peer, reason);
        }
    }

    fn pong(&mut self, id: SessionId, from: ConnId, received: u64) -> Result<(), Refusal> {
        let Some(session) = self.sessions.get_mut(&id) else {
            return Ok(());
        };
        if !session.confirm(received) {
            return Err(Refusal(ErrorCode::Malformed, None));
        }
        let pong = ServerMessage::Pong {
            received: session.received,
        };
        self.answer(from, &pong);
        Ok(())
    }

    fn replace_card(&mut self, id: SessionId, room: RoomId, card: Sealed) -> Result<(), Refusal> {
        let peer = self.peer_in(id, room)?;
        let members = self.rooms.get_mut(&room).map(|entry| &mut entry.members);
        let Some(kept) = members.and_then(|members| members.get_mut(&peer)) else {
            return Err(Refusal(ErrorCode::NotInRoom, Some(room)));
        };
        kept.card.clone_from(&card);
        let member = Member { peer, card };
        self.announce(id, room, &ServerMessage::PeerCard { room, member });
        Ok(())
    }

    fn watch(&mut self, id: SessionId, room: RoomId) -> Result<(), Refusal> {
        self.admit(id, room)?;
        if !self.watchers.contains(room, id) {
            if self.watchers.len() >= self.limits.max_watchers {
                return Err(Refusal(ErrorCode::ServerFull, Some(room)));
            }
            if self.watchers.of(room).count() >= self.limits.max_watchers_per_room {
                return Err(Refusal(ErrorCode::RoomFull, Some(room)));
            }
        }
        self.watchers.insert(room, id);
        if let Some(session) = self.sessions.get_mut(&id) {
            session.watching.insert(room);
        }
        let entry = self.rooms.get(&room);
        let members = entry.map_or_else(Vec::new, |entry| entry.others(id));
        self.tell(id, &frame(&ServerMessage::Watching { room, members }));
        Ok(())
    }

    fn unwatch(&mut self, id: SessionId, room: RoomId) {
        if let Some(session) = self.sessions.get_mut(&id) {
            session.watching.remove(&room);
        }
        self.watchers.remove(room, id);
    }

    fn relay(
        &mut self,
        id: SessionId,
        room: RoomId,
        to: PeerId,
        payload: Sealed,
    ) -> Result<(), Refusal> {
        let from = self.peer_in(id, room)?;
        let Some(recipient) = self.holder(room, to).filter(|holder| *holder != id) else {
            return Err(Refusal(ErrorCode::NoSuchPeer, Some(room)));
        };
        let relayed = ServerMessage::Relayed {
            room,
            from,
            payload,
        };
        self.tell(recipient, &frame(&relayed));
        Ok(())
    }

    /// Checks that one more room is within the limits of the session.
    pub(super) fn admit(&self, id: SessionId, room: RoomId) -> Result<(), Refusal> {
        let Some(session) = self.sessions.get(&id) else {
            return Ok(());
        };
        if !session.knows(room) && session.is_full(&self.limits) {
            return Err(Refusal(ErrorCode::TooManyRooms, Some(room)));
        }
        Ok(())
    }

    /// The peer that a session is in a room.
    pub(super) fn peer_in(&self, id: SessionId, room: RoomId) -> Result<PeerId, Refusal> {
        let session = self.sessions.get(&id);
        let peer = session.and_then(|session| session.rooms.get(&room));
        peer.copied()
            .ok_or(Refusal(ErrorCode::NotInRoom, Some(room)))
    }

    /// The session that is this peer in a room.
    pub(super) fn holder(&self, room: RoomId, peer: PeerId) -> Option<SessionId> {
        let member = self.rooms.get(&room)?.members.get(&peer)?;
        Some(member.session)
    }

    /// Tells everybody in and around a room but the session that it is about.
    pub(super) fn announce(&mut self, about: SessionId, room: RoomId, message: &ServerMessage) {
        let members = self.rooms.get(&room).into_iter().flat_map(Room::sessions);
        let all = members.chain(self.watchers.of(room));
        // Members who watch as well are told once.
        let audience: BTreeSet<_> = all.filter(|id| *id != about).collect();
        if audience.is_empty() {
            return;
        }
        // Written once; every copy shares the text.
        let frame = frame(message);
        for id in audience {
            self.tell(id, &frame);
        }
    }

    /// Counts and keeps a message for a session, and sends it if there is a socket.
    pub(super) fn tell(&mut self, id: SessionId, frame: &Utf8Bytes) {
        let Some(session) = self.sessions.get_mut(&id) else {
            return;
        };
        if !session.keep(frame.clone(), &self.limits) {
            self.overrun.push(id);
        } else if let Some(conn) = session.conn {
            self.out.push_back(Delivery::Frame(conn, frame.clone()));
        }
    }
}

pub(super) fn frame(message: &ServerMessage) -> Utf8Bytes {
    encode(message).into()
}
