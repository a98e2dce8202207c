//! Decides which device is used next, without access to devices.

use parlor_engine::{Device, DeviceKind, PermissionState};

use crate::state::device::Failure;

/// The known facts about a device that ended without our doing.
#[derive(Clone, Copy, Debug)]
pub struct Ended<'a> {
    pub kind: DeviceKind,
    /// The device's id, where the platform tells it.
    pub device: Option<&'a str>,
    /// The current permission.
    pub permission: PermissionState,
    /// The devices that existed when this one was opened.
    pub before: &'a [Device],
    /// The devices that exist now.
    pub now: &'a [Device],
    /// The device was opened in place of another one that ended a moment ago.
    pub is_unstable: bool,
}

/// The decision.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Next {
    /// Open the first of these devices that can be opened.
    Open(Vec<String>),
    Fail(Failure),
}

/// The ids in Chromium that stand for the device that the system prefers at the moment.
const ALIASES: [&str; 2] = ["default", "communications"];

impl Ended<'_> {
    /// Decides which device follows one that ended. While permission lasts, that is the same
    /// device, or another microphone. Another camera would show things that the person did not mean
    /// to show, and nobody chose a device that was plugged in meanwhile; both wait for the person.
    pub fn next(&self) -> Next {
        let before = ids(self.before, self.kind);
        let now = ids(self.now, self.kind);
        let is_there = self.device.is_some_and(|id| now.contains(&id));
        match self.permission {
            PermissionState::Denied => return Next::Fail(Failure::TakenAway),
            // Opening would ask. Ids are hidden from who has no permission.
            PermissionState::Prompt if is_there || now.is_empty() => {
                return Next::Fail(Failure::TakenAway);
            }
            PermissionState::Prompt => return Next::Fail(Failure::Gone),
            PermissionState::Granted | PermissionState::Unknown => {}
        }
        let has_newcomers = now.iter().any(|id| !before.contains(id));
        let is_same = |id: &str| self.device == Some(id);
        let may_follow = |id: &str| {
            let is_alias = ALIASES.contains(&id);
            match is_same(id) {
                true => !(is_alias && has_newcomers),
                false => self.kind == DeviceKind::Microphone && before.contains(&id) && !is_alias,
            }
        };
        let (mut next, others): (Vec<&str>, Vec<&str>) = now
            .into_iter()
            .filter(|id| may_follow(id))
            .partition(|id| is_same(id));
        next.extend(others);
        if next.is_empty() || self.is_unstable {
            return Next::Fail(Failure::Gone);
        }
        Next::Open(next.into_iter().map(str::to_owned).collect())
    }
}

fn ids(devices: &[Device], kind: DeviceKind) -> Vec<&str> {
    let devices = devices.iter().filter(|device| device.kind == kind);
    devices
        .map(|device| device.id.as_str())
        .filter(|id| !id.is_empty())
        .collect()
}

/// Returns `true` if another device was opened than the wished one.
pub fn is_substitute(wished: Option<&str>, opened: Option<&str>) -> bool {
    wished
        .zip(opened)
        .is_some_and(|(wished, opened)| wished != opened)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn devices(kind: DeviceKind, ids: &[&str]) -> Vec<Device> {
        let device = |id: &&str| Device {
            id: (*id).to_owned(),
            kind,
            label: String::new(),
        };
        ids.iter().map(device).collect()
    }

    struct Case<'a> {
        kind: DeviceKind,
        device: &'a str,
        permission: PermissionState,
        before: &'a [&'a str],
        now: &'a [&'a str],
    }

    const HEADSET: Case<'_> = Case {
        kind: DeviceKind::Microphone,
        device: "headset",
        permission: PermissionState::Granted,
        before: &["default", "built-in", "headset"],
        now: &["default", "built-in"],
    };

    fn next_if(case: &Case<'_>, is_unstable: bool) -> Next {
        Ended {
            kind: case.kind,
            device: Some(case.device),
            permission: case.permission,
            before: &devices(case.kind, case.before),
            now: &devices(case.kind, case.now),
            is_unstable,
        }
        .next()
    }

    fn next(case: &Case<'_>) -> Next {
        next_if(case, false)
    }

    fn open(ids: &[&str]) -> Next {
        Next::Open(ids.iter().map(|id| (*id).to_owned()).collect())
    }

    const GONE: Next = Next::Fail(Failure::Gone);
    const TAKEN_AWAY: Next = Next::Fail(Failure::TakenAway);

    #[test]
    fn a_headset_that_dies_falls_back_to_a_microphone_that_was_there() {
        assert_eq!(next(&HEADSET), open(&["built-in"]));
        let alone = Case {
            now: &["default"],
            ..HEADSET
        };
        assert_eq!(next(&alone), GONE);
    }

    #[test]
    fn a_newly_plugged_device_never_goes_live_by_itself() {
        let swapped = Case {
            now: &["default", "new"],
            ..HEADSET
        };
        assert_eq!(next(&swapped), GONE);
        let besides = Case {
            now: &["new", "default", "built-in"],
            ..HEADSET
        };
        assert_eq!(next(&besides), open(&["built-in"]));
        // The system's choice may be the new one by now.
        let by_default = Case {
            device: "default",
            now: &["default", "new", "built-in"],
            ..HEADSET
        };
        assert_eq!(next(&by_default), open(&["built-in"]));
    }

    #[test]
    fn another_camera_waits_for_the_person() {
        let camera = Case {
            kind: DeviceKind::Camera,
            device: "front",
            permission: PermissionState::Granted,
            before: &["front", "back"],
            now: &["back"],
        };
        assert_eq!(next(&camera), GONE);
    }

    #[test]
    fn what_ended_and_is_still_there_and_allowed_goes_on() {
        for kind in [DeviceKind::Microphone, DeviceKind::Camera] {
            let ended = Case {
                kind,
                device: "usual",
                permission: PermissionState::Granted,
                before: &["usual"],
                now: &["usual"],
            };
            assert_eq!(next(&ended), open(&["usual"]));
            // It ends again and again.
            assert_eq!(next_if(&ended, true), GONE);
        }
        let by_default = Case {
            device: "default",
            now: HEADSET.before,
            ..HEADSET
        };
        assert_eq!(next(&by_default), open(&["default", "built-in", "headset"]));
    }

    #[test]
    fn a_permission_that_is_taken_away_is_not_asked_for_again() {
        for now in [HEADSET.before, HEADSET.now, &[], &[""]] {
            let denied = Case {
                permission: PermissionState::Denied,
                now,
                ..HEADSET
            };
            assert_eq!(next(&denied), TAKEN_AWAY);
        }
        for now in [HEADSET.before, &[""]] {
            let asks = Case {
                permission: PermissionState::Prompt,
                now,
                ..HEADSET
            };
            assert_eq!(next(&asks), TAKEN_AWAY);
        }
        let unplugged = Case {
            permission: PermissionState::Prompt,
            ..HEADSET
        };
        assert_eq!(next(&unplugged), GONE);
    }

    #[test]
    fn a_substitute_is_another_device_than_the_wished_one() {
        assert!(is_substitute(Some("a"), Some("b")));
        assert!(!is_substitute(Some("a"), Some("a")));
        // Nothing was wished for, or the platform does not tell.
        assert!(!is_substitute(None, Some("b")));
        assert!(!is_substitute(Some("a"), None));
    }
}
