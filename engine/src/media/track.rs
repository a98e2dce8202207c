use std::fmt;

use crate::platform::{self, Track as _};

/// What a track carries.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Kind {
    /// Sound.
    Audio,
    /// Pictures.
    Video,
}

/// Sound or pictures, from a device of ours or from another peer
/// ([`MediaStreamTrack`](https://www.w3.org/TR/mediacapture-streams/#mediastreamtrack)).
///
/// A cheap handle. A device is released when the last handle of its track is dropped, or at
/// [`stop`](Self::stop).
#[derive(Clone)]
pub struct Track(platform::CurrentTrack);

impl Track {
    pub(crate) fn new(track: platform::CurrentTrack) -> Self {
        Self(track)
    }

    pub(crate) fn platform(&self) -> &platform::CurrentTrack {
        &self.0
    }

    /// Identifies the track on this device.
    pub fn id(&self) -> String {
        self.0.id()
    }

    /// What it carries.
    pub fn kind(&self) -> Kind {
        self.0.kind()
    }

    /// The name of the device that it comes from, for people. Empty for another peer's track.
    pub fn label(&self) -> String {
        self.0.label()
    }

    /// The [`Device::id`](super::Device::id) that it comes from, where the platform tells.
    pub fn device(&self) -> Option<String> {
        self.0.device()
    }

    /// Whether it carries what its source gives. While it is not enabled it carries silence or
    /// black, and the device stays open.
    pub fn is_enabled(&self) -> bool {
        self.0.is_enabled()
    }

    /// Enables or silences it, at once.
    pub fn set_enabled(&self, enabled: bool) {
        self.0.set_enabled(enabled);
    }

    /// Whether its source has ended for good: stopped, unplugged, or permission taken away.
    pub fn is_ended(&self) -> bool {
        self.0.is_ended()
    }

    /// Waits until [`is_ended`](Self::is_ended).
    pub async fn ended(&self) {
        self.0.ended().await;
    }

    /// How loud it is now, from 0 to 1, on a scale that looks even to the eye (0 is -60 dBFS and
    /// less). Always 0 for video. Cheap enough for every frame of a screen.
    pub fn level(&self) -> f32 {
        self.0.level()
    }

    /// Releases the device. What was sent from it goes silent or black.
    pub fn stop(&self) {
        self.0.stop();
    }
}

impl PartialEq for Track {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id()
    }
}

impl fmt::Debug for Track {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Track")
            .field("kind", &self.kind())
            .finish_non_exhaustive()
    }
}
