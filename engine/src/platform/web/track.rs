use std::cell::OnceCell;
use std::rc::Rc;

use wasm_bindgen::JsCast as _;
use web_sys::{
    AnalyserNode, AudioContext, AudioContextState, Event, MediaStream, MediaStreamAudioSourceNode,
    MediaStreamTrack, MediaStreamTrackState,
};

use super::listener::Listener;
use crate::media::Kind;
use crate::platform::Track;

/// What the meter calls silence.
const SILENCE_DB: f32 = -60.0;
/// How many samples the meter looks at: 11 ms, shorter than any frame of a screen.
const METER_SAMPLES: u32 = 512;

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
        let settings = self.0.track.get_settings();
        js_sys::Reflect::get(&settings, &"deviceId".into())
            .ok()?
            .as_string()
    }

    fn is_enabled(&self) -> bool {
        self.0.track.enabled()
    }

    fn set_enabled(&self, enabled: bool) {
        self.0.track.set_enabled(enabled);
    }

    fn is_ended(&self) -> bool {
        self.0.track.ready_state() == MediaStreamTrackState::Ended
    }

    async fn ended(&self) {
        while !self.is_ended() {
            Listener::once(&self.0.track, "ended").await;
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
}

thread_local! {
    /// One for all meters: browsers allow few.
    static AUDIO: Option<AudioContext> = AudioContext::new().ok();
}

struct Meter {
    context: AudioContext,
    source: MediaStreamAudioSourceNode,
    analyser: AnalyserNode,
}

impl Meter {
    fn new(track: &MediaStreamTrack) -> Option<Self> {
        let context = AUDIO.with(Clone::clone)?;
        let stream = MediaStream::new().ok()?;
        stream.add_track(track);
        let source = context.create_media_stream_source(&stream).ok()?;
        let analyser = context.create_analyser().ok()?;
        analyser.set_fft_size(METER_SAMPLES);
        // Not to the loudspeaker: the analyser is where it ends.
        source.connect_with_audio_node(&analyser).ok()?;
        Some(Self {
            context,
            source,
            analyser,
        })
    }

    fn level(&self) -> f32 {
        if self.context.state() == AudioContextState::Suspended {
            // Allowed once the person has touched the page. Until then there is no level.
            let _ = self.context.resume();
            return 0.0;
        }
        let mut samples = [0.0_f32; METER_SAMPLES as usize];
        self.analyser.get_float_time_domain_data(&mut samples);
        let power = samples.iter().map(|sample| sample * sample).sum::<f32>();
        let rms = (power / METER_SAMPLES as f32).sqrt();
        let decibels = 20.0 * rms.max(1e-6).log10();
        (1.0 - decibels / SILENCE_DB).clamp(0.0, 1.0)
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        let node: &web_sys::AudioNode = self.source.unchecked_ref();
        // A node that is not connected is as good.
        let _ = node.disconnect();
    }
}
