use std::sync::Arc;

use tokio::sync::watch;

use super::encoded::Source;
use super::receive::Sink;
use crate::error::{Error, ErrorKind, Result};
use crate::media::{EncodedFrame, Kind, SourceRequest, TrackSettings};
use crate::peer::Codec;
use crate::platform::Track;

#[derive(Clone)]
pub(crate) struct NativeTrack(Arc<Inner>);

struct Inner {
    id: String,
    kind: Kind,
    state: watch::Sender<State>,
    end: End,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct State {
    enabled: bool,
    muted: bool,
    ended: bool,
}

/// Where frames come in or go out.
enum End {
    Source(Arc<Source>),
    Sink(Arc<Sink>),
}

impl NativeTrack {
    fn new(id: String, kind: Kind, muted: bool, end: End) -> Self {
        let state = State {
            enabled: true,
            muted,
            ended: false,
        };
        Self(Arc::new(Inner {
            id,
            kind,
            state: watch::Sender::new(state),
            end,
        }))
    }

    pub(super) fn encoded(codec: &Codec) -> Result<Self> {
        let id = new_id();
        let source = Source::new(id.clone(), codec)?;
        Ok(Self::new(
            id,
            source.kind(),
            false,
            End::Source(Arc::new(source)),
        ))
    }

    /// What another peer sends; muted until it does.
    pub(super) fn remote(kind: Kind, sink: Arc<Sink>) -> Self {
        Self::new(new_id(), kind, true, End::Sink(sink))
    }

    pub(super) fn source(&self) -> Option<&Arc<Source>> {
        match &self.0.end {
            End::Source(source) => Some(source),
            End::Sink(_) => None,
        }
    }

    pub(super) fn set_muted(&self, muted: bool) {
        self.0.state.send_if_modified(|state| {
            let is_new = state.muted != muted;
            state.muted = muted;
            is_new
        });
    }

    fn state(&self) -> State {
        *self.0.state.borrow()
    }
}

fn new_id() -> String {
    let id = u64::from_le_bytes(crate::random::bytes());
    format!("{id:016x}")
}

impl Track for NativeTrack {
    fn id(&self) -> String {
        self.0.id.clone()
    }

    fn kind(&self) -> Kind {
        self.0.kind
    }

    fn label(&self) -> String {
        String::new()
    }

    fn device(&self) -> Option<String> {
        None
    }

    fn settings(&self) -> TrackSettings {
        TrackSettings::default()
    }

    fn is_enabled(&self) -> bool {
        self.state().enabled
    }

    fn set_enabled(&self, enabled: bool) {
        self.0.state.send_modify(|state| state.enabled = enabled);
    }

    fn is_muted(&self) -> bool {
        self.state().muted
    }

    async fn changed(&self) {
        let mut state = self.0.state.subscribe();
        let now = *state.borrow_and_update();
        let is_other = |state: &State| (state.muted, state.ended) != (now.muted, now.ended);
        // The sender lives as long as the track.
        let _ = state.wait_for(is_other).await;
    }

    fn is_ended(&self) -> bool {
        self.state().ended
    }

    async fn ended(&self) {
        let mut state = self.0.state.subscribe();
        let _ = state.wait_for(|state| state.ended).await;
    }

    fn level(&self) -> f32 {
        // Nothing is decoded here.
        0.0
    }

    fn stop(&self) {
        self.0
            .state
            .send_if_modified(|state| !std::mem::replace(&mut state.ended, true));
        match &self.0.end {
            End::Source(source) => source.end(),
            End::Sink(sink) => sink.end(),
        }
    }

    async fn write(&self, frame: EncodedFrame) -> Result<()> {
        let End::Source(source) = &self.0.end else {
            let text = "another peer's track takes no frames";
            return Err(Error::new(ErrorKind::Unsupported, text));
        };
        if self.is_ended() {
            return Err(Error::closed("track"));
        }
        if frame.data.is_empty() {
            return Err(Error::new(ErrorKind::Invalid, "a frame without data"));
        }
        if self.is_enabled() {
            source.write(frame).await;
        }
        Ok(())
    }

    async fn requested(&self) -> Result<SourceRequest> {
        match &self.0.end {
            End::Source(source) => source.requested().await,
            End::Sink(_) => {
                let text = "another peer's track is asked nothing";
                Err(Error::new(ErrorKind::Unsupported, text))
            }
        }
    }

    async fn read(&self) -> Result<EncodedFrame> {
        match &self.0.end {
            End::Sink(sink) => sink.read().await,
            End::Source(_) => {
                let text = "an own track gives no frames";
                Err(Error::new(ErrorKind::Unsupported, text))
            }
        }
    }
}
