use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rtc::rtp_transceiver::rtp_sender::RtpCodecKind;
use rtc::rtp_transceiver::{RTCRtpTransceiverDirection, RTCRtpTransceiverInit};
use tokio::sync::mpsc;
use webrtc::media_stream::track_local::TrackLocal;
use webrtc::media_stream::track_remote::TrackRemote;
use webrtc::rtp_transceiver::RtpTransceiver;

use super::chain::{Live, Op, Shared};
use super::encoded::Source;
use super::receive::Sink;
use super::sections::Section;
use super::send::{Outlet, codecs, shown};
use super::track::NativeTrack;
use crate::error::{Error, ErrorKind, Result};
use crate::media::Kind;
use crate::peer::{Codec, Direction, Encoding, SendParameters, TransceiverInit};
use crate::platform::{PeerEvent, Track as _, Transceiver};

#[derive(Clone)]
pub(crate) struct NativeTransceiver {
    shared: Arc<TransceiverShared>,
    peer: Arc<Shared>,
    ops: mpsc::WeakUnboundedSender<Op>,
}

/// What is known of a section without asking webrtc.
pub(super) struct TransceiverShared {
    kind: Kind,
    sink: Arc<Sink>,
    receiver: NativeTrack,
    outlet: Arc<Outlet>,
    state: Mutex<State>,
}

struct State {
    rtc: Option<Arc<dyn RtpTransceiver>>,
    has_sender: bool,
    mid: Option<String>,
    direction: Direction,
    current: Option<Direction>,
    codecs: Vec<Codec>,
    stopped: bool,
    /// The other side sends, and the engine was told so.
    announced: bool,
}

impl TransceiverShared {
    pub(super) fn new(kind: Kind, init: &TransceiverInit) -> Self {
        // `-` is a track without a stream (RFC 8830).
        let stream = init.streams.first().map_or("-", String::as_str);
        let sink = Arc::new(Sink::default());
        Self {
            kind,
            receiver: NativeTrack::remote(kind, sink.clone()),
            sink,
            outlet: Arc::new(Outlet::new(kind, stream.to_owned())),
            state: Mutex::new(State {
                rtc: None,
                has_sender: false,
                mid: None,
                direction: init.direction,
                current: None,
                codecs: Vec::new(),
                stopped: false,
                announced: false,
            }),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.state().stopped
    }

    pub(super) fn sink(&self) -> &Arc<Sink> {
        &self.sink
    }

    pub(super) fn outlet(&self) -> &Arc<Outlet> {
        &self.outlet
    }

    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    pub(super) fn mid(&self) -> Option<String> {
        self.state().mid.clone()
    }

    pub(super) fn media_came(&self) {
        self.receiver.set_muted(false);
    }

    /// Nothing comes or goes any more.
    pub(super) fn end(&self) {
        self.state().stopped = true;
        self.receiver.stop();
        self.outlet.feed(None);
    }

    /// Lets webrtc make it.
    pub(super) async fn make(&self, live: &Live, streams: Vec<String>) {
        let direction = self.state().direction;
        let init = RTCRtpTransceiverInit {
            direction: theirs(direction),
            streams,
            send_encodings: Vec::new(),
        };
        let made = match direction {
            Direction::RecvOnly => {
                let kind = rtc_kind(self.kind);
                live.connection
                    .add_transceiver_from_kind(kind, Some(init))
                    .await
            }
            Direction::SendRecv
            | Direction::SendOnly
            | Direction::Inactive
            | Direction::Stopped => {
                let track: Arc<dyn TrackLocal> = self.outlet.track.clone();
                live.connection
                    .add_transceiver_from_track(track, Some(init))
                    .await
            }
        };
        match made {
            Ok(rtc) => {
                self.sends_to(live);
                let mut state = self.state();
                state.has_sender = direction != Direction::RecvOnly;
                state.rtc = Some(rtc);
            }
            Err(error) => tracing::warn!(%error, "a media section cannot be made"),
        }
    }

    fn sends_to(&self, live: &Live) {
        let requests = self.outlet.source().map(|source| source.requests.clone());
        live.feedback.direct(self.outlet.ssrc, requests);
    }

    /// Tells webrtc which ways it goes; one that only received gets a sender first.
    async fn direct(&self, live: &Live) {
        let (rtc, direction, has_sender) = {
            let state = self.state();
            (state.rtc.clone(), state.direction, state.has_sender)
        };
        let Some(rtc) = rtc else { return };
        if direction.sends() && !has_sender {
            let track: Arc<dyn TrackLocal> = self.outlet.track.clone();
            match live.connection.add_track(track).await {
                Ok(_) => self.state().has_sender = true,
                Err(error) => tracing::warn!(%error, "nothing can be sent in a section"),
            }
            self.sends_to(live);
        }
        if let Err(error) = rtc.set_direction(theirs(direction)).await {
            tracing::debug!(%error, "a direction was not set");
        }
    }

    /// Learns what webrtc knows after a description was set.
    async fn refresh(&self) {
        let rtc = self.state().rtc.clone();
        let Some(rtc) = rtc else { return };
        let mid = rtc.mid().await.ok().flatten().filter(|mid| !mid.is_empty());
        let current = rtc.current_direction().await.ok().and_then(known);
        let mut agreed = Vec::new();
        if mid.is_some()
            && let Ok(Some(sender)) = rtc.sender().await
            && let Ok(parameters) = sender.get_parameters().await
        {
            agreed = parameters.rtp_parameters.codecs;
        }
        let mut state = self.state();
        state.mid = mid;
        state.current = current;
        let media = agreed.iter().map(|codec| shown(&codec.rtp_codec));
        state.codecs = media
            .filter(|codec| codec.mime_type != "video/rtx")
            .collect();
        drop(state);
        if current.is_some() {
            self.outlet.agree(agreed);
        }
    }

    /// Compares what the other side says that it sends with what the engine was told.
    fn described(self: &Arc<Self>, section: &Section) -> Option<Vec<String>> {
        let mut state = self.state();
        let sends = section.sends() && !state.stopped;
        let is_new = sends && !state.announced;
        state.announced = sends;
        drop(state);
        if !sends {
            self.receiver.set_muted(true);
        }
        is_new.then(|| section.streams.clone())
    }
}

fn rtc_kind(kind: Kind) -> RtpCodecKind {
    match kind {
        Kind::Audio => RtpCodecKind::Audio,
        Kind::Video => RtpCodecKind::Video,
    }
}

fn theirs(direction: Direction) -> RTCRtpTransceiverDirection {
    match direction {
        Direction::SendRecv => RTCRtpTransceiverDirection::Sendrecv,
        Direction::SendOnly => RTCRtpTransceiverDirection::Sendonly,
        Direction::RecvOnly => RTCRtpTransceiverDirection::Recvonly,
        Direction::Inactive | Direction::Stopped => RTCRtpTransceiverDirection::Inactive,
    }
}

fn known(direction: RTCRtpTransceiverDirection) -> Option<Direction> {
    match direction {
        RTCRtpTransceiverDirection::Sendrecv => Some(Direction::SendRecv),
        RTCRtpTransceiverDirection::Sendonly => Some(Direction::SendOnly),
        RTCRtpTransceiverDirection::Recvonly => Some(Direction::RecvOnly),
        RTCRtpTransceiverDirection::Inactive => Some(Direction::Inactive),
        _ => None,
    }
}

/// Brings what is known in line with webrtc: sections that the other side made are new to us, and
/// those of an offer that was taken back are gone.
pub(super) async fn refresh(live: &Live, sections: &[Section]) {
    let all = live.connection.get_transceivers().await;
    let mut fresh = Vec::new();
    for rtc in &all {
        let is_known = live.shared.state().transceivers.iter().any(|ours| {
            let state = ours.state();
            state
                .rtc
                .as_ref()
                .is_some_and(|known| known.id() == rtc.id())
        });
        if !is_known && let Some(theirs) = made_by_them(rtc, sections).await {
            fresh.push(theirs);
        }
    }
    // webrtc gives them in no order.
    fresh.sort_by_key(|ours| ours.mid().and_then(|mid| mid.parse::<u32>().ok()));
    let ours = {
        let mut state = live.shared.state();
        state.transceivers.retain(|ours| {
            let ours = ours.state();
            let is_there =
                |known: &Arc<dyn RtpTransceiver>| all.iter().any(|rtc| rtc.id() == known.id());
            ours.rtc.as_ref().is_none_or(is_there)
        });
        state.transceivers.extend(fresh);
        state.transceivers.clone()
    };
    for transceiver in ours {
        transceiver.refresh().await;
    }
}

/// webrtc does not tell what a section carries before something comes out of it; the description
/// that made it does.
async fn made_by_them(
    rtc: &Arc<dyn RtpTransceiver>,
    sections: &[Section],
) -> Option<Arc<TransceiverShared>> {
    let mid = rtc.mid().await.ok().flatten()?;
    let kind = sections.iter().find(|section| section.mid == mid)?.kind?;
    let init = TransceiverInit {
        direction: Direction::RecvOnly,
        ..TransceiverInit::default()
    };
    let shared = TransceiverShared::new(kind, &init);
    {
        let mut state = shared.state();
        state.rtc = Some(rtc.clone());
        state.mid = Some(mid);
    }
    Some(Arc::new(shared))
}

/// Tells the engine what the other side's description says of who sends.
pub(super) fn described(live: &Live, sections: &[Section]) {
    let transceivers = live.shared.state().transceivers.clone();
    for section in sections {
        let ours = transceivers
            .iter()
            .find(|it| it.state().mid.as_deref() == Some(&section.mid));
        let Some(ours) = ours else { continue };
        if let Some(streams) = ours.described(section) {
            live.shared.emit(PeerEvent::Track {
                transceiver: NativeTransceiver::new(
                    ours.clone(),
                    live.shared.clone(),
                    live.ops.clone(),
                ),
                track: ours.receiver.clone(),
                streams,
            });
        }
    }
}

/// The section that a remote track of webrtc's comes out of.
pub(super) async fn of_track(
    live: &Live,
    track: &Arc<dyn TrackRemote>,
) -> Option<Arc<TransceiverShared>> {
    let transceivers = live.shared.state().transceivers.clone();
    for transceiver in transceivers {
        let rtc = transceiver.state().rtc.clone();
        if let Some(rtc) = rtc
            && let Ok(Some(receiver)) = rtc.receiver().await
            && std::ptr::addr_eq(Arc::as_ptr(receiver.track()), Arc::as_ptr(track))
        {
            return Some(transceiver);
        }
    }
    None
}

impl NativeTransceiver {
    pub(super) fn new(
        shared: Arc<TransceiverShared>,
        peer: Arc<Shared>,
        ops: mpsc::WeakUnboundedSender<Op>,
    ) -> Self {
        Self { shared, peer, ops }
    }

    fn later<F>(&self, act: impl FnOnce(Live, Arc<TransceiverShared>) -> F + Send + 'static)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let shared = self.shared.clone();
        if let Some(ops) = self.ops.upgrade() {
            // A task that is gone has nothing left to do it to.
            let _ = ops.send(Box::new(move |live| Box::pin(act(live, shared))));
        }
    }

    fn check(&self) -> Result<()> {
        if self.shared.is_stopped() || self.peer.is_closed() {
            return Err(Error::closed("media section"));
        }
        Ok(())
    }
}

impl Transceiver for NativeTransceiver {
    type Track = NativeTrack;

    fn kind(&self) -> Kind {
        self.shared.kind
    }

    fn mid(&self) -> Option<String> {
        self.shared.mid()
    }

    fn direction(&self) -> Direction {
        let state = self.shared.state();
        match state.stopped {
            true => Direction::Stopped,
            false => state.direction,
        }
    }

    fn set_direction(&self, direction: Direction) {
        let before = std::mem::replace(&mut self.shared.state().direction, direction);
        if before != direction && self.check().is_ok() {
            self.later(|live, shared| async move { shared.direct(&live).await });
            self.peer.needs_negotiation();
        }
    }

    fn current_direction(&self) -> Option<Direction> {
        let state = self.shared.state();
        match state.stopped {
            true => Some(Direction::Stopped),
            false => state.current,
        }
    }

    fn set_codec_preferences(&self, wished: &[Codec]) -> Result<()> {
        self.check()?;
        let all: Vec<_> = codecs().into_iter().map(|(codec, _)| codec).collect();
        let mut preferred = Vec::new();
        for codec in wished {
            let known = all.iter().find(|known| {
                known
                    .rtp_codec
                    .mime_type
                    .eq_ignore_ascii_case(&codec.mime_type)
            });
            let known = known.ok_or_else(|| {
                let text = format!("{} is not to be had here", codec.mime_type);
                Error::new(ErrorKind::Invalid, text)
            })?;
            let repair = format!("apt={}", known.payload_type);
            preferred.push(known.clone());
            preferred.extend(
                all.iter()
                    .filter(|it| it.rtp_codec.sdp_fmtp_line == repair)
                    .cloned(),
            );
        }
        self.later(|_live, shared| async move {
            let rtc = shared.state().rtc.clone();
            if let Some(rtc) = rtc
                && let Err(error) = rtc.set_codec_preferences(preferred).await
            {
                tracing::warn!(%error, "the preferred codecs were not set");
            }
        });
        self.peer.needs_negotiation();
        Ok(())
    }

    fn stop(&self) {
        if self.shared.is_stopped() {
            return;
        }
        self.shared.end();
        self.later(|_live, shared| async move {
            let rtc = shared.state().rtc.clone();
            if let Some(rtc) = rtc
                && let Err(error) = rtc.stop().await
            {
                tracing::debug!(%error, "a section was not stopped");
            }
        });
        self.peer.needs_negotiation();
    }

    fn receiver_track(&self) -> NativeTrack {
        self.shared.receiver.clone()
    }

    async fn replace_track(&self, track: Option<&NativeTrack>) -> Result<()> {
        self.check()?;
        let source: Option<Arc<Source>> = match track {
            Some(track) => {
                let source = track.source().cloned().ok_or_else(|| {
                    let text = "what another peer sends is not passed on";
                    Error::new(ErrorKind::Unsupported, text)
                })?;
                Some(source)
            }
            None => None,
        };
        let fits = |source: &Arc<Source>| self.shared.outlet.takes(&source.codec);
        if !source.as_ref().is_none_or(fits) {
            let text = "a track of a codec that was not agreed on";
            return Err(Error::new(ErrorKind::Invalid, text));
        }
        self.shared.outlet.feed(source);
        self.later(|live, shared| async move { shared.sends_to(&live) });
        Ok(())
    }

    fn parameters(&self) -> SendParameters {
        SendParameters {
            encodings: vec![Encoding::default()],
            degradation_preference: None,
            codecs: self.shared.state().codecs.clone(),
        }
    }

    async fn set_parameters(&self, _parameters: &SendParameters) -> Result<()> {
        let text = "the application encodes by itself, so it alone changes how";
        Err(Error::new(ErrorKind::Unsupported, text))
    }

    fn insert_dtmf(&self, _tones: &str, _duration: Duration, _gap: Duration) -> Result<()> {
        Err(Error::new(ErrorKind::Unsupported, "no tones are sent here"))
    }
}
