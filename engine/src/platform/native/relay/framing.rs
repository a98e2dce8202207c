//! TURN messages on a stream
//! ([RFC 8656, section 12.5](https://www.rfc-editor.org/rfc/rfc8656#section-12.5)): each says how
//! long it is, in sixteen bits, so that none is longer than 65555 bytes. Channel data is padded to
//! four bytes here, as it need not be in datagrams.

use bytes::BytesMut;

const STUN_HEADER: usize = 20;
const CHANNEL_HEADER: usize = 4;
const COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];

const ALLOCATE_SUCCESS: u16 = 0x0103;
const ALLOCATE_ERROR: u16 = 0x0113;
const ERROR_CODE: u16 = 0x0009;
/// Bytes of a server's words that are kept.
const MAX_REASON: usize = 120;

/// The stream carries something else than TURN.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Malformed;

/// How long a message is, and its padding on a stream.
struct Extent {
    message: usize,
    padding: usize,
}

impl Extent {
    /// `None` while too little is there to tell.
    fn read(head: &[u8]) -> Result<Option<Self>, Malformed> {
        let Some(first) = head.first() else {
            return Ok(None);
        };
        match first {
            // The two upper bits of STUN are zero; no method of TURN is above 0x00f.
            0x00 | 0x01 => Self::of_stun(head),
            // Channels are 0x4000 to 0x4fff; those above are reserved.
            0x40..=0x4f => Ok(length_at(head, 2).map(|length| Self {
                message: CHANNEL_HEADER + length,
                padding: length.wrapping_neg() % 4,
            })),
            _ => Err(Malformed),
        }
    }

    fn of_stun(head: &[u8]) -> Result<Option<Self>, Malformed> {
        let Some(length) = length_at(head, 2) else {
            return Ok(None);
        };
        let there = head.len().min(8).saturating_sub(4);
        if length % 4 != 0 || !COOKIE.starts_with(&head[4..4 + there]) {
            return Err(Malformed);
        }
        Ok((there == COOKIE.len()).then_some(Self {
            message: STUN_HEADER + length,
            padding: 0,
        }))
    }
}

fn length_at(bytes: &[u8], place: usize) -> Option<usize> {
    number_at(bytes, place).map(usize::from)
}

fn number_at(bytes: &[u8], place: usize) -> Option<u16> {
    let bytes = bytes.get(place..place + 2)?;
    Some(u16::from_be_bytes([bytes[0], bytes[1]]))
}

/// Takes the next message off what a stream gave, as the datagram that it would have been.
pub(super) fn take(stream: &mut BytesMut) -> Result<Option<BytesMut>, Malformed> {
    let Some(extent) = Extent::read(stream)? else {
        return Ok(None);
    };
    if stream.len() < extent.message + extent.padding {
        return Ok(None);
    }
    let mut message = stream.split_to(extent.message + extent.padding);
    message.truncate(extent.message);
    Ok(Some(message))
}

/// Appends a datagram to what goes into a stream. One that is not exactly one message is left out:
/// it would garble all that follows.
pub(super) fn put(datagram: &[u8], stream: &mut Vec<u8>) {
    let Ok(Some(extent)) = Extent::read(datagram) else {
        return;
    };
    // Channel data may be padded in datagrams too.
    let padded = extent.message + extent.padding;
    if datagram.len() != extent.message && datagram.len() != padded {
        return;
    }
    stream.extend_from_slice(&datagram[..extent.message]);
    stream.resize(stream.len() + extent.padding, 0);
}

/// What a server says to the wish for a relayed address.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Allocation {
    Made,
    Refused { code: u16, reason: String },
}

impl Allocation {
    /// `None` for every other message.
    pub(super) fn read(message: &[u8]) -> Option<Self> {
        match number_at(message, 0)? {
            ALLOCATE_SUCCESS => Some(Self::Made),
            ALLOCATE_ERROR => {
                let value = attribute(message, ERROR_CODE)?;
                let (class, number) = (value.get(2)? & 7, value.get(3)?);
                let reason = value.get(4..).unwrap_or_default();
                let reason = &reason[..reason.len().min(MAX_REASON)];
                Some(Self::Refused {
                    code: u16::from(class) * 100 + u16::from(*number),
                    reason: String::from_utf8_lossy(reason).into_owned(),
                })
            }
            _ => None,
        }
    }
}

fn attribute(message: &[u8], kind: u16) -> Option<&[u8]> {
    let mut rest = message.get(STUN_HEADER..)?;
    loop {
        let length = length_at(rest, 2)?;
        let value = rest.get(4..4 + length)?;
        if number_at(rest, 0)? == kind {
            return Some(value);
        }
        rest = rest.get(4 + length.next_multiple_of(4)..)?;
    }
}
