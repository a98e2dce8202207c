use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use webrtc::rtp_transceiver::RtpTransceiver;

use crate::media::Kind;
use crate::peer::{Codec, Direction, Encoding, TransceiverInit};
use crate::platform::Track as _;
use crate::platform::native::receive::Sink;
use crate::platform::native::send::Outlet;
use crate::platform::native::track::NativeTrack;

/// What is known of a section without asking webrtc.
pub(in crate::platform::native) struct TransceiverShared {
    pub(super) kind: Kind,
    /// Of what is sent, by their ids.
    pub(super) streams: Vec<String>,
    pub(super) encodings: Vec<Encoding>,
    pub(super) receiver: NativeTrack,
    sink: Arc<Sink>,
    outlet: Arc<Outlet>,
    state: Mutex<State>,
}

pub(super) struct State {
    /// None until webrtc was asked for it.
    pub(super) rtc: Option<Arc<dyn RtpTransceiver>>,
    pub(super) has_sender: bool,
    pub(super) mid: Option<String>,
    pub(super) direction: Direction,
    pub(super) current: Option<Direction>,
    pub(super) codecs: Vec<Codec>,
    pub(super) stopped: bool,
    /// The other side sends, and the engine was told so.
    pub(super) announced: bool,
}

impl TransceiverShared {
    pub(in crate::platform::native) fn new(kind: Kind, init: &TransceiverInit) -> Self {
        // `-` is a track without a stream (RFC 8830).
        let stream = init.streams.first().map_or("-", String::as_str);
        let sink = Arc::new(Sink::default());
        Self {
            kind,
            streams: init.streams.clone(),
            encodings: init.send_encodings.clone(),
            receiver: NativeTrack::remote(kind, sink.clone()),
            sink,
            outlet: Arc::new(Outlet::new(kind, stream.to_owned(), &init.send_encodings)),
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

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(in crate::platform::native) fn is_stopped(&self) -> bool {
        self.state().stopped
    }

    pub(in crate::platform::native) fn sink(&self) -> &Arc<Sink> {
        &self.sink
    }

    pub(in crate::platform::native) fn outlet(&self) -> &Arc<Outlet> {
        &self.outlet
    }

    pub(in crate::platform::native) fn kind(&self) -> Kind {
        self.kind
    }

    pub(in crate::platform::native) fn mid(&self) -> Option<String> {
        self.state().mid.clone()
    }

    pub(in crate::platform::native) fn media_came(&self) {
        self.receiver.set_muted(false);
    }

    /// Nothing comes or goes any more.
    pub(in crate::platform::native) fn end(&self) {
        self.state().stopped = true;
        self.receiver.stop();
        self.outlet.feed(None);
    }
}
