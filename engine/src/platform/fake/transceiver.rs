use std::time::Duration;

use super::peer::other_end;
use super::section::Section;
use super::track::FakeTrack;
use super::world::World;
use crate::error::{Error, ErrorKind, Result};
use crate::media::Kind;
use crate::peer::{Codec, Direction, SendParameters};
use crate::platform::Transceiver;
use crate::platform::need::Need;

#[derive(Clone)]
pub(crate) struct FakeTransceiver {
    world: World,
    connection: u64,
    section: u64,
}

impl FakeTransceiver {
    pub(super) fn new(world: World, connection: u64, section: u64) -> Self {
        Self {
            world,
            connection,
            section,
        }
    }

    pub(super) fn world(&self) -> &World {
        &self.world
    }

    /// `needs` negotiation afterwards.
    fn change<T>(&self, needs: bool, act: impl FnOnce(&mut Section) -> Result<T>) -> Result<T> {
        let mut state = self.world.lock();
        let closed = || Error::closed("media section");
        let connection = state.connections.get_mut(&self.connection);
        let connection = connection.ok_or_else(closed)?;
        let section = connection
            .sections
            .iter_mut()
            .find(|it| it.id == self.section);
        let done = act(section.ok_or_else(closed)?);
        if needs && done.is_ok() {
            connection.need(Need::change);
        }
        done
    }

    fn get<T>(&self, otherwise: T, act: impl FnOnce(&mut Section) -> T) -> T {
        self.change(false, |section| Ok(act(section)))
            .unwrap_or(otherwise)
    }
}

impl Transceiver for FakeTransceiver {
    type Track = FakeTrack;

    fn kind(&self) -> Kind {
        self.get(Kind::Audio, |section| section.kind)
    }

    fn mid(&self) -> Option<String> {
        self.get(None, |section| section.mid.clone())
    }

    fn direction(&self) -> Direction {
        self.get(Direction::Stopped, |section| section.direction)
    }

    fn set_direction(&self, direction: Direction) {
        if self.direction() != direction {
            // A closed section has no direction to change.
            let _ = self.change(true, |section| {
                section.direction = direction;
                Ok(())
            });
        }
    }

    fn current_direction(&self) -> Option<Direction> {
        self.get(Some(Direction::Stopped), |section| section.current)
    }

    fn set_codec_preferences(&self, codecs: &[Codec]) -> Result<()> {
        self.change(true, |section| {
            section.parameters.codecs = codecs.to_vec();
            Ok(())
        })
    }

    fn stop(&self) {
        if self.direction() != Direction::Stopped {
            let _ = self.change(true, |section| {
                section.direction = Direction::Stopped;
                section.receiver.end();
                section.track = None;
                Ok(())
            });
        }
    }

    fn receiver_track(&self) -> FakeTrack {
        let gone = FakeTrack::remote(Kind::Audio);
        self.get(gone, |section| section.receiver.clone())
    }

    async fn replace_track(&self, track: Option<&FakeTrack>) -> Result<()> {
        let outlet = Outlet {
            world: self.world.clone(),
            connection: self.connection,
            section: self.section,
        };
        let old = self.change(false, |section| {
            if section.direction == Direction::Stopped {
                return Err(Error::closed("media section"));
            }
            Ok(std::mem::replace(&mut section.track, track.cloned()))
        })?;
        if let Some(old) = old {
            old.detach(&outlet);
        }
        if let Some(track) = track {
            track.attach(outlet);
        }
        Ok(())
    }

    fn parameters(&self) -> SendParameters {
        self.get(SendParameters::default(), |section| {
            section.parameters.clone()
        })
    }

    async fn set_parameters(&self, parameters: &SendParameters) -> Result<()> {
        self.change(false, |section| {
            section
                .parameters
                .encodings
                .clone_from(&parameters.encodings);
            section.parameters.degradation_preference = parameters.degradation_preference;
            Ok(())
        })
    }

    fn insert_dtmf(&self, _tones: &str, _duration: Duration, _gap: Duration) -> Result<()> {
        self.change(false, |section| match section.track {
            Some(_) => Ok(()),
            None => Err(Error::new(ErrorKind::Closed, "nothing is sent")),
        })
    }
}

/// Where a track's frames go.
#[derive(Clone)]
pub(super) struct Outlet {
    world: World,
    connection: u64,
    section: u64,
}

impl PartialEq for Outlet {
    fn eq(&self, other: &Self) -> bool {
        (self.connection, self.section) == (other.connection, other.section)
    }
}

impl Outlet {
    pub(super) fn send(&self, frame: crate::media::EncodedFrame) {
        let bytes = frame.data.len() as u64;
        let mid = {
            let mut state = self.world.lock();
            let connection = state.connections.get_mut(&self.connection);
            let section =
                connection.and_then(|it| it.sections.iter_mut().find(|it| it.id == self.section));
            let sends = section.filter(|it| it.current.is_some_and(Direction::sends));
            sends.and_then(|section| {
                section.sent = (section.sent.0 + 1, section.sent.1 + bytes);
                section.mid.clone()
            })
        };
        let Some(mid) = mid else { return };
        let from = self.connection;
        self.world.later(move |world| {
            let mut state = world.lock();
            let other = other_end(&state, from);
            let other = other.and_then(|other| state.connections.get_mut(&other));
            let section = other.and_then(|it| {
                it.sections
                    .iter_mut()
                    .find(|section| section.mid.as_ref() == Some(&mid))
            });
            if let Some(section) = section {
                section.received = (section.received.0 + 1, section.received.1 + bytes);
                section.receiver.receive(frame);
            }
        });
    }

    /// Where who receives asks for a key frame.
    pub(super) fn source_of(world: &World, receiver: &FakeTrack) -> Option<FakeTrack> {
        let state = world.lock();
        state.connections.values().find_map(|connection| {
            let section = connection
                .sections
                .iter()
                .find(|it| it.receiver.is(receiver))?;
            let other = state.connections.get(&other_end(&state, connection.id)?)?;
            let theirs = other.sections.iter().find(|it| it.mid == section.mid)?;
            theirs.track.clone()
        })
    }
}
