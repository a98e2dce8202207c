//! A platform without devices, sockets or time: an in-memory network on a virtual clock, for
//! deterministic tests.
//!
//! A [`World`] holds hosts, a signaling server and the ways between them; each host is one engine
//! of [`Engine::on_fake`](crate::Engine::on_fake). Tests cut ways, lose packets, stop the server,
//! pull out devices, and let time pass. Nothing here waits for real.
//!
//! ```
//! use std::time::Duration;
//! use parlor_engine::{Config, Configuration, Engine, fake};
//!
//! # fn main() -> parlor_engine::Result<()> {
//! let world = fake::World::new();
//! let engine = Engine::on_fake(&world, fake::HostId(1), Config::alone())?;
//! let connection = engine.connect(&Configuration::default())?;
//! connection.create_channel("chat", &Default::default())?;
//! // Runs in virtual time until it is done, or an hour of it has passed.
//! let offer = world.run_until(Duration::from_secs(3_600), async move {
//!     connection.describe().await
//! });
//! assert!(offer.is_some_and(|offer| offer.is_ok()));
//! # Ok(()) }
//! ```
//!
//! What it does not do: media of devices are not made, so they are counted in no statistics and
//! only unmute the other side's track; a cut is one through relays too; ICE servers are not asked.

mod channel;
mod clock;
mod codecs;
mod connection;
mod constraints;
mod devices;
mod ice;
mod line;
mod media;
mod network;
mod open;
mod peer;
mod sdp;
mod section;
mod server;
mod signaling;
mod stats;
mod teller;
#[cfg(test)]
mod tests;
mod track;
mod transceiver;
mod world;

use std::collections::BTreeMap;
use std::future::{Future, pending};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc;

pub(crate) use self::channel::FakeChannel;
pub(crate) use self::peer::FakePeer;
pub(crate) use self::server::FakeSocket;
pub(crate) use self::track::FakeTrack;
pub(crate) use self::transceiver::FakeTransceiver;
pub use self::world::{Alive, HostId, World};
use super::{PeerEvents, Platform, SocketEvent};
use crate::capabilities::Capabilities;
use crate::error::{Error, ErrorKind, Result};
use crate::media::{
    AudioConstraints, Device, Kind, PermissionState, ScreenConstraints, VideoConstraints,
};
use crate::peer::{Codec, Configuration};

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
}

impl Platform for Fake {
    type Peer = FakePeer;
    type Channel = FakeChannel;
    type Transceiver = FakeTransceiver;
    type Track = FakeTrack;
    type Socket = FakeSocket;

    fn new() -> Result<Self> {
        let text = "a fake needs a world: `Engine::on_fake`";
        Err(Error::new(ErrorKind::Unsupported, text))
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            capture: true,
            screen: true,
            encoded_frames: true,
            early_media: true,
            dtmf: true,
            simulcast: true,
            encoder_control: true,
            reconfiguration: true,
            local_addresses: true,
            announced_reliability: true,
            permission_state: true,
        }
    }

    fn now(&self) -> Duration {
        self.world.now()
    }

    fn wall_clock(&self) -> u64 {
        let skipped = self.world.lock().wall_skips.get(&self.host).copied();
        let passed = self.world.now() + skipped.unwrap_or_default();
        EPOCH_MS + passed.as_millis() as u64
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

    fn resumed(&self) -> impl Future<Output = ()> + Send + 'static {
        pending()
    }

    fn open_peer(&self, config: &Configuration) -> Result<(FakePeer, PeerEvents<Self>)> {
        Ok(FakePeer::open(&self.world, self.host, config))
    }

    async fn devices(&self) -> Result<Vec<Device>> {
        Ok(self.world.devices(self.host))
    }

    async fn devices_changed(&self) {
        let mut changes = self.world.device_changes(self.host);
        // The world, and with it the sender, lives as long as this platform.
        let _ = changes.changed().await;
    }

    async fn permission(&self, kind: Kind) -> PermissionState {
        self.world.permission(self.host, kind)
    }

    async fn open_microphone(&self, wish: &AudioConstraints) -> Result<FakeTrack> {
        opened(self.world.open_devices(self.host, Some(wish), None)?.0)
    }

    async fn open_camera(&self, wish: &VideoConstraints) -> Result<FakeTrack> {
        opened(self.world.open_devices(self.host, None, Some(wish))?.1)
    }

    async fn open_both(
        &self,
        audio: &AudioConstraints,
        video: &VideoConstraints,
    ) -> Result<(FakeTrack, FakeTrack)> {
        let (microphone, camera) = self
            .world
            .open_devices(self.host, Some(audio), Some(video))?;
        Ok((opened(microphone)?, opened(camera)?))
    }

    async fn open_screen(
        &self,
        wish: &ScreenConstraints,
    ) -> Result<(FakeTrack, Option<FakeTrack>)> {
        self.world.open_screen(self.host, wish)
    }

    fn encoded_track(&self, codec: &Codec) -> Result<FakeTrack> {
        let known = codecs::find(&codec.mime_type);
        let (kind, codec) =
            known.ok_or_else(|| Error::new(ErrorKind::Unsupported, "not a codec of the fake"))?;
        Ok(FakeTrack::encoded(kind, codec))
    }
}

/// What was wished for is there after it was opened.
fn opened(track: Option<FakeTrack>) -> Result<FakeTrack> {
    track.ok_or_else(|| Error::new(ErrorKind::DeviceMissing, "there is no such device"))
}
