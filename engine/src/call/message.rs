//! What peers say to each other: over their data channel while it is open, sealed through the
//! server otherwise. JSON, so that a browser's console shows it.
//!
//! Whatever must converge is said as **state with a revision**, not as an event: a state that is
//! said twice, late or over two ways changes nothing. Only descriptions and candidates are events,
//! and descriptions are numbered.

use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use parlor_signaling_protocol::{FieldError, Fields, PeerId};
use serde::{Serialize, Serializer};

use crate::DeclineReason;
use crate::chat::{Have, Post};
use crate::media::{BySource, TrackSource};
use crate::peer::{IceCandidate, SdpType, SessionDescription, Signal};
use crate::room::MediaState;

/// The longest message that is read, in bytes: what every browser's data channel takes whole.
const MAX_BYTES: usize = 256 * 1024;

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum PeerMessage {
    /// *When*: negotiating. *Purpose*: a description or candidate.
    Signal(#[serde(serialize_with = "written")] Signal),
    /// *When*: it changed, and first on every data channel. *Purpose*: what the sender does.
    State(PeerState),
    /// *When*: first on every data channel. *Purpose*: which posts the sender has, by author; the
    /// receiver sends the rest.
    Have(Have),
    /// *When*: something was said, or in answer to `have`. *Purpose*: the posts, oldest first.
    Posts { posts: Vec<Post> },
    /// *When*: posts of the receiver arrived, of this visit or an earlier one. *Purpose*: all of
    /// that author up to this number are here.
    Got { author: PeerId, number: u64 },
    /// *When*: the connection may have died while the device slept. *Purpose*: the receiver answers
    /// with `pong`, if it is still there.
    Ping,
    /// *When*: in answer to `ping`.
    Pong,
    /// *When*: leaving the room. *Purpose*: the others need not wait for anything.
    Bye,
    /// Something that a later version says. Ignored.
    #[serde(skip)]
    Unknown,
}

/// A [`Signal`] as it is written.
#[derive(Serialize)]
#[serde(tag = "signal", rename_all = "snake_case")]
enum WrittenSignal<'a> {
    /// Offers of one sender are numbered from 1.
    Offer { id: u32, sdp: &'a str },
    /// The answer to the receiver's offer with that number.
    Answer { id: u32, sdp: &'a str },
    /// A candidate; none: there are no more for now.
    Candidate { candidate: Option<&'a IceCandidate> },
}

fn written<S: Serializer>(signal: &Signal, to: S) -> Result<S::Ok, S::Error> {
    let written = match signal {
        Signal::Candidate(candidate) => WrittenSignal::Candidate {
            candidate: candidate.as_ref(),
        },
        Signal::Description { id, description } => {
            let (id, sdp) = (id.unwrap_or_default(), description.sdp.as_str());
            match description.kind {
                SdpType::Offer => WrittenSignal::Offer { id, sdp },
                _ => WrittenSignal::Answer { id, sdp },
            }
        }
    };
    written.serialize(to)
}

/// What a peer does, as the receiver may know it. The highest revision counts.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct PeerState {
    pub(crate) revision: u64,
    /// The call that the sender is in.
    pub(crate) call: Option<CallId>,
    /// Whether that call still rings those who are not in it.
    pub(crate) rings: bool,
    /// The last call that the sender will not come to, and why.
    pub(crate) declined: Option<Declined>,
    #[serde(serialize_with = "published")]
    pub(crate) tracks: BySource<TrackInfo>,
}

/// A published track, as the receiver is told of it.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub(crate) struct TrackInfo {
    pub(crate) state: MediaState,
    /// The media section that carries it, on the connection between sender and receiver.
    pub(crate) mid: Option<String>,
}

/// Writes what there is, under the names of the sources.
fn published<S: Serializer>(tracks: &BySource<TrackInfo>, to: S) -> Result<S::Ok, S::Error> {
    let published = tracks
        .iter()
        .filter(|(_, info)| **info != TrackInfo::default());
    to.collect_map(published.map(|(source, info)| (source.name(), info)))
}

/// A call that somebody will not come to.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub(crate) struct Declined {
    pub(crate) call: CallId,
    pub(crate) reason: DeclineReason,
}

/// Tells a room's calls apart. Where two are started at once, the smaller one stands.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct CallId([u8; 8]);

impl CallId {
    pub(crate) fn from_bytes(bytes: [u8; 8]) -> Self {
        Self(bytes)
    }
}

impl Serialize for CallId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl FromStr for CallId {
    type Err = FieldError;

    fn from_str(text: &str) -> Result<Self, FieldError> {
        let bytes = URL_SAFE_NO_PAD
            .decode(text)
            .ok()
            .and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or(FieldError("call"))
    }
}

/// Reads what came over a data channel; `None` for nonsense.
pub(crate) fn decode(text: &str) -> Option<PeerMessage> {
    if text.len() > MAX_BYTES {
        return None;
    }
    PeerMessage::from_fields(Fields::parse(text)?).ok()
}

// Taken apart by hand: see `Fields` for why.

impl PeerMessage {
    pub(super) fn from_fields(mut fields: Fields) -> Result<Self, FieldError> {
        Ok(match fields.text("type")?.as_str() {
            "signal" => Self::Signal(signal(fields)?),
            "state" => Self::State(PeerState::from_fields(fields)?),
            "have" => Self::Have(Have::from_fields(fields)?),
            "posts" => {
                let posts = fields.objects("posts")?.into_iter().map(Post::from_fields);
                Self::Posts {
                    posts: posts.collect::<Result<_, _>>()?,
                }
            }
            "got" => Self::Got {
                author: fields.id("author")?,
                number: fields.number("number")?,
            },
            "ping" => Self::Ping,
            "pong" => Self::Pong,
            "bye" => Self::Bye,
            _ => Self::Unknown,
        })
    }
}

fn signal(mut fields: Fields) -> Result<Signal, FieldError> {
    let description = |mut fields: Fields, kind| {
        let id = Some(fields.small("id")?);
        let sdp = fields.text("sdp")?;
        let description = SessionDescription { kind, sdp };
        Ok(Signal::Description { id, description })
    };
    match fields.text("signal")?.as_str() {
        "offer" => description(fields, SdpType::Offer),
        "answer" => description(fields, SdpType::Answer),
        "candidate" if !fields.has("candidate") => Ok(Signal::Candidate(None)),
        "candidate" => {
            let candidate = IceCandidate::from_fields(fields.object("candidate")?)?;
            // An empty one says that there are no more, as browsers write it.
            let candidate = Some(candidate).filter(|candidate| !candidate.is_end());
            Ok(Signal::Candidate(candidate))
        }
        _ => Err(FieldError("signal")),
    }
}

impl PeerState {
    fn from_fields(mut fields: Fields) -> Result<Self, FieldError> {
        let mut published = fields.object("tracks")?;
        let mut tracks = BySource::default();
        for source in TrackSource::ALL {
            if published.has(source.name()) {
                tracks[source] = TrackInfo::from_fields(published.object(source.name())?)?;
            }
        }
        Ok(Self {
            revision: fields.number("revision")?,
            call: fields.optional_id("call")?,
            rings: fields.flag("rings")?,
            declined: match fields.has("declined") {
                true => Some(Declined::from_fields(&fields.object("declined")?)?),
                false => None,
            },
            tracks,
        })
    }
}

impl TrackInfo {
    fn from_fields(mut fields: Fields) -> Result<Self, FieldError> {
        Ok(Self {
            state: fields.word("state")?,
            mid: fields.optional_text("mid")?,
        })
    }
}

impl Declined {
    fn from_fields(fields: &Fields) -> Result<Self, FieldError> {
        Ok(Self {
            call: fields.id("call")?,
            reason: fields.word("reason")?,
        })
    }
}

impl PeerMessage {
    pub(crate) fn encode(&self) -> String {
        // Nothing in it is beyond JSON.
        serde_json::to_string(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::ShortDigest;

    #[test]
    fn an_empty_candidate_says_that_there_are_no_more() {
        let text =
            r#"{"type":"signal","signal":"candidate","candidate":{"candidate":"","sdpMid":"0"}}"#;
        let end = PeerMessage::Signal(Signal::Candidate(None));
        assert_eq!(decode(text), Some(end));
    }

    #[test]
    fn messages_survive_the_round_trip() {
        let messages = [
            PeerMessage::Signal(Signal::Description {
                id: Some(1),
                description: SessionDescription {
                    kind: SdpType::Offer,
                    sdp: "v=0".into(),
                },
            }),
            PeerMessage::Signal(Signal::Candidate(None)),
            PeerMessage::State(PeerState {
                call: Some(CallId([1; 8])),
                declined: Some(Declined {
                    call: CallId([2; 8]),
                    reason: DeclineReason::Busy,
                }),
                tracks: BySource::from_fn(|source| match source {
                    TrackSource::Camera => TrackInfo::default(),
                    _ => TrackInfo {
                        state: MediaState::On,
                        mid: Some(source.name().to_owned()),
                    },
                }),
                ..PeerState::default()
            }),
            PeerMessage::Have(Have {
                posts: vec![(PeerId::from_bytes([3; 16]), 7, ShortDigest([5; 8]))],
                clock: 9,
            }),
            PeerMessage::Got {
                author: PeerId::from_bytes([3; 16]),
                number: 7,
            },
            PeerMessage::Ping,
            PeerMessage::Pong,
            PeerMessage::Bye,
        ];
        for message in messages {
            assert_eq!(decode(&message.encode()), Some(message));
        }
    }

    #[test]
    fn nonsense_is_none_and_later_words_are_ignored() {
        assert_eq!(decode("no json"), None);
        assert_eq!(decode(r#"{"type":"state","revision":"x"}"#), None);
        assert_eq!(decode(&format!("\"{}\"", "x".repeat(MAX_BYTES))), None);
        assert_eq!(decode(r#"{"type":"wave"}"#), Some(PeerMessage::Unknown));
    }
}
