//! The way to peers through the server: sealed, counted, and in order.

use std::collections::BTreeMap;

use parlor_signaling_protocol::{Member, PeerId, RoomId, Sealed};

use super::signaling::{Handle, Request};
use crate::call::Card;
use crate::identity::Identity;
use crate::seal::{Recipient, Sealer};

/// More peers than one visit meets. Counters of all are kept, also when a peer leaves: it is
/// these that make a repeated message stale.
const MAX_PEERS: usize = 4_096;

/// Counters of what was sealed for and by a peer.
#[derive(Clone, Copy, Default)]
struct Counters {
    sealed: u64,
    opened: u64,
}

pub(crate) struct Relay {
    pub(super) me: PeerId,
    pub(super) room: RoomId,
    sealer: Sealer,
    signaling: Handle,
    counters: BTreeMap<PeerId, Counters>,
    cards: u64,
}

impl Relay {
    pub(super) fn new(me: PeerId, sealer: Sealer, signaling: Handle) -> Self {
        let (room, counters) = (sealer.room(), BTreeMap::new());
        Self {
            me,
            room,
            sealer,
            signaling,
            counters,
            cards: 0,
        }
    }

    /// Asks the server for something. An engine that is gone shows as the end of its events.
    pub(super) fn request(&self, request: Request) {
        let _ = self.signaling.send(request);
    }

    pub(super) fn seal_card(&mut self, identity: &Identity, name: &str) -> Sealed {
        self.cards += 1;
        Card::new(identity, self.room, self.me, name).seal(&self.sealer, self.me, self.cards)
    }

    pub(super) fn open_card(&self, member: &Member) -> Option<crate::call::OpenedCard> {
        Card::open(&self.sealer, member)
    }

    /// Says something to one peer.
    pub(super) fn say(&mut self, to: PeerId, text: &str) {
        let Some(counters) = self.counters_of(to) else {
            return;
        };
        counters.sealed += 1;
        let counter = counters.sealed;
        let payload = self
            .sealer
            .seal(self.me, Recipient::Peer(to), counter, text);
        self.request(Request::Relay {
            room: self.room,
            to,
            payload,
        });
    }

    /// Opens what came; `None` if it is not from this peer, not for us, or came before.
    pub(super) fn open(&mut self, from: PeerId, payload: &Sealed) -> Option<String> {
        let opened = self
            .sealer
            .open(from, Recipient::Peer(self.me), payload)
            .ok()?;
        let counters = self.counters_of(from)?;
        if opened.counter <= counters.opened {
            return None;
        }
        counters.opened = opened.counter;
        Some(opened.text)
    }

    fn counters_of(&mut self, peer: PeerId) -> Option<&mut Counters> {
        if self.counters.len() >= MAX_PEERS && !self.counters.contains_key(&peer) {
            return None;
        }
        Some(self.counters.entry(peer).or_default())
    }
}
