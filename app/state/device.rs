//! Messages about failures of a microphone or a camera: the cause, what still works, and the
//! remedy.

use parlor_engine::{ErrorKind, Kind};

use crate::t;

/// The reason for which one of our devices gives nothing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Failure {
    /// The person or the system denied permission.
    Denied,
    /// The person or the system revoked the permission while the device was open.
    TakenAway,
    Missing,
    /// The device was open and ended by itself.
    Gone,
    Busy,
    /// The device is open and the system has paused it.
    Paused,
    Unsupported,
    Other,
}

impl From<ErrorKind> for Failure {
    fn from(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::PermissionDenied => Self::Denied,
            ErrorKind::DeviceMissing => Self::Missing,
            ErrorKind::DeviceBusy => Self::Busy,
            ErrorKind::Unsupported => Self::Unsupported,
            _ => Self::Other,
        }
    }
}

/// A failure in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Trouble {
    pub what: String,
    pub remedy: String,
}

impl Trouble {
    pub fn of(kind: Kind, failure: Failure) -> Self {
        let (what, remedy) = match kind {
            Kind::Audio => Self::of_microphone(failure),
            Kind::Video => Self::of_camera(failure),
        };
        Self { what, remedy }
    }

    fn of_microphone(failure: Failure) -> (String, String) {
        match failure {
            Failure::Denied => (t!("trouble-microphone-denied"), t!("remedy-denied")),
            Failure::TakenAway => (t!("trouble-microphone-taken"), t!("remedy-taken")),
            Failure::Missing => (
                t!("trouble-microphone-missing"),
                t!("remedy-microphone-missing"),
            ),
            Failure::Gone => (t!("trouble-microphone-gone"), t!("remedy-gone")),
            Failure::Busy => (t!("trouble-microphone-busy"), t!("remedy-busy")),
            Failure::Paused => (
                t!("trouble-microphone-paused"),
                t!("remedy-microphone-paused"),
            ),
            Failure::Unsupported => (t!("trouble-unsupported"), t!("remedy-unsupported")),
            Failure::Other => (t!("trouble-microphone-other"), t!("remedy-other")),
        }
    }

    fn of_camera(failure: Failure) -> (String, String) {
        match failure {
            Failure::Denied => (t!("trouble-camera-denied"), t!("remedy-denied")),
            Failure::TakenAway => (t!("trouble-camera-taken"), t!("remedy-taken")),
            Failure::Missing => (t!("trouble-camera-missing"), t!("remedy-camera-missing")),
            Failure::Gone => (t!("trouble-camera-gone"), t!("remedy-gone")),
            Failure::Busy => (t!("trouble-camera-busy"), t!("remedy-busy")),
            Failure::Paused => (t!("trouble-camera-paused"), t!("remedy-camera-paused")),
            Failure::Unsupported => (t!("trouble-unsupported"), t!("remedy-unsupported")),
            Failure::Other => (t!("trouble-camera-other"), t!("remedy-other")),
        }
    }

    /// Describes the same failure of both devices in one message; `None` if each needs its own.
    fn of_both(failure: Failure) -> Option<Self> {
        let (what, remedy) = match failure {
            Failure::Denied => (t!("trouble-both-denied"), t!("remedy-denied")),
            Failure::TakenAway => (t!("trouble-both-taken"), t!("remedy-taken")),
            Failure::Missing => (t!("trouble-both-missing"), t!("remedy-both-missing")),
            Failure::Gone => (t!("trouble-both-gone"), t!("remedy-gone")),
            Failure::Busy => (t!("trouble-both-busy"), t!("remedy-busy")),
            Failure::Unsupported => (t!("trouble-unsupported"), t!("remedy-unsupported")),
            Failure::Paused | Failure::Other => return None,
        };
        Some(Self { what, remedy })
    }

    /// Returns the messages about all failures, as few as possible.
    pub fn all(microphone: Option<Failure>, camera: Option<Failure>) -> Vec<Self> {
        let both = microphone.filter(|_| microphone == camera);
        if let Some(both) = both.and_then(Self::of_both) {
            return vec![both];
        }
        let camera = camera.map(|failure| Self::of(Kind::Video, failure));
        let microphone = microphone.map(|failure| Self::of(Kind::Audio, failure));
        camera.into_iter().chain(microphone).collect()
    }
}

/// Returns the message that another device was opened than the chosen one.
pub fn substituted(kind: Kind, label: &str) -> String {
    let name = name(label);
    match kind {
        Kind::Audio => t!("microphone-substituted", name = name),
        Kind::Video => t!("camera-substituted", name = name),
    }
}

/// Returns the message that another microphone replaces one that ended.
pub fn moved(label: &str) -> String {
    t!("microphone-moved", name = name(label))
}

fn name(label: &str) -> String {
    if label.is_empty() {
        t!("device-another")
    } else {
        label.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use dioxus::prelude::*;

    use super::*;

    const ALL: [Failure; 8] = [
        Failure::Denied,
        Failure::TakenAway,
        Failure::Missing,
        Failure::Gone,
        Failure::Busy,
        Failure::Paused,
        Failure::Unsupported,
        Failure::Other,
    ];

    /// Runs a function in an app, which the texts need: it holds the current language.
    fn in_app<T>(act: impl FnOnce() -> T) -> T {
        let app = VirtualDom::new(|| rsx! {});
        app.in_scope(ScopeId::ROOT, act)
    }

    #[test]
    fn each_failure_has_words_of_its_own() {
        for kind in [Kind::Audio, Kind::Video] {
            let mut said: Vec<_> = in_app(|| ALL.map(|it| Trouble::of(kind, it).what)).into();
            said.sort();
            said.dedup();
            assert_eq!(said.len(), ALL.len(), "{said:#?}");
        }
    }

    #[test]
    fn what_happened_to_both_is_said_once_and_what_differs_is_said_of_each() {
        let said = |one, other| in_app(|| Trouble::all(one, other).len());
        assert_eq!(said(None, None), 0);
        assert_eq!(said(Some(Failure::Denied), Some(Failure::Denied)), 1);
        assert_eq!(said(Some(Failure::Denied), Some(Failure::Missing)), 2);
        assert_eq!(said(Some(Failure::Paused), Some(Failure::Paused)), 2);
        assert_eq!(said(None, Some(Failure::TakenAway)), 1);
    }
}
