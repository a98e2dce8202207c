//! The devices of a host: what is plugged in, what the person allows, and what is open.

use tokio::sync::watch;

use super::constraints;
use super::track::{FakeTrack, WeakTrack};
use super::world::{HostId, World};
use crate::error::{Error, ErrorKind, Result};
use crate::media::{
    AudioConstraints, Device, DeviceKind, Kind, PermissionState, ScreenConstraints,
    VideoConstraints,
};
use crate::platform::Track as _;

pub(super) struct Devices {
    plugged: Vec<Device>,
    changes: watch::Sender<u64>,
    microphones: PermissionState,
    cameras: PermissionState,
    error: Option<ErrorKind>,
    captures: Vec<Capture>,
}

struct Capture {
    track: WeakTrack,
    source: Source,
}

#[derive(Clone, Debug, PartialEq)]
enum Source {
    Device(String),
    Screen,
}

impl Default for Devices {
    fn default() -> Self {
        let device = |id: &str, kind| Device {
            id: id.into(),
            kind,
            label: format!("Fake {id}"),
        };
        Self {
            plugged: vec![
                device("mic", DeviceKind::Microphone),
                device("cam", DeviceKind::Camera),
                device("speaker", DeviceKind::Speaker),
            ],
            changes: watch::Sender::default(),
            microphones: PermissionState::Granted,
            cameras: PermissionState::Granted,
            error: None,
            captures: Vec::new(),
        }
    }
}

impl Devices {
    /// How many tracks of devices and screens are open.
    pub(super) fn open(&self) -> usize {
        let tracks = self.captures.iter().filter_map(|it| it.track.upgrade());
        tracks.filter(|track| !track.is_ended()).count()
    }

    fn permission(&mut self, kind: Kind) -> &mut PermissionState {
        match kind {
            Kind::Audio => &mut self.microphones,
            Kind::Video => &mut self.cameras,
        }
    }

    /// Asks the person, who says yes unless they said no before.
    fn ask(&mut self, kind: Kind) -> Result<()> {
        self.check()?;
        let permission = self.permission(kind);
        if *permission == PermissionState::Denied {
            let text = "the fake person says no";
            return Err(Error::new(ErrorKind::PermissionDenied, text));
        }
        *permission = PermissionState::Granted;
        Ok(())
    }

    fn check(&self) -> Result<()> {
        match self.error {
            Some(kind) => Err(Error::new(kind, "the fake device refuses")),
            None => Ok(()),
        }
    }

    fn microphone(&mut self, wish: &AudioConstraints) -> Result<FakeTrack> {
        let (device, settings) = constraints::microphone(&self.plugged, wish)?;
        let track = FakeTrack::device(Kind::Audio, &device.label, settings);
        Ok(self.capture(track, Source::Device(device.id)))
    }

    fn camera(&mut self, wish: &VideoConstraints) -> Result<FakeTrack> {
        let (device, settings) = constraints::camera(&self.plugged, wish)?;
        let track = FakeTrack::device(Kind::Video, &device.label, settings);
        Ok(self.capture(track, Source::Device(device.id)))
    }

    fn capture(&mut self, track: FakeTrack, source: Source) -> FakeTrack {
        self.captures.retain(|it| it.track.upgrade().is_some());
        self.captures.push(Capture {
            track: track.downgrade(),
            source,
        });
        track
    }

    fn end(&self, is_over: impl Fn(&Source, Kind) -> bool) {
        for it in &self.captures {
            if let Some(track) = it.track.upgrade()
                && is_over(&it.source, track.kind())
            {
                track.end();
            }
        }
    }
}

/// What tests do to devices.
impl World {
    /// Plugs a device in. Every host begins with a microphone `mic`, a camera `cam` that looks at
    /// the person, and a loudspeaker `speaker`.
    pub fn plug(&self, host: HostId, device: Device) {
        self.with_devices(host, |devices| {
            devices.plugged.retain(|it| it.id != device.id);
            devices.plugged.push(device);
            devices.changes.send_modify(|count| *count += 1);
        });
    }

    /// Pulls a device out. What was opened of it ends.
    pub fn unplug(&self, host: HostId, id: &str) {
        self.with_devices(host, |devices| {
            devices.plugged.retain(|it| it.id != id);
            devices.changes.send_modify(|count| *count += 1);
            devices.end(|source, _| *source == Source::Device(id.to_owned()));
        });
    }

    /// What the person says to microphones or cameras from now on; yes before. A no ends what was
    /// opened.
    pub fn set_permission(&self, host: HostId, kind: Kind, permission: PermissionState) {
        self.with_devices(host, |devices| {
            *devices.permission(kind) = permission;
            let is_no = permission == PermissionState::Denied;
            devices.end(|source, of| is_no && of == kind && *source != Source::Screen);
        });
    }

    /// Makes every device of a host fail so when it is opened; `None` lets them work again.
    pub fn set_device_error(&self, host: HostId, error: impl Into<Option<ErrorKind>>) {
        let error = error.into();
        self.with_devices(host, |devices| devices.error = error);
    }

    /// The person stops sharing their screen by means of their system.
    pub fn stop_sharing(&self, host: HostId) {
        self.with_devices(host, |devices| {
            devices.end(|source, _| *source == Source::Screen)
        });
    }

    fn with_devices<T>(&self, host: HostId, act: impl FnOnce(&mut Devices) -> T) -> T {
        act(self.lock().devices.entry(host).or_default())
    }
}

/// What the platform asks of them.
impl World {
    pub(super) fn devices(&self, host: HostId) -> Vec<Device> {
        self.with_devices(host, |devices| devices.plugged.clone())
    }

    pub(super) fn device_changes(&self, host: HostId) -> watch::Receiver<u64> {
        self.with_devices(host, |devices| devices.changes.subscribe())
    }

    pub(super) fn permission(&self, host: HostId, kind: Kind) -> PermissionState {
        self.with_devices(host, |devices| match devices.error {
            Some(ErrorKind::PermissionDenied) => PermissionState::Denied,
            _ => *devices.permission(kind),
        })
    }

    pub(super) fn open_microphone(
        &self,
        host: HostId,
        wish: &AudioConstraints,
    ) -> Result<FakeTrack> {
        self.with_devices(host, |devices| {
            devices.ask(Kind::Audio)?;
            devices.microphone(wish)
        })
    }

    pub(super) fn open_camera(&self, host: HostId, wish: &VideoConstraints) -> Result<FakeTrack> {
        self.with_devices(host, |devices| {
            devices.ask(Kind::Video)?;
            devices.camera(wish)
        })
    }

    pub(super) fn open_screen(
        &self,
        host: HostId,
        wish: &ScreenConstraints,
    ) -> Result<(FakeTrack, Option<FakeTrack>)> {
        self.with_devices(host, |devices| {
            devices.check()?;
            let (picture, sound) = constraints::screen(wish)?;
            let label = "Fake screen";
            let picture = FakeTrack::device(Kind::Video, label, picture);
            let picture = devices.capture(picture, Source::Screen);
            let sound = sound.map(|settings| {
                let sound = FakeTrack::device(Kind::Audio, label, settings);
                devices.capture(sound, Source::Screen)
            });
            Ok((picture, sound))
        })
    }
}
