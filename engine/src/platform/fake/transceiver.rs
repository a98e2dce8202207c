use std::time::Duration;

use super::codecs;
use super::media::{self, Lane};
use super::section::Section;
use super::track::FakeTrack;
use super::world::World;
use crate::error::{Error, ErrorKind, Result};
use crate::media::Kind;
use crate::peer::{Codec, Direction, SendParameters};
use crate::platform::{Track as _, Transceiver};

#[derive(Clone)]
pub(crate) struct FakeTransceiver {
    lane: Lane,
    kind: Kind,
    receiver: FakeTrack,
}

fn invalid<T>(what: &'static str) -> Result<T> {
    Err(Error::new(ErrorKind::Invalid, what))
}

impl FakeTransceiver {
    pub(super) fn of(lane: Lane, section: &Section) -> Self {
        Self {
            lane,
            kind: section.kind,
            receiver: section.receiver.clone(),
        }
    }

    fn world(&self) -> &World {
        &self.lane.world
    }

    fn with<T>(&self, act: impl FnOnce(&mut Section) -> Result<T>) -> Result<T> {
        let mut state = self.world().lock();
        let section = self.lane.find(&mut state);
        act(section.ok_or_else(|| Error::closed("media section"))?)
    }

    /// The same for what may need negotiation afterwards.
    fn change(&self, act: impl FnOnce(&mut Section) -> Result<()>) -> Result<()> {
        let mut state = self.world().lock();
        let section = self.lane.find(&mut state);
        act(section.ok_or_else(|| Error::closed("media section"))?)?;
        if let Some(connection) = state.connections.get_mut(&self.lane.connection) {
            connection.update_need();
        }
        Ok(())
    }

    fn get<T>(&self, otherwise: T, act: impl FnOnce(&Section) -> T) -> T {
        self.with(|section| Ok(act(section))).unwrap_or(otherwise)
    }
}

/// Whether a track can be sent in a section.
fn check(section: &Section, track: &FakeTrack) -> Result<()> {
    if track.kind() != section.kind {
        return invalid("a track of the other kind than its section");
    }
    if track.is_remote() {
        let text = "what another peer sends is not passed on";
        return Err(Error::new(ErrorKind::Unsupported, text));
    }
    match track.codec() {
        Some(codec) if !section.takes(codec) => {
            invalid("a track of a codec that was not agreed on")
        }
        _ => Ok(()),
    }
}

impl Transceiver for FakeTransceiver {
    type Track = FakeTrack;

    fn kind(&self) -> Kind {
        self.kind
    }

    fn mid(&self) -> Option<String> {
        self.get(None, |section| section.mid.clone())
    }

    fn direction(&self) -> Direction {
        self.get(Direction::Stopped, |section| section.direction)
    }

    fn set_direction(&self, direction: Direction) {
        if direction == Direction::Stopped {
            return self.stop();
        }
        // A section that is gone has no direction to change.
        let _ = self.change(|section| {
            if section.direction != Direction::Stopped {
                section.direction = direction;
            }
            Ok(())
        });
    }

    fn current_direction(&self) -> Option<Direction> {
        self.get(Some(Direction::Stopped), Section::current)
    }

    fn set_codec_preferences(&self, wished: &[Codec]) -> Result<()> {
        self.change(|section| {
            let known = wished.iter().map(|wished| {
                let known = codecs::find(&wished.mime_type);
                known.filter(|(kind, _)| *kind == section.kind)
            });
            match known.collect::<Option<Vec<_>>>() {
                Some(known) => section.prefer(known.into_iter().map(|(_, codec)| codec).collect()),
                None => return invalid("not a codec of the fake"),
            }
            Ok(())
        })
    }

    fn stop(&self) {
        let stopped = self.change(|section| {
            section.direction = Direction::Stopped;
            if let Some(track) = section.track.take() {
                track.detach(&self.lane);
            }
            Ok(())
        });
        if stopped.is_ok() {
            self.receiver.end();
        }
    }

    fn receiver_track(&self) -> FakeTrack {
        self.receiver.clone()
    }

    async fn replace_track(&self, track: Option<&FakeTrack>) -> Result<()> {
        let old = self.with(|section| {
            if section.direction == Direction::Stopped {
                return Err(Error::closed("media section"));
            }
            if let Some(track) = track {
                check(section, track)?;
            }
            Ok(std::mem::replace(&mut section.track, track.cloned()))
        })?;
        if let Some(old) = old {
            old.detach(&self.lane);
        }
        if let Some(track) = track {
            track.attach(self.lane.clone());
        }
        media::settle(self.world(), self.lane.connection);
        Ok(())
    }

    fn parameters(&self) -> SendParameters {
        self.get(SendParameters::default(), |section| SendParameters {
            encodings: section.encodings.clone(),
            degradation_preference: section.degradation,
            codecs: section.codecs().to_vec(),
        })
    }

    async fn set_parameters(&self, parameters: &SendParameters) -> Result<()> {
        self.with(|section| {
            let rids = |parameters: &[crate::peer::Encoding]| {
                let rids = parameters.iter().map(|encoding| encoding.rid.clone());
                rids.collect::<Vec<_>>()
            };
            if rids(&section.encodings) != rids(&parameters.encodings) {
                return invalid("encodings and their rids cannot change");
            }
            section.encodings.clone_from(&parameters.encodings);
            section.degradation = parameters.degradation_preference;
            Ok(())
        })
    }

    fn insert_dtmf(&self, tones: &str, duration: Duration, gap: Duration) -> Result<()> {
        if self.kind != Kind::Audio {
            let text = "tones go over sound alone";
            return Err(Error::new(ErrorKind::Unsupported, text));
        }
        let dialling = self.with(|section| {
            if section.track.is_none() || !section.is_sending() {
                return Err(Error::new(ErrorKind::Closed, "nothing is sent"));
            }
            section.dialling += 1;
            Ok(section.dialling)
        })?;
        self.lane.dial(dialling, tones, duration, gap);
        Ok(())
    }
}
