use super::sdp::{SdpSection, direction};
use super::track::FakeTrack;
use crate::media::Kind;
use crate::peer::{Codec, Direction, SendParameters, TransceiverInit};

/// One media section of a connection.
pub(super) struct Section {
    pub(super) id: u64,
    pub(super) kind: Kind,
    pub(super) mid: Option<String>,
    /// The name that the next offer gives it.
    pub(super) planned_mid: String,
    pub(super) direction: Direction,
    pub(super) current: Option<Direction>,
    pub(super) streams: Vec<String>,
    pub(super) parameters: SendParameters,
    pub(super) track: Option<FakeTrack>,
    pub(super) receiver: FakeTrack,
    pub(super) sent: (u64, u64),
    pub(super) received: (u64, u64),
    /// Made by an offer of the other side's that may still be taken back.
    is_theirs: bool,
    /// They send, and the engine was told so.
    announced: bool,
}

impl Section {
    pub(super) fn new(id: u64, kind: Kind, init: &TransceiverInit) -> Self {
        let mut parameters = SendParameters {
            encodings: init.send_encodings.clone(),
            degradation_preference: None,
            codecs: Vec::new(),
        };
        if parameters.encodings.is_empty() {
            parameters.encodings.push(Default::default());
        }
        Self {
            id,
            kind,
            mid: None,
            planned_mid: String::new(),
            direction: init.direction,
            current: None,
            streams: init.streams.clone(),
            parameters,
            track: None,
            receiver: FakeTrack::remote(kind),
            sent: (0, 0),
            received: (0, 0),
            is_theirs: false,
            announced: false,
        }
    }

    pub(super) fn of_theirs(id: u64, theirs: &SdpSection) -> Self {
        let init = TransceiverInit {
            direction: Direction::RecvOnly,
            ..TransceiverInit::default()
        };
        Self {
            mid: Some(theirs.mid.clone()),
            planned_mid: theirs.mid.clone(),
            is_theirs: true,
            ..Self::new(id, theirs.kind(), &init)
        }
    }

    /// Stopped before anybody heard of it, or agreed to be stopped.
    pub(super) fn is_gone(&self) -> bool {
        self.direction == Direction::Stopped
            && (self.mid.is_none() || self.current == Some(Direction::Stopped))
    }

    fn write(&self, mid: &str, direction: Direction) -> SdpSection {
        let rids = self
            .parameters
            .encodings
            .iter()
            .filter_map(|it| it.rid.clone());
        let simulcast: Vec<String> = rids.collect();
        SdpSection {
            mid: mid.to_owned(),
            audio: self.kind == Kind::Audio,
            sends: direction.sends(),
            receives: direction.receives(),
            stopped: direction == Direction::Stopped,
            streams: self.streams.clone(),
            simulcast: if simulcast.len() > 1 {
                simulcast
            } else {
                Vec::new()
            },
        }
    }

    pub(super) fn offer(&mut self, connection: u64) -> SdpSection {
        if self.planned_mid.is_empty() {
            self.planned_mid = format!("{connection}-{}", self.id);
        }
        self.write(&self.planned_mid, self.direction)
    }

    pub(super) fn answer(&self, theirs: &SdpSection) -> SdpSection {
        let both = direction(
            self.direction.sends() && theirs.receives,
            self.direction.receives() && theirs.sends,
        );
        let stops = theirs.stopped || self.direction == Direction::Stopped;
        self.write(&theirs.mid, if stops { Direction::Stopped } else { both })
    }

    /// Our answer says what was agreed on.
    pub(super) fn agree_ours(&mut self, answer: &[SdpSection]) {
        if let Some(ours) = answer.iter().find(|it| Some(&it.mid) == self.mid.as_ref()) {
            self.agree(ours.stopped, direction(ours.sends, ours.receives));
        }
    }

    /// Theirs does, from their side.
    pub(super) fn agree_theirs(&mut self, answer: &[SdpSection]) {
        if let Some(theirs) = answer.iter().find(|it| Some(&it.mid) == self.mid.as_ref()) {
            self.agree(theirs.stopped, direction(theirs.receives, theirs.sends));
        }
    }

    fn agree(&mut self, stopped: bool, agreed: Direction) {
        self.is_theirs = false;
        if stopped {
            self.direction = Direction::Stopped;
            self.receiver.end();
        }
        self.current = Some(if stopped { Direction::Stopped } else { agreed });
        let codec = match self.kind {
            Kind::Audio => ("audio/opus", 48_000, Some(2)),
            Kind::Video => ("video/H264", 90_000, None),
        };
        if self.parameters.codecs.is_empty() {
            self.parameters.codecs.push(Codec {
                mime_type: codec.0.into(),
                clock_rate: codec.1,
                channels: codec.2,
                sdp_fmtp_line: String::new(),
            });
        }
    }

    /// Whether they begin to send by what they say now.
    pub(super) fn hears_of(&mut self, theirs: &SdpSection) -> bool {
        let sends = theirs.sends && !theirs.stopped && self.direction != Direction::Stopped;
        let begins = sends && !self.announced;
        self.announced = sends;
        self.receiver.set_muted(!sends);
        begins
    }

    pub(super) fn is_only_offered(&self) -> bool {
        self.is_theirs
    }

    /// An own offer was taken back: what only it named has no name.
    pub(super) fn roll_back(&mut self) {
        if self.current.is_none() {
            self.mid = None;
        }
    }
}
