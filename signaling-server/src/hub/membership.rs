//! Joining and leaving a room.

use parlor_signaling_protocol::{
    ErrorCode, LeaveReason, Member, PeerId, PeerKey, RoomId, Sealed, ServerMessage, Signature,
    join_claim,
};

use super::Hub;
use super::presence::frame;
use super::refusal::Refusal;
use super::room::Membership;
use super::session::SessionId;

impl Hub {
    /// Checks that the session's client holds the secret half of this key. The session's challenge
    /// makes a proof worthless that was seen elsewhere or earlier.
    pub(super) fn verify(
        &self,
        id: SessionId,
        room: RoomId,
        key: PeerKey,
        proof: &Signature,
    ) -> Result<(), Refusal> {
        let is_proved = self
            .sessions
            .get(&id)
            .is_some_and(|session| key.has_signed(&join_claim(room, session.challenge), proof));
        if is_proved {
            Ok(())
        } else {
            Err(Refusal(ErrorCode::BadProof, Some(room)))
        }
    }

    /// Makes a session this peer in a room. It has proved that it may be.
    pub(super) fn join(
        &mut self,
        id: SessionId,
        room: RoomId,
        peer: PeerId,
        card: Sealed,
    ) -> Result<(), Refusal> {
        // Everything that can refuse comes before the first change.
        self.admit(id, room)?;
        if !self.rooms.contains_key(&room) && self.rooms.len() >= self.limits.max_rooms {
            return Err(Refusal(ErrorCode::ServerFull, Some(room)));
        }
        let earlier = self.peer_in(id, room).ok();
        let holder = self.holder(room, peer);
        if earlier.is_none() && holder.is_none() && self.is_full(room) {
            return Err(Refusal(ErrorCode::RoomFull, Some(room)));
        }
        if earlier.is_some_and(|earlier| earlier != peer) {
            self.leave(id, room)?;
        }
        let entry = self.rooms.entry(room).or_default();
        let membership = Membership {
            session: id,
            card: card.clone(),
        };
        let before = entry.members.insert(peer, membership);
        let members = entry.others(id);
        if let Some(session) = self.sessions.get_mut(&id) {
            session.rooms.insert(room, peer);
        }
        if let Some(holder) = holder.filter(|holder| *holder != id) {
            self.give_up(holder, room);
        }
        self.tell(id, &frame(&ServerMessage::Joined { room, members }));
        let member = Member { peer, card };
        // A peer that moved here from another session joins anew for the others too: what they said
        // to it is lost with that session, so they have to say it again.
        match before.filter(|before| before.session == id) {
            None => self.announce(id, room, &ServerMessage::PeerJoined { room, member }),
            Some(before) if before.card != member.card => {
                self.announce(id, room, &ServerMessage::PeerCard { room, member });
            }
            Some(_) => {}
        }
        Ok(())
    }

    pub(super) fn leave(&mut self, id: SessionId, room: RoomId) -> Result<(), Refusal> {
        let peer = self.peer_in(id, room)?;
        if let Some(session) = self.sessions.get_mut(&id) {
            session.rooms.remove(&room);
        }
        self.remove_member(id, room, peer, LeaveReason::Left);
        Ok(())
    }

    pub(super) fn remove_member(
        &mut self,
        id: SessionId,
        room: RoomId,
        peer: PeerId,
        reason: LeaveReason,
    ) {
        let Some(entry) = self.rooms.get_mut(&room) else {
            return;
        };
        entry.members.remove(&peer);
        if entry.is_empty() {
            self.rooms.remove(&room);
        }
        let left = ServerMessage::PeerLeft { room, peer, reason };
        self.announce(id, room, &left);
    }

    /// Takes a room from a session whose peer another session has proved to be. Its client is not
    /// told: it has lost that socket, or it is the one that moved.
    fn give_up(&mut self, id: SessionId, room: RoomId) {
        let Some(session) = self.sessions.get_mut(&id) else {
            return;
        };
        session.rooms.remove(&room);
        if session.conn.is_none() && session.rooms.is_empty() {
            self.end(id, LeaveReason::Lost);
        }
    }

    fn is_full(&self, room: RoomId) -> bool {
        let entry = self.rooms.get(&room);
        entry.is_some_and(|entry| entry.members.len() >= self.limits.max_peers_per_room)
    }
}
