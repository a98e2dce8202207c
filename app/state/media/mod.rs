//! Our microphone and camera: in the lobby to look and listen, in a call to be seen and heard.

mod choice;
mod follow;
mod source;

use std::future::Future;
use std::pin::Pin;

use dioxus::core::{Runtime, current_scope_id, spawn_forever};
use dioxus::prelude::*;
use futures_channel::oneshot;
use parlor_engine::{
    AudioConstraints, Device, DeviceKind, Error, ErrorKind, FacingMode, Kind, Track,
    VideoConstraints,
};

use self::choice::is_substitute;
pub use self::source::Source;
use self::source::{Live, Pause};
use super::device::{self, Failure};
use super::{engine, page, settings, toasts};

/// Our microphone and camera, and the list of all devices. They live as long as the component that
/// made them.
#[derive(Clone, Copy, PartialEq)]
pub struct Media {
    pub microphone: Signal<Source>,
    pub camera: Signal<Source>,
    pub devices: Signal<Vec<Device>>,
    /// Counts the requests, so that the answer to an outdated one can be told apart.
    requests: Signal<u32>,
    /// The component that made this value. Its scope runs the requests, which therefore outlive the
    /// button that started them.
    owner: ScopeId,
}

/// Creates the microphone and the camera, both off, and releases them with the component.
pub fn use_media() -> Media {
    let media = Media {
        microphone: use_signal(Source::default),
        camera: use_signal(Source::default),
        devices: use_signal(Vec::new),
        requests: use_signal(|| 0),
        owner: current_scope_id(),
    };
    use_future(move || async move {
        let Some(engine) = engine::get() else { return };
        loop {
            media.list_devices().await;
            engine.devices_changed().await;
        }
    });
    // A page that is kept with an open camera is no page that browsers keep.
    page::use_leave(move || media.stop());
    use_drop(move || media.stop());
    media
}

impl Media {
    fn source(self, kind: Kind) -> Signal<Source> {
        match kind {
            Kind::Audio => self.microphone,
            Kind::Video => self.camera,
        }
    }

    /// Returns the devices of a kind.
    pub fn devices_of(self, kind: DeviceKind) -> Vec<Device> {
        self.devices
            .read()
            .iter()
            .filter(|device| device.kind == kind)
            .cloned()
            .collect()
    }

    async fn list_devices(mut self) {
        let Some(engine) = engine::get() else { return };
        // Where they cannot be listed, the words about the microphone and the camera say why.
        if let Ok(devices) = engine.devices().await
            && *self.devices.peek() != devices
        {
            self.devices.set(devices);
        }
    }

    /// Opens the devices that were on the last time, with one question to the person for both.
    pub fn open_remembered(self) {
        let wanted = settings::peek();
        match (wanted.microphone_on, wanted.camera_on) {
            (true, true) => self.run(self.open_both_now()),
            (true, false) => self.open(Kind::Audio),
            (false, true) => self.open(Kind::Video),
            (false, false) => {}
        }
    }

    /// Opens the microphone or the camera.
    pub fn open(self, kind: Kind) {
        self.run(self.open_now(kind));
    }

    fn run(self, task: impl Future<Output = ()> + 'static) {
        Runtime::current().in_scope(self.owner, || {
            spawn(task);
        });
    }

    async fn open_both_now(self) {
        let requests = (self.request(Kind::Audio), self.request(Kind::Video));
        let answer = detached::<Opened>(async {
            let engine = engine::get()?;
            let (audio, video) = engine.open_both(&audio_wish(), &video_wish()).await;
            Some((Some(audio), Some(video)))
        });
        let (audio, video) = answer.await.unwrap_or_default();
        self.answered_wish(Kind::Audio, requests.0, audio);
        self.answered_wish(Kind::Video, requests.1, video);
        self.list_devices().await;
    }

    async fn open_now(self, kind: Kind) {
        let request = self.request(kind);
        let answer = detached::<Opened>(async move {
            let engine = engine::get()?;
            Some(match kind {
                Kind::Audio => (Some(engine.open_microphone(&audio_wish()).await), None),
                Kind::Video => (None, Some(engine.open_camera(&video_wish()).await)),
            })
        });
        let (audio, video) = answer.await.unwrap_or_default();
        self.answered_wish(kind, request, audio.or(video));
        self.list_devices().await;
    }

    fn request(self, kind: Kind) -> u32 {
        self.close(kind);
        let request = *self.requests.peek();
        self.source(kind).set(Source::Asking(request));
        request
    }

    /// Handles the answer to a request for the chosen device.
    fn answered_wish(self, kind: Kind, request: u32, answer: Option<Result<Track, Error>>) {
        let answer = answer.map_or(Err(Failure::Unsupported), |answer| {
            answer.map_err(|error| {
                tracing::info!(%error, ?kind, "a device did not open");
                Failure::from(error.kind())
            })
        });
        let opened = answer.as_ref().ok().and_then(Track::device);
        let is_substitute = is_substitute(chosen(kind).as_deref(), opened.as_deref());
        if let Some(track) = self.answered(kind, request, is_substitute, answer) {
            if is_substitute {
                toasts::show(device::substituted(kind, &track.label()));
            }
            spawn(self.follow(kind, track));
        }
    }

    /// Handles the answer to a request. Returns the track that is on now; the track of an outdated
    /// request is released.
    fn answered(
        self,
        kind: Kind,
        request: u32,
        is_substitute: bool,
        answer: Result<Track, Failure>,
    ) -> Option<Track> {
        let mut source = self.source(kind);
        let is_current = *source.peek() == Source::Asking(request);
        match answer {
            Ok(track) if is_current => {
                source.set(Source::On(Live {
                    track: track.clone(),
                    is_substitute,
                    pause: track.is_muted().then_some(Pause::New),
                }));
                return Some(track);
            }
            Ok(track) => track.stop(),
            Err(failure) if is_current => source.set(Source::Failed(failure)),
            Err(_) => {}
        }
        None
    }

    /// Turns the microphone or the camera off and releases it.
    pub fn close(mut self, kind: Kind) {
        *self.requests.write() += 1;
        let mut source = self.source(kind);
        let before = source.replace(Source::Off);
        if let Some(track) = before.track() {
            track.stop();
        }
    }

    /// Turns both off, which turns off the camera's light.
    pub fn stop(self) {
        self.close(Kind::Audio);
        self.close(Kind::Video);
    }

    /// Dismisses the failures that the person has read. A device that failed is off from then on.
    pub fn dismiss_failures(self) {
        for kind in [Kind::Audio, Kind::Video] {
            let mut source = self.source(kind);
            let now = source.peek().clone();
            match now {
                Source::Failed(_) => self.close(kind),
                Source::On(live) if live.pause.is_some() => {
                    let pause = Some(Pause::Read);
                    source.set(Source::On(Live { pause, ..live }));
                }
                Source::Off | Source::Asking(_) | Source::On(_) => {}
            }
        }
    }

    /// Chooses another device of a kind. If one is on, the chosen one replaces it now.
    pub fn choose(self, kind: Kind, id: Option<String>) {
        settings::change(|settings| match kind {
            Kind::Audio => settings.microphone = id,
            Kind::Video => settings.camera = id,
        });
        if *self.source(kind).peek() != Source::Off {
            self.open(kind);
        }
    }
}

/// Opens the camera that faces away from the person, where there is one.
pub async fn open_back_camera() -> std::result::Result<Track, ErrorKind> {
    let wish = VideoConstraints {
        facing_mode: FacingMode::Environment.into(),
        ..VideoConstraints::default()
    };
    let answer = detached::<Opened>(async move {
        let engine = engine::get()?;
        Some((None, Some(engine.open_camera(&wish).await)))
    });
    match answer.await {
        Some((_, Some(camera))) => camera.map_err(|error| error.kind()),
        _ => Err(ErrorKind::Unsupported),
    }
}

/// The answers to a request: for sound and for pictures, as far as each was asked for.
pub(super) type Opened = (Option<Result<Track, Error>>, Option<Result<Track, Error>>);

/// Runs a request to its end even if the caller is dropped, so that a device that opens after the
/// person has left is released: nobody receives its track, which is dropped.
///
/// The request is boxed because each of them would otherwise have a copy of all this of its own.
pub(super) fn detached<T: 'static>(
    request: impl Future<Output = Option<T>> + 'static,
) -> impl Future<Output = Option<T>> {
    run_detached(Box::pin(request))
}

async fn run_detached<T: 'static>(request: Pin<Box<dyn Future<Output = Option<T>>>>) -> Option<T> {
    let (sender, receiver) = oneshot::channel();
    spawn_forever(async move {
        let _ = sender.send(request.await);
    });
    receiver.await.ok().flatten()
}

/// Returns the id of the device that the person chose.
fn chosen(kind: Kind) -> Option<String> {
    match kind {
        Kind::Audio => settings::peek().microphone,
        Kind::Video => settings::peek().camera,
    }
}

fn audio_wish() -> AudioConstraints {
    AudioConstraints {
        device: chosen(Kind::Audio).into(),
        ..AudioConstraints::default()
    }
}

fn video_wish() -> VideoConstraints {
    VideoConstraints {
        device: chosen(Kind::Video).into(),
        ..VideoConstraints::default()
    }
}
