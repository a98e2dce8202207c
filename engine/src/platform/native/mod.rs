//! Linux and Android: the `webrtc` crate, sockets of tokio, frames that the application encodes.
//!
//! Everything that webrtc does asynchronously is asked of it by one task for each connection
//! (`chain.rs`), in order; what the contract wants to know at once is kept beside it.

mod assembler;
mod chain;
mod channel;
mod configuration;
mod descriptions;
mod driven;
mod encoded;
mod error;
mod feedback;
#[cfg(test)]
mod fuzz;
mod gathering;
mod handler;
mod hidden;
mod interceptors;
mod message_size;
mod nonces;
mod peer;
mod provisional;
mod receive;
mod relay;
mod runtime;
mod sections;
mod send;
mod setup;
mod shown;
mod socket;
mod stats;
mod storage;
mod tls;
mod track;
mod transceiver;

use std::future::{Future, pending};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

pub(crate) use self::channel::NativeChannel;
pub(crate) use self::peer::NativePeer;
pub(crate) use self::socket::NativeSocket;
use self::storage::Storage;
pub(crate) use self::track::NativeTrack;
pub(crate) use self::transceiver::NativeTransceiver;
use super::{PeerEvents, Platform, SocketEvent};
use crate::capabilities::Capabilities;
use crate::error::{Error, ErrorKind, Result};
use crate::media::{
    AudioConstraints, Device, Kind, PermissionState, ScreenConstraints, VideoConstraints,
};
use crate::peer::{Codec, Configuration};

#[derive(Clone)]
pub(crate) struct Native(Arc<Inner>);

struct Inner {
    started: Instant,
    storage: Storage,
    /// How many connections are there, or still say goodbye.
    connections: watch::Sender<usize>,
}

/// Counts as a connection until it is dropped.
struct Counted(Native);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.0.connections.send_modify(|count| *count -= 1);
    }
}

impl Native {
    fn count(&self) -> Counted {
        self.0.connections.send_modify(|count| *count += 1);
        Counted(self.clone())
    }

    fn no_capture<T>() -> Result<T> {
        let text = "this build has no cameras, microphones and screens; feed it encoded frames";
        Err(Error::new(ErrorKind::Unsupported, text))
    }
}

impl Platform for Native {
    type Peer = NativePeer;
    type Channel = NativeChannel;
    type Transceiver = NativeTransceiver;
    type Track = NativeTrack;
    type Socket = NativeSocket;

    fn new() -> Result<Self> {
        runtime::handle()?;
        Ok(Self(Arc::new(Inner {
            started: Instant::now(),
            storage: Storage::of_user(),
            connections: watch::Sender::new(0),
        })))
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            encoded_frames: true,
            simulcast: true,
            reconfiguration: true,
            local_addresses: true,
            ..Capabilities::default()
        }
    }

    fn now(&self) -> Duration {
        self.0.started.elapsed()
    }

    fn wall_clock(&self) -> u64 {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        since.map_or(0, |time| time.as_millis() as u64)
    }

    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send + 'static {
        runtime::sleep(duration)
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        runtime::spawn(task);
    }

    fn settled(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut connections = self.0.connections.subscribe();
        async move {
            // Its sender goes with the last connection.
            let _ = connections.wait_for(|count| *count == 0).await;
        }
    }

    fn load(&self, name: &str) -> Option<String> {
        self.0.storage.load(name)
    }

    fn store(&self, name: &str, value: &str) {
        self.0.storage.store(name, value);
    }

    fn connect(&self, url: &str) -> Result<(NativeSocket, mpsc::UnboundedReceiver<SocketEvent>)> {
        NativeSocket::connect(url)
    }

    fn network_changed(&self) -> impl Future<Output = ()> + Send + 'static {
        // The system is not asked yet: a lost connection is noticed by its silence.
        pending()
    }

    fn resumed(&self) -> impl Future<Output = ()> + Send + 'static {
        pending()
    }

    fn open_peer(&self, config: &Configuration) -> Result<(NativePeer, PeerEvents<Self>)> {
        NativePeer::open(self.clone(), config)
    }

    async fn devices(&self) -> Result<Vec<Device>> {
        Ok(Vec::new())
    }

    async fn devices_changed(&self) {
        pending().await
    }

    async fn permission(&self, _kind: Kind) -> PermissionState {
        PermissionState::Unknown
    }

    async fn open_microphone(&self, _wish: &AudioConstraints) -> Result<NativeTrack> {
        Self::no_capture()
    }

    async fn open_camera(&self, _wish: &VideoConstraints) -> Result<NativeTrack> {
        Self::no_capture()
    }

    async fn open_both(
        &self,
        _audio: &AudioConstraints,
        _video: &VideoConstraints,
    ) -> Result<(NativeTrack, NativeTrack)> {
        Self::no_capture()
    }

    async fn open_screen(
        &self,
        _wish: &ScreenConstraints,
    ) -> Result<(NativeTrack, Option<NativeTrack>)> {
        Self::no_capture()
    }

    fn encoded_track(&self, codec: &Codec) -> Result<NativeTrack> {
        NativeTrack::encoded(codec)
    }
}
