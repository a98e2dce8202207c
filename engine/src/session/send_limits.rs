//! How much of the way out each track may take. In a mesh each receiver is sent its own copy.

use crate::media::TrackSource;
use crate::peer::DegradationPreference;

/// What all pictures together may take of the way out, in bits per second: what most homes have to
/// give, with enough left for every voice.
const VIDEO_BUDGET: u32 = 3_000_000;
/// The part of it that a shared screen takes, so that small letters are sharp; faces get the rest.
const SCREEN_BUDGET: u32 = 2_000_000;
/// One camera's picture takes no more than this at 720p.
const CAMERA_MOST: u32 = 2_000_000;
/// A picture below this is not worth sending.
const VIDEO_LEAST: u32 = 150_000;
/// Opus for speech is transparent from here on.
const SPEECH_BITRATE: u32 = 48_000;
/// Music and films need more than speech.
const SCREEN_AUDIO_BITRATE: u32 = 96_000;
/// What is written or drawn changes seldom, and what is played needs this to be smooth.
const SCREEN_FRAME_RATE: u32 = 30;

/// Bounds on one sent track.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct SendLimits {
    /// Bits in a second.
    pub(super) bitrate: u32,
    /// Frames in a second; video alone.
    pub(super) frame_rate: Option<u32>,
    /// By how much width and height are divided; video alone.
    pub(super) scale_down: Option<f32>,
    /// What gives way when the way out is narrower than that.
    pub(super) degradation: Option<DegradationPreference>,
}

impl SendLimits {
    /// The bounds on a track of this source when so many receive it.
    pub(super) fn of(source: TrackSource, receivers: usize, shares_screen: bool) -> Self {
        match source {
            TrackSource::Microphone => Self::audio(SPEECH_BITRATE),
            TrackSource::ScreenAudio => Self::audio(SCREEN_AUDIO_BITRATE),
            TrackSource::Camera if shares_screen => {
                Self::camera(receivers, VIDEO_BUDGET - SCREEN_BUDGET)
            }
            TrackSource::Camera => Self::camera(receivers, VIDEO_BUDGET),
            TrackSource::Screen => Self {
                bitrate: share(SCREEN_BUDGET, receivers),
                frame_rate: Some(SCREEN_FRAME_RATE),
                scale_down: None,
                degradation: Some(DegradationPreference::MaintainResolution),
            },
        }
    }

    fn audio(bitrate: u32) -> Self {
        Self {
            bitrate,
            frame_rate: None,
            scale_down: None,
            degradation: None,
        }
    }

    /// The more receivers there are, the smaller each picture is.
    fn camera(receivers: usize, budget: u32) -> Self {
        let (frame_rate, scale_down) = match receivers {
            0..=1 => (30, 1.0),
            2 => (30, 1.5),
            3..=4 => (24, 2.0),
            _ => (20, 3.0),
        };
        Self {
            bitrate: share(budget, receivers).min(CAMERA_MOST),
            frame_rate: Some(frame_rate),
            scale_down: Some(scale_down),
            degradation: None,
        }
    }
}

fn share(budget: u32, receivers: usize) -> u32 {
    (budget / receivers.max(1) as u32).max(VIDEO_LEAST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_receivers_never_get_more_and_the_budget_holds() {
        for shares_screen in [false, true] {
            let limits = |source, receivers| SendLimits::of(source, receivers, shares_screen);
            let mut before = limits(TrackSource::Camera, 1);
            for receivers in 2..=6 {
                let camera = limits(TrackSource::Camera, receivers);
                assert!(camera.bitrate <= before.bitrate && camera.scale_down >= before.scale_down);
                let screen = match shares_screen {
                    true => limits(TrackSource::Screen, receivers).bitrate,
                    false => 0,
                };
                let all = (camera.bitrate + screen) * receivers as u32;
                assert!(all <= VIDEO_BUDGET, "{receivers} receivers get {all}");
                before = camera;
            }
        }
    }

    #[test]
    fn a_screen_keeps_its_size_and_gets_more_than_faces() {
        let screen = SendLimits::of(TrackSource::Screen, 1, true);
        assert_eq!(screen.scale_down, None);
        assert_eq!(
            screen.degradation,
            Some(DegradationPreference::MaintainResolution)
        );
        let camera = SendLimits::of(TrackSource::Camera, 1, true);
        assert!(screen.bitrate > camera.bitrate);
    }
}
