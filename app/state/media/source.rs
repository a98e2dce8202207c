use parlor_engine::Track;

use crate::state::device::Failure;

/// The state of our microphone or camera.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Source {
    #[default]
    Off,
    /// A request is pending; the number tells one request from the next.
    Asking(u32),
    On(Live),
    Failed(Failure),
}

/// An open device.
#[derive(Clone, Debug, PartialEq)]
pub struct Live {
    pub track: Track,
    /// The device is not the chosen one.
    pub is_substitute: bool,
    /// The system has paused the device.
    pub pause: Option<Pause>,
}

/// The state of the message about a pause.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Pause {
    New,
    Read,
}

impl Source {
    pub fn track(&self) -> Option<&Track> {
        match self {
            Self::On(live) => Some(&live.track),
            Self::Off | Self::Asking(_) | Self::Failed(_) => None,
        }
    }

    /// Returns the track, unless the device is paused.
    pub fn picture(&self) -> Option<&Track> {
        self.track().filter(|_| !self.is_paused())
    }

    /// Returns the id of a device that replaces the chosen one.
    pub fn substitute(&self) -> Option<String> {
        match self {
            Self::On(live) if live.is_substitute => live.track.device(),
            _ => None,
        }
    }

    /// Returns `true` if the device is on or being opened.
    pub fn is_wanted(&self) -> bool {
        matches!(self, Self::On(_) | Self::Asking(_))
    }

    /// Returns `true` if the device is on and the system has paused it.
    pub fn is_paused(&self) -> bool {
        matches!(self, Self::On(live) if live.pause.is_some())
    }

    /// Returns the failure that the person should read.
    pub fn failure(&self) -> Option<Failure> {
        match self {
            Self::Failed(failure) => Some(*failure),
            Self::On(live) if live.pause == Some(Pause::New) => Some(Failure::Paused),
            Self::Off | Self::Asking(_) | Self::On(_) => None,
        }
    }
}
