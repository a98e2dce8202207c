//! The devices of a host: what is plugged in, what the person allows, and what is open.

use std::collections::BTreeSet;

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
    microphones: Permission,
    cameras: Permission,
    /// How often the person was asked.
    questions: usize,
    /// Devices by their ids that the system lets give nothing for now.
    muted: BTreeSet<String>,
    error: Option<ErrorKind>,
    captures: Vec<Capture>,
}

/// What the person allows now, and what becomes of it when they are asked.
struct Permission {
    state: PermissionState,
    answer: PermissionState,
}

impl Default for Permission {
    fn default() -> Self {
        Self {
            state: PermissionState::Granted,
            answer: PermissionState::Granted,
        }
    }
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
            microphones: Permission::default(),
            cameras: Permission::default(),
            questions: 0,
            muted: BTreeSet::new(),
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

    fn permission(&mut self, kind: Kind) -> &mut Permission {
        match kind {
            Kind::Audio => &mut self.microphones,
            Kind::Video => &mut self.cameras,
        }
    }

    /// Asks the person once for all that they did not decide yet.
    fn ask(&mut self, kinds: &[Kind]) -> Result<()> {
        let refused = || Error::new(ErrorKind::PermissionDenied, "the fake person says no");
        let states: Vec<_> = kinds.iter().map(|it| self.permission(*it).state).collect();
        if states.contains(&PermissionState::Denied) {
            return Err(refused());
        }
        let mut is_allowed = true;
        if states.iter().any(|it| *it != PermissionState::Granted) {
            self.questions += 1;
            for kind in kinds {
                let permission = self.permission(*kind);
                if permission.state != PermissionState::Granted {
                    permission.state = permission.answer;
                }
                is_allowed &= permission.state == PermissionState::Granted;
            }
        }
        if is_allowed {
            self.check()
        } else {
            Err(refused())
        }
    }

    fn check(&self) -> Result<()> {
        match self.error {
            Some(kind) => Err(Error::new(kind, "the fake device refuses")),
            None => Ok(()),
        }
    }

    /// Opens what is wished for. As with real devices nobody is asked about one that is missing.
    fn capture_wished(
        &mut self,
        audio: Option<&AudioConstraints>,
        video: Option<&VideoConstraints>,
    ) -> Result<(Option<FakeTrack>, Option<FakeTrack>)> {
        let plugged = &self.plugged;
        let microphone = audio.map(|wish| constraints::microphone(plugged, wish));
        let camera = video.map(|wish| constraints::camera(plugged, wish));
        let chosen = [
            microphone.transpose()?.map(|it| (Kind::Audio, it)),
            camera.transpose()?.map(|it| (Kind::Video, it)),
        ];
        let kinds: Vec<_> = chosen.iter().flatten().map(|(kind, _)| *kind).collect();
        self.ask(&kinds)?;
        let [microphone, camera] = chosen.map(|chosen| {
            let (kind, (device, settings)) = chosen?;
            let track = FakeTrack::device(kind, &device.label, settings);
            track.set_muted(self.muted.contains(&device.id));
            Some(self.capture(track, Source::Device(device.id)))
        });
        Ok((microphone, camera))
    }

    fn capture(&mut self, track: FakeTrack, source: Source) -> FakeTrack {
        self.captures.retain(|it| it.track.upgrade().is_some());
        self.captures.push(Capture {
            track: track.downgrade(),
            source,
        });
        track
    }

    fn captured(&self, is_meant: impl Fn(&Source, Kind) -> bool) -> Vec<FakeTrack> {
        let tracks = self.captures.iter().filter_map(|it| {
            let track = it.track.upgrade()?;
            is_meant(&it.source, track.kind()).then_some(track)
        });
        tracks.collect()
    }

    fn end(&self, is_over: impl Fn(&Source, Kind) -> bool) {
        self.captured(is_over).iter().for_each(FakeTrack::end);
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

    /// Lets the system mute a device, as a switch on a headset or another program does, or unmute
    /// it. Tracks of it are told.
    pub fn mute_device(&self, host: HostId, id: &str, muted: bool) {
        self.with_devices(host, |devices| {
            match muted {
                true => devices.muted.insert(id.to_owned()),
                false => devices.muted.remove(id),
            };
            let source = Source::Device(id.to_owned());
            for track in devices.captured(|it, _| *it == source) {
                track.set_muted(muted);
            }
        });
    }

    /// What the person allows of microphones or cameras from now on; everything before. A no ends
    /// what was opened.
    pub fn set_permission(&self, host: HostId, kind: Kind, permission: PermissionState) {
        self.with_devices(host, |devices| {
            devices.permission(kind).state = permission;
            let is_no = permission == PermissionState::Denied;
            devices.end(|source, of| is_no && of == kind && *source != Source::Screen);
        });
    }

    /// What becomes of a permission when the person is asked: `Granted` without this, which is a
    /// yes. `Denied` is a no for good, `Prompt` a no for once.
    pub fn set_answer(&self, host: HostId, kind: Kind, answer: PermissionState) {
        self.with_devices(host, |devices| devices.permission(kind).answer = answer);
    }

    /// How often the person was asked for permission.
    pub fn questions(&self, host: HostId) -> usize {
        self.with_devices(host, |devices| devices.questions)
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
            _ => devices.permission(kind).state,
        })
    }

    /// Opens a microphone, a camera or both with at most one question.
    pub(super) fn open_devices(
        &self,
        host: HostId,
        audio: Option<&AudioConstraints>,
        video: Option<&VideoConstraints>,
    ) -> Result<(Option<FakeTrack>, Option<FakeTrack>)> {
        self.with_devices(host, |devices| devices.capture_wished(audio, video))
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
