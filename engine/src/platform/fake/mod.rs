//! A platform without devices, sockets or time: an in-memory network on a virtual clock, for
//! deterministic tests.
//!
//! A [`World`] holds hosts, a signaling server and the links between them; each host is one engine
//! of [`Engine::on_fake`](crate::Engine::on_fake). Tests cut links, stop the server, and let time
//! pass. Nothing here waits for real.

mod channel;
mod connection;
mod devices;
mod peer;
mod sdp;
mod section;
mod server;
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
pub use self::world::{HostId, World};
use super::{PeerEvents, Platform, SocketEvent};
use crate::capabilities::Capabilities;
use crate::error::{Error, ErrorKind, Result};
use crate::media::{
    AudioConstraints, Device, DeviceKind, Kind, PermissionState, ScreenConstraints,
    VideoConstraints,
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

    fn check(&self) -> Result<()> {
        match self.world.device_error(self.host) {
            Some(kind) => Err(Error::new(kind, "the fake device refuses")),
            None => Ok(()),
        }
    }
}

impl Platform for Fake {
    type Peer = FakePeer;
    type Events = PeerEvents<Self>;
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
            provisional_answers: true,
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

    fn open_peer(&self, _config: &Configuration) -> Result<(FakePeer, PeerEvents<Self>)> {
        Ok(FakePeer::open(&self.world, self.host))
    }

    async fn devices(&self) -> Result<Vec<Device>> {
        let device = |id: &str, kind| Device {
            id: id.into(),
            kind,
            label: format!("Fake {id}"),
        };
        Ok(vec![
            device(devices::MICROPHONE, DeviceKind::Microphone),
            device(devices::CAMERA, DeviceKind::Camera),
        ])
    }

    async fn devices_changed(&self) {
        pending().await
    }

    async fn permission(&self, _kind: Kind) -> PermissionState {
        match self.world.device_error(self.host) {
            Some(ErrorKind::PermissionDenied) => PermissionState::Denied,
            _ => PermissionState::Granted,
        }
    }

    async fn open_microphone(&self, wish: &AudioConstraints) -> Result<FakeTrack> {
        self.check()?;
        devices::microphone(wish)
    }

    async fn open_camera(&self, wish: &VideoConstraints) -> Result<FakeTrack> {
        self.check()?;
        devices::camera(wish)
    }

    async fn open_both(
        &self,
        audio: &AudioConstraints,
        video: &VideoConstraints,
    ) -> Result<(FakeTrack, FakeTrack)> {
        self.check()?;
        Ok((devices::microphone(audio)?, devices::camera(video)?))
    }

    async fn open_screen(
        &self,
        wish: &ScreenConstraints,
    ) -> Result<(FakeTrack, Option<FakeTrack>)> {
        self.check()?;
        Ok(devices::screen(wish))
    }

    fn encoded_track(&self, codec: &Codec) -> Result<FakeTrack> {
        match codec.mime_type.to_ascii_lowercase().as_str() {
            "audio/opus" => Ok(FakeTrack::encoded(Kind::Audio)),
            "video/h264" | "video/vp8" => Ok(FakeTrack::encoded(Kind::Video)),
            _ => Err(Error::new(
                ErrorKind::Unsupported,
                "not a codec of the fake",
            )),
        }
    }
}
