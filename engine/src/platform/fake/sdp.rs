//! "SDP" of the fake: lines that look like it where somebody looks, and JSON with the rest.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::media::Kind;
use crate::peer::{CandidateKind, Direction, IceCandidate};
use crate::platform::message_size::{ATTRIBUTE, send_limit};
use crate::rtc::MAX_MESSAGE;

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sdp {
    pub(super) connection: u64,
    /// Another one with each ICE restart.
    pub(super) generation: u32,
    /// How many descriptions had been set when this one was made: a later one makes it stale.
    pub(super) revision: u32,
    /// The section of the data channels.
    pub(super) data: Option<String>,
    pub(super) sections: Vec<SdpSection>,
    /// The largest message that its author takes: a line of its own, as everywhere.
    #[serde(skip)]
    pub(super) max_message_size: usize,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SdpSection {
    pub(super) mid: String,
    pub(super) audio: bool,
    pub(super) sends: bool,
    pub(super) receives: bool,
    pub(super) stopped: bool,
    pub(super) streams: Vec<String>,
    /// MIME types, the preferred one first.
    pub(super) codecs: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) simulcast: Vec<String>,
}

impl SdpSection {
    pub(super) fn kind(&self) -> Kind {
        match self.audio {
            true => Kind::Audio,
            false => Kind::Video,
        }
    }

    /// Which ways it goes, from who wrote it.
    pub(super) fn direction(&self) -> Direction {
        direction(self.sends, self.receives)
    }

    /// The same from the other side.
    pub(super) fn reversed(&self) -> Direction {
        direction(self.receives, self.sends)
    }
}

impl Sdp {
    pub(super) fn write(&self) -> String {
        let json = serde_json::to_string(self).unwrap_or_default();
        let ufrag = ufrag(self.connection, self.generation);
        // What else of a real description somebody may look for, or change.
        let data = match &self.data {
            Some(_) => {
                let largest = self.max_message_size;
                format!("m=application 9 fake\r\n{ATTRIBUTE}{largest}\r\n")
            }
            None => String::new(),
        };
        format!("v=0\r\na=ice-ufrag:{ufrag}\r\n{json}\r\n{data}")
    }

    /// The same with candidates that were found.
    pub(super) fn write_with(&self, candidates: &[Candidate]) -> String {
        let mut text = self.write();
        for candidate in candidates {
            // Writing to a text does not fail.
            let _ = write!(text, "a={}\r\n", candidate.attribute());
        }
        text
    }

    pub(super) fn read(text: &str) -> Result<Self> {
        let invalid = || invalid("not a session description");
        let json = text
            .strip_prefix("v=0\r\n")
            .and_then(|rest| rest.lines().find(|line| line.starts_with('{')))
            .ok_or_else(invalid)?;
        let sdp: Self = serde_json::from_str(json).map_err(|error| invalid().caused_by(error))?;
        let sdp = Self {
            max_message_size: match &sdp.data {
                Some(_) => send_limit(text),
                None => MAX_MESSAGE,
            },
            ..sdp
        };
        let is_distinct = {
            let mut mids = BTreeSet::new();
            sdp.mids().all(|mid| mids.insert(mid))
        };
        is_distinct.then_some(sdp).ok_or_else(invalid)
    }

    /// The candidates that a description holds by itself.
    pub(super) fn candidates(text: &str) -> Vec<Candidate> {
        let lines = text.lines().filter_map(|line| line.strip_prefix("a="));
        lines
            .filter_map(|line| Candidate::read(line).ok())
            .collect()
    }

    fn mids(&self) -> impl Iterator<Item = &str> {
        let sections = self.sections.iter().map(|section| &section.mid);
        self.data.iter().chain(sections).map(String::as_str)
    }

    /// Whether there is anything to find ways for.
    pub(super) fn is_empty(&self) -> bool {
        self.mids().next().is_none()
    }

    /// Whether a candidate that says this of itself belongs here.
    pub(super) fn admits(&self, candidate: &IceCandidate) -> bool {
        let ufrag = ufrag(self.connection, self.generation);
        let is_ours = |named: &String| *named == ufrag;
        let is_section = |named: &String| self.mids().any(|mid| mid == named);
        candidate.username_fragment.as_ref().is_none_or(is_ours)
            && candidate.sdp_mid.as_ref().is_none_or(is_section)
    }

    /// A candidate of this description's generation, in the form that is told.
    pub(super) fn name(&self, candidate: &Candidate) -> IceCandidate {
        IceCandidate {
            candidate: candidate.attribute(),
            sdp_mid: self.mids().next().map(str::to_owned),
            sdp_m_line_index: Some(0),
            username_fragment: Some(ufrag(candidate.connection, candidate.generation)),
        }
    }
}

fn ufrag(connection: u64, generation: u32) -> String {
    format!("{connection}-{generation}")
}

/// A way to a connection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Candidate {
    pub(super) connection: u64,
    pub(super) generation: u32,
    pub(super) kind: CandidateKind,
}

impl Candidate {
    fn attribute(&self) -> String {
        let kind = match self.kind {
            CandidateKind::Host => "host",
            CandidateKind::ServerReflexive => "srflx",
            CandidateKind::PeerReflexive => "prflx",
            CandidateKind::Relay => "relay",
        };
        let (connection, generation) = (self.connection, self.generation);
        format!("candidate:{connection} 1 udp {generation} fake 9 typ {kind}")
    }

    pub(super) fn read(text: &str) -> Result<Self> {
        let words: Vec<_> = text.split_whitespace().collect();
        Self::of(&words).ok_or_else(|| invalid("not a candidate"))
    }

    fn of(words: &[&str]) -> Option<Self> {
        let [foundation, "1", _, generation, _, _, "typ", kind, ..] = words else {
            return None;
        };
        Some(Self {
            connection: foundation.strip_prefix("candidate:")?.parse().ok()?,
            generation: generation.parse().ok()?,
            kind: match *kind {
                "host" => CandidateKind::Host,
                "srflx" => CandidateKind::ServerReflexive,
                "prflx" => CandidateKind::PeerReflexive,
                "relay" => CandidateKind::Relay,
                _ => return None,
            },
        })
    }
}

pub(super) fn invalid(what: &'static str) -> Error {
    Error::new(ErrorKind::Invalid, what)
}

pub(super) fn direction(sends: bool, receives: bool) -> Direction {
    match (sends, receives) {
        (true, true) => Direction::SendRecv,
        (true, false) => Direction::SendOnly,
        (false, true) => Direction::RecvOnly,
        (false, false) => Direction::Inactive,
    }
}
