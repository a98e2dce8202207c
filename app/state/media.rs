//! Our microphone and camera: in the lobby to look and listen, in a call to be seen and heard.

use std::future::Future;

use dioxus::core::{Runtime, current_scope_id, spawn_forever};
use dioxus::prelude::*;
use futures_channel::oneshot;
use parlor_engine::{
    AudioConstraints, Device, DeviceKind, ErrorKind, FacingMode, Kind, Result, Track,
    VideoConstraints,
};

use super::{engine, settings};

/// What a device of ours does now.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Source {
    #[default]
    Off,
    /// The person or the system is being asked; the number tells one request from the next.
    Asking(u32),
    On(Track),
    Failed(ErrorKind),
}

impl Source {
    pub fn track(&self) -> Option<&Track> {
        match self {
            Self::On(track) => Some(track),
            Self::Off | Self::Asking(_) | Self::Failed(_) => None,
        }
    }

    /// Whether it is on or on its way.
    pub fn is_wanted(&self) -> bool {
        matches!(self, Self::On(_) | Self::Asking(_))
    }

    pub fn failure(&self) -> Option<ErrorKind> {
        match self {
            Self::Failed(kind) => Some(*kind),
            Self::Off | Self::Asking(_) | Self::On(_) => None,
        }
    }
}

/// Both of them, and what else the system has. Lives as long as the component that made it.
#[derive(Clone, Copy, PartialEq)]
pub struct Media {
    pub microphone: Signal<Source>,
    pub camera: Signal<Source>,
    pub devices: Signal<Vec<Device>>,
    /// Counts the requests, so that the answer to an old one is known as such.
    requests: Signal<u32>,
    /// The component that made it. Opening belongs to it, whatever becomes of the button that
    /// asked for it.
    owner: ScopeId,
}

/// Makes them, all off, and releases them with the component.
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

    /// The devices of a kind.
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

    /// Opens what the person had on the last time, asking once where both are wanted.
    pub fn open_remembered(self) {
        let wanted = settings::peek();
        match (wanted.microphone_on, wanted.camera_on) {
            (true, true) => self.run(self.open_both_now()),
            (true, false) => self.open(Kind::Audio),
            (false, true) => self.open(Kind::Video),
            (false, false) => {}
        }
    }

    /// Opens one of them.
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
        let answers = detached(async {
            let engine = engine::get()?;
            Some(engine.open_both(&audio_wish(), &video_wish()).await)
        });
        let (audio, video) = answers.await.unzip();
        self.answered(Kind::Audio, requests.0, audio);
        self.answered(Kind::Video, requests.1, video);
        self.list_devices().await;
    }

    async fn open_now(self, kind: Kind) {
        let request = self.request(kind);
        let answer = detached(async move {
            let engine = engine::get()?;
            Some(match kind {
                Kind::Audio => engine.open_microphone(&audio_wish()).await,
                Kind::Video => engine.open_camera(&video_wish()).await,
            })
        });
        self.answered(kind, request, answer.await);
        self.list_devices().await;
    }

    fn request(self, kind: Kind) -> u32 {
        self.close(kind);
        let request = *self.requests.peek();
        self.source(kind).set(Source::Asking(request));
        request
    }

    fn answered(self, kind: Kind, request: u32, answer: Option<Result<Track>>) {
        let mut source = self.source(kind);
        let is_current = *source.peek() == Source::Asking(request);
        match answer {
            Some(Ok(track)) if is_current => {
                source.set(Source::On(track.clone()));
                spawn(self.fail_at_end(kind, track));
            }
            Some(Ok(track)) => track.stop(),
            Some(Err(error)) if is_current => {
                tracing::info!(%error, ?kind, "a device did not open");
                source.set(Source::Failed(error.kind()));
            }
            None if is_current => source.set(Source::Failed(ErrorKind::Unsupported)),
            Some(Err(_)) | None => {}
        }
    }

    /// A device that is unplugged or taken away is told, not left black.
    fn fail_at_end(self, kind: Kind, track: Track) -> impl Future<Output = ()> {
        let mut source = self.source(kind);
        async move {
            track.ended().await;
            if source.peek().track() == Some(&track) {
                source.set(Source::Failed(ErrorKind::DeviceMissing));
            }
        }
    }

    /// Turns one off and releases it.
    pub fn close(mut self, kind: Kind) {
        *self.requests.write() += 1;
        let mut source = self.source(kind);
        let before = source.replace(Source::Off);
        if let Source::On(track) = before {
            track.stop();
        }
    }

    /// Turns both off: no lamp burns at the camera.
    pub fn stop(self) {
        self.close(Kind::Audio);
        self.close(Kind::Video);
    }

    /// The person has read what went wrong. What failed is off, like what was turned off.
    pub fn dismiss_failures(self) {
        for kind in [Kind::Audio, Kind::Video] {
            if self.source(kind).peek().failure().is_some() {
                self.close(kind);
            }
        }
    }

    /// Takes another device of a kind, now if it is on, and from now on.
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

/// Opens the camera that looks away from the person, where there is one.
pub async fn open_back_camera() -> std::result::Result<Track, ErrorKind> {
    let wish = VideoConstraints {
        facing_mode: FacingMode::Environment.into(),
        ..VideoConstraints::default()
    };
    let answer = detached(async move {
        let engine = engine::get()?;
        Some(engine.open_camera(&wish).await)
    });
    match answer.await {
        Some(answer) => answer.map_err(|error| error.kind()),
        None => Err(ErrorKind::Unsupported),
    }
}

/// Runs to its end even when nobody waits for it any more, so that a device that opens after the
/// person has gone is released: nobody takes its track, and it is dropped.
async fn detached<T: 'static>(work: impl Future<Output = Option<T>> + 'static) -> Option<T> {
    let (sender, receiver) = oneshot::channel();
    spawn_forever(async move {
        let _ = sender.send(work.await);
    });
    receiver.await.ok().flatten()
}

fn audio_wish() -> AudioConstraints {
    AudioConstraints {
        device: settings::peek().microphone.into(),
        ..AudioConstraints::default()
    }
}

fn video_wish() -> VideoConstraints {
    VideoConstraints {
        device: settings::peek().camera.into(),
        ..VideoConstraints::default()
    }
}
