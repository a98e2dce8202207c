//! A platform without devices, sockets or time: an in-memory network on a virtual clock, for
//! deterministic tests.
//!
//! A [`World`] holds hosts, a signaling server and the links between them; each host is one
//! [`Fake`]. Tests cut links, stop the server, and let time pass.

#![cfg_attr(not(test), expect(dead_code, reason = "only tests make a world"))]

mod peer;
mod server;
mod track;
mod world;

use std::collections::BTreeMap;
use std::future::{Future, pending};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc;

pub(crate) use self::peer::FakePeer;
pub(crate) use self::server::FakeSocket;
pub(crate) use self::track::FakeTrack;
pub(crate) use self::world::{HostId, World};
use super::{PeerEvents, Platform, SocketEvent};
use crate::error::{Error, ErrorKind, Result};
use crate::media::{AudioConstraints, Device, DeviceKind, Kind, VideoConstraints};
use crate::peer::PeerConfig;

/// Midnight of some day: wall clocks start here.
const EPOCH_MS: u64 = 1_700_000_000_000;

#[derive(Clone)]
pub(crate) struct Fake {
    pub(crate) world: World,
    pub(crate) host: HostId,
    stored: Arc<Mutex<BTreeMap<String, String>>>,
}

impl Fake {
    pub(crate) fn on(world: &World, host: HostId) -> Self {
        Self {
            world: world.clone(),
            host,
            stored: Arc::default(),
        }
    }

    fn stored(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, String>> {
        self.stored.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&self, kind: Kind) -> Result<FakeTrack> {
        self.world.device_error(self.host).map_or_else(
            || Ok(FakeTrack::new(kind)),
            |kind| Err(Error::new(kind, "the fake device refuses")),
        )
    }
}

impl Platform for Fake {
    type Peer = FakePeer;
    type Track = FakeTrack;
    type Socket = FakeSocket;

    fn new() -> Result<Self> {
        let text =
            "this build of the engine runs in browsers only; on this platform there are tests";
        Err(Error::new(ErrorKind::Unsupported, text))
    }

    fn now(&self) -> Duration {
        self.world.now()
    }

    fn wall_clock(&self) -> u64 {
        EPOCH_MS + self.world.now().as_millis() as u64
    }

    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send + 'static {
        self.world.sleep(duration)
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.world.spawn(task);
    }

    fn load(&self, name: &str) -> Option<String> {
        self.stored().get(name).cloned()
    }

    fn store(&self, name: &str, value: &str) {
        self.stored().insert(name.to_owned(), value.to_owned());
    }

    fn connect(&self, _url: &str) -> Result<(FakeSocket, mpsc::UnboundedReceiver<SocketEvent>)> {
        Ok(FakeSocket::connect(&self.world))
    }

    fn network_changed(&self) -> impl Future<Output = ()> + Send + 'static {
        pending()
    }

    fn open_peer(&self, config: &PeerConfig) -> Result<(FakePeer, PeerEvents<Self>)> {
        if config
            .ice_servers
            .iter()
            .any(|server| server.urls.is_empty())
        {
            return Err(Error::new(
                ErrorKind::Invalid,
                "an ICE server without an address",
            ));
        }
        Ok(FakePeer::open(&self.world, self.host))
    }

    async fn devices(&self) -> Result<Vec<Device>> {
        let device = |id: &str, kind| Device {
            id: id.into(),
            kind,
            label: format!("Fake {id}"),
        };
        Ok(vec![
            device("mic", DeviceKind::Microphone),
            device("cam", DeviceKind::Camera),
        ])
    }

    async fn devices_changed(&self) {
        pending().await
    }

    async fn open_microphone(&self, _wish: &AudioConstraints) -> Result<FakeTrack> {
        self.open(Kind::Audio)
    }

    async fn open_camera(&self, _wish: &VideoConstraints) -> Result<FakeTrack> {
        self.open(Kind::Video)
    }

    async fn open_both(
        &self,
        _audio: &AudioConstraints,
        _video: &VideoConstraints,
    ) -> Result<(FakeTrack, FakeTrack)> {
        Ok((self.open(Kind::Audio)?, self.open(Kind::Video)?))
    }
}
