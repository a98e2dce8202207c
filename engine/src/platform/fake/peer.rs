//! Peer connections in memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Fake;
use super::channel::{self, FakeChannel};
use super::connection::Connection;
use super::sdp;
use super::section::Section;
use super::transceiver::FakeTransceiver;
use super::world::{HostId, LATENCY, State, World};
use crate::error::{Error, Result};
use crate::media::Kind;
use crate::peer::{
    CandidateKind, CandidatePairStats, ChannelOptions, Configuration, ConnectionState,
    ConnectionStats, IceCandidate, InboundStats, OutboundStats, SdpType, SessionDescription,
    SourceStats, StatsReport, TransceiverInit,
};
use crate::platform::need::Need;
use crate::platform::{ChannelEvents, Peer, PeerEvents, Track as _};

pub(super) type Connections = BTreeMap<u64, Connection>;

#[derive(Clone)]
pub(crate) struct FakePeer(Arc<Handle>);

struct Handle {
    world: World,
    id: u64,
}

impl Drop for Handle {
    fn drop(&mut self) {
        close(&self.world, self.id);
    }
}

impl FakePeer {
    pub(super) fn open(world: &World, host: HostId) -> (Self, PeerEvents<Fake>) {
        let (events, inbox) = crate::inbox::unbounded();
        let mut state = world.lock();
        let id = state.next_id();
        state
            .connections
            .insert(id, Connection::new(id, host, events));
        let handle = Handle {
            world: world.clone(),
            id,
        };
        (Self(Arc::new(handle)), inbox)
    }

    fn with<T>(&self, act: impl FnOnce(&mut Connection) -> Result<T>) -> Result<T> {
        with(&mut self.0.world.lock(), self.0.id, act)
    }

    /// Connects both sides once each knows the other's description and candidate.
    fn check(&self) {
        let (world, id) = (self.0.world.clone(), self.0.id);
        self.0.world.later(move |_| connect(&world, id));
    }

    fn transceiver(&self, section: u64) -> FakeTransceiver {
        FakeTransceiver::new(self.0.world.clone(), self.0.id, section)
    }
}

fn with<T>(
    state: &mut State,
    id: u64,
    act: impl FnOnce(&mut Connection) -> Result<T>,
) -> Result<T> {
    let connection = state.connections.get_mut(&id);
    act(connection.ok_or_else(|| Error::closed("peer connection"))?)
}

fn connect(world: &World, id: u64) {
    let Some((other, hosts)) = match_up(world, id) else {
        return;
    };
    if world.is_cut(hosts.0, hosts.1) {
        return;
    }
    let mut state = world.lock();
    for side in [id, other] {
        if let Some(connection) = state.connections.get_mut(&side) {
            connection.set_state(ConnectionState::Connecting);
            connection.set_state(ConnectionState::Connected);
        }
    }
    let told = channel::open(world, &mut state, id, other);
    drop(state);
    channel::tell(told);
}

/// The other side, if both know each other in their newest generations.
fn match_up(world: &World, id: u64) -> Option<(u64, (HostId, HostId))> {
    let state = world.lock();
    let ours = state.connections.get(&id)?;
    let (_, remote) = ours.remote.newest()?;
    let theirs = state.connections.get(&remote.connection)?;
    let (_, known) = theirs.remote.newest()?;
    let fits = known.connection == id
        && known.generation == ours.generation
        && remote.generation == theirs.generation
        && ours
            .candidates
            .contains(&(remote.connection, remote.generation))
        && theirs.candidates.contains(&(id, ours.generation));
    let down = ours.state != ConnectionState::Connected;
    (fits && down).then_some((remote.connection, (ours.host, theirs.host)))
}

/// The connection at the other end.
pub(super) fn other_end(state: &State, id: u64) -> Option<u64> {
    let (_, remote) = state.connections.get(&id)?.remote.newest()?;
    Some(remote.connection)
}

/// What a cut does to the connections between two hosts.
pub(super) fn disturb(world: &World, a: HostId, b: HostId) {
    let mut state = world.lock();
    let between: Vec<u64> = state
        .connections
        .iter()
        .filter(|(_, it)| it.host == a || it.host == b)
        .filter(|(id, it)| {
            let other = other_end(&state, **id).and_then(|other| state.connections.get(&other));
            other.is_some_and(|other| other.host != it.host && (other.host == a || other.host == b))
        })
        .map(|(id, _)| *id)
        .collect();
    for id in &between {
        if let Some(connection) = state.connections.get_mut(id) {
            connection.set_state(ConnectionState::Disconnected);
        }
    }
    drop(state);
    let sleep = world.sleep(LATENCY * 250);
    let fail = world.clone();
    world.spawn(async move {
        sleep.await;
        let mut state = fail.lock();
        for id in between {
            if let Some(connection) = state.connections.get_mut(&id)
                && connection.state == ConnectionState::Disconnected
            {
                connection.set_state(ConnectionState::Failed);
            }
        }
    });
}

fn close(world: &World, id: u64) {
    // What is dropped with it takes the lock by itself.
    let closed = {
        let mut state = world.lock();
        let other = other_end(&state, id);
        let Some(closed) = state.connections.remove(&id) else {
            return;
        };
        let channels: Vec<_> = closed
            .channels
            .iter()
            .filter_map(|id| state.channels.remove(id))
            .collect();
        if let Some(other) = other {
            let theirs = state.connections.get_mut(&other).map(|other| {
                other.set_state(ConnectionState::Failed);
                other.channels.clone()
            });
            for channel in theirs.into_iter().flatten() {
                if let Some(channel) = state.channels.get_mut(&channel) {
                    channel.close();
                }
            }
        }
        (closed, channels)
    };
    for section in &closed.0.sections {
        section.receiver.end();
    }
}

impl Peer<Fake> for FakePeer {
    async fn create_offer(&self, restart_ice: bool) -> Result<SessionDescription> {
        self.with(|connection| {
            let sdp = connection.offer(restart_ice)?.write();
            Ok(SessionDescription {
                kind: SdpType::Offer,
                sdp,
            })
        })
    }

    async fn create_answer(&self) -> Result<SessionDescription> {
        self.with(|connection| {
            let sdp = connection.answer()?.write();
            Ok(SessionDescription {
                kind: SdpType::Answer,
                sdp,
            })
        })
    }

    async fn set_local(&self, description: &SessionDescription) -> Result<()> {
        self.with(|connection| connection.set_local(description))?;
        self.check();
        Ok(())
    }

    async fn set_remote(&self, description: &SessionDescription) -> Result<()> {
        {
            let mut state = self.0.world.lock();
            // Ids are the world's, and the connection is a part of it.
            let mut next = state.next_id() << 20;
            let mut next_id = || {
                next += 1;
                next
            };
            let transceiver = |section| self.transceiver(section);
            with(&mut state, self.0.id, |connection| {
                connection.set_remote(description, &mut next_id, &transceiver)
            })?;
        }
        self.check();
        Ok(())
    }

    async fn rollback(&self) -> Result<()> {
        self.with(|connection| {
            connection.rollback();
            Ok(())
        })
    }

    async fn local_description(&self) -> Option<SessionDescription> {
        let described = self.with(|it| Ok(it.describe(&it.local, true)));
        described.ok().flatten()
    }

    async fn remote_description(&self) -> Option<SessionDescription> {
        let described = self.with(|it| Ok(it.describe(&it.remote, false)));
        described.ok().flatten()
    }

    async fn add_candidate(&self, candidate: Option<&IceCandidate>) -> Result<()> {
        let Some(candidate) = candidate else {
            return Ok(());
        };
        let candidate = sdp::read_candidate(&candidate.candidate)?;
        self.with(|connection| {
            if connection.remote.newest().is_none() {
                return Err(sdp::invalid("there is no remote description"));
            }
            connection.candidates.insert(candidate);
            Ok(())
        })?;
        self.check();
        Ok(())
    }

    fn restart_ice(&self) {
        // A closed connection has nothing to restart.
        let _ = self.with(|connection| {
            connection.restart_ice = true;
            connection.need(Need::change);
            Ok(())
        });
    }

    async fn set_configuration(&self, _config: &Configuration) -> Result<()> {
        self.with(|_| Ok(()))
    }

    fn create_channel(
        &self,
        label: &str,
        options: &ChannelOptions,
    ) -> Result<(FakeChannel, ChannelEvents)> {
        let mut state = self.0.world.lock();
        with(&mut state, self.0.id, |connection| {
            if !std::mem::replace(&mut connection.has_data, true) {
                connection.need(Need::change);
            }
            Ok(())
        })?;
        let made = channel::create(&self.0.world, &mut state, self.0.id, label, options);
        let id = self.0.id;
        drop(state);
        self.0.world.later(move |world| {
            let mut state = world.lock();
            let other = other_end(&state, id);
            let told = other.map(|other| channel::open(world, &mut state, id, other));
            drop(state);
            channel::tell(told.unwrap_or_default());
        });
        Ok(made)
    }

    fn add_transceiver(&self, kind: Kind, init: &TransceiverInit) -> Result<FakeTransceiver> {
        let mut state = self.0.world.lock();
        let section = state.next_id();
        with(&mut state, self.0.id, |connection| {
            connection.sections.push(Section::new(section, kind, init));
            connection.need(Need::change);
            Ok(())
        })?;
        Ok(self.transceiver(section))
    }

    fn transceivers(&self) -> Vec<FakeTransceiver> {
        let sections = self.with(|connection| {
            let alive = connection.sections.iter().filter(|it| !it.is_gone());
            Ok(alive.map(|section| section.id).collect::<Vec<_>>())
        });
        let sections = sections.unwrap_or_default().into_iter();
        sections.map(|section| self.transceiver(section)).collect()
    }

    async fn stats(&self) -> Result<StatsReport> {
        let mut state = self.0.world.lock();
        let taken_at = state.now();
        let ends = with(&mut state, self.0.id, |it| Ok(it.channels.clone()))?;
        let channels: Vec<_> = ends
            .iter()
            .filter_map(|id| state.channels.get(id))
            .collect();
        let opened = channels.iter().filter(|it| it.was_open);
        let closed = opened.clone().filter(|it| it.is_closed()).count() as u32;
        let opened = opened.count() as u32;
        let channels = channels.iter().map(|it| it.stats()).collect();
        with(&mut state, self.0.id, |connection| {
            Ok(StatsReport {
                taken_at,
                connection: ConnectionStats {
                    bytes_sent: connection.bytes.0,
                    bytes_received: connection.bytes.1,
                    channels_opened: opened,
                    channels_closed: closed,
                },
                candidate_pair: pair(connection),
                sources: sources(connection),
                outbound: connection.sections.iter().map(outbound).collect(),
                inbound: connection.sections.iter().map(inbound).collect(),
                channels,
            })
        })
    }

    fn close(&self) {
        close(&self.0.world, self.0.id);
    }
}

fn pair(connection: &Connection) -> Option<CandidatePairStats> {
    let is_up = connection.state == ConnectionState::Connected;
    is_up.then(|| CandidatePairStats {
        local: Some(CandidateKind::Host),
        remote: Some(CandidateKind::Host),
        protocol: Some("udp".into()),
        round_trip: Some(LATENCY * 2),
        available_outgoing_bitrate: None,
        bytes_sent: connection.bytes.0,
        bytes_received: connection.bytes.1,
    })
}

fn sources(connection: &Connection) -> Vec<SourceStats> {
    let tracks = connection
        .sections
        .iter()
        .filter_map(|it| it.track.as_ref());
    let sources = tracks.map(|track| SourceStats {
        kind: track.kind(),
        track: track.id(),
        size: None,
        frame_rate: None,
        audio_level: None,
    });
    sources.collect()
}

fn outbound(section: &Section) -> OutboundStats {
    OutboundStats {
        kind: section.kind,
        mid: section.mid.clone(),
        rid: None,
        codec: section
            .parameters
            .codecs
            .first()
            .map(|it| it.mime_type.clone()),
        packets: section.sent.0,
        bytes: section.sent.1,
        retransmitted_bytes: 0,
        target_bitrate: None,
        frames: None,
        key_frames: None,
        size: None,
        frame_rate: None,
        nacks: 0,
        plis: 0,
        remote_loss: None,
        remote_jitter: None,
        round_trip: None,
    }
}

fn inbound(section: &Section) -> InboundStats {
    InboundStats {
        kind: section.kind,
        mid: section.mid.clone(),
        codec: section
            .parameters
            .codecs
            .first()
            .map(|it| it.mime_type.clone()),
        packets: section.received.0,
        bytes: section.received.1,
        packets_lost: 0,
        jitter: None,
        frames: None,
        frames_decoded: None,
        frames_dropped: None,
        size: None,
        frame_rate: None,
        freezes: None,
        freeze_time: None,
        concealed_samples: None,
        samples: None,
        audio_level: None,
        buffer_delay: None,
        nacks: 0,
        plis: 0,
    }
}
