//! What a connection in memory knows.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Fake;
use super::channel::End;
use super::sdp::{Candidate, Sdp};
use super::section::Section;
use super::teller::Teller;
use super::world::{HostId, State};
use crate::error::{Error, Result};
use crate::peer::{
    Configuration, ConnectionState, IceConnectionState, SdpType, SessionDescription, SignalingState,
};
use crate::platform::PeerEvent;

pub(super) type Connections = BTreeMap<u64, Connection>;

pub(super) struct Connection {
    pub(super) id: u64,
    pub(super) host: HostId,
    events: Teller<PeerEvent<Fake>>,
    pub(super) configuration: Configuration,
    pub(super) signaling: SignalingState,
    /// Negotiation is needed, and the engine was told so.
    pub(super) is_need_told: bool,
    /// How many descriptions were set.
    pub(super) revision: u32,
    pub(super) local: Descriptions,
    pub(super) remote: Descriptions,
    pub(super) ice: Ice,
    pub(super) data: Data,
    pub(super) sections: Vec<Section>,
    pub(super) channels: Vec<End>,
    pub(super) state: ConnectionState,
    /// A way was found, and was not given up.
    pub(super) has_way: bool,
    /// When what was given to the line is gone.
    pub(super) line_free_at: Duration,
    pub(super) bytes_sent: u64,
    pub(super) bytes_received: u64,
}

/// One side's descriptions.
#[derive(Default)]
pub(super) struct Descriptions {
    pub(super) current: Option<(SdpType, Sdp)>,
    pub(super) pending: Option<(SdpType, Sdp)>,
}

impl Descriptions {
    pub(super) fn newest(&self) -> Option<&(SdpType, Sdp)> {
        self.pending.as_ref().or(self.current.as_ref())
    }
}

/// Generations are numbers that are never used again.
#[derive(Default)]
pub(super) struct Ice {
    /// Of the newest own description; 0 before there is one.
    pub(super) generation: u32,
    pub(super) last_generation: u32,
    /// A restart wants this one or a later one.
    pub(super) wanted: u32,
    /// The newest whose candidates are looked for, or were found.
    pub(super) gathering: u32,
    pub(super) found: Vec<Candidate>,
    pub(super) remote: Vec<Candidate>,
    /// The one that found no way, or lost it.
    pub(super) failed: u32,
    pub(super) down_since: Option<Duration>,
}

impl Ice {
    pub(super) fn found_for(&self, generation: u32) -> impl Iterator<Item = &Candidate> {
        let found = self.found.iter();
        found.filter(move |candidate| candidate.generation == generation)
    }
}

/// The section of the data channels.
#[derive(Default)]
pub(super) struct Data {
    pub(super) mid: Option<String>,
    /// There is a channel of ours.
    pub(super) is_wanted: bool,
    pub(super) is_agreed: bool,
    /// Whether we are the DTLS client, which decides who announces channels with even ids.
    pub(super) is_client: bool,
}

impl Connection {
    pub(super) fn new(
        id: u64,
        host: HostId,
        configuration: Configuration,
        events: Teller<PeerEvent<Fake>>,
    ) -> Self {
        Self {
            id,
            host,
            events,
            configuration,
            signaling: SignalingState::Stable,
            is_need_told: false,
            revision: 0,
            local: Descriptions::default(),
            remote: Descriptions::default(),
            ice: Ice::default(),
            data: Data::default(),
            sections: Vec::new(),
            channels: Vec::new(),
            state: ConnectionState::New,
            has_way: false,
            line_free_at: Duration::ZERO,
            bytes_sent: 0,
            bytes_received: 0,
        }
    }

    pub(super) fn emit(&self, event: PeerEvent<Fake>) {
        self.events.emit(event);
    }

    pub(super) fn set_state(&mut self, state: ConnectionState) {
        if self.state == state {
            return;
        }
        self.state = state;
        let ice = match state {
            ConnectionState::Connecting => Some(IceConnectionState::Checking),
            ConnectionState::Connected => Some(IceConnectionState::Connected),
            ConnectionState::Disconnected => Some(IceConnectionState::Disconnected),
            ConnectionState::Failed => Some(IceConnectionState::Failed),
            ConnectionState::New | ConnectionState::Closed => None,
        };
        if let Some(ice) = ice {
            self.emit(PeerEvent::IceConnection(ice));
        }
        self.emit(PeerEvent::Connection(state));
    }

    /// The way is lost for good: only an ICE restart finds another.
    pub(super) fn fail(&mut self) {
        self.has_way = false;
        self.ice.failed = self.ice.generation;
        self.set_state(ConnectionState::Failed);
    }

    pub(super) fn by_mid(&mut self, mid: &str) -> Option<&mut Section> {
        let mut sections = self.sections.iter_mut();
        sections.find(|section| section.mid.as_deref() == Some(mid))
    }

    /// Tells once that negotiation is needed, and only in `stable`
    /// ([W3C](https://www.w3.org/TR/webrtc/#dfn-update-the-negotiation-needed-flag)).
    pub(super) fn update_need(&mut self) {
        if self.signaling != SignalingState::Stable {
            return;
        }
        let is_needed = self.ice.wanted > self.ice.generation
            || (self.data.is_wanted && !self.data.is_agreed)
            || self.sections.iter().any(Section::needs_negotiation);
        if is_needed && !self.is_need_told {
            self.emit(PeerEvent::NegotiationNeeded);
        }
        self.is_need_told = is_needed;
    }

    pub(super) fn describe(&self, side: &Descriptions) -> Option<SessionDescription> {
        let (kind, sdp) = side.newest()?;
        // None of theirs: they come from elsewhere.
        let found = self.ice.found_for(sdp.generation);
        let found = found.filter(|it| it.connection == sdp.connection);
        let sdp = sdp.write_with(&found.copied().collect::<Vec<_>>());
        Some(SessionDescription { kind: *kind, sdp })
    }
}

/// The connection at the other end.
pub(super) fn other_end(state: &State, id: u64) -> Option<u64> {
    let (_, remote) = state.connections.get(&id)?.remote.newest()?;
    Some(remote.connection)
}

pub(super) fn with<T>(
    state: &mut State,
    id: u64,
    act: impl FnOnce(&mut Connection) -> Result<T>,
) -> Result<T> {
    let connection = state.connections.get_mut(&id);
    act(connection.ok_or_else(|| Error::closed("peer connection"))?)
}
