//! What is wanted of rooms.

use parlor_signaling_protocol::{ClientMessage, PeerId, RoomId, Sealed};

use super::Client;

/// What we want of a room, whatever becomes of sockets and sessions.
#[derive(Debug, Default)]
pub(super) struct Wish {
    card: Option<Sealed>,
    watch: bool,
}

impl Client {
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

    /// In a new session the server knows nothing of it.
    pub(super) fn wish_again(&mut self) {
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
}
