use std::time::Duration;

use crate::error::{Error, ErrorKind, Result};

/// How a data channel is made
/// ([W3C `RTCDataChannelInit`](https://www.w3.org/TR/webrtc/#dom-rtcdatachannelinit)).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ChannelOptions {
    /// Whether messages arrive in the order in which they were sent.
    pub ordered: bool,
    /// How often a lost message is sent again; for ever without a number. Not together with
    /// `max_packet_life_time`.
    pub max_retransmits: Option<u16>,
    /// How long a lost message is sent again, in whole milliseconds up to 65,535; for ever without
    /// a time. Not together with `max_retransmits`.
    pub max_packet_life_time: Option<Duration>,
    /// Whether both sides make the channel with the same [`id`](Self::id), instead of one
    /// announcing it to the other.
    pub negotiated: bool,
    /// The stream's number, 0 to 65,534. Needed with `negotiated`, ignored without: then the
    /// connection chooses.
    pub id: Option<u16>,
    /// A name for what is spoken on the channel, up to 65,535 bytes; nothing reads it but the
    /// application.
    pub protocol: String,
    /// How many bytes of messages wait for [`receive`](crate::DataChannel::receive) at the most.
    /// What comes beyond is not kept: the channel is closed with an error event that says so.
    pub receive_buffer: usize,
}

/// 16 MiB: 64 of the largest messages. A browser's own send queue is as large.
const RECEIVE_BUFFER: usize = 16 * 1024 * 1024;
/// The stream id 65,535 is reserved (RFC 8832).
const MAX_ID: u16 = 65_534;

impl Default for ChannelOptions {
    fn default() -> Self {
        Self {
            ordered: true,
            max_retransmits: None,
            max_packet_life_time: None,
            negotiated: false,
            id: None,
            protocol: String::new(),
            receive_buffer: RECEIVE_BUFFER,
        }
    }
}

impl ChannelOptions {
    /// Says what is wrong, before a platform does in its own words.
    pub(crate) fn check(&self, label: &str) -> Result<()> {
        let invalid = |what| Err(Error::new(ErrorKind::Invalid, what));
        if self.max_retransmits.is_some() && self.max_packet_life_time.is_some() {
            return invalid("a channel has either max_retransmits or max_packet_life_time");
        }
        if self
            .max_packet_life_time
            .is_some_and(|time| time.as_millis() > u128::from(u16::MAX))
        {
            return invalid("max_packet_life_time is longer than 65,535 ms");
        }
        if self.negotiated && self.id.is_none() {
            return invalid("a negotiated channel needs an id");
        }
        if self.id.is_some_and(|id| id > MAX_ID) {
            return invalid("a channel's id is at most 65,534");
        }
        let longest = usize::from(u16::MAX);
        if label.len() > longest || self.protocol.len() > longest {
            return invalid("a channel's label and protocol have at most 65,535 bytes");
        }
        Ok(())
    }
}

/// How a data channel stands
/// ([W3C `RTCDataChannelState`](https://www.w3.org/TR/webrtc/#dom-rtcdatachannelstate)).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum ChannelState {
    /// Not yet usable.
    Connecting,
    /// Messages flow.
    Open,
    /// What was sent before the close still goes out.
    Closing,
    /// Nothing goes any more.
    Closed,
}

/// What a data channel carries.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Message {
    /// Text, as UTF-8.
    Text(String),
    /// Bytes.
    Binary(Vec<u8>),
}

impl Message {
    /// How many bytes it has.
    pub fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Binary(bytes) => bytes.len(),
        }
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Binary(_) => None,
        }
    }

    /// The bytes, if it is no text.
    pub fn binary(&self) -> Option<&[u8]> {
        match self {
            Self::Text(_) => None,
            Self::Binary(bytes) => Some(bytes),
        }
    }
}

impl From<&str> for Message {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Message {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&[u8]> for Message {
    fn from(bytes: &[u8]) -> Self {
        Self::Binary(bytes.to_vec())
    }
}

impl From<Vec<u8>> for Message {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Binary(bytes)
    }
}
