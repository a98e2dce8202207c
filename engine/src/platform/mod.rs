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
//! 5. **Operations keep their order.** What is asked of one peer connection happens in the order in
//!    which it was asked, whether or not anybody waits for it
//!    ([the operations chain](https://www.w3.org/TR/webrtc/#dfn-operations-chain)).
//!
//! On native platforms everything is `Send`; on the web nothing has to be ([`MaybeSend`]).
//!
//! What the public handles promise beyond this is made once, above the back-ends, in `rtc/`:
//! candidates that come before a description, waiting for room to send, receive buffers, states as
//! values, checks of options.

use std::future::Future;
use std::time::Duration;

use tokio::sync::mpsc;

use crate::capabilities::Capabilities;
use crate::error::{Error, Result};
use crate::media::{
    AudioConstraints, Device, EncodedFrame, Kind, PermissionState, ScreenConstraints,
    SourceRequest, TrackSettings, VideoConstraints,
};
use crate::peer::{
    CandidateError, ChannelOptions, ChannelState, Codec, Configuration, ConnectionState, Direction,
    IceCandidate, IceConnectionState, IceGatheringState, Message, SendParameters,
    SessionDescription, StatsReport, TransceiverInit,
};

#[cfg(all(not(target_arch = "wasm32"), any(test, feature = "fake")))]
mod either;
mod emitted;
#[cfg(all(not(target_arch = "wasm32"), any(test, feature = "fake")))]
pub mod fake;
#[cfg(not(target_arch = "wasm32"))]
mod message_size;
#[cfg(not(target_arch = "wasm32"))]
mod native;
#[cfg(not(target_arch = "wasm32"))]
mod need;
#[cfg(target_arch = "wasm32")]
pub mod web;

#[cfg(all(not(target_arch = "wasm32"), any(test, feature = "fake")))]
pub(crate) use either::Either as Current;
pub(crate) use emitted::{Emitted, Emitter, emitter};
#[cfg(all(not(target_arch = "wasm32"), not(any(test, feature = "fake"))))]
pub(crate) use native::Native as Current;
#[cfg(target_arch = "wasm32")]
pub(crate) use web::Web as Current;

pub(crate) type CurrentTrack = <Current as Platform>::Track;
pub(crate) type CurrentEvents = PeerEvents<Current>;
pub(crate) type CurrentPeer = <Current as Platform>::Peer;
pub(crate) type CurrentChannel = <Current as Platform>::Channel;
pub(crate) type CurrentTransceiver = <Current as Platform>::Transceiver;

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
    type Peer: Peer<Self>;
    type Channel: Channel;
    type Transceiver: Transceiver<Track = Self::Track>;
    type Track: Track;
    type Socket: Socket;

    /// Prepares the platform.
    fn new() -> Result<Self>;

    /// What it can do, which does not change while it runs.
    fn capabilities(&self) -> Capabilities;

    /// Time since some fixed moment. Never goes back; may stand still while the device sleeps.
    fn now(&self) -> Duration;

    /// Milliseconds since 1970 in UTC, as the device believes. For showing, not for measuring.
    fn wall_clock(&self) -> u64;

    /// Waits.
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + MaybeSend + 'static;

    /// Runs a task in the background until it ends.
    fn spawn(&self, task: impl Future<Output = ()> + MaybeSend + 'static);

    /// Waits until everything that was closed has told the other sides so. A page has a browser that
    /// does it.
    fn settled(&self) -> impl Future<Output = ()> + MaybeSend + 'static {
        std::future::ready(())
    }

    /// Reads what [`store`](Self::store) kept.
    fn load(&self, name: &str) -> Option<String>;

    /// Keeps a small text across restarts, as far as the platform allows.
    fn store(&self, name: &str, value: &str);

    /// Sends a short text with a request that arrives although the page goes
    /// ([`sendBeacon`](https://w3c.github.io/beacon/#sendbeacon-method)). Where no page goes there is no
    /// need for it: a socket that is written to is sent first.
    fn send_beacon(&self, _url: &str, _text: &str) {}

    /// Opens a WebSocket. Returns at once: the outcome is the first event.
    fn connect(&self, url: &str) -> Result<(Self::Socket, mpsc::UnboundedReceiver<SocketEvent>)>;

    /// Waits until something suggests that the network is back, such as the browser's `online`
    /// event. A platform that cannot tell waits for ever.
    fn network_changed(&self) -> impl Future<Output = ()> + MaybeSend + 'static;

    /// Waits until the page is seen again, or is taken out of the browser's cache: connections may
    /// have died while nothing ran here. A platform that cannot tell waits for ever; a sleep of the
    /// device is noticed by the clocks.
    fn resumed(&self) -> impl Future<Output = ()> + MaybeSend + 'static;

    /// Makes a peer connection of a configuration that was
    /// [checked](Configuration::check). Returns at once; a platform that needs time to make one
    /// lets the operations on it wait, and says [`Failed`](ConnectionState::Failed) if it cannot.
    fn open_peer(&self, config: &Configuration) -> Result<(Self::Peer, PeerEvents<Self>)>;

    /// Lists devices.
    fn devices(&self) -> impl Future<Output = Result<Vec<Device>>> + MaybeSend;

    /// Waits until the list changed.
    fn devices_changed(&self) -> impl Future<Output = ()> + MaybeSend;

    /// Whether the person allows this kind of device, without asking them.
    fn permission(&self, kind: Kind) -> impl Future<Output = PermissionState> + MaybeSend;

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

    /// Opens what the person chooses of their screen: its picture, and its sound where they allow
    /// that too.
    fn open_screen(
        &self,
        wish: &ScreenConstraints,
    ) -> impl Future<Output = Result<(Self::Track, Option<Self::Track>)>> + MaybeSend;

    /// Makes a track that the application feeds with encoded frames.
    fn encoded_track(&self, codec: &Codec) -> Result<Self::Track>;
}

/// What happens on a socket.
#[derive(Debug)]
pub(crate) enum SocketEvent {
    Open,
    Text(String),
    /// A frame that was not text. Nothing of ours is.
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
    Candidate(Option<IceCandidate>),
    CandidateError(CandidateError),
    /// Something was changed that only an offer makes known. Raised only in `stable`.
    NegotiationNeeded,
    Connection(ConnectionState),
    IceConnection(IceConnectionState),
    IceGathering(IceGatheringState),
    /// The other side began to send in this section, also again after a pause. The track of a
    /// section stays the same; it ends when the section stops for good.
    Track {
        transceiver: P::Transceiver,
        track: P::Track,
        streams: Vec<String>,
    },
    /// The other side opened a channel.
    Channel(P::Channel, ChannelEvents),
}

/// Events as a back-end gives them.
pub(crate) type PeerEvents<P> = Emitted<PeerEvent<P>>;

/// A peer connection ([W3C `RTCPeerConnection`](https://www.w3.org/TR/webrtc/#rtcpeerconnection-interface)).
pub(crate) trait Peer<P: Platform>: Clone + MaybeSend + 'static {
    fn create_offer(&self) -> impl Future<Output = Result<SessionDescription>> + MaybeSend;

    fn create_answer(&self) -> impl Future<Output = Result<SessionDescription>> + MaybeSend;

    /// Sets an own offer or answer.
    fn set_local(
        &self,
        description: &SessionDescription,
    ) -> impl Future<Output = Result<()>> + MaybeSend;

    /// Makes the offer or answer that is due when its turn comes, sets it, and gives it with the
    /// candidates found so far. One step, because two of them cost a set-up a tenth of its time.
    fn describe(&self) -> impl Future<Output = Result<SessionDescription>> + MaybeSend;

    /// Sets a remote offer or answer. An offer in `have-local-offer` takes the own one back first,
    /// as browsers do.
    fn set_remote(
        &self,
        description: &SessionDescription,
    ) -> impl Future<Output = Result<()>> + MaybeSend;

    /// Takes the open offer back, whosever it is. In `stable` there is nothing to do. Not asked for
    /// after a provisional answer.
    fn rollback(&self) -> impl Future<Output = Result<()>> + MaybeSend;

    /// The own description, pending or current, with the candidates found so far.
    fn local_description(&self) -> impl Future<Output = Option<SessionDescription>> + MaybeSend;

    /// The remote description, pending or current.
    fn remote_description(&self) -> impl Future<Output = Option<SessionDescription>> + MaybeSend;

    /// Adds a remote candidate, or says that there are no more. There must be a remote description.
    fn add_candidate(
        &self,
        candidate: Option<&IceCandidate>,
    ) -> impl Future<Output = Result<()>> + MaybeSend;

    /// Lets the next offer look for ways anew, and raises `NegotiationNeeded`.
    fn restart_ice(&self);

    /// Takes other servers and policies from the next ICE restart on.
    fn set_configuration(
        &self,
        config: &Configuration,
    ) -> impl Future<Output = Result<()>> + MaybeSend;

    /// Makes a data channel with options that were [checked](ChannelOptions::check).
    fn create_channel(
        &self,
        label: &str,
        options: &ChannelOptions,
    ) -> Result<(P::Channel, ChannelEvents)>;

    /// Makes a media section, with nothing sent in it yet.
    fn add_transceiver(&self, kind: Kind, init: &TransceiverInit) -> Result<P::Transceiver>;

    /// All sections, in the order of their making, stopped ones left out.
    fn transceivers(&self) -> Vec<P::Transceiver>;

    /// What was measured. Times are on [`Platform::now`]'s clock.
    fn stats(&self) -> impl Future<Output = Result<StatsReport>> + MaybeSend;

    /// Closes the connection at once. The other side is told as far as the platform can, and
    /// nothing is raised here after it.
    fn close(&self);
}

/// What happens on a data channel, in order.
#[derive(Debug)]
pub(crate) enum ChannelEvent {
    Open,
    Message(Message),
    /// What waits to be sent fell from above the threshold to it or below.
    BufferedAmountLow,
    Closing,
    Error(Error),
    /// The last event.
    Closed,
}

pub(crate) type ChannelEvents = Emitted<ChannelEvent>;

/// A data channel ([W3C `RTCDataChannel`](https://www.w3.org/TR/webrtc/#rtcdatachannel)).
pub(crate) trait Channel: Clone + MaybeSend + 'static {
    fn label(&self) -> String;

    /// How it is made, on the other side too: `receive_buffer` aside, which is not the platform's.
    fn options(&self) -> ChannelOptions;

    /// Its stream, once it has one.
    fn id(&self) -> Option<u16>;

    fn state(&self) -> ChannelState;

    /// Bytes of payload that were not handed to the network yet.
    fn buffered_amount(&self) -> u64;

    fn set_buffered_amount_low_threshold(&self, bytes: u64);

    /// Queues a message. `Closed` unless the channel is open; `Invalid` for one that is larger than
    /// the other side takes.
    fn send(&self, message: Message) -> Result<()>;

    /// Closes it once what was sent before has gone out.
    fn close(&self);
}

/// A media section of a connection
/// ([W3C `RTCRtpTransceiver`](https://www.w3.org/TR/webrtc/#rtcrtptransceiver-interface)) with its
/// sender and receiver.
pub(crate) trait Transceiver: Clone + MaybeSend + 'static {
    type Track: Track;

    fn kind(&self) -> Kind;

    /// Identifies the media section, once a description named it.
    fn mid(&self) -> Option<String>;

    fn direction(&self) -> Direction;

    /// A change needs negotiation.
    fn set_direction(&self, direction: Direction);

    /// What was agreed on last; `None` before anything was.
    fn current_direction(&self) -> Option<Direction>;

    /// Which codecs are offered, in which order; empty: the platform's own choice.
    fn set_codec_preferences(&self, codecs: &[Codec]) -> Result<()>;

    /// Ends the section for good. Needs negotiation.
    fn stop(&self);

    /// The track that the other side's media come out of, from the section's beginning.
    fn receiver_track(&self) -> Self::Track;

    /// Sends this track from now on, or nothing. Needs no negotiation.
    fn replace_track(
        &self,
        track: Option<&Self::Track>,
    ) -> impl Future<Output = Result<()>> + MaybeSend;

    fn parameters(&self) -> SendParameters;

    fn set_parameters(
        &self,
        parameters: &SendParameters,
    ) -> impl Future<Output = Result<()>> + MaybeSend;

    /// Dials ([W3C `RTCDTMFSender`](https://www.w3.org/TR/webrtc/#rtcdtmfsender)); replaces what
    /// was still to be dialled.
    fn insert_dtmf(&self, tones: &str, duration: Duration, gap: Duration) -> Result<()>;
}

/// Sound or pictures, local or remote.
pub(crate) trait Track: Clone + MaybeSend + 'static {
    fn id(&self) -> String;
    fn kind(&self) -> Kind;
    fn label(&self) -> String;
    fn device(&self) -> Option<String>;
    /// What the source gives now, as far as the platform tells.
    fn settings(&self) -> TrackSettings;
    fn is_enabled(&self) -> bool;
    fn set_enabled(&self, enabled: bool);
    /// Whether the source gives nothing for now, which is not ours to change.
    fn is_muted(&self) -> bool;
    /// Waits until [`is_muted`](Self::is_muted) or [`is_ended`](Self::is_ended) changes.
    fn changed(&self) -> impl Future<Output = ()> + MaybeSend;
    fn is_ended(&self) -> bool;
    fn ended(&self) -> impl Future<Output = ()> + MaybeSend;
    fn level(&self) -> f32;
    fn stop(&self);

    /// Sends a frame, on a track of [`Platform::encoded_track`].
    fn write(&self, frame: EncodedFrame) -> impl Future<Output = Result<()>> + MaybeSend;
    /// Waits for what the receivers ask of such a track's source.
    fn requested(&self) -> impl Future<Output = Result<SourceRequest>> + MaybeSend;
    /// Waits for the next frame of a remote track, as it came.
    fn read(&self) -> impl Future<Output = Result<EncodedFrame>> + MaybeSend;
}
