//! The envelope in which a message passes the server: it names the links and is signed for its receiver.
//!
//! The seal is made with the room's key, which every member has. A member who also controls the
//! server could so speak as another: say that somebody left, or put the fingerprint of its own
//! certificate into two others' descriptions and pass their media on (RFC 8827, section 7: identity).
//! The signature of the visit's key leaves nothing to exchange. What comes over a data channel needs
//! none: DTLS shows the certificate whose fingerprint was in a signed description.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use parlor_signaling_protocol::{Fields, PeerId, PeerKey, RoomId, Signature};
use serde::Serialize;

use super::message::PeerMessage;
use crate::credentials::Credentials;

const DOMAIN: &[u8] = b"parlor said 2";

/// The length of a [`Signature`] as text.
const SIGNATURE_LENGTH: usize = 86;

/// A message and the two links that it belongs to. A data channel belongs to two links by itself.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Envelope {
    pub(crate) link: LinkIds,
    pub(crate) message: PeerMessage,
}

/// The sender's link that a message is from, and the receiver's that it is for, as far as the sender
/// knows. A side that forgot the other and met it again has a new link, and the other side
/// has to notice that its own is of no use any more.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub(crate) struct LinkIds {
    pub(crate) from: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) to: Option<u32>,
}

impl Envelope {
    /// Reads an envelope; `None` for nonsense.
    pub(crate) fn decode(text: &str) -> Option<Self> {
        let mut fields = Fields::parse(text)?;
        let link = fields.object("link").ok()?;
        let to = match link.has("to") {
            true => Some(link.small("to").ok()?),
            false => None,
        };
        let link = LinkIds {
            from: link.small("from").ok()?,
            to,
        };
        let message = PeerMessage::from_fields(fields.object("message").ok()?).ok()?;
        Some(Self { link, message })
    }

    pub(crate) fn encode(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// The place of a text among those that one peer says to another in a room.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Address {
    pub(crate) room: RoomId,
    pub(crate) from: PeerId,
    pub(crate) to: PeerId,
    pub(crate) counter: u64,
}

impl Address {
    /// Puts the sender's signature before a text.
    pub(crate) fn sign(&self, text: &str, credentials: &Credentials) -> String {
        let signature = credentials.sign(&self.claim(text));
        URL_SAFE_NO_PAD.encode(signature.as_bytes()) + text
    }

    /// Gives the text behind the signature, if it is what the owner of the key said at this place.
    pub(crate) fn verify<'a>(&self, signed: &'a str, key: &PeerKey) -> Option<&'a str> {
        let (signature, text) = signed.split_at_checked(SIGNATURE_LENGTH)?;
        let signature: Signature = signature.parse().ok()?;
        key.has_signed(&self.claim(text), &signature)
            .then_some(text)
    }

    fn claim(&self, text: &str) -> Vec<u8> {
        // All but the last part have a fixed length, so no two claims read the same.
        let parts = [
            DOMAIN,
            self.room.as_bytes(),
            self.from.as_bytes(),
            self.to.as_bytes(),
            &self.counter.to_be_bytes(),
            text.as_bytes(),
        ];
        parts.concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Identity;

    const ROOM: RoomId = RoomId::from_bytes([1; 16]);

    #[test]
    fn a_text_is_its_senders_at_one_place_alone() {
        let ann = Credentials::issue(&Identity::generate(), ROOM);
        let mallory = Credentials::issue(&Identity::generate(), ROOM);
        let place = Address {
            room: ROOM,
            from: ann.peer(),
            to: mallory.peer(),
            counter: 7,
        };
        let key = ann.certificate().key;
        let signed = place.sign("héllo", &ann);
        assert_eq!(place.verify(&signed, &key), Some("héllo"));

        let exchanged = signed.replace("héllo", "hello");
        assert_eq!(place.verify(&exchanged, &key), None, "another text");
        let foreign = place.sign("héllo", &mallory);
        assert_eq!(place.verify(&foreign, &key), None, "another's signature");
        let elsewhere = [
            Address {
                counter: 8,
                ..place
            },
            Address {
                to: PeerId::from_bytes([9; 16]),
                ..place
            },
            Address {
                room: RoomId::from_bytes([2; 16]),
                ..place
            },
        ];
        for place in elsewhere {
            assert_eq!(place.verify(&signed, &key), None, "{place:?}");
        }
        let cuts = [
            "",
            "héllo",
            &signed[..SIGNATURE_LENGTH - 1],
            &"é".repeat(86),
        ];
        for cut in cuts {
            assert_eq!(place.verify(cut, &key), None, "{cut}");
        }
    }
}
