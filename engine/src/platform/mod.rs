//! THE CONTRACT: what the engine needs of a platform. This file holds the only choice of a
//! back-end in the crate.
//!
//! A back-end is one type that implements [`Platform`], with the associated types below. The
//! rules for all of them:
//!
//! 1. **Nothing is called back.** A back-end pushes events into the channel that it returned, and
//!    never calls the engine. It keeps the order in which the platform raised them and drops none.
//! 2. **Dropping releases.** The last drop of a peer, channel, track or socket closes it, removes
//!    its listeners, and ends its event stream. Calls after `close` give
//!    [`ErrorKind::Closed`](crate::ErrorKind::Closed) or do nothing.
//! 3. **Errors keep their kind.** Whatever the platform calls a failure, it arrives as one of
//!    [`ErrorKind`](crate::ErrorKind).
//! 4. **Nothing from outside panics.** Any text or number that a peer, the server or the platform
//!    hands over may be nonsense.
//!
//! On native platforms everything is `Send`; on the web nothing has to be ([`MaybeSend`]).

use std::future::Future;
use std::time::Duration;

use tokio::sync::mpsc;

use crate::error::Result;
use crate::media::{AudioConstraints, Device, Kind, VideoConstraints};
use crate::peer::{Candidate, ConnectionState, Description, PeerConfig, SendLimits};

#[cfg(test)]
mod contract;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) mod fake;
#[cfg(target_arch = "wasm32")]
pub mod web;

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use fake::Fake as Current;
#[cfg(target_arch = "wasm32")]
pub(crate) use web::Web as Current;

pub(crate) type CurrentTrack = <Current as Platform>::Track;
pub(crate) type CurrentPeer = <Current as Platform>::Peer;
pub(crate) type CurrentSender = <CurrentPeer as Peer>::Sender;

/// `Send` where there are threads, nothing on the web.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) trait MaybeSend: Send {}
#[cfg(not(target_arch = "wasm32"))]
impl<T: Send> MaybeSend for T {}
/// `Send` where there are threads, nothing on the web.
#[cfg(target_arch = "wasm32")]
pub(crate) trait MaybeSend {}
#[cfg(target_arch = "wasm32")]
impl<T> MaybeSend for T {}

/// A platform: time, tasks, storage, sockets, devices and peer connections.
pub(crate) trait Platform: Clone + Sized + MaybeSend + 'static {
    type Peer: Peer<Track = Self::Track>;
    type Track: Track;
    type Socket: Socket;

    /// Prepares the platform.
    fn new() -> Result<Self>;

    /// Time since some fixed moment. Never goes back; may stand still while the device sleeps.
    fn now(&self) -> Duration;

    /// Milliseconds since 1970 in UTC, as the device believes. For showing, not for measuring.
    fn wall_clock(&self) -> u64;

    /// Waits.
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + MaybeSend + 'static;

    /// Runs a task in the background until it ends.
    fn spawn(&self, task: impl Future<Output = ()> + MaybeSend + 'static);

    /// Reads what [`store`](Self::store) kept.
    fn load(&self, name: &str) -> Option<String>;

    /// Keeps a small text across restarts, as far as the platform allows.
    fn store(&self, name: &str, value: &str);

    /// Opens a WebSocket. Returns at once: the outcome is the first event.
    fn connect(&self, url: &str) -> Result<(Self::Socket, mpsc::UnboundedReceiver<SocketEvent>)>;

    /// Waits until something suggests that the network is back, such as the browser's `online`
    /// event. A platform that cannot tell waits for ever.
    fn network_changed(&self) -> impl Future<Output = ()> + MaybeSend + 'static;

    /// Makes a peer connection.
    fn open_peer(&self, config: &PeerConfig) -> Result<(Self::Peer, PeerEvents<Self>)>;

    /// Lists devices.
    fn devices(&self) -> impl Future<Output = Result<Vec<Device>>> + MaybeSend;

    /// Waits until the list changed.
    fn devices_changed(&self) -> impl Future<Output = ()> + MaybeSend;

    /// Opens a microphone, asking the person where needed.
    fn open_microphone(
        &self,
        wish: &AudioConstraints,
    ) -> impl Future<Output = Result<Self::Track>> + MaybeSend;

    /// Opens a camera, asking the person where needed.
    fn open_camera(
        &self,
        wish: &VideoConstraints,
    ) -> impl Future<Output = Result<Self::Track>> + MaybeSend;

    /// Opens both with one question to the person. Fails whole.
    fn open_both(
        &self,
        audio: &AudioConstraints,
        video: &VideoConstraints,
    ) -> impl Future<Output = Result<(Self::Track, Self::Track)>> + MaybeSend;
}

/// What happens on a socket.
#[derive(Debug)]
pub(crate) enum SocketEvent {
    Open,
    Text(String),
    /// A frame that was not text. Nothing of ours is.
    #[cfg_attr(
        not(target_arch = "wasm32"),
        expect(dead_code, reason = "the fake speaks text")
    )]
    Binary,
    /// The last event. Whether a close frame with a code came, or none.
    Closed {
        code: Option<u16>,
    },
}

/// A WebSocket. Dropping it closes it with code 1000.
pub(crate) trait Socket: MaybeSend + 'static {
    /// Closes it with this code. No event follows.
    fn close(&self, code: u16);

    /// Queues a text frame. After the socket closed it is dropped: the close event tells.
    fn send(&self, text: &str);
}

/// What happens on a peer connection, in order.
pub(crate) enum PeerEvent<P: Platform> {
    /// A way to reach us was found; `None` when there are no more in this generation.
    Candidate(Option<Candidate>),
    /// Something was changed that only an offer makes known.
    NegotiationNeeded,
    State(ConnectionState),
    /// The other side began to send. The track ends when it stops for good.
    Track {
        track: P::Track,
        mid: String,
    },
    /// The data channel can be written to.
    ChannelOpen,
    ChannelMessage(String),
    ChannelClosed,
}

pub(crate) type PeerEvents<P> = mpsc::UnboundedReceiver<PeerEvent<P>>;

/// A peer connection with one data channel, which both sides open as id 0 without announcing it.
pub(crate) trait Peer: Clone + MaybeSend + 'static {
    type Track: Track;
    type Sender: Sender<Track = Self::Track>;

    /// Makes an offer and sets it as the local description.
    fn offer(&self, restart_ice: bool) -> impl Future<Output = Result<Description>> + MaybeSend;

    /// Makes an answer to the remote offer and sets it as the local description.
    fn answer(&self) -> impl Future<Output = Result<Description>> + MaybeSend;

    /// Takes the local offer back.
    fn rollback(&self) -> impl Future<Output = Result<()>> + MaybeSend;

    /// Sets the remote description.
    fn set_remote(&self, description: &Description)
    -> impl Future<Output = Result<()>> + MaybeSend;

    /// Adds a remote candidate. There must be a remote description.
    fn add_candidate(
        &self,
        candidate: Option<&Candidate>,
    ) -> impl Future<Output = Result<()>> + MaybeSend;

    /// Makes room for one track to be sent, with nothing in it yet.
    fn add_sender(&self, kind: Kind) -> Result<Self::Sender>;

    /// Sends text over the data channel. Fails if the channel is not open.
    fn send(&self, text: &str) -> Result<()>;

    /// Closes the connection at once.
    fn close(&self);
}

/// One track's place in a connection.
pub(crate) trait Sender: Clone + MaybeSend + 'static {
    type Track: Track;

    /// Identifies the media section, once an offer named it.
    fn mid(&self) -> Option<String>;

    /// Sends this track from now on, or nothing. Needs no negotiation.
    fn replace(&self, track: Option<&Self::Track>) -> impl Future<Output = Result<()>> + MaybeSend;

    /// Bounds what is sent. A platform that cannot bound ignores it.
    fn limit(&self, limits: &SendLimits) -> impl Future<Output = Result<()>> + MaybeSend;
}

/// Sound or pictures, local or remote.
pub(crate) trait Track: Clone + MaybeSend + 'static {
    fn id(&self) -> String;
    fn kind(&self) -> Kind;
    fn label(&self) -> String;
    fn device(&self) -> Option<String>;
    fn is_enabled(&self) -> bool;
    fn set_enabled(&self, enabled: bool);
    fn is_ended(&self) -> bool;
    fn ended(&self) -> impl Future<Output = ()> + MaybeSend;
    fn level(&self) -> f32;
    fn stop(&self);
}
