//! The way to peers through the server: sealed, counted, and in order.

use std::collections::BTreeMap;

use parlor_signaling_protocol::{Member, PeerId, PeerKey, RoomId, Sealed};
use tokio::sync::mpsc;

use super::signaling::{Handle, MemberRequest, Request, RoomEvent};
use crate::call::{Address, Card};
use crate::credentials::Credentials;
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

/// What came through the server from a peer.
#[derive(Debug)]
pub(super) enum Received {
    Text(String),
    /// It came before, is for somebody else, or was made without the room's key. The server can do
    /// that by itself, so no member is to blame.
    Meaningless,
    /// A member sealed it in this peer's name, and the server passed it on as theirs.
    Forged,
}

pub(crate) struct Relay {
    pub(super) me: PeerId,
    pub(super) room: RoomId,
    pub(super) credentials: Credentials,
    sealer: Sealer,
    signaling: Handle,
    counters: BTreeMap<PeerId, Counters>,
    cards: u64,
}

impl Relay {
    pub(super) fn new(credentials: Credentials, sealer: Sealer, signaling: Handle) -> Self {
        Self {
            me: credentials.peer(),
            room: credentials.room(),
            credentials,
            sealer,
            signaling,
            counters: BTreeMap::new(),
            cards: 0,
        }
    }

    pub(super) fn join(&mut self, name: &str, events: mpsc::UnboundedSender<RoomEvent>) {
        let join = Request::Join {
            credentials: self.credentials.clone(),
            card: self.seal_card(name),
            events,
        };
        // An engine that is gone shows as the end of its events.
        let _ = self.signaling.send(join);
    }

    pub(super) fn set_card(&mut self, name: &str) {
        let card = self.seal_card(name);
        self.request(MemberRequest::Card { card });
    }

    pub(super) fn leave(&self) {
        self.request(MemberRequest::Leave);
    }

    /// Ends the session with the server, which closes the socket.
    pub(super) fn suspend(&self) {
        let _ = self.signaling.send(Request::Suspend);
    }

    fn request(&self, what: MemberRequest) {
        let (room, peer) = (self.room, self.me);
        let _ = self.signaling.send(Request::Member { room, peer, what });
    }

    fn seal_card(&mut self, name: &str) -> Sealed {
        self.cards += 1;
        Card::seal(&self.sealer, &self.credentials, self.cards, name)
    }

    pub(super) fn open_card(&self, member: &Member) -> Option<Card> {
        Card::open(&self.sealer, member)
    }

    /// Says something to one peer.
    pub(super) fn say(&mut self, to: PeerId, text: &str) {
        let Some(counters) = self.counters_of(to) else {
            return;
        };
        counters.sealed += 1;
        let counter = counters.sealed;
        let address = Address {
            room: self.room,
            from: self.me,
            to,
            counter,
        };
        let signed = address.sign(text, &self.credentials);
        let payload = self
            .sealer
            .seal(self.me, Recipient::Peer(to), counter, &signed);
        self.request(MemberRequest::Relay { to, payload });
    }

    /// Opens what came from a peer with this key.
    pub(super) fn open(&mut self, from: PeerId, key: &PeerKey, payload: &Sealed) -> Received {
        let to = self.me;
        let Ok(opened) = self.sealer.open(from, Recipient::Peer(to), payload) else {
            return Received::Meaningless;
        };
        let (room, counter) = (self.room, opened.counter);
        let Some(counters) = self.counters_of(from) else {
            return Received::Meaningless;
        };
        if counter <= counters.opened {
            return Received::Meaningless;
        }
        let address = Address {
            room,
            from,
            to,
            counter,
        };
        let Some(text) = address.verify(&opened.text, key) else {
            return Received::Forged;
        };
        // Not before: a forged counter would make all that the peer says stale.
        counters.opened = counter;
        Received::Text(text.to_owned())
    }

    fn counters_of(&mut self, peer: PeerId) -> Option<&mut Counters> {
        if self.counters.len() >= MAX_PEERS && !self.counters.contains_key(&peer) {
            return None;
        }
        Some(self.counters.entry(peer).or_default())
    }
}
