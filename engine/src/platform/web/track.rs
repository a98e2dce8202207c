use std::cell::OnceCell;
use std::future::pending;
use std::rc::Rc;
use std::time::Duration;

use wasm_bindgen::JsValue;
use web_sys::{Event, MediaStreamTrack, MediaStreamTrackState};

use super::listener::Listener;
use super::meter::Meter;
use super::{constraints, js};
use crate::error::{Error, ErrorKind, Result};
use crate::media::{EncodedFrame, Kind, SourceRequest, TrackSettings};
use crate::platform::Track;

#[derive(Clone)]
pub(crate) struct WebTrack(Rc<Inner>);

struct Inner {
    track: MediaStreamTrack,
    /// We opened the device, so we release it.
    local: bool,
    meter: OnceCell<Option<Meter>>,
}

impl WebTrack {
    pub(super) fn local(track: MediaStreamTrack) -> Self {
        Self(Rc::new(Inner {
            track,
            local: true,
            meter: OnceCell::new(),
        }))
    }

    pub(super) fn remote(track: MediaStreamTrack) -> Self {
        Self(Rc::new(Inner {
            track,
            local: false,
            meter: OnceCell::new(),
        }))
    }

    pub(super) fn media_stream_track(&self) -> MediaStreamTrack {
        // Not `.clone()`: that is the browser's own method, which opens a second track.
        Clone::clone(&self.0.track)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if self.local {
            self.track.stop();
        }
    }
}

impl WebTrack {
    /// Tells the encoder that small letters have to stay sharp, whatever moves
    /// ([`contentHint`](https://www.w3.org/TR/mst-content-hint/#video-content-hints)).
    pub(super) fn set_detailed(&self) {
        js::set(&self.0.track, "contentHint", "detail");
    }
}

impl Track for WebTrack {
    fn id(&self) -> String {
        self.0.track.id()
    }

    fn kind(&self) -> Kind {
        if self.0.track.kind() == "audio" {
            Kind::Audio
        } else {
            Kind::Video
        }
    }

    fn label(&self) -> String {
        if self.0.local {
            self.0.track.label()
        } else {
            String::new()
        }
    }

    fn device(&self) -> Option<String> {
        // Browsers give other peers' tracks an id too, which names no device.
        let settings = self.0.local.then(|| self.0.track.get_settings())?;
        js::text(&settings, "deviceId")
    }

    fn settings(&self) -> TrackSettings {
        TrackSettings {
            device: self.device(),
            ..settings(&self.0.track.get_settings())
        }
    }

    fn is_enabled(&self) -> bool {
        self.0.track.enabled()
    }

    fn set_enabled(&self, enabled: bool) {
        self.0.track.set_enabled(enabled);
    }

    fn is_muted(&self) -> bool {
        self.0.track.muted()
    }

    async fn changed(&self) {
        if self.is_ended() {
            // Nothing changes any more.
            return pending().await;
        }
        Listener::once(&self.0.track, &["mute", "unmute", "ended"]).await;
    }

    fn is_ended(&self) -> bool {
        self.0.track.ready_state() == MediaStreamTrackState::Ended
    }

    async fn ended(&self) {
        while !self.is_ended() {
            Listener::once(&self.0.track, &["ended"]).await;
        }
    }

    fn level(&self) -> f32 {
        if self.kind() == Kind::Video || !self.is_enabled() {
            return 0.0;
        }
        let meter = self.0.meter.get_or_init(|| Meter::new(&self.0.track));
        meter.as_ref().map_or(0.0, Meter::level)
    }

    fn stop(&self) {
        if !self.is_ended() {
            self.0.track.stop();
            // Browsers tell of every end but this one.
            if let Ok(event) = Event::new("ended") {
                let _ = self.0.track.dispatch_event(&event);
            }
        }
    }

    async fn write(&self, _frame: EncodedFrame) -> Result<()> {
        Err(no_frames())
    }

    async fn requested(&self) -> Result<SourceRequest> {
        Err(no_frames())
    }

    async fn read(&self) -> Result<EncodedFrame> {
        Err(no_frames())
    }
}

/// Browsers encode and decode by themselves.
pub(super) fn no_frames() -> Error {
    let text = "browsers take no encoded frames, and give none";
    Error::new(ErrorKind::Unsupported, text)
}

/// All but the device.
fn settings(settings: &JsValue) -> TrackSettings {
    let number = |name| js::number(settings, name);
    let whole = |name| number(name).map(|number| number.round() as u32);
    let switch = |name| js::has(settings, name).then(|| js::get(settings, name).is_truthy());
    let latency = number("latency");
    TrackSettings {
        device: None,
        echo_cancellation: switch("echoCancellation"),
        noise_suppression: switch("noiseSuppression"),
        auto_gain_control: switch("autoGainControl"),
        channel_count: whole("channelCount"),
        sample_rate: whole("sampleRate"),
        sample_size: whole("sampleSize"),
        latency: latency.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()),
        width: whole("width"),
        height: whole("height"),
        frame_rate: number("frameRate"),
        aspect_ratio: number("aspectRatio"),
        facing_mode: constraints::facing_mode(settings),
        resize_mode: constraints::resize_mode(settings),
        display_surface: constraints::display_surface(settings),
    }
}
