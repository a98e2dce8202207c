//! "SDP" of the fake: lines that look like it where somebody looks, and JSON with the rest.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::media::Kind;
use crate::peer::{Direction, IceCandidate};

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(super) struct Sdp {
    pub(super) connection: u64,
    /// Grows with each ICE restart.
    pub(super) generation: u32,
    pub(super) has_data: bool,
    pub(super) sections: Vec<SdpSection>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(super) struct SdpSection {
    pub(super) mid: String,
    pub(super) audio: bool,
    pub(super) sends: bool,
    pub(super) receives: bool,
    pub(super) stopped: bool,
    pub(super) streams: Vec<String>,
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
}

impl Sdp {
    pub(super) fn write(&self) -> String {
        let json = serde_json::to_string(self).unwrap_or_default();
        let ufrag = ufrag(self.connection, self.generation);
        format!("v=0\r\na=ice-ufrag:{ufrag}\r\n{json}\r\n")
    }

    /// The same with the one candidate of the connection.
    pub(super) fn write_with_candidate(&self) -> String {
        let mut text = self.write();
        let candidate = candidate(self.connection, self.generation).candidate;
        // Writing to a text does not fail.
        let _ = write!(text, "a={candidate}\r\n");
        text
    }

    pub(super) fn read(text: &str) -> Result<Self> {
        let invalid = || invalid("not a session description");
        let json = text
            .strip_prefix("v=0\r\n")
            .and_then(|rest| rest.lines().find(|line| line.starts_with('{')))
            .ok_or_else(invalid)?;
        serde_json::from_str(json).map_err(|error| invalid().caused_by(error))
    }

    /// The candidates that a description holds by itself.
    pub(super) fn candidates(text: &str) -> Vec<(u64, u32)> {
        let lines = text.lines().filter_map(|line| line.strip_prefix("a="));
        lines.filter_map(|line| read_candidate(line).ok()).collect()
    }
}

fn ufrag(connection: u64, generation: u32) -> String {
    format!("{connection}-{generation}")
}

/// One candidate says it all.
pub(super) fn candidate(connection: u64, generation: u32) -> IceCandidate {
    IceCandidate {
        candidate: format!("candidate:{connection} 1 udp {generation} fake 9 typ host"),
        sdp_mid: Some("0".into()),
        sdp_m_line_index: Some(0),
        username_fragment: Some(ufrag(connection, generation)),
    }
}

pub(super) fn read_candidate(text: &str) -> Result<(u64, u32)> {
    let mut words = text.split_whitespace();
    let connection = words
        .next()
        .and_then(|word| word.strip_prefix("candidate:"))
        .and_then(|word| word.parse().ok());
    let generation = words.nth(2).and_then(|word| word.parse().ok());
    connection
        .zip(generation)
        .ok_or_else(|| invalid("not a candidate"))
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
