use std::time::Duration;

use super::constraint::{Constraint, Property};

/// What a microphone should do
/// ([W3C `MediaTrackConstraints`](https://www.w3.org/TR/mediacapture-streams/#dom-mediatrackconstraints)).
///
/// By default the system's own microphone, with everything on that helps in a conversation.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AudioConstraints {
    /// The [`Device::id`](super::Device::id) to use; the system's choice without one. As `ideal`
    /// it is used whenever it is there, on every platform, and another one where it is missing.
    pub device: Constraint<String>,
    /// Take the loudspeaker's sound out of the microphone's.
    pub echo_cancellation: Constraint<bool>,
    /// Take steady noise out.
    pub noise_suppression: Constraint<bool>,
    /// Keep the level even.
    pub auto_gain_control: Constraint<bool>,
    /// How many channels.
    pub channel_count: Constraint<u32>,
    /// Samples in a second.
    pub sample_rate: Constraint<u32>,
    /// Bits in a sample.
    pub sample_size: Constraint<u32>,
    /// How long sound takes from the air to the application.
    pub latency: Constraint<Duration>,
}

impl Default for AudioConstraints {
    fn default() -> Self {
        Self {
            device: Constraint::default(),
            echo_cancellation: true.into(),
            noise_suppression: true.into(),
            auto_gain_control: true.into(),
            channel_count: Constraint::default(),
            sample_rate: Constraint::default(),
            sample_size: Constraint::default(),
            latency: Constraint::default(),
        }
    }
}

impl AudioConstraints {
    /// Which wishes a track does not meet, or does not tell that it does.
    pub fn unmet(&self, settings: &TrackSettings) -> Vec<Property> {
        unmet([
            (
                Property::Device,
                self.device.is_met(settings.device.as_ref()),
            ),
            (
                Property::EchoCancellation,
                self.echo_cancellation
                    .is_met(settings.echo_cancellation.as_ref()),
            ),
            (
                Property::NoiseSuppression,
                self.noise_suppression
                    .is_met(settings.noise_suppression.as_ref()),
            ),
            (
                Property::AutoGainControl,
                self.auto_gain_control
                    .is_met(settings.auto_gain_control.as_ref()),
            ),
            (
                Property::ChannelCount,
                self.channel_count.is_met(settings.channel_count.as_ref()),
            ),
            (
                Property::SampleRate,
                self.sample_rate.is_met(settings.sample_rate.as_ref()),
            ),
            (
                Property::SampleSize,
                self.sample_size.is_met(settings.sample_size.as_ref()),
            ),
            (
                Property::Latency,
                self.latency.is_met(settings.latency.as_ref()),
            ),
        ])
    }
}

/// What a camera should do, as [`AudioConstraints`] are for a microphone.
///
/// By default the system's own camera, at 1280 x 720 and 30 frames in a second.
#[derive(Clone, Debug, PartialEq)]
pub struct VideoConstraints {
    /// The [`Device::id`](super::Device::id) to use; the system's choice without one. As `ideal`
    /// it is used whenever it is there, on every platform, and another one where it is missing.
    pub device: Constraint<String>,
    /// Width in pixels.
    pub width: Constraint<u32>,
    /// Height in pixels.
    pub height: Constraint<u32>,
    /// Frames in a second.
    pub frame_rate: Constraint<f64>,
    /// Width divided by height.
    pub aspect_ratio: Constraint<f64>,
    /// Which way the camera looks.
    pub facing_mode: Constraint<FacingMode>,
    /// Whether pictures may be scaled and cropped to the wished size.
    pub resize_mode: Constraint<ResizeMode>,
}

impl Default for VideoConstraints {
    fn default() -> Self {
        Self {
            device: Constraint::default(),
            width: 1280.into(),
            height: 720.into(),
            frame_rate: 30.0.into(),
            aspect_ratio: Constraint::default(),
            facing_mode: Constraint::default(),
            resize_mode: Constraint::default(),
        }
    }
}

impl VideoConstraints {
    /// Which wishes a track does not meet, or does not tell that it does.
    pub fn unmet(&self, settings: &TrackSettings) -> Vec<Property> {
        unmet([
            (
                Property::Device,
                self.device.is_met(settings.device.as_ref()),
            ),
            (Property::Width, self.width.is_met(settings.width.as_ref())),
            (
                Property::Height,
                self.height.is_met(settings.height.as_ref()),
            ),
            (
                Property::FrameRate,
                self.frame_rate.is_met(settings.frame_rate.as_ref()),
            ),
            (
                Property::AspectRatio,
                self.aspect_ratio.is_met(settings.aspect_ratio.as_ref()),
            ),
            (
                Property::FacingMode,
                self.facing_mode.is_met(settings.facing_mode.as_ref()),
            ),
            (
                Property::ResizeMode,
                self.resize_mode.is_met(settings.resize_mode.as_ref()),
            ),
        ])
    }
}

fn unmet<const N: usize>(properties: [(Property, bool); N]) -> Vec<Property> {
    let unmet = properties.into_iter().filter(|(_, is_met)| !is_met);
    unmet.map(|(property, _)| property).collect()
}

/// What of a screen should be taken
/// ([W3C `getDisplayMedia`](https://www.w3.org/TR/screen-capture/)). The person chooses which
/// screen, window or tab.
#[derive(Clone, Debug, PartialEq)]
pub struct ScreenConstraints {
    /// Frames in a second.
    pub frame_rate: Constraint<f64>,
    /// Whether its sound is wished for too.
    pub audio: bool,
}

impl Default for ScreenConstraints {
    fn default() -> Self {
        Self {
            frame_rate: 15.0.into(),
            audio: true,
        }
    }
}

/// Which way a camera looks
/// ([W3C `VideoFacingModeEnum`](https://www.w3.org/TR/mediacapture-streams/#dom-videofacingmodeenum)).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, PartialOrd)]
pub enum FacingMode {
    /// At the person.
    User,
    /// Away from them.
    Environment,
    /// To their left.
    Left,
    /// To their right.
    Right,
}

/// [W3C `VideoResizeModeEnum`](https://www.w3.org/TR/mediacapture-streams/#dom-videoresizemodeenum).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, PartialOrd)]
pub enum ResizeMode {
    /// Only sizes that the camera has.
    None,
    /// Others too, made from a larger one.
    CropAndScale,
}

/// What a track's source gives now
/// ([W3C `MediaTrackSettings`](https://www.w3.org/TR/mediacapture-streams/#dom-mediatracksettings)),
/// as far as the platform tells. The fields are those of [`AudioConstraints`] and
/// [`VideoConstraints`].
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs, reason = "each is told where it can be wished for")]
pub struct TrackSettings {
    pub device: Option<String>,
    pub echo_cancellation: Option<bool>,
    pub noise_suppression: Option<bool>,
    pub auto_gain_control: Option<bool>,
    pub channel_count: Option<u32>,
    pub sample_rate: Option<u32>,
    pub sample_size: Option<u32>,
    pub latency: Option<Duration>,
    pub width: Option<u32>,
    pub height: Option<u32>,
    pub frame_rate: Option<f64>,
    pub aspect_ratio: Option<f64>,
    pub facing_mode: Option<FacingMode>,
    pub resize_mode: Option<ResizeMode>,
    /// Of a shared screen alone.
    pub display_surface: Option<DisplaySurface>,
}

/// The kind of surface that is shared
/// ([W3C `DisplayCaptureSurfaceType`](https://www.w3.org/TR/screen-capture/#displaycapturesurfacetype)).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum DisplaySurface {
    /// A whole screen, or several.
    Monitor,
    /// The windows of one program.
    Window,
    /// A tab of the browser.
    Browser,
}
