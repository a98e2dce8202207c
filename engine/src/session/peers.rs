//! Who is here, and what they say.

use std::time::Duration;

use parlor_signaling_protocol::{LeaveReason, Member, PeerId, Sealed};

use super::Session;
use super::link::{Admission, Happened, Link, LinkInput, Opening};
use super::signaling::RoomEvent;
use crate::PersonId;
use crate::call::{Envelope, OpenedCard, PeerMessage, PeerState, Published, decode};
use crate::chat::Post;
use crate::notice::Notice;
use crate::peer::Configuration;
use crate::platform::Platform as _;
use crate::room::ServerLink;

/// More than any room holds, with those that the server lost but that are still connected.
const MAX_LINKS: usize = 64;
/// How long after something new everybody compares what each has. In a whole mesh nobody lacks
/// anything by then, and only short lists of numbers go round.
const COMPARES_AFTER: Duration = Duration::from_secs(10);

impl Session {
    pub(super) fn event(&mut self, event: RoomEvent) {
        match event {
            RoomEvent::Online { ice_servers } => {
                self.ice_servers = ice_servers;
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
        for (peer, link) in &mut self.links {
            if !members.iter().any(|member| member.peer == *peer) {
                // A server that was started again has not heard of them yet.
                link.lost(now);
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
        if let Some(link) = self.links.get_mut(&member.peer) {
            link.found();
            link.forget_said();
            return self.card(member);
        }
        let Some(opened) = self.relay.open_card(member) else {
            // Somebody without the key, or a server that makes people up.
            tracing::debug!(peer = %member.peer, "a member's card does not open");
            return;
        };
        if self.links.len() < MAX_LINKS {
            self.open_link(member.peer, opened, first);
            self.publish_call(member.peer, PeerState::default());
        }
    }

    fn open_link(&mut self, peer: PeerId, card: OpenedCard, first: bool) {
        let config = Configuration {
            ice_servers: self.ice_servers.clone(),
            ..Configuration::default()
        };
        let connection = match self.platform.open_peer(&config) {
            Ok(connection) => connection,
            Err(error) => {
                tracing::warn!(%error, "no connection can be made");
                return;
            }
        };
        self.arrivals += 1;
        let opening = Opening {
            me: self.relay.me,
            peer,
            platform: &self.platform,
            inputs: &self.link_inputs,
            generation: self.arrivals,
            card: card.card,
            card_counter: card.counter,
            first,
        };
        match Link::open(opening, connection) {
            Ok(link) => {
                self.links.insert(peer, link);
            }
            Err(error) => tracing::warn!(%error, "no channel can be made"),
        }
    }

    fn relayed(&mut self, from: PeerId, payload: &Sealed) {
        if !self.links.contains_key(&from) {
            return;
        }
        let text = self.relay.open(from, payload);
        let Some(envelope) = text.and_then(|text| Envelope::decode(&text)) else {
            return self.garbled(from);
        };
        let Some(link) = self.links.get_mut(&from) else {
            return;
        };
        match link.admit(envelope.link) {
            Admission::Take => self.take(from, envelope.message),
            // Our state tells the peer which link it should speak to.
            Admission::Stale => link.forget_said(),
            Admission::Anew => {
                let card = OpenedCard {
                    card: link.card.clone(),
                    counter: link.card_counter,
                };
                self.open_link(from, card, true);
                let Some(link) = self.links.get_mut(&from) else {
                    return;
                };
                link.admit(envelope.link);
                self.take(from, envelope.message);
            }
        }
    }

    fn card(&mut self, member: &Member) {
        let Some(link) = self.links.get_mut(&member.peer) else {
            return;
        };
        let Some(opened) = self.relay.open_card(member) else {
            return;
        };
        if opened.counter > link.card_counter && opened.card.person == link.card.person {
            link.card_counter = opened.counter;
            link.card = opened.card;
        }
    }

    fn left(&mut self, peer: PeerId, reason: LeaveReason) {
        let Some(link) = self.links.get_mut(&peer) else {
            return;
        };
        let now = self.platform.now();
        match reason {
            _ if !link.is_connected() => self.remove(peer),
            LeaveReason::Lost => link.lost(now),
            LeaveReason::Left => link.leaves(now),
        }
    }

    pub(super) fn remove(&mut self, peer: PeerId) {
        if self.links.remove(&peer).is_some() {
            self.ringing.gone(peer, self.platform.now());
        }
    }

    pub(super) fn link(&mut self, input: LinkInput) {
        let LinkInput {
            peer,
            generation,
            what,
        } = input;
        let now = self.platform.now();
        let Some(link) = self.links.get_mut(&peer) else {
            return;
        };
        if link.generation() != generation {
            return;
        }
        match link.happened(what, now) {
            None => {}
            Some(Happened::ChannelOpen) => {
                let posts = self.log.have();
                link.say_on_channel(&PeerMessage::Have { posts });
            }
            Some(Happened::Said(text)) => self.said(peer, &text),
        }
    }

    fn said(&mut self, peer: PeerId, text: &str) {
        match decode(text) {
            Some(message) => self.take(peer, message),
            None => self.garbled(peer),
        }
    }

    fn take(&mut self, peer: PeerId, message: PeerMessage) {
        let now = self.platform.now();
        let Some(link) = self.links.get_mut(&peer) else {
            return;
        };
        match message {
            PeerMessage::Signal(signal) => link.signal(signal, now),
            PeerMessage::State(state) => {
                if state.revision > link.their.revision {
                    link.their = state.clone();
                    self.publish_call(peer, state);
                }
            }
            PeerMessage::Have { posts } => {
                link.set_synced();
                for posts in self.log.lacking(&posts) {
                    link.say_on_channel(&PeerMessage::Posts { posts });
                }
                if self.log.lacks(&posts) {
                    let posts = self.log.have();
                    link.say_on_channel(&PeerMessage::Have { posts });
                }
            }
            PeerMessage::Posts { posts } => self.posts(peer, posts),
            PeerMessage::Got { number } => {
                self.log.delivered(number);
            }
            PeerMessage::Bye => self.remove(peer),
            PeerMessage::Unknown => {}
        }
    }

    pub(super) fn set_blocked(&mut self, people: Vec<PersonId>) {
        self.blocked = people.into_iter().collect();
        let states: Vec<_> = self
            .links
            .iter()
            .map(|(peer, link)| (*peer, link.their.clone()))
            .collect();
        for (peer, state) in states {
            self.publish_call(peer, state);
        }
    }

    /// Whether a peer belongs to somebody whom we blocked.
    pub(super) fn is_blocked(&self, peer: PeerId) -> bool {
        let link = self.links.get(&peer);
        link.is_some_and(|link| self.blocked.contains(&link.card.person))
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

    fn posts(&mut self, peer: PeerId, posts: Vec<Post>) {
        let before = self.log.number_of(peer);
        let (mut garbled, mut new) = (false, false);
        for post in posts {
            match self.log.receive(post) {
                Ok(was_new) => new |= was_new,
                Err(_) => garbled = true,
            }
        }
        if garbled {
            self.garbled(peer);
        }
        if new && self.links.len() > 1 {
            let at = self.platform.now() + COMPARES_AFTER;
            self.compare_at.get_or_insert(at);
        }
        let number = self.log.number_of(peer);
        if number > before
            && let Some(link) = self.links.get_mut(&peer)
        {
            link.say_on_channel(&PeerMessage::Got { number });
        }
    }

    /// Tells everybody what we have. Who lacks some of it asks for it: so posts reach those too
    /// who have no connection to their author.
    pub(super) fn compare_posts(&self) {
        for link in self.links.values().filter(|link| link.is_synced()) {
            link.say_on_channel(&PeerMessage::Have {
                posts: self.log.have(),
            });
        }
    }

    fn garbled(&mut self, peer: PeerId) {
        tracing::debug!(%peer, "a peer said something that makes no sense");
        if self.links.get_mut(&peer).is_some_and(Link::garbled) {
            let _ = self.notices.send(Notice::Garbled { peer });
        }
    }

    /// Lets every link do what its negotiation wants, and tells everybody what we do.
    pub(super) fn settle_links(&mut self) {
        let peers: Vec<_> = self.links.keys().copied().collect();
        for peer in peers {
            let state = self.state_for(peer);
            let Some(link) = self.links.get_mut(&peer) else {
                continue;
            };
            let garbled = link.negotiate(&mut self.relay);
            link.say_state(state, &mut self.relay);
            if garbled {
                self.garbled(peer);
            }
        }
    }
}
