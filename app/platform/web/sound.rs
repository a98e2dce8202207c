use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::JsValue;
use web_sys::{AudioContext, OscillatorType};

/// The tones of a round: the frequency of each in hertz, and its start within the round in seconds.
const TONES: [(f32, f64); 3] = [(587.3, 0.0), (740.0, 0.22), (880.0, 0.44)];
/// The time from one round to the next, in milliseconds.
const ROUND: u32 = 2_600;
const LOUDNESS: f32 = 0.11;

/// The ringtone of a call, which plays until this value is dropped.
#[derive(Debug)]
pub struct Ring {
    context: AudioContext,
    is_over: Rc<Cell<bool>>,
}

impl Ring {
    /// Starts the ringtone. Returns `None` if the browser has no Web Audio.
    pub fn start() -> Option<Self> {
        let context = AudioContext::new().ok()?;
        let is_over = Rc::new(Cell::new(false));
        let ring = Self {
            context: context.clone(),
            is_over: is_over.clone(),
        };
        wasm_bindgen_futures::spawn_local(async move {
            while !is_over.get() {
                for (frequency, at) in TONES {
                    let _ = sound(&context, frequency, at);
                }
                super::sleep(ROUND).await;
            }
        });
        Some(ring)
    }
}

impl Drop for Ring {
    fn drop(&mut self) {
        self.is_over.set(true);
        let _ = self.context.close();
    }
}

/// Plays one tone, which swells and fades so that it startles nobody.
fn sound(context: &AudioContext, frequency: f32, at: f64) -> Result<(), JsValue> {
    let start = context.current_time() + at;
    let oscillator = context.create_oscillator()?;
    let gain = context.create_gain()?;
    oscillator.set_type(OscillatorType::Sine);
    oscillator.frequency().set_value(frequency);
    gain.gain().set_value_at_time(0.0, start)?;
    gain.gain()
        .linear_ramp_to_value_at_time(LOUDNESS, start + 0.06)?;
    gain.gain()
        .exponential_ramp_to_value_at_time(0.001, start + 0.9)?;
    oscillator.connect_with_audio_node(&gain)?;
    gain.connect_with_audio_node(&context.destination())?;
    oscillator.start_with_when(start)?;
    oscillator.stop_with_when(start + 1.0)
}
