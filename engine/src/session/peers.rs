//! Who is here, and what they say.

use parlor_signaling_protocol::{LeaveReason, Member, PeerId};

use super::Session;
use super::link::{Happened, Link, LinkInput, Opening};
use crate::call::{Card, PeerMessage, PeerState, Published, decode};
use crate::chat::Post;
use crate::notice::Notice;
use crate::peer::PeerConfig;
use crate::platform::Platform as _;
use crate::room::ServerLink;
use crate::signaling::RoomEvent;

/// More than any room holds, with those that the server lost but that are still connected.
const MAX_LINKS: usize = 64;

impl Session {
    pub(super) fn event(&mut self, event: RoomEvent) {
        match event {
            RoomEvent::Online { ice_servers } => {
                self.ice_servers = ice_servers;
                // Resumed sessions hear nothing more; fresh ones are told of the room next.
                if self.server != ServerLink::Connecting {
                    self.server = ServerLink::Online;
                }
            }
            RoomEvent::Offline => self.server = ServerLink::Offline,
            RoomEvent::Joined { members } => self.joined(&members),
            RoomEvent::PeerJoined { member } => self.arrived(&member, false),
            RoomEvent::PeerCard { member } => self.card(&member),
            RoomEvent::PeerLeft { peer, reason } => self.left(peer, reason),
            RoomEvent::Relayed { from, payload } => {
                let Some(link) = self.links.get_mut(&from) else {
                    return;
                };
                match link.unseal(&payload, &self.sealer) {
                    Some(text) => self.said(from, &text),
                    None => self.garbled(from),
                }
            }
            RoomEvent::Refused { code } => {
                self.server = ServerLink::Refused(code);
                let _ = self.notices.send(Notice::Refused { code });
            }
            // For those who only watch.
            RoomEvent::Watching { .. } => {}
        }
    }

    fn joined(&mut self, members: &[Member]) {
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
        if member.peer == self.me {
            return;
        }
        if let Some(link) = self.links.get_mut(&member.peer) {
            link.found();
            link.forget_said();
            return self.card(member);
        }
        let Some(opened) = Card::open(&self.sealer, member) else {
            // Somebody without the key, or a server that makes people up.
            tracing::debug!(peer = %member.peer, "a member's card does not open");
            return;
        };
        if self.links.len() >= MAX_LINKS {
            return;
        }
        let config = PeerConfig {
            ice_servers: self.ice_servers.clone(),
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
            me: self.me,
            peer: member.peer,
            room: self.room,
            platform: &self.platform,
            inputs: &self.link_inputs,
            generation: self.arrivals,
            card: opened.card,
            card_counter: opened.counter,
            first,
        };
        self.links
            .insert(member.peer, Link::open(opening, connection));
        self.publish_call(member.peer, PeerState::default());
    }

    fn card(&mut self, member: &Member) {
        let Some(link) = self.links.get_mut(&member.peer) else {
            return;
        };
        let Some(opened) = Card::open(&self.sealer, member) else {
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
        if reason == LeaveReason::Lost && link.is_connected() {
            return link.lost(self.platform.now());
        }
        self.remove(peer);
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
        if link.generation != generation {
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
        let now = self.platform.now();
        let Some(message) = decode(text) else {
            return self.garbled(peer);
        };
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
            }
            PeerMessage::Posts { posts } => self.posts(peer, posts),
            PeerMessage::Got { number } => {
                self.log.delivered(number);
            }
            PeerMessage::Bye => {
                self.publish_call(peer, PeerState::default());
                self.remove(peer);
            }
            PeerMessage::Unknown => {}
        }
    }

    fn publish_call(&mut self, peer: PeerId, state: PeerState) {
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
    }

    fn posts(&mut self, peer: PeerId, posts: Vec<Post>) {
        let before = self.log.number_of(peer);
        let mut garbled = false;
        for post in posts {
            garbled |= self.log.receive(post).is_err();
        }
        if garbled {
            self.garbled(peer);
        }
        let number = self.log.number_of(peer);
        if number > before
            && let Some(link) = self.links.get_mut(&peer)
        {
            link.say_on_channel(&PeerMessage::Got { number });
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
            let garbled = link.negotiate(&self.sealer, &self.signaling);
            link.say_state(state, &self.sealer, &self.signaling);
            if garbled {
                self.garbled(peer);
            }
        }
    }
}
