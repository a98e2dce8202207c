use std::future::Future;
use std::rc::Rc;
use std::time::Duration;

use js_sys::Array;
use tokio::sync::oneshot;
use wasm_bindgen::JsCast as _;
use web_sys::RtcRtpTransceiver;

use super::chain::{Asked, Outcome};
use super::error::thrown_by_closed;
use super::events::Heard;
use super::js::{self, Dialler, Section};
use super::track::WebTrack;
use super::{parameters, states};
use crate::error::{Error, ErrorKind, Result};
use crate::media::Kind;
use crate::peer::{Codec, Direction, SendParameters};
use crate::platform::{Track as _, Transceiver};

#[derive(Clone)]
pub(crate) struct WebTransceiver {
    section: Section,
    heard: Rc<Heard>,
}

impl WebTransceiver {
    pub(super) fn new(section: RtcRtpTransceiver, heard: &Rc<Heard>) -> Self {
        Self {
            section: section.unchecked_into(),
            heard: heard.clone(),
        }
    }
}

fn changed(outcome: Outcome) -> Result<()> {
    match outcome {
        Ok(_) => Ok(()),
        Err(error) => Err(thrown_by_closed("what is sent cannot be changed", &error)),
    }
}

impl Transceiver for WebTransceiver {
    type Track = WebTrack;

    fn kind(&self) -> Kind {
        self.receiver_track().kind()
    }

    fn mid(&self) -> Option<String> {
        self.section.mid()
    }

    fn direction(&self) -> Direction {
        states::direction(self.section.direction())
    }

    fn set_direction(&self, direction: Direction) {
        if direction == Direction::Stopped {
            return self.stop();
        }
        // Refused by a section that ended and by a closed connection: there it changes nothing.
        let _ = self.section.direct(states::direction_word(direction));
    }

    fn current_direction(&self) -> Option<Direction> {
        self.section.current_direction().map(states::direction)
    }

    fn set_codec_preferences(&self, codecs: &[Codec]) -> Result<()> {
        if !js::has(&self.section, "setCodecPreferences") {
            let text = "this browser chooses codecs by itself";
            return Err(Error::new(ErrorKind::Unsupported, text));
        }
        let preferred = match codecs {
            // The browser's own choice, again.
            [] => Array::new(),
            codecs => parameters::preferred(self.kind(), codecs)?,
        };
        self.section
            .prefer(&preferred)
            .map_err(|error| thrown_by_closed("the codecs are refused", &error))
    }

    fn stop(&self) {
        // Refused by a closed connection, which has stopped it already.
        let _ = self.section.end();
    }

    fn receiver_track(&self) -> WebTrack {
        WebTrack::remote(self.section.receiver().track())
    }

    fn replace_track(&self, track: Option<&WebTrack>) -> impl Future<Output = Result<()>> {
        let sender = self.section.sender();
        let track = track.map(WebTrack::media_stream_track);
        let start = move || Ok(sender.replace_track(track.as_ref()));
        self.heard.chain.ask(Box::new(start), changed)
    }

    fn parameters(&self) -> SendParameters {
        parameters::read(&self.section.sender().get_parameters())
    }

    fn set_parameters(&self, wish: &SendParameters) -> impl Future<Output = Result<()>> {
        let changes = parameters::changes(wish);
        let outcome = if self.heard.chain.is_closed() {
            oneshot::channel().1
        } else {
            self.heard.wish(&self.section, changes)
        };
        Asked::beside(outcome, changed)
    }

    fn insert_dtmf(&self, tones: &str, duration: Duration, gap: Duration) -> Result<()> {
        let dialler = js::get(&self.section.sender(), "dtmf");
        if !dialler.is_object() {
            let text = "this browser dials only on sound, or not at all";
            return Err(Error::new(ErrorKind::Unsupported, text));
        }
        let dialler: Dialler = dialler.unchecked_into();
        let milliseconds = |time: Duration| time.as_millis() as f64;
        dialler
            .dial(tones, milliseconds(duration), milliseconds(gap))
            .map_err(|error| thrown_by_closed("the tones are refused", &error))
    }
}
