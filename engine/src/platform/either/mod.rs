//! Native and the fake behind one type, so that one program can use both: for tests alone.

use std::future::Future;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::sync::mpsc;

use super::fake::{Fake, FakeChannel, FakePeer, FakeSocket, FakeTrack, FakeTransceiver};
use super::native::{
    Native, NativeChannel, NativePeer, NativeSocket, NativeTrack, NativeTransceiver,
};
use super::{
    Channel, ChannelEvents, Events, Peer, PeerEvent, PeerEvents, Platform, Socket, SocketEvent,
    Track, Transceiver,
};
use crate::capabilities::Capabilities;
use crate::error::{Error, ErrorKind, Result};
use crate::media::{
    AudioConstraints, Device, EncodedFrame, Kind, PermissionState, ScreenConstraints,
    SourceRequest, TrackSettings, VideoConstraints,
};
use crate::peer::{
    ChannelOptions, ChannelState, Codec, Configuration, Direction, IceCandidate, Message,
    SendParameters, SessionDescription, StatsReport, TransceiverInit,
};

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

fn mixed<T>() -> Result<T> {
    let text = "a track of another platform";
    Err(Error::new(ErrorKind::Invalid, text))
}

impl Platform for Either {
    type Peer = EitherPeer;
    type Events = EitherEvents;
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

    fn open_peer(&self, config: &Configuration) -> Result<(EitherPeer, EitherEvents)> {
        match self {
            Self::Native(it) => {
                let (peer, events) = it.open_peer(config)?;
                Ok((EitherPeer::Native(peer), EitherEvents::Native(events)))
            }
            Self::Fake(it) => {
                let (peer, events) = it.open_peer(config)?;
                Ok((EitherPeer::Fake(peer), EitherEvents::Fake(events)))
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

pub(crate) enum EitherEvents {
    Native(PeerEvents<Native>),
    Fake(PeerEvents<Fake>),
}

impl Events<PeerEvent<Either>> for EitherEvents {
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<PeerEvent<Either>>> {
        match self {
            Self::Native(it) => it.poll_next(context).map(|event| event.map(of_native)),
            Self::Fake(it) => it.poll_next(context).map(|event| event.map(of_fake)),
        }
    }

    fn try_next(&mut self) -> Option<PeerEvent<Either>> {
        match self {
            Self::Native(it) => it.try_next().map(of_native),
            Self::Fake(it) => it.try_next().map(of_fake),
        }
    }
}

/// An event of one of the two, as one of either.
macro_rules! convert {
    ($name:ident, $from:ty, $side:ident) => {
        fn $name(event: PeerEvent<$from>) -> PeerEvent<Either> {
            match event {
                PeerEvent::Candidate(it) => PeerEvent::Candidate(it),
                PeerEvent::CandidateError(it) => PeerEvent::CandidateError(it),
                PeerEvent::NegotiationNeeded => PeerEvent::NegotiationNeeded,
                PeerEvent::Connection(it) => PeerEvent::Connection(it),
                PeerEvent::IceConnection(it) => PeerEvent::IceConnection(it),
                PeerEvent::IceGathering(it) => PeerEvent::IceGathering(it),
                PeerEvent::Track {
                    transceiver,
                    track,
                    streams,
                } => PeerEvent::Track {
                    transceiver: EitherTransceiver::$side(transceiver),
                    track: EitherTrack::$side(track),
                    streams,
                },
                PeerEvent::Channel(channel, events) => {
                    PeerEvent::Channel(EitherChannel::$side(channel), events)
                }
            }
        }
    };
}

convert!(of_native, Native, Native);
convert!(of_fake, Fake, Fake);

impl Socket for EitherSocket {
    fn close(&self, code: u16) {
        ask!(self, it => it.close(code));
    }

    fn send(&self, text: &str) {
        ask!(self, it => it.send(text));
    }
}

impl Peer<Either> for EitherPeer {
    async fn create_offer(&self, restart_ice: bool) -> Result<SessionDescription> {
        ask!(self, it => it.create_offer(restart_ice).await)
    }

    async fn create_answer(&self) -> Result<SessionDescription> {
        ask!(self, it => it.create_answer().await)
    }

    async fn set_local(&self, description: &SessionDescription) -> Result<()> {
        ask!(self, it => it.set_local(description).await)
    }

    async fn set_remote(&self, description: &SessionDescription) -> Result<()> {
        ask!(self, it => it.set_remote(description).await)
    }

    async fn rollback(&self) -> Result<()> {
        ask!(self, it => it.rollback().await)
    }

    async fn local_description(&self) -> Option<SessionDescription> {
        ask!(self, it => it.local_description().await)
    }

    async fn remote_description(&self) -> Option<SessionDescription> {
        ask!(self, it => it.remote_description().await)
    }

    async fn add_candidate(&self, candidate: Option<&IceCandidate>) -> Result<()> {
        ask!(self, it => it.add_candidate(candidate).await)
    }

    fn restart_ice(&self) {
        ask!(self, it => it.restart_ice());
    }

    async fn set_configuration(&self, config: &Configuration) -> Result<()> {
        ask!(self, it => it.set_configuration(config).await)
    }

    fn create_channel(
        &self,
        label: &str,
        options: &ChannelOptions,
    ) -> Result<(EitherChannel, ChannelEvents)> {
        Ok(match self {
            Self::Native(it) => {
                let (channel, events) = it.create_channel(label, options)?;
                (EitherChannel::Native(channel), events)
            }
            Self::Fake(it) => {
                let (channel, events) = it.create_channel(label, options)?;
                (EitherChannel::Fake(channel), events)
            }
        })
    }

    fn add_transceiver(&self, kind: Kind, init: &TransceiverInit) -> Result<EitherTransceiver> {
        wrap!(self, EitherTransceiver, it => it.add_transceiver(kind, init))
    }

    fn transceivers(&self) -> Vec<EitherTransceiver> {
        match self {
            Self::Native(it) => {
                let all = it.transceivers().into_iter();
                all.map(EitherTransceiver::Native).collect()
            }
            Self::Fake(it) => {
                let all = it.transceivers().into_iter();
                all.map(EitherTransceiver::Fake).collect()
            }
        }
    }

    async fn stats(&self) -> Result<StatsReport> {
        ask!(self, it => it.stats().await)
    }

    fn close(&self) {
        ask!(self, it => it.close());
    }
}

impl Channel for EitherChannel {
    fn label(&self) -> String {
        ask!(self, it => it.label())
    }

    fn options(&self) -> ChannelOptions {
        ask!(self, it => it.options())
    }

    fn id(&self) -> Option<u16> {
        ask!(self, it => it.id())
    }

    fn state(&self) -> ChannelState {
        ask!(self, it => it.state())
    }

    fn buffered_amount(&self) -> u64 {
        ask!(self, it => it.buffered_amount())
    }

    fn set_buffered_amount_low_threshold(&self, bytes: u64) {
        ask!(self, it => it.set_buffered_amount_low_threshold(bytes));
    }

    fn send(&self, message: &Message) -> Result<()> {
        ask!(self, it => it.send(message))
    }

    fn close(&self) {
        ask!(self, it => it.close());
    }
}

impl Transceiver for EitherTransceiver {
    type Track = EitherTrack;

    fn kind(&self) -> Kind {
        ask!(self, it => it.kind())
    }

    fn mid(&self) -> Option<String> {
        ask!(self, it => it.mid())
    }

    fn direction(&self) -> Direction {
        ask!(self, it => it.direction())
    }

    fn set_direction(&self, direction: Direction) {
        ask!(self, it => it.set_direction(direction));
    }

    fn current_direction(&self) -> Option<Direction> {
        ask!(self, it => it.current_direction())
    }

    fn set_codec_preferences(&self, codecs: &[Codec]) -> Result<()> {
        ask!(self, it => it.set_codec_preferences(codecs))
    }

    fn stop(&self) {
        ask!(self, it => it.stop());
    }

    fn receiver_track(&self) -> EitherTrack {
        match self {
            Self::Native(it) => EitherTrack::Native(it.receiver_track()),
            Self::Fake(it) => EitherTrack::Fake(it.receiver_track()),
        }
    }

    async fn replace_track(&self, track: Option<&EitherTrack>) -> Result<()> {
        match (self, track) {
            (Self::Native(it), Some(EitherTrack::Native(track))) => {
                it.replace_track(Some(track)).await
            }
            (Self::Fake(it), Some(EitherTrack::Fake(track))) => it.replace_track(Some(track)).await,
            (Self::Native(it), None) => it.replace_track(None).await,
            (Self::Fake(it), None) => it.replace_track(None).await,
            _ => mixed(),
        }
    }

    fn parameters(&self) -> SendParameters {
        ask!(self, it => it.parameters())
    }

    async fn set_parameters(&self, parameters: &SendParameters) -> Result<()> {
        ask!(self, it => it.set_parameters(parameters).await)
    }

    fn insert_dtmf(&self, tones: &str, duration: Duration, gap: Duration) -> Result<()> {
        ask!(self, it => it.insert_dtmf(tones, duration, gap))
    }
}

impl Track for EitherTrack {
    fn id(&self) -> String {
        ask!(self, it => it.id())
    }

    fn kind(&self) -> Kind {
        ask!(self, it => it.kind())
    }

    fn label(&self) -> String {
        ask!(self, it => it.label())
    }

    fn device(&self) -> Option<String> {
        ask!(self, it => it.device())
    }

    fn settings(&self) -> TrackSettings {
        ask!(self, it => it.settings())
    }

    fn is_enabled(&self) -> bool {
        ask!(self, it => it.is_enabled())
    }

    fn set_enabled(&self, enabled: bool) {
        ask!(self, it => it.set_enabled(enabled));
    }

    fn is_muted(&self) -> bool {
        ask!(self, it => it.is_muted())
    }

    async fn changed(&self) {
        ask!(self, it => it.changed().await);
    }

    fn is_ended(&self) -> bool {
        ask!(self, it => it.is_ended())
    }

    async fn ended(&self) {
        ask!(self, it => it.ended().await);
    }

    fn level(&self) -> f32 {
        ask!(self, it => it.level())
    }

    fn stop(&self) {
        ask!(self, it => it.stop());
    }

    async fn write(&self, frame: EncodedFrame) -> Result<()> {
        ask!(self, it => it.write(frame).await)
    }

    async fn requested(&self) -> Result<SourceRequest> {
        ask!(self, it => it.requested().await)
    }

    async fn read(&self) -> Result<EncodedFrame> {
        ask!(self, it => it.read().await)
    }
}
