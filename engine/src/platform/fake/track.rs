use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::sync::{Notify, watch};

use super::transceiver::Outlet;
use super::world::World;
use crate::error::{Error, ErrorKind, Result};
use crate::media::{EncodedFrame, Kind, SourceRequest, TrackSettings};
use crate::platform::Track;

static NEXT: AtomicU64 = AtomicU64::new(1);

#[derive(Clone)]
pub(crate) struct FakeTrack(Arc<Inner>);

struct Inner {
    id: u64,
    kind: Kind,
    role: Role,
    settings: TrackSettings,
    state: watch::Sender<State>,
    line: Mutex<Line>,
    changed: Notify,
    /// Where the source of a remote track is found.
    world: OnceLock<World>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Role {
    Device,
    Encoded,
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
    outlets: Vec<Outlet>,
    frames: VecDeque<EncodedFrame>,
    key_frame: bool,
    is_read: bool,
}

impl FakeTrack {
    fn new(kind: Kind, role: Role, settings: TrackSettings) -> Self {
        let state = State {
            enabled: true,
            muted: role == Role::Remote,
            ended: false,
        };
        Self(Arc::new(Inner {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            kind,
            role,
            settings,
            state: watch::Sender::new(state),
            line: Mutex::default(),
            changed: Notify::new(),
            world: OnceLock::new(),
        }))
    }

    pub(super) fn device(kind: Kind, settings: TrackSettings) -> Self {
        Self::new(kind, Role::Device, settings)
    }

    pub(super) fn encoded(kind: Kind) -> Self {
        Self::new(kind, Role::Encoded, TrackSettings::default())
    }

    pub(super) fn remote(kind: Kind) -> Self {
        Self::new(kind, Role::Remote, TrackSettings::default())
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.0.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    pub(super) fn attach(&self, outlet: Outlet) {
        self.line().outlets.push(outlet);
        self.ask_for_key_frame();
    }

    pub(super) fn detach(&self, outlet: &Outlet) {
        self.line().outlets.retain(|known| known != outlet);
    }

    fn ask_for_key_frame(&self) {
        self.line().key_frame = true;
        self.0.changed.notify_waiters();
    }

    pub(super) fn receive(&self, frame: EncodedFrame) {
        self.line().frames.push_back(frame);
        self.0.changed.notify_waiters();
    }

    pub(super) fn set_muted(&self, muted: bool) {
        self.0.state.send_if_modified(|state| {
            let is_new = state.muted != muted;
            state.muted = muted;
            is_new
        });
    }

    pub(super) fn end(&self) {
        self.0
            .state
            .send_if_modified(|state| !std::mem::replace(&mut state.ended, true));
        self.0.changed.notify_waiters();
    }

    pub(super) fn live_in(&self, world: &World) {
        // It lives in one for good.
        let _ = self.0.world.set(world.clone());
    }

    fn only(&self, role: Role, text: &'static str) -> Result<()> {
        if self.0.role == role {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Unsupported, text))
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
        match self.0.role {
            Role::Device => "Fake".into(),
            Role::Encoded | Role::Remote => String::new(),
        }
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

    fn level(&self) -> f32 {
        0.5
    }

    fn stop(&self) {
        self.end();
    }

    async fn write(&self, frame: EncodedFrame) -> Result<()> {
        self.only(Role::Encoded, "only an encoded track takes frames")?;
        if self.is_ended() {
            return Err(Error::closed("track"));
        }
        if frame.data.is_empty() {
            return Err(Error::new(ErrorKind::Invalid, "a frame without data"));
        }
        let outlets = self.line().outlets.clone();
        if self.is_enabled() {
            for outlet in outlets {
                outlet.send(frame.clone());
            }
        }
        Ok(())
    }

    async fn requested(&self) -> Result<SourceRequest> {
        self.only(Role::Encoded, "only an encoded track is asked")?;
        loop {
            // Made before looking, so that what comes in between is not missed.
            let changed = self.0.changed.notified();
            if std::mem::take(&mut self.line().key_frame) {
                return Ok(SourceRequest::KeyFrame);
            }
            if self.is_ended() {
                return Err(Error::closed("track"));
            }
            changed.await;
        }
    }

    async fn read(&self) -> Result<EncodedFrame> {
        self.only(Role::Remote, "only another peer's track gives frames")?;
        let is_first = !std::mem::replace(&mut self.line().is_read, true);
        if is_first
            && let Some(world) = self.0.world.get()
            && let Some(source) = Outlet::source_of(world, self)
        {
            source.ask_for_key_frame();
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
