use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::{Notify, watch};

use super::media::Lane;
use crate::error::{Error, ErrorKind, Result};
use crate::media::{EncodedFrame, Kind, SourceRequest, TrackSettings};
use crate::peer::Codec;
use crate::platform::Track;

/// More frames than wait for any honest reader; older ones are lost then.
const MAX_WAITING: usize = 1_024;

static NEXT: AtomicU64 = AtomicU64::new(1);

#[derive(Clone)]
pub(crate) struct FakeTrack(Arc<Inner>);

/// A track that somebody else keeps.
pub(super) struct WeakTrack(Weak<Inner>);

impl WeakTrack {
    pub(super) fn upgrade(&self) -> Option<FakeTrack> {
        self.0.upgrade().map(FakeTrack)
    }
}

struct Inner {
    id: u64,
    kind: Kind,
    label: String,
    role: Role,
    settings: TrackSettings,
    state: watch::Sender<State>,
    line: Mutex<Line>,
    changed: Notify,
    /// The section that a remote track comes out of.
    section: OnceLock<Lane>,
}

#[derive(Clone, Debug, PartialEq)]
enum Role {
    Device,
    Encoded(Codec),
    Remote,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct State {
    enabled: bool,
    muted: bool,
    ended: bool,
}

/// Frames on their way, and what is asked of their source.
#[derive(Default)]
struct Line {
    /// Where an encoded track is sent.
    outlets: Vec<Lane>,
    key_frame: bool,
    bitrate: Option<u64>,
    /// What a remote track received.
    frames: VecDeque<EncodedFrame>,
    first_at: Option<Duration>,
    lost: u16,
    is_read: bool,
}

impl FakeTrack {
    fn new(kind: Kind, label: &str, role: Role, settings: TrackSettings) -> Self {
        let state = State {
            enabled: true,
            muted: role == Role::Remote,
            ended: false,
        };
        Self(Arc::new(Inner {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            kind,
            label: label.to_owned(),
            role,
            settings,
            state: watch::Sender::new(state),
            line: Mutex::default(),
            changed: Notify::new(),
            section: OnceLock::new(),
        }))
    }

    pub(super) fn device(kind: Kind, label: &str, settings: TrackSettings) -> Self {
        Self::new(kind, label, Role::Device, settings)
    }

    pub(super) fn encoded(kind: Kind, codec: Codec) -> Self {
        Self::new(kind, "", Role::Encoded(codec), TrackSettings::default())
    }

    pub(super) fn remote(kind: Kind, section: Lane) -> Self {
        let track = Self::new(kind, "", Role::Remote, TrackSettings::default());
        // It is new, so nothing is there yet.
        let _ = track.0.section.set(section);
        track
    }

    pub(super) fn downgrade(&self) -> WeakTrack {
        WeakTrack(Arc::downgrade(&self.0))
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.0.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The codec of an encoded track.
    pub(super) fn codec(&self) -> Option<&Codec> {
        match &self.0.role {
            Role::Encoded(codec) => Some(codec),
            Role::Device | Role::Remote => None,
        }
    }

    pub(super) fn is_remote(&self) -> bool {
        self.0.role == Role::Remote
    }

    pub(super) fn attach(&self, outlet: Lane) {
        self.line().outlets.push(outlet);
        self.request(SourceRequest::KeyFrame);
    }

    pub(super) fn detach(&self, outlet: &Lane) {
        self.line().outlets.retain(|known| known != outlet);
    }

    /// Those who receive ask for something.
    pub(super) fn request(&self, request: SourceRequest) {
        match request {
            SourceRequest::KeyFrame => self.line().key_frame = true,
            SourceRequest::Bitrate(bits) => self.line().bitrate = Some(bits),
        }
        self.0.changed.notify_waiters();
    }

    /// A frame arrived.
    pub(super) fn receive(&self, mut frame: EncodedFrame) {
        {
            let mut line = self.line();
            let first_at = *line.first_at.get_or_insert(frame.timestamp);
            frame.timestamp = frame.timestamp.saturating_sub(first_at);
            frame.lost_before = std::mem::take(&mut line.lost);
            line.frames.push_back(frame);
            if line.frames.len() > MAX_WAITING {
                let lost = line.frames.pop_front().map_or(0, |it| it.lost_before);
                if let Some(next) = line.frames.front_mut() {
                    next.lost_before = next.lost_before.saturating_add(lost).saturating_add(1);
                }
            }
        }
        self.set_muted(false);
        self.0.changed.notify_waiters();
    }

    /// A frame did not.
    pub(super) fn lose(&self) {
        let mut line = self.line();
        line.lost = line.lost.saturating_add(1);
    }

    pub(super) fn set_muted(&self, muted: bool) {
        self.0.state.send_if_modified(|state| {
            let is_new = state.muted != muted && !state.ended;
            state.muted = if is_new { muted } else { state.muted };
            is_new
        });
    }

    pub(super) fn end(&self) {
        self.0
            .state
            .send_if_modified(|state| !std::mem::replace(&mut state.ended, true));
        self.0.changed.notify_waiters();
    }

    fn only(&self, is_right: bool, text: &'static str) -> Result<()> {
        match is_right {
            true => Ok(()),
            false => Err(Error::new(ErrorKind::Unsupported, text)),
        }
    }
}

impl Track for FakeTrack {
    fn id(&self) -> String {
        format!("fake-{}", self.0.id)
    }

    fn kind(&self) -> Kind {
        self.0.kind
    }

    fn label(&self) -> String {
        self.0.label.clone()
    }

    fn device(&self) -> Option<String> {
        self.0.settings.device.clone()
    }

    fn settings(&self) -> TrackSettings {
        self.0.settings.clone()
    }

    fn is_enabled(&self) -> bool {
        self.0.state.borrow().enabled
    }

    fn set_enabled(&self, enabled: bool) {
        self.0.state.send_modify(|state| state.enabled = enabled);
    }

    fn is_muted(&self) -> bool {
        self.0.state.borrow().muted
    }

    async fn changed(&self) {
        let mut state = self.0.state.subscribe();
        let now = *state.borrow_and_update();
        let is_other = |state: &State| (state.muted, state.ended) != (now.muted, now.ended);
        // The sender lives as long as the track.
        let _ = state.wait_for(is_other).await;
    }

    fn is_ended(&self) -> bool {
        self.0.state.borrow().ended
    }

    async fn ended(&self) {
        let mut state = self.0.state.subscribe();
        let _ = state.wait_for(|state| state.ended).await;
    }

    /// Every fake sound is half as loud as can be.
    fn level(&self) -> f32 {
        let state = *self.0.state.borrow();
        let is_heard = state.enabled && !state.muted && !state.ended;
        match self.0.kind {
            Kind::Audio if is_heard => 0.5,
            Kind::Audio | Kind::Video => 0.0,
        }
    }

    fn stop(&self) {
        self.end();
    }

    async fn write(&self, frame: EncodedFrame) -> Result<()> {
        self.only(self.codec().is_some(), "only an encoded track takes frames")?;
        if self.is_ended() {
            return Err(Error::closed("track"));
        }
        if frame.data.is_empty() {
            return Err(Error::new(ErrorKind::Invalid, "a frame without data"));
        }
        if self.is_enabled() {
            let outlets = self.line().outlets.clone();
            for outlet in outlets {
                outlet.send(frame.clone());
            }
        }
        Ok(())
    }

    async fn requested(&self) -> Result<SourceRequest> {
        self.only(self.codec().is_some(), "only an encoded track is asked")?;
        loop {
            // Made before looking, so that what comes in between is not missed.
            let changed = self.0.changed.notified();
            {
                let mut line = self.line();
                if std::mem::take(&mut line.key_frame) {
                    return Ok(SourceRequest::KeyFrame);
                }
                if let Some(bits) = line.bitrate.take() {
                    return Ok(SourceRequest::Bitrate(bits));
                }
            }
            if self.is_ended() {
                return Err(Error::closed("track"));
            }
            changed.await;
        }
    }

    async fn read(&self) -> Result<EncodedFrame> {
        self.only(self.is_remote(), "only another peer's track gives frames")?;
        let is_first = !std::mem::replace(&mut self.line().is_read, true);
        if is_first && let Some(section) = self.0.section.get() {
            section.ask_for_key_frame();
        }
        loop {
            let changed = self.0.changed.notified();
            if let Some(frame) = self.line().frames.pop_front() {
                return Ok(frame);
            }
            if self.is_ended() {
                return Err(Error::closed("track"));
            }
            changed.await;
        }
    }
}
