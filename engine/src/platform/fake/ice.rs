//! How ways are found, lost and found again.

use std::time::Duration;

use super::channel;
use super::connection::{Connection, other_end};
use super::media;
use super::open;
use super::sdp::Candidate;
use super::world::{HostId, State, World};
use crate::peer::{
    CandidateKind, Configuration, ConnectionState, IceGatheringState, IceTransportPolicy,
};
use crate::platform::PeerEvent;

/// How long candidates take to be found.
const GATHERING: Duration = Duration::from_millis(5);
/// After so long without a way there is none: browsers take 5 to 30 s.
const FAILS_AFTER: Duration = Duration::from_secs(5);

/// The ways that a configuration has.
fn ways(configuration: &Configuration) -> Vec<CandidateKind> {
    let urls = || {
        configuration
            .ice_servers
            .iter()
            .flat_map(|server| &server.urls)
    };
    let has = |scheme| urls().any(|url| url.starts_with(scheme));
    let mut kinds = Vec::new();
    if configuration.ice_transport_policy == IceTransportPolicy::All {
        kinds.push(CandidateKind::Host);
        if has("stun") {
            kinds.push(CandidateKind::ServerReflexive);
        }
    }
    if has("turn") {
        kinds.push(CandidateKind::Relay);
    }
    kinds
}

/// Looks for candidates of a generation that has none yet.
pub(super) fn gather(world: &World, id: u64) {
    let mut state = world.lock();
    let Some(connection) = state.connections.get_mut(&id) else {
        return;
    };
    let is_empty = connection
        .local
        .newest()
        .is_none_or(|(_, sdp)| sdp.is_empty());
    let generation = connection.ice.generation;
    if is_empty || connection.ice.gathering >= generation {
        return;
    }
    connection.ice.gathering = generation;
    connection.emit(PeerEvent::IceGathering(IceGatheringState::Gathering));
    // Another configuration is for the next generation.
    let kinds = ways(&connection.configuration);
    drop(state);
    world.after(GATHERING, move |world| {
        if let Some(connection) = world.lock().connections.get_mut(&id) {
            gathered(connection, generation, kinds);
        }
    });
}

fn gathered(connection: &mut Connection, generation: u32, kinds: Vec<CandidateKind>) {
    if connection.ice.gathering != generation {
        return;
    }
    let of = |kind| Candidate {
        connection: connection.id,
        generation,
        kind,
    };
    let found: Vec<_> = kinds.into_iter().map(of).collect();
    // Those of an offer that was taken back lead nowhere.
    let described = connection.local.newest().map(|(_, sdp)| sdp);
    if let Some(sdp) = described.filter(|sdp| sdp.generation == generation) {
        for candidate in &found {
            connection.emit(PeerEvent::Candidate(Some(sdp.name(candidate))));
        }
        connection.ice.found.extend(found);
    }
    connection.emit(PeerEvent::IceGathering(IceGatheringState::Complete));
    connection.emit(PeerEvent::Candidate(None));
}

/// Looks whether both sides know enough of each other by now.
pub(super) fn check(world: &World, id: u64) {
    world.later(move |world| connect(world, id));
}

fn connect(world: &World, id: u64) {
    let mut state = world.lock();
    let Some(other) = other_end(&state, id).filter(|other| fits(&state, id, *other)) else {
        return;
    };
    let both = [id, other];
    let hosts = both.map(|id| state.connections[&id].host);
    let is_cut = state.network.is_cut(hosts[0], hosts[1]);
    for id in both {
        let Some(connection) = state.connections.get_mut(&id) else {
            continue;
        };
        if matches!(
            connection.state,
            ConnectionState::New | ConnectionState::Failed
        ) {
            connection.set_state(ConnectionState::Connecting);
        }
        if !is_cut {
            connection.has_way = true;
            connection.ice.down_since = None;
            connection.set_state(ConnectionState::Connected);
        }
    }
    if is_cut {
        let searching = both.into_iter().filter(|id| !state.connections[id].is_up());
        let searching = searching.collect();
        drop(state);
        return give_up_later(world, searching);
    }
    open::open(world, &mut state, id, other);
    drop(state);
    world.go_on();
    media::settle(world, id);
}

/// Whether both sides know each other in their newest generations, which have not failed.
fn fits(state: &State, a: u64, b: u64) -> bool {
    let ends = state.connections.get(&a).zip(state.connections.get(&b));
    ends.is_some_and(|(one, other)| one.knows(other) && other.knows(one))
}

impl Connection {
    fn is_up(&self) -> bool {
        self.state == ConnectionState::Connected
    }

    fn knows(&self, other: &Self) -> bool {
        let key = (other.id, other.ice.generation);
        let described = self
            .remote
            .newest()
            .map(|(_, sdp)| (sdp.connection, sdp.generation));
        let mut candidates = self.ice.remote.iter();
        let has_candidate = candidates.any(|it| (it.connection, it.generation) == key);
        described == Some(key) && has_candidate && self.ice.generation != self.ice.failed
    }

    /// The kinds of both ends of the way in use: the best that each has.
    pub(super) fn way(&self) -> Option<(CandidateKind, CandidateKind)> {
        let (_, remote) = self.remote.newest()?;
        let theirs = |it: &&Candidate| it.generation == remote.generation;
        let theirs = self.ice.remote.iter().find(theirs)?;
        let ours = self.ice.found_for(self.ice.generation).next()?;
        Some((ours.kind, theirs.kind))
    }
}

/// The connections between two hosts.
fn between(state: &State, a: HostId, b: HostId) -> Vec<u64> {
    let connections = state.connections.values();
    let is_between = |connection: &&Connection| {
        let other = other_end(state, connection.id).and_then(|id| state.connections.get(&id));
        let hosts = other.map(|other| (connection.host, other.host));
        hosts == Some((a, b)) || hosts == Some((b, a))
    };
    connections.filter(is_between).map(|it| it.id).collect()
}

/// What a cut does to the connections between two hosts.
pub(super) fn disturb(world: &World, a: HostId, b: HostId) {
    let disturbed = {
        let mut state = world.lock();
        let mut between = between(&state, a, b);
        between.retain(|id| {
            let connection = state.connections.get_mut(id).filter(|it| it.is_up());
            let is_up = connection.is_some();
            if let Some(connection) = connection {
                connection.set_state(ConnectionState::Disconnected);
            }
            is_up
        });
        between
    };
    give_up_later(world, disturbed);
}

/// Fails what finds no way for too long.
fn give_up_later(world: &World, ids: Vec<u64>) {
    let since = world.now();
    {
        let mut state = world.lock();
        for id in &ids {
            if let Some(connection) = state.connections.get_mut(id) {
                connection.ice.down_since.get_or_insert(since);
            }
        }
    }
    world.after(FAILS_AFTER, move |world| {
        let mut state = world.lock();
        for id in ids {
            let connection = state.connections.get_mut(&id);
            if let Some(connection) = connection.filter(|it| it.ice.down_since == Some(since)) {
                connection.fail();
            }
        }
    });
}

/// What the end of a cut does.
pub(super) fn recover(world: &World, a: HostId, b: HostId) {
    let between = between(&world.lock(), a, b);
    for id in between {
        check(world, id);
    }
}

/// Closes a connection. The other side hears of it after what was sent before.
pub(super) fn close(world: &World, id: u64) {
    let mut state = world.lock();
    let way = state.way(id);
    let now = state.clock.now();
    let Some(closed) = state.connections.remove(&id) else {
        return;
    };
    let channels: Vec<_> = closed
        .channels
        .iter()
        .filter_map(|id| state.channels.remove(id))
        .collect();
    drop(state);
    for section in &closed.sections {
        section.receiver.end();
        if let Some(track) = &section.track {
            track.detach(&section.lane(world, id));
        }
    }
    let drained = closed.line_free_at.saturating_sub(now);
    drop((closed, channels));
    let Some(way) = way else { return };
    world.after(drained, move |world| {
        world.later(move |world| {
            let mut state = world.lock();
            if state.is_open(&way) {
                channel::close_all(&mut state, way.to);
                if let Some(connection) = state.connections.get_mut(&way.to) {
                    connection.fail();
                }
            }
        });
    });
}
