use parlor_engine::Track;

use crate::state::device::Failure;

/// What a device of ours does now.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Source {
    #[default]
    Off,
    /// The person or the system is being asked; the number tells one request from the next.
    Asking(u32),
    On(Live),
    Failed(Failure),
}

/// An open device.
#[derive(Clone, Debug, PartialEq)]
pub struct Live {
    pub track: Track,
    /// Another device than the chosen one.
    pub is_substitute: bool,
    /// The system lets it give nothing for now.
    pub pause: Option<Pause>,
}

/// Whether the person has read of a pause.
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

    /// The track while it gives something.
    pub fn picture(&self) -> Option<&Track> {
        self.track().filter(|_| !self.is_paused())
    }

    /// The id of a device that stands in for another.
    pub fn substitute(&self) -> Option<String> {
        match self {
            Self::On(live) if live.is_substitute => live.track.device(),
            _ => None,
        }
    }

    /// Whether it is on or on its way.
    pub fn is_wanted(&self) -> bool {
        matches!(self, Self::On(_) | Self::Asking(_))
    }

    /// Whether it is on and the system lets it give nothing for now.
    pub fn is_paused(&self) -> bool {
        matches!(self, Self::On(live) if live.pause.is_some())
    }

    /// What the person should read about it.
    pub fn failure(&self) -> Option<Failure> {
        match self {
            Self::Failed(failure) => Some(*failure),
            Self::On(live) if live.pause == Some(Pause::New) => Some(Failure::Paused),
            Self::Off | Self::Asking(_) | Self::On(_) => None,
        }
    }
}
