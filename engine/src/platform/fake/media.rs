//! What goes from a section of one connection to the same section of the other.

use std::time::Duration;

use super::connection::other_end;
use super::network::Way;
use super::section::Section;
use super::world::{HostId, State, World};
use crate::media::{EncodedFrame, SourceRequest};

/// A section of a connection.
#[derive(Clone)]
pub(super) struct Lane {
    pub(super) world: World,
    pub(super) connection: u64,
    pub(super) section: u64,
}

impl PartialEq for Lane {
    fn eq(&self, other: &Self) -> bool {
        (self.connection, self.section) == (other.connection, other.section)
    }
}

/// A section's place at the other side.
struct There {
    way: Way,
    mid: String,
}

impl There {
    fn section<'a>(&self, state: &'a mut State) -> Option<&'a mut Section> {
        state.connections.get_mut(&self.way.to)?.by_mid(&self.mid)
    }
}

impl Lane {
    pub(super) fn find<'a>(&self, state: &'a mut State) -> Option<&'a mut Section> {
        let connection = state.connections.get_mut(&self.connection)?;
        connection
            .sections
            .iter_mut()
            .find(|it| it.id == self.section)
    }

    fn there(&self, state: &mut State) -> Option<There> {
        let mid = self.find(state)?.mid.clone()?;
        let way = state.way(self.connection)?;
        Some(There { way, mid })
    }

    /// Sends a frame in it, if it sends at all.
    pub(super) fn send(&self, frame: EncodedFrame) {
        let there = {
            let mut state = self.world.lock();
            let Some(section) = self.find(&mut state).filter(|it| it.is_sending()) else {
                return;
            };
            section.sent.count(frame.data.len());
            self.there(&mut state)
        };
        let Some(there) = there else { return };
        self.world.later(move |world| arrive(world, &there, frame));
    }

    /// Asks the other side's source for a key frame (PLI).
    pub(super) fn ask_for_key_frame(&self) {
        let there = {
            let mut state = self.world.lock();
            let Some(section) = self.find(&mut state) else {
                return;
            };
            section.received.plis += 1;
            self.there(&mut state)
        };
        let Some(there) = there else { return };
        self.world.later(move |world| {
            let source = {
                let mut state = world.lock();
                let is_reached = state.is_open(&there.way);
                there
                    .section(&mut state)
                    .filter(|_| is_reached)
                    .and_then(|section| {
                        section.sent.plis += 1;
                        section.track.clone()
                    })
            };
            if let Some(source) = source {
                source.request(SourceRequest::KeyFrame);
            }
        });
    }

    /// Dials one tone after the other, unless others are dialled meanwhile.
    pub(super) fn dial(&self, dialling: u64, tones: &str, duration: Duration, gap: Duration) {
        let mut wait = Duration::ZERO;
        for tone in tones.chars() {
            if tone == ',' {
                wait += PAUSE;
                continue;
            }
            let lane = self.clone();
            self.world.after(wait, move |world| {
                let there = {
                    let mut state = world.lock();
                    let section = lane.find(&mut state);
                    match section.filter(|it| it.dialling == dialling && it.is_sending()) {
                        Some(_) => lane.there(&mut state),
                        None => None,
                    }
                };
                if let Some(there) = there {
                    world.later(move |world| world.lock().hear(&there, tone));
                }
            });
            wait += duration + gap;
        }
    }
}

/// What a comma in a sequence of tones stands for.
const PAUSE: Duration = Duration::from_secs(2);

fn arrive(world: &World, there: &There, frame: EncodedFrame) {
    let mut state = world.lock();
    let is_lost = !state.is_open(&there.way) || state.network.loses();
    let Some(section) = there.section(&mut state) else {
        return;
    };
    let receiver = section.receiver.clone();
    if is_lost {
        section.received.lost += 1;
        receiver.lose();
        return;
    }
    section.received.count(frame.data.len());
    drop(state);
    receiver.receive(frame);
}

/// Unmutes what a connection and its other side receive once something comes, and mutes what no
/// longer comes. Frames of encoded tracks unmute by themselves.
pub(super) fn settle(world: &World, connection: u64) {
    world.later(move |world| {
        let state = world.lock();
        let Some(other) = other_end(&state, connection) else {
            return;
        };
        for (from, to) in [(connection, other), (other, connection)] {
            settle_one_way(&state, from, to);
        }
    });
}

fn settle_one_way(state: &State, from: u64, to: u64) {
    let Some((sender, receiver)) = state.connections.get(&from).zip(state.connections.get(&to))
    else {
        return;
    };
    let has_way = sender.has_way && receiver.has_way;
    for section in &receiver.sections {
        let sending = sender
            .sections
            .iter()
            .find(|it| it.mid.is_some() && it.mid == section.mid);
        let source = sending
            .filter(|it| it.is_sending())
            .and_then(|it| it.track.as_ref());
        let source = source.filter(|_| has_way && section.is_receiving());
        match source {
            None => section.receiver.set_muted(true),
            Some(source) if source.codec().is_none() => section.receiver.set_muted(false),
            Some(_) => {}
        }
    }
}

impl State {
    fn hear(&mut self, there: &There, tone: char) {
        let host = self.connections.get(&there.way.to).map(|it| it.host);
        if let Some(host) = host.filter(|_| self.is_open(&there.way)) {
            let now = self.clock.now();
            self.tones.entry(host).or_default().push((now, tone));
        }
    }
}

/// What tests do to media.
impl World {
    /// Lets congestion control believe that so many bits in a second fit into each connection of a
    /// host: encoded tracks that are sent from it are asked to keep to it.
    pub fn set_bitrate(&self, host: HostId, bits_per_second: u64) {
        let mut state = self.lock();
        state.network.bitrates.insert(host, bits_per_second);
        for connection in state.connections.values().filter(|it| it.host == host) {
            for track in connection
                .sections
                .iter()
                .filter_map(|it| it.track.as_ref())
            {
                track.request(SourceRequest::Bitrate(bits_per_second));
            }
        }
    }

    /// Lets a host ask for key frames of all that it receives, as if it had lost something.
    pub fn ask_for_key_frames(&self, host: HostId) {
        let lanes: Vec<Lane> = {
            let state = self.lock();
            let connections = state.connections.values().filter(|it| it.host == host);
            let sections = connections.flat_map(|connection| {
                let receiving = connection.sections.iter().filter(|it| it.is_receiving());
                receiving.map(|section| (connection.id, section.id))
            });
            let lane = |(connection, section)| Lane {
                world: self.clone(),
                connection,
                section,
            };
            sections.map(lane).collect()
        };
        lanes.iter().for_each(Lane::ask_for_key_frame);
    }

    /// The tones that were dialled to a host so far, and when each came.
    pub fn tones(&self, host: HostId) -> Vec<(Duration, char)> {
        self.lock().tones.get(&host).cloned().unwrap_or_default()
    }
}
