//! One other peer: its connection and channels, what it said, and what we said to it.

mod channels;
mod chat;
mod input;
mod lifetime;
mod talk;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use parlor_signaling_protocol::PeerId;
use tokio::sync::mpsc;

use self::channels::Channels;
use self::chat::Synchronization;
use self::input::Inputs;
pub(crate) use self::input::{PeerEvent, PeerInput};
pub(crate) use self::talk::LinkMatch;
use super::conduct::CHANNEL_WITHIN;
use super::media::Publications;
use super::relay::Relay;
use crate::call::{Card, Health, PeerMessage, PeerState, Repair};
use crate::error::Result;
use crate::media::Track;
use crate::peer::{Configuration, ConnectionState, Message, SessionDescription, Signal};
use crate::platform::{Current, Platform as _};
use crate::room::LinkState;
use crate::rtc::{
    CandidateEvent, Events, Negotiation, Output, PeerConnection, Rules, TrackEvent, Watched,
};

/// How long the side that was here first waits for the newcomer's first offer.
const FIRST_OFFER_WAIT: Duration = Duration::from_secs(8);
/// How long the polite side lets the other come first with its media: far longer than a round trip,
/// and over as soon as the other's offer is there.
const YIELDS_FOR: Duration = Duration::from_secs(2);
/// How long the polite side of a connection without channels leaves it to the other to make it anew,
/// so that two first offers do not cross.
const LEAVES_REMAKING_FOR: Duration = Duration::from_secs(2);
/// How many media sections of the other side's are taken note of: two for each call that it was in
/// with another connection of ours would be plenty.
const MAX_TRACKS: usize = 16;

pub(crate) struct RemotePeer {
    platform: Current,
    inputs: Inputs,
    pub(crate) card: Card,
    pub(super) connection: PeerConnection,
    connection_state: Watched<ConnectionState>,
    negotiation_needed: Watched<bool>,
    candidates: Events<CandidateEvent>,
    received_tracks: Events<TrackEvent>,
    channels: Channels,
    polite: bool,
    negotiation: Negotiation,
    health: Health,
    channels_open: bool,
    were_open: bool,
    /// When a connection whose channels are missing is made anew.
    remake_at: Option<Duration>,
    /// When the connection counts as dead, unless the peer is heard before.
    probe_ends: Option<Duration>,
    pub(super) chat: Synchronization,
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

/// What a new remote peer needs to know.
pub(crate) struct Opening {
    pub(crate) me: PeerId,
    pub(crate) peer: PeerId,
    pub(crate) platform: Current,
    pub(crate) inputs: mpsc::UnboundedSender<PeerInput>,
    pub(crate) generation: u64,
    pub(crate) card: Card,
    /// Whether we make the first offer.
    pub(crate) first: bool,
}

impl RemotePeer {
    pub(crate) fn open(opening: &Opening, config: &Configuration) -> Result<Self> {
        let Opening { platform, card, .. } = opening;
        let inputs = Inputs::new(opening.peer, opening.generation, opening.inputs.clone());
        let observer = inputs.clone();
        let observer = Arc::new(move || observer.changed());
        let connection = PeerConnection::open_observed(platform, config, observer)?;
        let channels = Channels::open(&connection)?;
        let (polite, now) = (opening.me > opening.peer, platform.now());
        let negotiation = Negotiation::new(Rules {
            polite,
            offers_from: if opening.first {
                now
            } else {
                now + FIRST_OFFER_WAIT
            },
            repeats: true,
        });
        Ok(Self {
            platform: platform.clone(),
            inputs,
            card: card.clone(),
            connection_state: connection.connection_state(),
            negotiation_needed: connection.negotiation_needed(),
            candidates: connection.candidates(),
            received_tracks: connection.tracks(),
            connection,
            channels,
            polite,
            negotiation,
            health: Health::new(!polite, now),
            channels_open: false,
            were_open: false,
            remake_at: None,
            probe_ends: None,
            chat: Synchronization::default(),
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

    /// Which connection of the room it is: also its place in the order of coming.
    pub(crate) fn generation(&self) -> u64 {
        self.inputs.generation
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

    pub(crate) fn link(&self) -> LinkState {
        match self.health.link(self.platform.now()) {
            // Without channels nobody can be written to.
            LinkState::Connected if !self.channels_open => match self.were_open {
                true => LinkState::Repairing,
                false => LinkState::Connecting,
            },
            link => link,
        }
    }

    pub(crate) fn deadline(&self) -> Option<Duration> {
        let deadlines = [
            self.negotiation.deadline(self.negotiation_needed.get()),
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
            self.connection.restart_ice();
            self.negotiation.restart_ice();
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
    pub(crate) fn signal(&mut self, signal: Signal) {
        self.negotiation.signal(signal);
    }

    /// Takes the outcome of the negotiation's operation.
    pub(crate) fn done(&mut self, outcome: Result<Option<SessionDescription>>, now: Duration) {
        if let Err(error) = &outcome {
            tracing::debug!(peer = %self.inputs.peer, %error, "a step of negotiation failed");
        }
        self.negotiation.done(outcome.map_err(|_| ()), now);
    }

    /// Looks what changed on the connection. `true` if the channels opened.
    pub(crate) fn look(&mut self, now: Duration) -> bool {
        self.inputs.looks();
        self.look_at_state(now);
        self.look_at_tracks();
        // Nothing of ours opens another channel; dropping one closes it.
        while self.connection.try_accept_channel().is_some() {}
        self.look_at_channels(now)
    }

    fn look_at_state(&mut self, now: Duration) {
        let Some(state) = self.connection_state.take_new() else {
            return;
        };
        tracing::debug!(peer = %self.inputs.peer, ?state, "connection");
        self.health.state(state, now);
        if state == ConnectionState::Connected && !self.channels_open {
            self.remake_at.get_or_insert(now + CHANNEL_WITHIN);
        }
    }

    fn look_at_tracks(&mut self) {
        while let Some(event) = self.received_tracks.try_next() {
            let TrackEvent::Added(added) = event else {
                continue;
            };
            if self.tracks.len() < MAX_TRACKS || self.tracks.contains_key(&added.mid) {
                self.tracks.insert(added.mid, added.track);
            }
        }
    }

    fn look_at_channels(&mut self, now: Duration) -> bool {
        let are_open = self.channels.are_open();
        let were_open = std::mem::replace(&mut self.channels_open, are_open);
        if are_open && !were_open {
            self.were_open = true;
            self.remake_at = None;
            // What went through the server may not have arrived.
            self.said = None;
            return true;
        }
        if were_open && !are_open {
            self.chat = Synchronization::default();
            let pause = match self.polite {
                true => LEAVES_REMAKING_FOR,
                false => Duration::ZERO,
            };
            self.remake_at = Some(now + pause);
        }
        false
    }

    /// The next message of the peer's that came directly. Bytes are nothing of ours; as an empty text
    /// they are noticed as nonsense.
    pub(crate) fn receive(&mut self) -> Option<String> {
        let message = self.channels.receive()?;
        self.probe_ends = None;
        Some(match message {
            Message::Text(text) => text,
            Message::Binary(_) => String::new(),
        })
    }

    /// Has the session look again, after others had their turn.
    pub(crate) fn look_again(&self) {
        self.inputs.changed();
    }

    /// Carries out what the negotiation wants. `true` if the other side was garbled.
    pub(crate) fn negotiate(&mut self, relay: &mut Relay, now: Duration) -> bool {
        let mut garbled = false;
        while let Some(output) = self.negotiation.poll(now, self.negotiation_needed.get()) {
            match output {
                Output::Do(op) => {
                    let (connection, inputs) = (self.connection.clone(), self.inputs.clone());
                    self.platform.spawn(async move {
                        inputs.done(op.run(&connection).await);
                    });
                }
                Output::Say(signal) => self.say(PeerMessage::Signal(signal), relay),
                Output::Garbled => garbled = true,
            }
        }
        if !self.negotiation.is_describing() {
            self.say_candidates(relay);
        }
        garbled
    }

    fn say_candidates(&mut self, relay: &mut Relay) {
        while let Some(event) = self.candidates.try_next() {
            let candidate = match event {
                CandidateEvent::Found(candidate) => Some(candidate),
                CandidateEvent::Complete => None,
                CandidateEvent::Error(_) => continue,
            };
            self.say(PeerMessage::Signal(Signal::Candidate(candidate)), relay);
        }
    }
}

impl Drop for RemotePeer {
    fn drop(&mut self) {
        self.connection.close();
    }
}
