//! How loud a track is.

use wasm_bindgen::JsCast as _;
use web_sys::{
    AnalyserNode, AudioContext, AudioContextState, MediaStream, MediaStreamAudioSourceNode,
    MediaStreamTrack,
};

/// What the meter calls silence.
const SILENCE_DB: f32 = -60.0;
/// How many samples the meter looks at: 11 ms, shorter than any frame of a screen.
const METER_SAMPLES: u32 = 512;

thread_local! {
    /// One for all meters: browsers allow few.
    static AUDIO: Option<AudioContext> = AudioContext::new().ok();
}

pub(super) struct Meter {
    context: AudioContext,
    source: MediaStreamAudioSourceNode,
    analyser: AnalyserNode,
}

impl Meter {
    pub(super) fn new(track: &MediaStreamTrack) -> Option<Self> {
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

    pub(super) fn level(&self) -> f32 {
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
