//! One other peer: its connection and channel, what it said, and what we said to it.

mod inputs;
mod lifetime;
mod operations;

use std::collections::BTreeMap;
use std::time::Duration;

use parlor_signaling_protocol::PeerId;
use tokio::sync::mpsc;

use self::inputs::Inputs;
pub(crate) use self::inputs::{LinkEvent, LinkInput};
use super::conduct::CHANNEL_WITHIN;
use super::media::Publications;
use super::relay::Relay;
use crate::call::{
    Card, Envelope, Health, LinkIds, Negotiation, Op, Output, PeerMessage, PeerState, Repair,
    Signal,
};
use crate::error::Result;
use crate::media::Track;
use crate::peer::{ChannelOptions, ConnectionState, Message};
use crate::platform::{
    Channel as _, ChannelEvent, Current, CurrentChannel, CurrentEvents, CurrentPeer, Peer as _,
    PeerEvent, Platform as _, Transceiver as _,
};
use crate::room;

/// The data channel that both sides open without announcing it.
const CHANNEL_LABEL: &str = "parlor";
const CHANNEL_ID: u16 = 0;
/// How long the polite side of a link lets the other come first with its media: far longer than a
/// round trip, and over as soon as the other's offer is there.
const YIELDS_FOR: Duration = Duration::from_secs(2);
/// How long the polite side of a link without a channel leaves it to the other to make it anew, so
/// that two first offers do not cross.
const LEAVES_REMAKING_FOR: Duration = Duration::from_secs(2);
/// How often a peer is asked for what lies before its posts.
const ASKS_AGAIN_AFTER: Duration = Duration::from_secs(10);
/// How many media sections of the other side's are taken note of: two for each call that it was in
/// with another connection of ours would be plenty.
const MAX_TRACKS: usize = 16;

pub(crate) struct Link {
    platform: Current,
    inputs: Inputs,
    pub(crate) card: Card,
    pub(super) connection: CurrentPeer,
    channel: CurrentChannel,
    polite: bool,
    negotiation: Negotiation,
    health: Health,
    channel_open: bool,
    was_open: bool,
    /// When a link whose channel is missing is made anew.
    remake_at: Option<Duration>,
    /// When the connection counts as dead, unless the peer is heard before.
    probe_ends: Option<Duration>,
    /// The highest clock that the peer announced while we had no posts.
    pub(crate) announced_clock: u64,
    /// The peer said on this channel which posts it has.
    synced: bool,
    /// When the peer may be asked again for what lies before its posts.
    asks_from: Duration,
    /// Names this link to the peer, and the peer's to us.
    id: u32,
    their_id: Option<u32>,
    /// What we said last of what we do.
    said: Option<PeerState>,
    said_revision: u64,
    pub(crate) their: PeerState,
    pub(crate) publications: Option<Publications>,
    /// When we send even if nothing of the other's came before.
    sends_from: Option<Duration>,
    pub(crate) tracks: BTreeMap<String, Track>,
    /// The server no longer knows the peer; it is removed then unless it is heard of directly.
    given_up_at: Option<Duration>,
    /// It left on purpose: nothing but its last words is waited for.
    leaving: bool,
    garbled: bool,
    forged: bool,
}

/// What a new link needs to know.
pub(crate) struct Opening<'a> {
    pub(crate) me: PeerId,
    pub(crate) peer: PeerId,
    pub(crate) platform: &'a Current,
    pub(crate) inputs: &'a mpsc::UnboundedSender<LinkInput>,
    pub(crate) generation: u64,
    pub(crate) card: Card,
    /// Whether we make the first offer.
    pub(crate) first: bool,
}

impl Link {
    pub(crate) fn open(
        opening: Opening<'_>,
        (connection, events): (CurrentPeer, CurrentEvents),
    ) -> Result<Self> {
        let Opening {
            me,
            peer,
            platform,
            inputs,
            generation,
            card,
            first,
        } = opening;
        let options = ChannelOptions {
            negotiated: true,
            id: Some(CHANNEL_ID),
            ..ChannelOptions::default()
        };
        let (channel, messages) = connection.create_channel(CHANNEL_LABEL, &options)?;
        let inputs = Inputs {
            peer,
            generation,
            session: inputs.clone(),
        };
        inputs.forward(events, LinkEvent::Peer);
        inputs.forward(messages, LinkEvent::Channel);
        let (polite, now) = (me > peer, platform.now());
        Ok(Self {
            platform: platform.clone(),
            inputs,
            card,
            connection,
            channel,
            polite,
            negotiation: Negotiation::new(polite, first, now),
            health: Health::new(!polite, now),
            channel_open: false,
            was_open: false,
            remake_at: None,
            probe_ends: None,
            announced_clock: 0,
            synced: false,
            asks_from: Duration::ZERO,
            id: u32::from_le_bytes(crate::random::bytes()),
            their_id: None,
            said: None,
            said_revision: 0,
            their: PeerState::default(),
            publications: None,
            sends_from: None,
            tracks: BTreeMap::new(),
            given_up_at: None,
            leaving: false,
            garbled: false,
            forged: false,
        })
    }

    /// Which link of the room it is: also its place in the order of coming.
    pub(crate) fn generation(&self) -> u64 {
        self.inputs.generation
    }

    pub(crate) fn connection(&self) -> &CurrentPeer {
        &self.connection
    }

    /// Whether it is our turn to make a place for what we send.
    ///
    /// Both sides want one in the same moment, and offers that cross cost more than time: Chromium
    /// (148) remembers the ids of header extensions of an offer that was rolled back, and takes
    /// none of Firefox's any more where they differ.
    pub(crate) fn may_send(&mut self, shares_call: bool, now: Duration) -> bool {
        if !shares_call {
            self.sends_from = None;
            return false;
        }
        let at = *self.sends_from.get_or_insert(now + YIELDS_FOR);
        let is_turn = !self.polite || !self.tracks.is_empty() || now >= at;
        if is_turn {
            self.sends_from = None;
        }
        is_turn
    }

    pub(crate) fn is_synced(&self) -> bool {
        self.channel_open && self.synced
    }

    /// The peer said what it has. `true` the first time on this channel.
    pub(crate) fn set_synced(&mut self) -> bool {
        !std::mem::replace(&mut self.synced, true)
    }

    /// Whether to ask the peer for what lies before its posts: seldom enough that two who cannot help
    /// each other do not go on asking.
    pub(crate) fn may_ask(&mut self, now: Duration) -> bool {
        let may_ask = now >= self.asks_from;
        if may_ask {
            self.asks_from = now + ASKS_AGAIN_AFTER;
        }
        may_ask
    }

    /// Our state has to be said again.
    pub(crate) fn forget_state(&mut self) {
        self.said = None;
    }

    pub(crate) fn link(&self) -> room::Link {
        match self.health.link(self.platform.now()) {
            // Without a channel nobody can be written to.
            room::Link::Connected if !self.channel_open => match self.was_open {
                true => room::Link::Repairing,
                false => room::Link::Connecting,
            },
            link => link,
        }
    }

    pub(crate) fn deadline(&self) -> Option<Duration> {
        let deadlines = [
            self.negotiation.deadline(),
            self.health.deadline(),
            self.given_up_at,
            self.sends_from,
            self.remake_at,
            self.probe_ends,
        ];
        deadlines.into_iter().flatten().min()
    }

    pub(crate) fn tick(&mut self, now: Duration) {
        self.negotiation.tick(now);
        if let Some(Repair::RestartIce) = self.health.tick(now) {
            tracing::debug!(peer = %self.inputs.peer, "restarting ICE");
            self.negotiation.restart_ice(now);
        }
        if self.probe_ends.is_some_and(|at| now >= at) {
            self.probe_ends = None;
            self.health.network_changed(now);
        }
    }

    pub(crate) fn network_changed(&mut self, now: Duration) {
        self.health.network_changed(now);
    }

    pub(crate) fn is_connected(&self) -> bool {
        self.health.is_connected()
    }

    /// Nonsense came from there. `true` the first time.
    pub(crate) fn garbled(&mut self) -> bool {
        !std::mem::replace(&mut self.garbled, true)
    }

    /// Something came in the peer's name that it did not sign. `true` the first time. Nonsense that
    /// came before does not count: a forger could send some first, so that nobody is told.
    pub(crate) fn forged(&mut self) -> bool {
        !std::mem::replace(&mut self.forged, true)
    }

    /// Takes a step of the negotiation.
    pub(crate) fn signal(&mut self, signal: Signal, now: Duration) {
        self.negotiation.said(signal, now);
    }

    /// Takes what concerns the connection alone.
    pub(crate) fn happened(&mut self, event: LinkEvent, now: Duration) -> Option<Happened> {
        match event {
            LinkEvent::Done(outcome) => {
                if let Err(error) = &outcome {
                    tracing::debug!(peer = %self.inputs.peer, %error, "a step of negotiation failed");
                }
                self.negotiation.done(outcome.map_err(|_| ()), now);
            }
            LinkEvent::Peer(event) => self.connection_event(event, now),
            LinkEvent::Channel(event) => return self.channel_event(event, now),
        }
        None
    }

    fn connection_event(&mut self, event: PeerEvent<Current>, now: Duration) {
        match event {
            PeerEvent::Candidate(candidate) => self.negotiation.local_candidate(candidate),
            PeerEvent::NegotiationNeeded => self.negotiation.needed(now),
            PeerEvent::Connection(state) => self.state(state, now),
            PeerEvent::Track {
                transceiver, track, ..
            } => {
                let is_known = |mid: &String| self.tracks.contains_key(mid);
                if let Some(mid) = transceiver.mid()
                    && (self.tracks.len() < MAX_TRACKS || is_known(&mid))
                {
                    self.tracks.insert(mid, Track::new(track));
                }
            }
            // Nothing of ours opens a channel; dropping it closes it.
            PeerEvent::Channel(..)
            | PeerEvent::CandidateError(_)
            | PeerEvent::IceConnection(_)
            | PeerEvent::IceGathering(_) => {}
        }
    }

    fn channel_event(&mut self, event: ChannelEvent, now: Duration) -> Option<Happened> {
        match event {
            ChannelEvent::Open => {
                self.channel_open = true;
                self.was_open = true;
                self.remake_at = None;
                // What went through the server may not have arrived.
                self.said = None;
                return Some(Happened::ChannelOpen);
            }
            ChannelEvent::Closed => {
                self.channel_open = false;
                self.synced = false;
                let pause = match self.polite {
                    true => LEAVES_REMAKING_FOR,
                    false => Duration::ZERO,
                };
                self.remake_at = Some(now + pause);
            }
            ChannelEvent::Message(Message::Text(text)) => {
                self.probe_ends = None;
                return Some(Happened::Said(text));
            }
            // Bytes are nothing of ours; as an empty text they are noticed as nonsense.
            ChannelEvent::Message(Message::Binary(_)) => {
                return Some(Happened::Said(String::new()));
            }
            ChannelEvent::BufferedAmountLow | ChannelEvent::Closing | ChannelEvent::Error(_) => {}
        }
        None
    }

    fn state(&mut self, state: ConnectionState, now: Duration) {
        tracing::debug!(peer = %self.inputs.peer, ?state, "connection");
        self.health.state(state, now);
        if state == ConnectionState::Connected && !self.channel_open {
            self.remake_at.get_or_insert(now + CHANNEL_WITHIN);
        }
    }

    /// Carries out what the negotiation wants. `true` if the other side was garbled.
    pub(crate) fn negotiate(&mut self, relay: &mut Relay) -> bool {
        let mut garbled = false;
        while let Some(output) = self.negotiation.poll() {
            match output {
                Output::Do(op) => self.run(op),
                Output::Say(signal) => self.say(PeerMessage::Signal(signal), relay),
                Output::Garbled => garbled = true,
            }
        }
        garbled
    }

    fn run(&self, op: Op) {
        let connection = self.connection.clone();
        let inputs = self.inputs.clone();
        self.platform.spawn(async move {
            inputs.say(LinkEvent::Done(operations::run(&connection, op).await));
        });
    }

    /// Tells the peer what we do, if that changed.
    pub(crate) fn say_state(&mut self, mut state: PeerState, relay: &mut Relay) {
        state.revision = self.said_revision;
        if self.said.as_ref() == Some(&state) {
            return;
        }
        self.said_revision += 1;
        state.revision = self.said_revision;
        self.said = Some(state.clone());
        self.say(PeerMessage::State(state), relay);
    }

    /// What we said through the server is lost; it has to be said again.
    pub(crate) fn forget_said(&mut self) {
        if !self.channel_open {
            self.said = None;
        }
    }

    /// Says something directly if possible, through the server otherwise.
    ///
    /// A channel stays open while its connection is down, so what repairs the connection would
    /// wait in it for the repair. It is said both ways then: nothing takes harm from coming twice,
    /// and without a server the channel may yet recover.
    pub(crate) fn say(&self, message: PeerMessage, relay: &mut Relay) {
        let is_said = self.channel_open && self.say_on_channel(&message);
        if !(is_said && self.is_connected()) {
            self.say_through_server(message, relay);
        }
    }

    /// Says something directly and through the server.
    pub(crate) fn say_both_ways(&self, message: PeerMessage, relay: &mut Relay) {
        self.say_on_channel(&message);
        self.say_through_server(message, relay);
    }

    fn say_through_server(&self, message: PeerMessage, relay: &mut Relay) {
        let link = LinkIds {
            from: self.id,
            to: self.their_id,
        };
        relay.say(self.inputs.peer, &Envelope { link, message }.encode());
    }

    pub(crate) fn say_on_channel(&self, message: &PeerMessage) -> bool {
        self.channel.send(Message::Text(message.encode())).is_ok()
    }

    /// Compares what a message through the server says of the two links with what we know.
    pub(crate) fn admit(&mut self, ids: LinkIds) -> Admission {
        if ids.to.is_some_and(|to| to != self.id) {
            return Admission::Stale;
        }
        if self.their_id.is_some_and(|known| known != ids.from) {
            return Admission::Anew;
        }
        self.their_id = Some(ids.from);
        Admission::Take
    }
}

/// What to do with a message through the server.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Admission {
    Take,
    /// It is for an earlier link of ours.
    Stale,
    /// The peer forgot us and has a new link; ours has to be made anew too.
    Anew,
}

impl Drop for Link {
    fn drop(&mut self) {
        self.connection.close();
    }
}

/// What concerns more than the connection.
pub(crate) enum Happened {
    ChannelOpen,
    Said(String),
}
