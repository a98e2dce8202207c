//! Native and the fake behind one type, so that one program can use both: for tests alone.

use std::future::Future;
use std::time::Duration;

use tokio::sync::mpsc;

use super::fake::{Fake, FakeChannel, FakePeer, FakeSocket, FakeTrack, FakeTransceiver};
use super::native::{
    Native, NativeChannel, NativePeer, NativeSocket, NativeTrack, NativeTransceiver,
};
use super::{PeerEvents, Platform, Socket, SocketEvent};
use crate::capabilities::Capabilities;
use crate::error::Result;
use crate::media::{
    AudioConstraints, Device, Kind, PermissionState, ScreenConstraints, VideoConstraints,
};
use crate::peer::{Codec, Configuration};

/// One type of either platform.
macro_rules! either {
    ($name:ident, $native:ty, $fake:ty) => {
        #[derive(Clone)]
        pub(crate) enum $name {
            Native($native),
            Fake($fake),
        }
    };
}

either!(Either, Native, Fake);
either!(EitherPeer, NativePeer, FakePeer);
either!(EitherChannel, NativeChannel, FakeChannel);
either!(EitherTransceiver, NativeTransceiver, FakeTransceiver);
either!(EitherTrack, NativeTrack, FakeTrack);

pub(crate) enum EitherSocket {
    Native(NativeSocket),
    Fake(FakeSocket),
}

/// Asks whichever it is.
macro_rules! ask {
    ($self:expr, $it:ident => $call:expr) => {
        match $self {
            Self::Native($it) => $call,
            Self::Fake($it) => $call,
        }
    };
}

/// The same where a future or a result of one of the two is wrapped.
macro_rules! wrap {
    ($self:expr, $wrap:ident, $it:ident => $call:expr) => {
        match $self {
            Self::Native($it) => $call.map($wrap::Native),
            Self::Fake($it) => $call.map($wrap::Fake),
        }
    };
}

mod media;
mod peer;

impl Platform for Either {
    type Peer = EitherPeer;
    type Channel = EitherChannel;
    type Transceiver = EitherTransceiver;
    type Track = EitherTrack;
    type Socket = EitherSocket;

    fn new() -> Result<Self> {
        Native::new().map(Self::Native)
    }

    fn capabilities(&self) -> Capabilities {
        ask!(self, it => it.capabilities())
    }

    fn now(&self) -> Duration {
        ask!(self, it => it.now())
    }

    fn wall_clock(&self) -> u64 {
        ask!(self, it => it.wall_clock())
    }

    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send + 'static {
        // Deadlines are fixed when they are asked for, so both are made at once.
        let (native, fake) = match self {
            Self::Native(it) => (Some(it.sleep(duration)), None),
            Self::Fake(it) => (None, Some(it.sleep(duration))),
        };
        async move {
            match (native, fake) {
                (Some(sleep), _) => sleep.await,
                (None, Some(sleep)) => sleep.await,
                (None, None) => {}
            }
        }
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        ask!(self, it => it.spawn(task));
    }

    fn settled(&self) -> impl Future<Output = ()> + Send + 'static {
        let native = match self {
            Self::Native(it) => Some(it.settled()),
            Self::Fake(_) => None,
        };
        async move {
            if let Some(native) = native {
                native.await;
            }
        }
    }

    fn load(&self, name: &str) -> Option<String> {
        ask!(self, it => it.load(name))
    }

    fn store(&self, name: &str, value: &str) {
        ask!(self, it => it.store(name, value));
    }

    fn connect(&self, url: &str) -> Result<(EitherSocket, mpsc::UnboundedReceiver<SocketEvent>)> {
        match self {
            Self::Native(it) => {
                let (socket, events) = it.connect(url)?;
                Ok((EitherSocket::Native(socket), events))
            }
            Self::Fake(it) => {
                let (socket, events) = it.connect(url)?;
                Ok((EitherSocket::Fake(socket), events))
            }
        }
    }

    fn network_changed(&self) -> impl Future<Output = ()> + Send + 'static {
        // Neither can tell yet.
        std::future::pending()
    }

    fn resumed(&self) -> impl Future<Output = ()> + Send + 'static {
        std::future::pending()
    }

    fn open_peer(&self, config: &Configuration) -> Result<(EitherPeer, PeerEvents<Self>)> {
        match self {
            Self::Native(it) => {
                let (peer, events) = it.open_peer(config)?;
                let events = peer::events(events, peer::of_native);
                Ok((EitherPeer::Native(peer), events))
            }
            Self::Fake(it) => {
                let (peer, events) = it.open_peer(config)?;
                let events = peer::events(events, peer::of_fake);
                Ok((EitherPeer::Fake(peer), events))
            }
        }
    }

    async fn devices(&self) -> Result<Vec<Device>> {
        ask!(self, it => it.devices().await)
    }

    async fn devices_changed(&self) {
        ask!(self, it => it.devices_changed().await);
    }

    async fn permission(&self, kind: Kind) -> PermissionState {
        ask!(self, it => it.permission(kind).await)
    }

    async fn open_microphone(&self, wish: &AudioConstraints) -> Result<EitherTrack> {
        wrap!(self, EitherTrack, it => it.open_microphone(wish).await)
    }

    async fn open_camera(&self, wish: &VideoConstraints) -> Result<EitherTrack> {
        wrap!(self, EitherTrack, it => it.open_camera(wish).await)
    }

    async fn open_both(
        &self,
        audio: &AudioConstraints,
        video: &VideoConstraints,
    ) -> Result<(EitherTrack, EitherTrack)> {
        Ok(match self {
            Self::Native(it) => {
                let (audio, video) = it.open_both(audio, video).await?;
                (EitherTrack::Native(audio), EitherTrack::Native(video))
            }
            Self::Fake(it) => {
                let (audio, video) = it.open_both(audio, video).await?;
                (EitherTrack::Fake(audio), EitherTrack::Fake(video))
            }
        })
    }

    async fn open_screen(
        &self,
        wish: &ScreenConstraints,
    ) -> Result<(EitherTrack, Option<EitherTrack>)> {
        Ok(match self {
            Self::Native(it) => {
                let (picture, sound) = it.open_screen(wish).await?;
                (EitherTrack::Native(picture), sound.map(EitherTrack::Native))
            }
            Self::Fake(it) => {
                let (picture, sound) = it.open_screen(wish).await?;
                (EitherTrack::Fake(picture), sound.map(EitherTrack::Fake))
            }
        })
    }

    fn encoded_track(&self, codec: &Codec) -> Result<EitherTrack> {
        wrap!(self, EitherTrack, it => it.encoded_track(codec))
    }
}

impl Socket for EitherSocket {
    fn close(&self, code: u16) {
        ask!(self, it => it.close(code));
    }

    fn send(&self, text: &str) {
        ask!(self, it => it.send(text));
    }
}
