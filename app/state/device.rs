//! What went wrong with a microphone or a camera, in words: what happened, what still works, and
//! what to do.

use parlor_engine::{ErrorKind, Kind};

use crate::t;

/// A failure for people.
#[derive(Clone, Debug, PartialEq)]
pub struct Trouble {
    pub what: String,
    pub remedy: String,
}

impl Trouble {
    pub fn of(kind: Kind, error: ErrorKind) -> Self {
        let (what, remedy) = match (kind, error) {
            (_, ErrorKind::Unsupported) => (t!("trouble-unsupported"), t!("remedy-unsupported")),
            (Kind::Audio, ErrorKind::PermissionDenied) => {
                (t!("trouble-microphone-denied"), t!("remedy-denied"))
            }
            (Kind::Video, ErrorKind::PermissionDenied) => {
                (t!("trouble-camera-denied"), t!("remedy-denied"))
            }
            (Kind::Audio, ErrorKind::DeviceMissing) => (
                t!("trouble-microphone-missing"),
                t!("remedy-microphone-missing"),
            ),
            (Kind::Video, ErrorKind::DeviceMissing) => {
                (t!("trouble-camera-missing"), t!("remedy-camera-missing"))
            }
            (Kind::Audio, ErrorKind::DeviceBusy) => {
                (t!("trouble-microphone-busy"), t!("remedy-busy"))
            }
            (Kind::Video, ErrorKind::DeviceBusy) => (t!("trouble-camera-busy"), t!("remedy-busy")),
            (Kind::Audio, _) => (t!("trouble-microphone-other"), t!("remedy-other")),
            (Kind::Video, _) => (t!("trouble-camera-other"), t!("remedy-other")),
        };
        Self { what, remedy }
    }

    /// What to say where both failed the same way, as one thing.
    pub fn of_both(error: ErrorKind) -> Self {
        match error {
            ErrorKind::PermissionDenied => Self {
                what: t!("trouble-both-denied"),
                remedy: t!("remedy-denied"),
            },
            ErrorKind::DeviceMissing => Self {
                what: t!("trouble-both-missing"),
                remedy: t!("remedy-both-missing"),
            },
            ErrorKind::DeviceBusy => Self {
                what: t!("trouble-both-busy"),
                remedy: t!("remedy-busy"),
            },
            other => Self::of(Kind::Video, other),
        }
    }

    /// All that went wrong, in as few sentences as say it.
    pub fn all(microphone: Option<ErrorKind>, camera: Option<ErrorKind>) -> Vec<Self> {
        match (microphone, camera) {
            (Some(one), Some(other)) if one == other => vec![Self::of_both(one)],
            (microphone, camera) => {
                let camera = camera.map(|error| Self::of(Kind::Video, error));
                camera
                    .into_iter()
                    .chain(microphone.map(|error| Self::of(Kind::Audio, error)))
                    .collect()
            }
        }
    }
}
