//! What greeted peers ask for: rooms, cards, watching and relaying.

use std::collections::hash_map::Entry;

use parlor_signaling_protocol::{
    ClientMessage, ErrorCode, LeaveReason, Member, PeerId, RoomId, Sealed, ServerMessage, encode,
};
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::{ConnId, Delivery, Due, Hub, Refusal};

impl Hub {
    pub(super) fn carry_out(
        &mut self,
        peer: PeerId,
        from: ConnId,
        message: ClientMessage,
    ) -> Result<(), Refusal> {
        match message {
            ClientMessage::Hello { .. } => Err(Refusal(ErrorCode::AlreadyGreeted, None)),
            ClientMessage::Ping { received } => self.pong(peer, from, received),
            ClientMessage::Join { room, card } => self.join(peer, room, card),
            ClientMessage::Card { room, card } => self.replace_card(peer, room, card),
            ClientMessage::Leave { room } => self.leave(peer, room),
            ClientMessage::Watch { room } => self.watch(peer, room),
            ClientMessage::Unwatch { room } => {
                self.unwatch(peer, room);
                Ok(())
            }
            ClientMessage::Relay { room, to, payload } => self.relay(peer, room, to, payload),
        }
    }

    /// Ends a session: it leaves its rooms and nothing of it is kept.
    pub(super) fn end(&mut self, peer: PeerId, reason: LeaveReason) {
        let Some(session) = self.sessions.remove(&peer) else {
            return;
        };
        tracing::debug!(%peer, ?reason, "session ends");
        if let Some(grace_ends) = session.grace_ends {
            self.due.remove(&(grace_ends, Due::Grace(peer)));
        }
        for room in session.watching {
            self.unwatch(peer, room);
        }
        for room in session.rooms {
            self.remove_member(peer, room, reason);
        }
    }

    fn pong(&mut self, peer: PeerId, from: ConnId, received: u64) -> Result<(), Refusal> {
        let Some(session) = self.sessions.get_mut(&peer) else {
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

    fn join(&mut self, peer: PeerId, room: RoomId, card: Sealed) -> Result<(), Refusal> {
        let is_member = self.is_member(peer, room);
        if !is_member {
            self.admit(peer, room)?;
        }
        let entry = self.rooms.entry(room).or_default();
        if !is_member && entry.members.len() >= self.limits.max_peers_per_room {
            return Err(Refusal(ErrorCode::RoomFull, Some(room)));
        }
        let before = entry.members.insert(peer, card.clone());
        let members = entry.others(peer);
        if let Some(session) = self.sessions.get_mut(&peer) {
            session.rooms.insert(room);
        }
        self.tell(peer, &frame(&ServerMessage::Joined { room, members }));
        let changed = before.as_ref() != Some(&card);
        let member = Member { peer, card };
        if before.is_none() {
            self.announce(peer, room, &ServerMessage::PeerJoined { room, member });
        } else if changed {
            self.announce(peer, room, &ServerMessage::PeerCard { room, member });
        }
        Ok(())
    }

    fn replace_card(&mut self, peer: PeerId, room: RoomId, card: Sealed) -> Result<(), Refusal> {
        let members = self.rooms.get_mut(&room).map(|entry| &mut entry.members);
        let Some(kept) = members.and_then(|members| members.get_mut(&peer)) else {
            return Err(Refusal(ErrorCode::NotInRoom, Some(room)));
        };
        kept.clone_from(&card);
        let member = Member { peer, card };
        self.announce(peer, room, &ServerMessage::PeerCard { room, member });
        Ok(())
    }

    fn leave(&mut self, peer: PeerId, room: RoomId) -> Result<(), Refusal> {
        if !self.is_member(peer, room) {
            return Err(Refusal(ErrorCode::NotInRoom, Some(room)));
        }
        if let Some(session) = self.sessions.get_mut(&peer) {
            session.rooms.remove(&room);
        }
        self.remove_member(peer, room, LeaveReason::Left);
        Ok(())
    }

    fn watch(&mut self, peer: PeerId, room: RoomId) -> Result<(), Refusal> {
        self.admit(peer, room)?;
        let entry = self.rooms.entry(room).or_default();
        let is_full = entry.watchers.len() >= self.limits.max_watchers_per_room;
        if is_full && !entry.watchers.contains(&peer) {
            return Err(Refusal(ErrorCode::RoomFull, Some(room)));
        }
        entry.watchers.insert(peer);
        let members = entry.others(peer);
        if let Some(session) = self.sessions.get_mut(&peer) {
            session.watching.insert(room);
        }
        self.tell(peer, &frame(&ServerMessage::Watching { room, members }));
        Ok(())
    }

    fn unwatch(&mut self, peer: PeerId, room: RoomId) {
        if let Some(session) = self.sessions.get_mut(&peer) {
            session.watching.remove(&room);
        }
        if let Entry::Occupied(mut entry) = self.rooms.entry(room) {
            entry.get_mut().watchers.remove(&peer);
            if entry.get().is_empty() {
                entry.remove();
            }
        }
    }

    fn relay(
        &mut self,
        from: PeerId,
        room: RoomId,
        to: PeerId,
        payload: Sealed,
    ) -> Result<(), Refusal> {
        if !self.is_member(from, room) {
            return Err(Refusal(ErrorCode::NotInRoom, Some(room)));
        }
        if from == to || !self.is_member(to, room) {
            return Err(Refusal(ErrorCode::NoSuchPeer, Some(room)));
        }
        let relayed = ServerMessage::Relayed {
            room,
            from,
            payload,
        };
        self.tell(to, &frame(&relayed));
        Ok(())
    }

    /// Checks that one more room is within the limits of the session and of the server.
    fn admit(&self, peer: PeerId, room: RoomId) -> Result<(), Refusal> {
        let Some(session) = self.sessions.get(&peer) else {
            return Ok(());
        };
        let is_known = session.rooms.contains(&room) || session.watching.contains(&room);
        if !is_known && session.is_full(&self.limits) {
            return Err(Refusal(ErrorCode::TooManyRooms, Some(room)));
        }
        if !self.rooms.contains_key(&room) && self.rooms.len() >= self.limits.max_rooms {
            return Err(Refusal(ErrorCode::ServerFull, Some(room)));
        }
        Ok(())
    }

    fn is_member(&self, peer: PeerId, room: RoomId) -> bool {
        let entry = self.rooms.get(&room);
        entry.is_some_and(|entry| entry.members.contains_key(&peer))
    }

    fn remove_member(&mut self, peer: PeerId, room: RoomId, reason: LeaveReason) {
        let Some(entry) = self.rooms.get_mut(&room) else {
            return;
        };
        entry.members.remove(&peer);
        if entry.is_empty() {
            self.rooms.remove(&room);
            return;
        }
        let left = ServerMessage::PeerLeft { room, peer, reason };
        self.announce(peer, room, &left);
    }

    /// Tells everybody in and around a room but the one whom it is about.
    fn announce(&mut self, about: PeerId, room: RoomId, message: &ServerMessage) {
        let Some(entry) = self.rooms.get(&room) else {
            return;
        };
        let audience = entry.audience(about);
        if audience.is_empty() {
            return;
        }
        // Written once; every copy shares the text.
        let frame = frame(message);
        for peer in audience {
            self.tell(peer, &frame);
        }
    }

    /// Counts and keeps a message for a session, and sends it if there is a socket.
    fn tell(&mut self, peer: PeerId, frame: &Utf8Bytes) {
        let Some(session) = self.sessions.get_mut(&peer) else {
            return;
        };
        if !session.keep(frame.clone(), &self.limits) {
            self.overrun.push(peer);
        } else if let Some(conn) = session.conn {
            self.out.push_back(Delivery::Frame(conn, frame.clone()));
        }
    }
}

fn frame(message: &ServerMessage) -> Utf8Bytes {
    encode(message).into()
}
