//! Peer connections in memory. Their "SDP" is JSON that says who offers what; the rules about
//! states, generations and media sections are those of real ones.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use super::Fake;
use super::track::FakeTrack;
use super::world::{HostId, LATENCY, World};
use crate::error::{Error, ErrorKind, Result};
use crate::media::Kind;
use crate::peer::{Candidate, ConnectionState, Description, DescriptionKind, SendLimits};
use crate::platform::{Peer, PeerEvent, PeerEvents, Sender};

pub(super) type Connections = BTreeMap<u64, Connection>;

pub(super) struct Connection {
    host: HostId,
    events: mpsc::UnboundedSender<PeerEvent<Fake>>,
    signaling: Signaling,
    /// Grows with each ICE restart.
    generation: u32,
    sections: Vec<Section>,
    remote: Option<Sdp>,
    /// The generation of the other side whose candidate came.
    candidate_of: Option<(u64, u32)>,
    state: ConnectionState,
    channel_open: bool,
    announced: Vec<String>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Signaling {
    Stable,
    HaveLocalOffer,
    HaveRemoteOffer,
}

struct Section {
    id: u64,
    kind: Kind,
    mid: Option<String>,
    track: Option<FakeTrack>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Sdp {
    connection: u64,
    generation: u32,
    sections: Vec<SdpSection>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct SdpSection {
    mid: String,
    audio: bool,
}

fn invalid(what: &'static str) -> Error {
    Error::new(ErrorKind::Invalid, what)
}

impl Connection {
    fn emit(&self, event: PeerEvent<Fake>) {
        let _ = self.events.send(event);
    }

    fn set_state(&mut self, state: ConnectionState) {
        if self.state != state {
            self.state = state;
            self.emit(PeerEvent::State(state));
        }
    }

    fn describe(&mut self, id: u64) -> Sdp {
        for section in &mut self.sections {
            section
                .mid
                .get_or_insert_with(|| format!("{id}-{}", section.id));
        }
        let section = |section: &Section| SdpSection {
            mid: section.mid.clone().unwrap_or_default(),
            audio: section.kind == Kind::Audio,
        };
        let sections = self.sections.iter().map(section).collect();
        Sdp {
            connection: id,
            generation: self.generation,
            sections,
        }
    }

    fn announce(&mut self) {
        let Some(remote) = self.remote.clone() else {
            return;
        };
        for section in remote.sections {
            let known = self.announced.contains(&section.mid);
            if !known {
                self.announced.push(section.mid.clone());
                let kind = if section.audio {
                    Kind::Audio
                } else {
                    Kind::Video
                };
                let track = FakeTrack::new(kind);
                self.emit(PeerEvent::Track {
                    track,
                    mid: section.mid,
                });
            }
        }
    }
}

#[derive(Clone)]
pub(crate) struct FakePeer {
    world: World,
    id: u64,
}

impl FakePeer {
    pub(super) fn open(world: &World, host: HostId) -> (Self, PeerEvents<Fake>) {
        let (events, inbox) = crate::inbox::unbounded();
        let mut state = world.lock();
        let id = state.next_id();
        let connection = Connection {
            host,
            events,
            signaling: Signaling::Stable,
            generation: 1,
            sections: Vec::new(),
            remote: None,
            candidate_of: None,
            state: ConnectionState::New,
            channel_open: false,
            announced: Vec::new(),
        };
        // The data channel wants to be negotiated, as with real ones.
        connection.emit(PeerEvent::NegotiationNeeded);
        state.connections.insert(id, connection);
        (
            Self {
                world: world.clone(),
                id,
            },
            inbox,
        )
    }

    fn with<T>(&self, act: impl FnOnce(&mut Connection) -> Result<T>) -> Result<T> {
        let mut state = self.world.lock();
        act(state
            .connections
            .get_mut(&self.id)
            .ok_or_else(|| Error::closed("peer connection"))?)
    }

    fn local(&self, kind: DescriptionKind, signaling: Signaling) -> Result<Description> {
        self.with(|connection| {
            connection.signaling = signaling;
            let sdp = connection.describe(self.id);
            // One candidate says it all.
            let candidate = format!("{} {}", sdp.connection, sdp.generation);
            let candidate = Candidate {
                candidate,
                mid: None,
                line: None,
                ufrag: None,
            };
            connection.emit(PeerEvent::Candidate(Some(candidate)));
            connection.emit(PeerEvent::Candidate(None));
            let sdp = serde_json::to_string(&sdp).map_err(|_| invalid("no description"))?;
            Ok(Description { kind, sdp })
        })
    }

    /// Connects both sides once each knows the other's description and candidate.
    fn check(&self) {
        let (world, id) = (self.world.clone(), self.id);
        self.world.later(move |_| connect(&world, id));
    }
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
        let Some(connection) = state.connections.get_mut(&side) else {
            continue;
        };
        connection.set_state(ConnectionState::Connecting);
        connection.set_state(ConnectionState::Connected);
        if !std::mem::replace(&mut connection.channel_open, true) {
            connection.emit(PeerEvent::ChannelOpen);
        }
    }
}

/// The other side, if both know each other in their newest generations.
fn match_up(world: &World, id: u64) -> Option<(u64, (HostId, HostId))> {
    let state = world.lock();
    let ours = state.connections.get(&id)?;
    let remote = ours.remote.as_ref()?;
    let theirs = state.connections.get(&remote.connection)?;
    let known = theirs.remote.as_ref()?;
    let fits = known.connection == id
        && known.generation == ours.generation
        && remote.generation == theirs.generation
        && ours.candidate_of == Some((remote.connection, remote.generation))
        && theirs.candidate_of == Some((id, ours.generation));
    let down = ours.state != ConnectionState::Connected;
    (fits && down).then_some((remote.connection, (ours.host, theirs.host)))
}

/// What a cut does to the connections between two hosts.
pub(super) fn disturb(world: &World, a: HostId, b: HostId) {
    let mut state = world.lock();
    let between: Vec<u64> = state
        .connections
        .iter()
        .filter(|(_, it)| it.host == a || it.host == b)
        .filter(|(_, it)| {
            let other = it
                .remote
                .as_ref()
                .and_then(|remote| state.connections.get(&remote.connection));
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

impl Peer for FakePeer {
    type Track = FakeTrack;
    type Sender = FakeSender;

    async fn offer(&self, restart_ice: bool) -> Result<Description> {
        self.with(|connection| {
            connection.generation += u32::from(restart_ice);
            if connection.signaling == Signaling::HaveRemoteOffer {
                return Err(invalid("there is a remote offer"));
            }
            Ok(())
        })?;
        self.local(DescriptionKind::Offer, Signaling::HaveLocalOffer)
    }

    async fn answer(&self) -> Result<Description> {
        self.with(|connection| match connection.signaling {
            Signaling::HaveRemoteOffer => Ok(()),
            _ => Err(invalid("there is no remote offer")),
        })?;
        let answer = self.local(DescriptionKind::Answer, Signaling::Stable)?;
        self.check();
        Ok(answer)
    }

    async fn rollback(&self) -> Result<()> {
        self.with(|connection| {
            connection.signaling = Signaling::Stable;
            Ok(())
        })
    }

    async fn set_remote(&self, description: &Description) -> Result<()> {
        let sdp: Sdp = serde_json::from_str(&description.sdp)
            .map_err(|error| invalid("not a description").caused_by(error))?;
        self.with(|connection| {
            let (expected, next) = match description.kind {
                DescriptionKind::Offer => (Signaling::Stable, Signaling::HaveRemoteOffer),
                DescriptionKind::Answer => (Signaling::HaveLocalOffer, Signaling::Stable),
            };
            if connection.signaling != expected {
                return Err(invalid("not in this state"));
            }
            let restarted = connection
                .remote
                .as_ref()
                .is_some_and(|old| old.generation < sdp.generation);
            if restarted && description.kind == DescriptionKind::Offer {
                connection.generation += 1;
            }
            connection.signaling = next;
            connection.remote = Some(sdp);
            if restarted && connection.state == ConnectionState::Connected {
                connection.set_state(ConnectionState::Connecting);
            }
            connection.announce();
            Ok(())
        })?;
        self.check();
        Ok(())
    }

    async fn add_candidate(&self, candidate: Option<&Candidate>) -> Result<()> {
        let Some(candidate) = candidate else {
            return Ok(());
        };
        let parsed = candidate
            .candidate
            .split_once(' ')
            .and_then(|(connection, generation)| {
                Some((connection.parse().ok()?, generation.parse().ok()?))
            });
        self.with(|connection| {
            if connection.remote.is_none() {
                return Err(invalid("there is no remote description"));
            }
            connection.candidate_of = Some(parsed.ok_or_else(|| invalid("not a candidate"))?);
            Ok(())
        })?;
        self.check();
        Ok(())
    }

    fn add_sender(&self, kind: Kind) -> Result<FakeSender> {
        let section = self.world.lock().next_id();
        self.with(|connection| {
            let (mid, track) = (None, None);
            connection.sections.push(Section {
                id: section,
                kind,
                mid,
                track,
            });
            connection.emit(PeerEvent::NegotiationNeeded);
            Ok(())
        })?;
        Ok(FakeSender {
            peer: self.clone(),
            section,
        })
    }

    fn send(&self, text: &str) -> Result<()> {
        let other = self.with(|connection| {
            let other = connection.remote.as_ref().map(|remote| remote.connection);
            let open = connection.channel_open;
            other
                .filter(|_| open)
                .ok_or_else(|| Error::closed("data channel"))
        })?;
        let (id, text) = (self.id, text.to_owned());
        self.world
            .later(move |world| deliver(world, id, other, text));
        Ok(())
    }

    fn close(&self) {
        let mut state = self.world.lock();
        let Some(mut closed) = state.connections.remove(&self.id) else {
            return;
        };
        closed.set_state(ConnectionState::Closed);
        let other = closed.remote.map(|remote| remote.connection);
        if let Some(other) = other.and_then(|other| state.connections.get_mut(&other)) {
            if std::mem::take(&mut other.channel_open) {
                other.emit(PeerEvent::ChannelClosed);
            }
            other.set_state(ConnectionState::Failed);
        }
    }
}

/// What is sent into a cut waits for its end, as a reliable channel's would.
fn deliver(world: &World, from: u64, to: u64, text: String) {
    let hosts = {
        let state = world.lock();
        let host = |id| state.connections.get(&id).map(|connection| connection.host);
        host(from).zip(host(to))
    };
    let Some((a, b)) = hosts else { return };
    if world.is_cut(a, b) {
        return world.later(move |world| deliver(world, from, to, text));
    }
    if let Some(connection) = world.lock().connections.get(&to) {
        connection.emit(PeerEvent::ChannelMessage(text));
    }
}

#[derive(Clone)]
pub(crate) struct FakeSender {
    peer: FakePeer,
    section: u64,
}

impl FakeSender {
    fn with(&self, act: impl FnOnce(&mut Section)) {
        // A closed connection takes nothing any more, and nobody is told.
        let _ = self.peer.with(|connection| {
            let section = connection
                .sections
                .iter_mut()
                .find(|it| it.id == self.section);
            section.map(act);
            Ok(())
        });
    }
}

impl Sender for FakeSender {
    type Track = FakeTrack;

    fn mid(&self) -> Option<String> {
        let mut mid = None;
        self.with(|section| mid.clone_from(&section.mid));
        mid
    }

    async fn replace(&self, track: Option<&FakeTrack>) -> Result<()> {
        self.with(|section| section.track = track.cloned());
        Ok(())
    }

    async fn limit(&self, _limits: &SendLimits) -> Result<()> {
        Ok(())
    }
}
