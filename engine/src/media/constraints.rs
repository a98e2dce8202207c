/// What a microphone should do ([`MediaTrackConstraints`](https://www.w3.org/TR/mediacapture-streams/#dom-mediatrackconstraints)).
///
/// Every field is a wish: the nearest that the device can do is taken.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AudioConstraints {
    /// The [`Device::id`](super::Device::id) to use; the system's choice without one. A device
    /// that is gone is replaced by the system's choice.
    pub device: Option<String>,
    /// Take the loudspeaker's sound out of the microphone's.
    pub echo_cancellation: bool,
    /// Take steady noise out.
    pub noise_suppression: bool,
    /// Keep the level even.
    pub auto_gain_control: bool,
}

impl Default for AudioConstraints {
    fn default() -> Self {
        Self {
            device: None,
            echo_cancellation: true,
            noise_suppression: true,
            auto_gain_control: true,
        }
    }
}

/// What a camera should do. Every field is a wish, as in [`AudioConstraints`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct VideoConstraints {
    /// The [`Device::id`](super::Device::id) to use; the system's choice without one.
    pub device: Option<String>,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Frames in a second.
    pub frame_rate: u32,
}

impl Default for VideoConstraints {
    fn default() -> Self {
        Self {
            device: None,
            width: 1280,
            height: 720,
            frame_rate: 30,
        }
    }
}
