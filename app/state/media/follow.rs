//! Follows an open device: the system pauses it, it dies, or its permission is revoked.

use dioxus::prelude::*;
use parlor_engine::{
    AudioConstraints, Constraint, Device, DeviceKind, Engine, Error, Kind, Track, VideoConstraints,
};

use super::choice::{Ended, Next, is_substitute};
use super::source::{Live, Pause, Source};
use super::{Media, audio_wish, chosen, detached, video_wish};
use crate::platform;
use crate::state::device::{self, Failure};
use crate::state::{engine, toasts};

/// The age in milliseconds below which the end of a replacement device stops the replacing, since
/// devices would go on and off for ever.
const UNSTABLE_FOR: u64 = 5_000;

impl Media {
    /// Keeps the source in step with an open track, and with the one that follows it, until the
    /// person or a failure turns it off.
    pub(super) async fn follow(self, kind: Kind, mut track: Track) {
        let mut replaced_at = None::<u64>;
        while self.is_on(kind, &track) {
            self.list_devices().await;
            let before = self.devices.peek().clone();
            while self.is_on(kind, &track) && !track.is_ended() {
                self.show_pause(kind, track.is_muted());
                track.changed().await;
            }
            if !self.is_on(kind, &track) {
                return;
            }
            let age = replaced_at.map(|at| platform::now().saturating_sub(at));
            let is_unstable = age.is_some_and(|age| age < UNSTABLE_FOR);
            match self.replace(kind, &track, before, is_unstable).await {
                Some(next) => track = next,
                None => return,
            }
            replaced_at = Some(platform::now());
        }
    }

    fn is_on(self, kind: Kind, track: &Track) -> bool {
        self.source(kind).peek().track() == Some(track)
    }

    fn show_pause(self, kind: Kind, is_paused: bool) {
        let mut source = self.source(kind);
        let Source::On(live) = source.peek().clone() else {
            return;
        };
        if live.pause.is_some() != is_paused {
            let pause = is_paused.then_some(Pause::New);
            source.set(Source::On(Live { pause, ..live }));
        }
    }

    /// Opens a device that may replace one that ended, without asking the person.
    async fn replace(
        self,
        kind: Kind,
        ended: &Track,
        before: Vec<Device>,
        is_unstable: bool,
    ) -> Option<Track> {
        let request = self.request(kind);
        let device = ended.device();
        let dead = device.clone();
        let answer = detached(async move {
            let engine = engine::get()?;
            let next = Ended {
                kind: device_kind(kind),
                device: dead.as_deref(),
                permission: engine.permission(kind).await,
                before: &before,
                now: &engine.devices().await.unwrap_or_default(),
                is_unstable,
            }
            .next();
            Some(match next {
                Next::Open(ids) => open_first(&engine, kind, ids).await,
                Next::Fail(failure) => Err(failure),
            })
        });
        let answer = answer.await.unwrap_or(Err(Failure::Gone));
        let is_other = answer.as_ref().is_ok_and(|track| track.device() != device);
        let opened = answer.as_ref().ok().and_then(Track::device);
        let is_substitute = is_other || is_substitute(chosen(kind).as_deref(), opened.as_deref());
        let track = self.answered(kind, request, is_substitute, answer)?;
        if is_other {
            toasts::show(device::moved(&track.label()));
        }
        Some(track)
    }
}

/// Opens the first of some devices that can be opened.
async fn open_first(engine: &Engine, kind: Kind, ids: Vec<String>) -> Result<Track, Failure> {
    let mut failure = Failure::Gone;
    for id in ids {
        match open_exactly(engine, kind, id).await {
            Ok(track) => return Ok(track),
            Err(error) => {
                tracing::info!(%error, ?kind, "a device cannot follow another");
                failure = match error.kind().into() {
                    Failure::Denied => return Err(Failure::TakenAway),
                    Failure::Missing => Failure::Gone,
                    other => other,
                };
            }
        }
    }
    Err(failure)
}

async fn open_exactly(engine: &Engine, kind: Kind, id: String) -> Result<Track, Error> {
    let device = Constraint::exact(id);
    match kind {
        Kind::Audio => {
            let wish = AudioConstraints {
                device,
                ..audio_wish()
            };
            engine.open_microphone(&wish).await
        }
        Kind::Video => {
            let wish = VideoConstraints {
                device,
                ..video_wish()
            };
            engine.open_camera(&wish).await
        }
    }
}

fn device_kind(kind: Kind) -> DeviceKind {
    match kind {
        Kind::Audio => DeviceKind::Microphone,
        Kind::Video => DeviceKind::Camera,
    }
}
