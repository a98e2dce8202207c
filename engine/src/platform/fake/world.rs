use std::collections::BTreeMap;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::channel::Channels;
use super::clock::Clock;
use super::connection::Connections;
use super::devices::Devices;
use super::network::Network;
use super::server::Server;
use super::teller::{Teller, Told};
use crate::platform::Emitter;

/// One computer in a [`World`].
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct HostId(pub u32);

/// Time, tasks, devices and the network of a test.
///
/// A cheap handle. The same calls give the same course of things every time.
#[derive(Clone, Default)]
pub struct World(Arc<Inner>);

#[derive(Default)]
struct Inner {
    state: Mutex<State>,
    told: Told,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) clock: Clock,
    pub(super) network: Network,
    pub(super) devices: BTreeMap<HostId, Devices>,
    /// What was dialled to each host.
    pub(super) tones: BTreeMap<HostId, Vec<(Duration, char)>>,
    pub(super) server: Server,
    /// By how much the clock on the wall of a host is ahead of the others.
    pub(super) wall_skips: BTreeMap<HostId, Duration>,
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

    /// Lets the clock on the wall of a host go on by so much at once, while everything else there
    /// stands still: as after a sleep of the device.
    pub fn skip_wall_clock(&self, host: HostId, by: Duration) {
        *self.lock().wall_skips.entry(host).or_default() += by;
    }

    /// No handle of a connection or channel may be dropped while this is held: that takes it too.
    pub(super) fn lock(&self) -> Locked<'_> {
        let state = self.0.state.lock();
        Locked {
            state: Some(state.unwrap_or_else(PoisonError::into_inner)),
            told: &self.0.told,
        }
    }

    /// Where a connection or channel says what happens to it.
    pub(super) fn teller<E: Send + 'static>(&self, events: Emitter<E>) -> Teller<E> {
        Teller {
            events: Arc::new(events),
            told: self.0.told.clone(),
        }
    }
}

/// All that a world is. Let go of, what happened meanwhile is told.
pub(super) struct Locked<'a> {
    /// Always there, but at the very end.
    state: Option<MutexGuard<'a, State>>,
    told: &'a Told,
}

impl Deref for Locked<'_> {
    type Target = State;

    fn deref(&self) -> &State {
        self.state
            .as_ref()
            .expect("it is let go of when it is dropped")
    }
}

impl DerefMut for Locked<'_> {
    fn deref_mut(&mut self) -> &mut State {
        self.state
            .as_mut()
            .expect("it is let go of when it is dropped")
    }
}

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        self.state = None;
        self.told.tell();
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World")
            .field("now", &self.now())
            .finish_non_exhaustive()
    }
}
