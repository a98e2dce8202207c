//! Whole rooms on the fake platform: every part but the platform is the real one, and time is
//! virtual.

mod blocked;
mod calls;
mod chat;
mod devices;
mod faults;
mod screens;
mod visits;

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;

use crate::platform::Current;
use crate::platform::fake::{Fake, HostId, World};
use crate::{
    AudioConstraints, Call, Config, Engine, Kind, LinkState, Notice, Notices, Participant, PeerId,
    Profile, Result, Room, RoomKey, RoomState, Track, TrackSource, VideoConstraints,
};

/// Long enough for any exchange that has no timer in it.
const MOMENT: Duration = Duration::from_secs(2);

pub(super) struct Person {
    pub(super) host: HostId,
    pub(super) engine: Engine,
    pub(super) room: Room,
    pub(super) key: RoomKey,
    notices: Notices,
}

impl Person {
    /// Enters the room from a host of its own.
    pub(super) fn enter(world: &World, host: u32, key: &RoomKey, name: &str) -> Self {
        let host = HostId(host);
        Self::enter_on(Fake::on(world, host), host, key, name)
    }

    pub(super) fn enter_on(fake: Fake, host: HostId, key: &RoomKey, name: &str) -> Self {
        let engine = Engine::on(Current::Fake(fake), Config::new("fake")).unwrap();
        let (room, notices) = engine.enter(key, Profile { name: name.into() }).unwrap();
        Self {
            host,
            engine,
            room,
            key: key.clone(),
            notices,
        }
    }

    pub(super) fn me(&self) -> PeerId {
        self.state().me
    }

    pub(super) fn state(&self) -> Arc<RoomState> {
        self.room.state()
    }

    pub(super) fn call(&self) -> Call {
        self.state().call.clone()
    }

    pub(super) fn sees(&self, other: &Self) -> Option<Participant> {
        self.state().participant(other.me()).cloned()
    }

    pub(super) fn is_linked_to(&self, other: &Self) -> bool {
        self.sees(other)
            .is_some_and(|other| other.link == LinkState::Connected)
    }

    pub(super) fn says(&self, text: &str) {
        self.room.post(text).unwrap();
    }

    pub(super) fn texts(&self) -> Vec<String> {
        self.state()
            .messages
            .iter()
            .map(|message| message.text.to_string())
            .collect()
    }

    pub(super) fn notices(&mut self) -> Vec<Notice> {
        std::iter::from_fn(|| self.notices.next().now_or_never().flatten()).collect()
    }

    pub(super) fn try_devices(&self) -> (Result<Track>, Result<Track>) {
        let (audio, video) = (AudioConstraints::default(), VideoConstraints::default());
        self.engine
            .open_both(&audio, &video)
            .now_or_never()
            .unwrap()
    }

    /// Opens devices, as an application does before a call.
    pub(super) fn open_devices(&self) -> (Track, Track) {
        let (microphone, camera) = self.try_devices();
        let (microphone, camera) = (microphone.unwrap(), camera.unwrap());
        for track in [&microphone, &camera] {
            let source = match track.kind() {
                Kind::Audio => TrackSource::Microphone,
                Kind::Video => TrackSource::Camera,
            };
            self.room.publish(source, Some(track.clone())).unwrap();
        }
        (microphone, camera)
    }
}

/// So many people who met in one room.
pub(super) fn people<const N: usize>(world: &World) -> [Person; N] {
    let key = RoomKey::generate();
    let people = std::array::from_fn(|number| {
        Person::enter(
            world,
            number as u32,
            &key,
            ["Alice", "Bob", "Carla", "Dan"][number],
        )
    });
    world.pass(MOMENT);
    for person in &people {
        for other in people.iter().filter(|other| other.me() != person.me()) {
            assert!(person.is_linked_to(other), "{:?}", person.state());
        }
    }
    people
}

/// Whether no track of theirs arrives.
pub(super) fn is_silent(seen: &Participant) -> bool {
    seen.publications.iter().all(|(_, one)| one.track.is_none())
}

/// Whether the two hear and see each other.
#[track_caller]
pub(super) fn assert_media(one: &Person, other: &Person) {
    for (receiver, sender) in [(one, other), (other, one)] {
        let seen = receiver.sees(sender).unwrap();
        assert!(
            seen.track(TrackSource::Microphone).is_some(),
            "no sound: {seen:?}"
        );
        assert!(
            seen.track(TrackSource::Camera).is_some(),
            "no picture: {seen:?}"
        );
    }
}
