use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::channel::Channels;
use super::clock::Clock;
use super::connection::Connections;
use super::devices::Devices;
use super::network::Network;
use super::server::Server;

/// One computer in a [`World`].
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct HostId(pub u32);

/// Time, tasks, devices and the network of a test.
///
/// A cheap handle. The same calls give the same course of things every time.
#[derive(Clone, Default)]
pub struct World(Arc<Mutex<State>>);

#[derive(Default)]
pub(super) struct State {
    pub(super) clock: Clock,
    pub(super) network: Network,
    pub(super) devices: BTreeMap<HostId, Devices>,
    /// What was dialled to each host.
    pub(super) tones: BTreeMap<HostId, Vec<(Duration, char)>>,
    pub(super) server: Server,
    pub(super) connections: Connections,
    pub(super) channels: Channels,
}

/// What is alive in a [`World`], to see that what is dropped is released.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Alive {
    /// Peer connections that are not closed.
    pub connections: usize,
    /// Data channels that are not closed.
    pub channels: usize,
    /// Microphones, cameras and screens that are open.
    pub captures: usize,
    /// Sockets that the server knows.
    pub sockets: usize,
}

impl World {
    /// A world where nothing has happened yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What was not closed, dropped or stopped so far, on all hosts together.
    pub fn alive(&self) -> Alive {
        let state = self.lock();
        let channels = state.channels.values();
        Alive {
            connections: state.connections.len(),
            channels: channels.filter(|channel| !channel.is_closed()).count(),
            captures: state.devices.values().map(Devices::open).sum(),
            sockets: state.server.sockets(),
        }
    }

    /// No handle of a connection or channel may be dropped while this is held: that takes it too.
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World")
            .field("now", &self.now())
            .finish_non_exhaustive()
    }
}
