//! What is wanted of rooms.

use parlor_signaling_protocol::{ClientMessage, PeerId, RoomId, Sealed};

use super::Client;
use crate::credentials::Credentials;

/// What we want of a room, whatever becomes of sockets and sessions.
#[derive(Debug, Default)]
pub(super) struct Wish {
    membership: Option<(Credentials, Sealed)>,
    watch: bool,
}

impl Client {
    pub(crate) fn join(&mut self, credentials: Credentials, card: Sealed) {
        let wish = self.wishes.entry(credentials.room()).or_default();
        wish.membership = Some((credentials.clone(), card.clone()));
        self.say_join(&credentials, card);
    }

    /// Without a session nothing is said: the next one has another challenge.
    fn say_join(&mut self, credentials: &Credentials, card: Sealed) {
        if let Some(session) = &self.session {
            let join = ClientMessage::Join {
                room: credentials.room(),
                key: credentials.certificate().key,
                proof: credentials.prove(session.challenge),
                card,
            };
            self.say(join);
        }
    }

    pub(crate) fn set_card(&mut self, room: RoomId, card: Sealed) {
        let wish = self.wishes.get_mut(&room);
        if let Some((_, kept)) = wish.and_then(|wish| wish.membership.as_mut()) {
            kept.clone_from(&card);
            self.say(ClientMessage::Card { room, card });
        }
    }

    /// The peer that we are in a room, if we are in it.
    pub(crate) fn peer_in(&self, room: RoomId) -> Option<PeerId> {
        let (credentials, _) = self.wishes.get(&room)?.membership.as_ref()?;
        Some(credentials.peer())
    }

    pub(crate) fn leave(&mut self, room: RoomId) {
        let Some(wish) = self.wishes.get_mut(&room) else {
            return;
        };
        if wish.membership.take().is_some() {
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
            .is_some_and(|wish| wish.membership.is_none() && !wish.watch)
        {
            self.wishes.remove(&room);
        }
    }

    /// In a new session the server knows nothing of it.
    pub(super) fn wish_again(&mut self) {
        let wishes: Vec<_> = self
            .wishes
            .iter()
            .map(|(room, wish)| (*room, wish.membership.clone(), wish.watch))
            .collect();
        for (room, membership, watch) in wishes {
            if let Some((credentials, card)) = membership {
                self.say_join(&credentials, card);
            }
            if watch {
                self.say(ClientMessage::Watch { room });
            }
        }
    }
}
