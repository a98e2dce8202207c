use std::fmt;
use std::time::Duration;

use crate::error::{Error, ErrorKind, Result};
use crate::media::{Kind, Track};
use crate::peer::{Codec, Direction, SendParameters};
use crate::platform::{CurrentTransceiver, Track as _, Transceiver as _};

/// The longest sequence of tones that is taken, and the bounds that browsers keep
/// ([W3C `insertDTMF`](https://www.w3.org/TR/webrtc/#dom-rtcdtmfsender-insertdtmf)).
const MAX_TONES: usize = 256;
const TONE: (Duration, Duration) = (Duration::from_millis(40), Duration::from_millis(6_000));
const MIN_GAP: Duration = Duration::from_millis(30);

/// A media section: what is sent in it and what is received
/// ([W3C `RTCRtpTransceiver`](https://www.w3.org/TR/webrtc/#rtcrtptransceiver-interface), its
/// sender and its receiver).
///
/// A cheap handle.
#[derive(Clone)]
pub struct Transceiver(CurrentTransceiver);

impl Transceiver {
    pub(super) fn new(transceiver: CurrentTransceiver) -> Self {
        Self(transceiver)
    }

    /// What it carries.
    pub fn kind(&self) -> Kind {
        self.0.kind()
    }

    /// The section's identification tag; `None` until a description gave it one.
    pub fn mid(&self) -> Option<String> {
        self.0.mid()
    }

    /// Which ways it shall go, from the next negotiation on.
    pub fn direction(&self) -> Direction {
        self.0.direction()
    }

    /// Changes that. Needs negotiation.
    pub fn set_direction(&self, direction: Direction) {
        self.0.set_direction(direction);
    }

    /// Which ways it goes, by what was agreed on last; `None` before that.
    pub fn current_direction(&self) -> Option<Direction> {
        self.0.current_direction()
    }

    /// Chooses which codecs are offered and which of them is preferred; none: the platform's own
    /// choice. Those of the platform are in [`parameters`](Self::parameters) once agreed on.
    ///
    /// # Errors
    ///
    /// [`Invalid`](ErrorKind::Invalid) for a codec that the platform does not have.
    pub fn set_codec_preferences(&self, codecs: &[Codec]) -> Result<()> {
        self.0.set_codec_preferences(codecs)
    }

    /// Ends the section for good, both ways. Needs negotiation.
    pub fn stop(&self) {
        self.0.stop();
    }

    /// What the other side sends in it: silence and black until it does.
    pub fn receiver_track(&self) -> Track {
        Track::new(self.0.receiver_track())
    }

    /// Sends this track from now on, or nothing. Needs no negotiation.
    ///
    /// # Errors
    ///
    /// [`Invalid`](ErrorKind::Invalid) for a track of the other kind, or of a codec that was not
    /// agreed on; [`Closed`](ErrorKind::Closed) when the section has ended.
    pub async fn replace_track(&self, track: Option<&Track>) -> Result<()> {
        if track.is_some_and(|track| track.kind() != self.kind()) {
            let text = "a track of the other kind than its section";
            return Err(Error::new(ErrorKind::Invalid, text));
        }
        self.0.replace_track(track.map(Track::platform)).await
    }

    /// How it is sent.
    pub fn parameters(&self) -> SendParameters {
        self.0.parameters()
    }

    /// Changes that. Needs no negotiation.
    ///
    /// # Errors
    ///
    /// [`Invalid`](ErrorKind::Invalid) for another number of encodings than
    /// [`parameters`](Self::parameters) gives, or values out of bounds;
    /// [`Unsupported`](ErrorKind::Unsupported) without
    /// [`Capabilities::encoder_control`](crate::Capabilities::encoder_control).
    pub async fn set_parameters(&self, parameters: &SendParameters) -> Result<()> {
        let invalid = |what| Err(Error::new(ErrorKind::Invalid, what));
        if parameters.encodings.len() != self.0.parameters().encodings.len() {
            return invalid("the number of encodings cannot change");
        }
        for encoding in &parameters.encodings {
            let scale = encoding.scale_resolution_down_by;
            if scale.is_some_and(|scale| !scale.is_finite() || scale < 1.0) {
                return invalid("scale_resolution_down_by is 1 or more");
            }
            let rate = encoding.max_frame_rate;
            if rate.is_some_and(|rate| !rate.is_finite() || rate < 0.0) {
                return invalid("max_frame_rate is 0 or more");
            }
        }
        self.0.set_parameters(parameters).await
    }

    /// Dials on the sound that is sent ([RFC 4733](https://www.rfc-editor.org/rfc/rfc4733)):
    /// digits, `A` to `D`, `*`, `#`, and `,` for a pause of two seconds. Replaces what was still
    /// to be dialled; nothing at all stops it.
    ///
    /// Times are kept within 40 ms to 6 s a tone and 30 ms and more between two.
    ///
    /// # Errors
    ///
    /// [`Invalid`](ErrorKind::Invalid) for other tones, or more than 256;
    /// [`Unsupported`](ErrorKind::Unsupported) without
    /// [`Capabilities::dtmf`](crate::Capabilities::dtmf) or for video;
    /// [`Closed`](ErrorKind::Closed) while nothing is sent.
    pub fn insert_dtmf(&self, tones: &str, duration: Duration, gap: Duration) -> Result<()> {
        if self.kind() != Kind::Audio {
            return Err(Error::new(
                ErrorKind::Unsupported,
                "tones go over sound alone",
            ));
        }
        let is_tone =
            |tone: char| matches!(tone, '0'..='9' | 'A'..='D' | 'a'..='d' | '*' | '#' | ',');
        if tones.len() > MAX_TONES || !tones.chars().all(is_tone) {
            let text = "tones are 0 to 9, A to D, *, # and the comma, 256 at the most";
            return Err(Error::new(ErrorKind::Invalid, text));
        }
        self.0
            .insert_dtmf(tones, duration.clamp(TONE.0, TONE.1), gap.max(MIN_GAP))
    }
}

impl PartialEq for Transceiver {
    fn eq(&self, other: &Self) -> bool {
        // A section has one receiver track for life.
        self.0.receiver_track().id() == other.0.receiver_track().id()
    }
}

impl fmt::Debug for Transceiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transceiver")
            .field("kind", &self.kind())
            .field("mid", &self.mid())
            .finish_non_exhaustive()
    }
}
