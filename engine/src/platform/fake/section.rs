use super::codecs;
use super::media::Lane;
use super::sdp::{SdpSection, direction};
use super::track::FakeTrack;
use super::world::World;
use crate::media::Kind;
use crate::peer::{Codec, DegradationPreference, Direction, Encoding, TransceiverInit};

/// One media section of a connection.
pub(super) struct Section {
    pub(super) id: u64,
    pub(super) kind: Kind,
    pub(super) mid: Option<String>,
    /// The name that the next offer gives it.
    pub(super) planned_mid: Option<String>,
    pub(super) direction: Direction,
    streams: Vec<String>,
    pub(super) encodings: Vec<Encoding>,
    pub(super) degradation: Option<DegradationPreference>,
    preferred: Vec<Codec>,
    /// The preference was not offered yet.
    pub(super) is_preference_new: bool,
    pub(super) track: Option<FakeTrack>,
    pub(super) receiver: FakeTrack,
    /// Which sequence of tones is being dialled.
    pub(super) dialling: u64,
    pub(super) sent: Frames,
    pub(super) received: Frames,
    /// Made by an offer of the other side's that may still be taken back.
    pub(super) is_theirs: bool,
    now: Agreement,
    /// What to go back to when an offer is taken back.
    before: Agreement,
}

/// What the descriptions say of a section.
#[derive(Clone, Default)]
struct Agreement {
    current: Option<Direction>,
    codecs: Vec<Codec>,
    said: Option<Said>,
    /// They send, and the engine was told so.
    is_announced: bool,
}

/// Both directions of the last exchange, from our side.
#[derive(Clone, Copy)]
struct Said {
    we_offered: bool,
    ours: Direction,
    theirs: Direction,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Frames {
    pub(super) count: u64,
    pub(super) bytes: u64,
    pub(super) lost: i64,
    pub(super) plis: u64,
}

impl Frames {
    pub(super) fn count(&mut self, bytes: usize) {
        self.count += 1;
        self.bytes += bytes as u64;
    }
}

impl Section {
    pub(super) fn new(lane: Lane, kind: Kind, init: &TransceiverInit) -> Self {
        let mut encodings = init.send_encodings.clone();
        if encodings.is_empty() {
            encodings.push(Encoding::default());
        }
        Self {
            id: lane.section,
            kind,
            mid: None,
            planned_mid: None,
            direction: init.direction,
            streams: init.streams.clone(),
            encodings,
            degradation: None,
            preferred: codecs::all(kind),
            is_preference_new: false,
            track: None,
            receiver: FakeTrack::remote(kind, lane),
            dialling: 0,
            sent: Frames::default(),
            received: Frames::default(),
            is_theirs: false,
            now: Agreement::default(),
            before: Agreement::default(),
        }
    }

    pub(super) fn of_theirs(lane: Lane, theirs: &SdpSection) -> Self {
        let init = TransceiverInit {
            direction: Direction::RecvOnly,
            ..TransceiverInit::default()
        };
        Self {
            mid: Some(theirs.mid.clone()),
            is_theirs: true,
            ..Self::new(lane, theirs.kind(), &init)
        }
    }

    pub(super) fn lane(&self, world: &World, connection: u64) -> Lane {
        Lane {
            world: world.clone(),
            connection,
            section: self.id,
        }
    }

    /// What was agreed on last.
    pub(super) fn current(&self) -> Option<Direction> {
        self.now.current
    }

    /// Whether an exchange with it came to its end.
    pub(super) fn is_agreed(&self) -> bool {
        self.before.current.is_some()
    }

    pub(super) fn codecs(&self) -> &[Codec] {
        &self.now.codecs
    }

    /// Stopped before anybody heard of it, or agreed to be stopped.
    pub(super) fn is_gone(&self) -> bool {
        let is_agreed = self.now.current == Some(Direction::Stopped);
        self.direction == Direction::Stopped && (self.mid.is_none() || is_agreed)
    }

    /// Whether what its track gives goes out.
    pub(super) fn is_sending(&self) -> bool {
        let codec = self.track.as_ref().and_then(FakeTrack::codec);
        self.now.current.is_some_and(Direction::sends)
            && self.direction != Direction::Stopped
            && self.encodings.iter().any(|encoding| encoding.active)
            && codec.is_none_or(|codec| self.takes(codec))
    }

    pub(super) fn is_receiving(&self) -> bool {
        self.now.current.is_some_and(Direction::receives) && self.direction != Direction::Stopped
    }

    /// Whether frames of this codec fit what was agreed on, if anything was.
    pub(super) fn takes(&self, codec: &Codec) -> bool {
        let known = &self.now.codecs;
        known.is_empty() || known.iter().any(|it| codecs::is(it, &codec.mime_type))
    }

    /// None: the usual ones.
    pub(super) fn prefer(&mut self, wished: Vec<Codec>) {
        self.preferred = match wished.is_empty() {
            true => codecs::all(self.kind),
            false => wished,
        };
        self.is_preference_new = true;
    }

    /// Whether only an offer of ours makes known what was changed
    /// ([W3C](https://www.w3.org/TR/webrtc/#dfn-check-if-negotiation-is-needed)).
    pub(super) fn needs_negotiation(&self) -> bool {
        if self.is_gone() {
            return false;
        }
        let Some(said) = self.now.said.filter(|_| self.mid.is_some()) else {
            return true;
        };
        let wished = self.direction;
        let fits = match said.we_offered {
            true => wished == said.ours || wished == said.theirs,
            false => said.ours == intersection(wished, said.theirs),
        };
        self.is_preference_new || !fits
    }

    fn write(&self, mid: &str, direction: Direction, codecs: Vec<String>) -> SdpSection {
        let rids = self.encodings.iter().filter_map(|it| it.rid.clone());
        let simulcast: Vec<String> = rids.collect();
        SdpSection {
            mid: mid.to_owned(),
            audio: self.kind == Kind::Audio,
            sends: direction.sends(),
            receives: direction.receives(),
            stopped: direction == Direction::Stopped,
            streams: self.streams.clone(),
            codecs,
            simulcast: match simulcast.len() {
                0 | 1 => Vec::new(),
                _ => simulcast,
            },
        }
    }

    pub(super) fn offer(&self) -> Option<SdpSection> {
        let mid = self.mid.as_ref().or(self.planned_mid.as_ref())?;
        let codecs = self.preferred.iter().map(|it| it.mime_type.clone());
        Some(self.write(mid, self.direction, codecs.collect()))
    }

    pub(super) fn answer(&self, theirs: &SdpSection) -> SdpSection {
        let is_offered = |codec: &&Codec| theirs.codecs.iter().any(|mime| codecs::is(codec, mime));
        let common = self.preferred.iter().filter(is_offered);
        let common: Vec<_> = common.map(|codec| codec.mime_type.clone()).collect();
        let stops = theirs.stopped || self.direction == Direction::Stopped || common.is_empty();
        let direction = match stops {
            true => Direction::Stopped,
            false => intersection(self.direction, theirs.reversed()),
        };
        self.write(&theirs.mid, direction, common)
    }

    /// Our answer to their section.
    pub(super) fn agree_ours(&mut self, ours: &SdpSection, theirs: &SdpSection) {
        self.agree(ours, ours.direction());
        self.now.said = Some(Said {
            we_offered: false,
            ours: ours.direction(),
            theirs: theirs.reversed(),
        });
    }

    /// Their answer to ours.
    pub(super) fn agree_theirs(&mut self, ours: &SdpSection, theirs: &SdpSection) {
        self.agree(theirs, theirs.reversed());
        self.is_preference_new = false;
        self.now.said = Some(Said {
            we_offered: true,
            ours: ours.direction(),
            theirs: theirs.reversed(),
        });
    }

    fn agree(&mut self, answer: &SdpSection, agreed: Direction) {
        let mimes = answer.codecs.iter();
        let known = mimes.filter_map(|mime| codecs::find(mime).map(|(_, codec)| codec));
        self.now.codecs = known.collect();
        self.now.current = Some(agreed);
        if answer.stopped {
            self.now.current = Some(Direction::Stopped);
        }
    }

    /// No offer is open any more.
    pub(super) fn settle(&mut self) {
        self.is_theirs = false;
        if self.now.current == Some(Direction::Stopped) {
            self.direction = Direction::Stopped;
            self.receiver.end();
        }
        self.before = self.now.clone();
    }

    /// Whether they begin to send by what they say now.
    pub(super) fn hears_of(&mut self, theirs: &SdpSection) -> bool {
        let sends = theirs.sends && !theirs.stopped && self.direction != Direction::Stopped;
        let begins = sends && !self.now.is_announced;
        self.now.is_announced = sends;
        if !sends {
            self.receiver.set_muted(true);
        }
        begins
    }

    /// An offer was taken back: what only it named has no name, what only it said was not said.
    pub(super) fn roll_back(&mut self) {
        self.now = self.before.clone();
        if self.now.current.is_none() {
            self.mid = None;
            self.planned_mid = None;
        }
    }
}

fn intersection(a: Direction, b: Direction) -> Direction {
    direction(a.sends() && b.sends(), a.receives() && b.receives())
}
