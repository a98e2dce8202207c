//! Who is here, and what they say.

use std::time::Duration;

use parlor_signaling_protocol::{LeaveReason, Member, PeerId, Sealed};

use super::Session;
use super::conduct::MAX_WAITING;
use super::relay::Received;
use super::remote_peer::{LinkMatch, Opening, PeerEvent, PeerInput, RemotePeer};
use super::signaling::RoomEvent;
use crate::PersonId;
use crate::call::{Card, Envelope, PeerMessage, PeerState, Published, decode};
use crate::notice::Notice;
use crate::platform::Platform as _;
use crate::room::ServerLink;

/// More than any room holds, with those that the server lost but that are still connected.
const MAX_PEERS: usize = 64;
/// So many messages of one peer are taken before the others have their turn.
const MESSAGES_IN_A_ROW: usize = 32;

impl Session {
    pub(super) fn event(&mut self, event: RoomEvent) {
        match event {
            RoomEvent::Resumed => self.resumed(),
            RoomEvent::Online { ice_servers } => {
                self.set_ice_servers(ice_servers);
                // A session that is resumed hears nothing more; a fresh one is told of the room next.
                if self.joined {
                    self.server = ServerLink::Online;
                }
            }
            RoomEvent::Offline if matches!(self.server, ServerLink::Refused(_)) => {}
            RoomEvent::Offline => self.server = ServerLink::Offline,
            RoomEvent::Joined { members } => self.joined(&members),
            RoomEvent::PeerJoined { member } => self.arrived(&member, false),
            RoomEvent::PeerCard { member } => self.card(&member),
            RoomEvent::PeerLeft { peer, reason } => self.left(peer, reason),
            RoomEvent::Relayed { from, payload } => self.relayed(from, &payload),
            RoomEvent::Refused { code } => {
                self.joined = false;
                self.server = ServerLink::Refused(code);
                let _ = self.notices.send(Notice::Refused { code });
            }
            // For those who only watch.
            RoomEvent::Watching { .. } => {}
        }
    }

    fn joined(&mut self, members: &[Member]) {
        self.joined = true;
        self.server = ServerLink::Online;
        let now = self.platform.now();
        for (peer, remote) in &mut self.peers {
            if !members.iter().any(|member| member.peer == *peer) {
                // A server that was started again has not heard of them yet.
                remote.lost(now);
            }
        }
        for member in members {
            self.arrived(member, true);
        }
    }

    /// A member that we have not met, or that is back.
    fn arrived(&mut self, member: &Member, first: bool) {
        if member.peer == self.relay.me {
            return;
        }
        if let Some(remote) = self.peers.get_mut(&member.peer) {
            remote.found();
            remote.forget_said();
            return self.card(member);
        }
        let Some(card) = self.relay.open_card(member) else {
            // Somebody without the key, or a server that makes people up.
            tracing::debug!(peer = %member.peer, "a member's card does not open");
            return;
        };
        if self.peers.len() >= MAX_PEERS {
            return;
        }
        if self.may_connect.take(self.platform.now()) {
            self.forget_waiting(member.peer);
            self.open_link(member.peer, card, first);
            self.publish_call(member.peer, PeerState::default());
        } else if self.waiting.len() < MAX_WAITING {
            self.forget_waiting(member.peer);
            self.waiting.push(member.clone());
        }
    }

    fn forget_waiting(&mut self, peer: PeerId) {
        self.waiting.retain(|member| member.peer != peer);
    }

    /// Connects to members that came when too many came at once.
    pub(super) fn connect_waiting(&mut self, now: Duration) {
        while self.may_connect.next() <= now && !self.waiting.is_empty() {
            let member = self.waiting.remove(0);
            // They may have given up waiting for us.
            self.arrived(&member, true);
        }
    }

    /// Makes connections anew that lost their channels.
    pub(super) fn remake_due(&mut self, now: Duration) {
        let due = |(peer, remote): (&PeerId, &mut RemotePeer)| {
            remote.is_to_be_remade(now).then_some(*peer)
        };
        let due: Vec<_> = self.peers.iter_mut().filter_map(due).collect();
        for peer in due {
            tracing::debug!(%peer, "a connection without channels is made anew");
            self.remake(peer, now);
        }
    }

    /// Makes connections anew that are not up, from what the platform knows now.
    pub(super) fn connect_again(&mut self) {
        let down = self
            .peers
            .iter()
            .filter(|(_, remote)| !remote.is_connected());
        let down: Vec<_> = down.map(|(peer, _)| *peer).collect();
        for peer in down {
            self.remake(peer, self.platform.now());
        }
    }

    /// Replaces a connection by a new one, if the peer has not caused too many of them. What the peer
    /// published last stays.
    fn remake(&mut self, peer: PeerId, now: Duration) -> bool {
        let conduct = self.conduct.entry(peer).or_default();
        let Some(remote) = self.peers.get(&peer).filter(|_| conduct.remakes.take(now)) else {
            return false;
        };
        let card = remote.card.clone();
        self.open_link(peer, card, true);
        true
    }

    fn open_link(&mut self, peer: PeerId, card: Card, first: bool) {
        self.arrivals += 1;
        let person = card.person();
        let opening = Opening {
            me: self.relay.me,
            peer,
            platform: self.platform.clone(),
            inputs: self.peer_inputs.clone(),
            generation: self.arrivals,
            card,
            first,
        };
        match self.connect(&opening) {
            Ok(remote) => {
                self.ringing.meet(peer, person);
                self.peers.insert(peer, remote);
            }
            Err(error) => tracing::warn!(%error, "no connection can be made"),
        }
    }

    fn relayed(&mut self, from: PeerId, payload: &Sealed) {
        let Some(remote) = self.peers.get(&from) else {
            return;
        };
        let key = remote.card.certificate.key;
        let text = match self.relay.open(from, &key, payload) {
            Received::Text(text) => text,
            Received::Meaningless => return,
            Received::Forged => return self.forged(from),
        };
        // After it is known who said it, so that nobody pays for what others said in their name.
        if !self.may_say(from) {
            return;
        }
        let Some(envelope) = Envelope::decode(&text) else {
            return self.garbled(from);
        };
        let Some(remote) = self.peers.get_mut(&from) else {
            return;
        };
        match remote.match_link(envelope.link) {
            LinkMatch::Current => self.take(from, envelope.message),
            // Our state tells the peer which link it should speak to.
            LinkMatch::Stale => remote.forget_said(),
            LinkMatch::Anew => {
                if !self.remake(from, self.platform.now()) {
                    return self.garbled(from);
                }
                let Some(remote) = self.peers.get_mut(&from) else {
                    return;
                };
                remote.match_link(envelope.link);
                self.take(from, envelope.message);
            }
        }
    }

    /// Whether a peer has not said too much yet.
    fn may_say(&mut self, peer: PeerId) -> bool {
        let now = self.platform.now();
        let may_say = self.conduct.entry(peer).or_default().messages.take(now);
        if !may_say {
            self.garbled(peer);
        }
        may_say
    }

    fn card(&mut self, member: &Member) {
        let now = self.platform.now();
        let Some(remote) = self.peers.get_mut(&member.peer) else {
            return;
        };
        // Opening one costs two signatures, and showing it a name that may flicker.
        if !self.conduct.entry(member.peer).or_default().cards.take(now) {
            return;
        }
        let Some(card) = self.relay.open_card(member) else {
            return;
        };
        if card.counter > remote.card.counter && card.person() == remote.card.person() {
            remote.card = card;
        }
    }

    fn left(&mut self, peer: PeerId, reason: LeaveReason) {
        self.forget_waiting(peer);
        let Some(remote) = self.peers.get_mut(&peer) else {
            return;
        };
        let now = self.platform.now();
        match reason {
            _ if !remote.is_connected() => self.remove(peer),
            LeaveReason::Lost => remote.lost(now),
            LeaveReason::Left => remote.leaves(now),
        }
    }

    pub(super) fn remove(&mut self, peer: PeerId) {
        self.conduct.remove(&peer);
        if self.peers.remove(&peer).is_some() {
            self.ringing.gone(peer, self.platform.now());
        }
    }

    pub(super) fn peer(&mut self, input: PeerInput) {
        let PeerInput {
            peer,
            generation,
            what,
        } = input;
        let now = self.platform.now();
        let remote = self.peers.get_mut(&peer);
        let Some(remote) = remote.filter(|remote| remote.generation() == generation) else {
            return;
        };
        match what {
            PeerEvent::Done(outcome) => remote.done(outcome, now),
            PeerEvent::Changed => {
                if remote.look(now) {
                    remote.say_have(self.log.have());
                }
                self.receive(peer);
                self.send_lacking(peer);
            }
        }
    }

    /// Takes what a peer said directly, a part of it at a time, so that others have their turn.
    fn receive(&mut self, peer: PeerId) {
        for _ in 0..MESSAGES_IN_A_ROW {
            let Some(remote) = self.peers.get_mut(&peer) else {
                return;
            };
            let Some(text) = remote.receive() else {
                return;
            };
            self.said(peer, &text);
        }
        if let Some(remote) = self.peers.get(&peer) {
            remote.look_again();
        }
    }

    fn said(&mut self, peer: PeerId, text: &str) {
        if !self.may_say(peer) {
            return;
        }
        match decode(text) {
            Some(message) => self.take(peer, message),
            None => self.garbled(peer),
        }
    }

    fn take(&mut self, peer: PeerId, message: PeerMessage) {
        let Some(remote) = self.peers.get_mut(&peer) else {
            return;
        };
        match message {
            PeerMessage::Signal(signal) => {
                remote.signal(signal);
            }
            PeerMessage::State(state) => {
                if state.revision > remote.their.revision {
                    remote.their = state.clone();
                    self.publish_call(peer, state);
                }
            }
            PeerMessage::Have(have) => self.has(peer, &have),
            PeerMessage::Posts { posts } => self.posts(peer, posts),
            PeerMessage::Got { author, number } => self.log.delivered(author, number),
            PeerMessage::Ping => {
                remote.say_directly(&PeerMessage::Pong);
            }
            // That something was heard is all it says.
            PeerMessage::Pong => {}
            PeerMessage::Bye => self.remove(peer),
            PeerMessage::Unknown => {}
        }
    }

    pub(super) fn set_blocked(&mut self, people: Vec<PersonId>) {
        self.blocked = people.into_iter().collect();
        let states: Vec<_> = self
            .peers
            .iter()
            .map(|(peer, remote)| (*peer, remote.their.clone()))
            .collect();
        for (peer, state) in states {
            self.publish_call(peer, state);
        }
    }

    /// Whether a peer belongs to somebody whom we blocked.
    pub(super) fn is_blocked(&self, peer: PeerId) -> bool {
        let remote = self.peers.get(&peer);
        remote.is_some_and(|remote| self.blocked.contains(&remote.card.person()))
    }

    fn publish_call(&mut self, peer: PeerId, state: PeerState) {
        let is_blocked = self.is_blocked(peer);
        let state = if is_blocked {
            PeerState::default()
        } else {
            state
        };
        let PeerState {
            call,
            rings,
            declined,
            ..
        } = state;
        self.ringing.peer(
            peer,
            Published {
                call,
                rings,
                declined,
            },
            self.platform.now(),
        );
        if is_blocked {
            // A call of ours neither rings there nor waits for an answer.
            self.ringing.gone(peer, self.platform.now());
        }
    }

    pub(super) fn garbled(&mut self, peer: PeerId) {
        tracing::debug!(%peer, "a peer said something that makes no sense");
        if self.peers.get_mut(&peer).is_some_and(RemotePeer::garbled) {
            let _ = self.notices.send(Notice::Garbled { peer });
        }
    }

    /// Something came in a peer's name that it did not sign: somebody who has the room's key and the
    /// server speaks for it.
    fn forged(&mut self, peer: PeerId) {
        if self.peers.get_mut(&peer).is_some_and(RemotePeer::forged) {
            tracing::warn!(%peer, "somebody else spoke in a peer's name");
            let _ = self.notices.send(Notice::Impersonated { peer });
        }
    }

    /// Lets every peer's negotiation do what it wants, and tells everybody what we do.
    pub(super) fn settle_peers(&mut self) {
        let now = self.platform.now();
        let peers: Vec<_> = self.peers.keys().copied().collect();
        for peer in peers {
            let state = self.state_for(peer);
            let Some(remote) = self.peers.get_mut(&peer) else {
                continue;
            };
            let garbled = remote.negotiate(&mut self.relay, now);
            remote.say_state(state, &mut self.relay);
            if garbled {
                self.garbled(peer);
            }
        }
    }
}
