use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use parlor_signaling_protocol::{FieldError, Fields, PeerId, RoomId, Signature};
use serde::{Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use crate::PersonId;
use crate::credentials::{Certificate, Credentials};
use crate::error::{Error, ErrorKind, Result};
use crate::text::{self, MAX_TEXT};

const DOMAIN: &[u8] = b"parlor post 2";

/// How many messages one visit may have. More than anybody writes, and few enough that a list of
/// all authors with their numbers fits into one message between peers.
const MAX_NUMBER: u64 = 999_999;
/// The highest clock. JSON carries whole numbers exactly up to 2^53.
const MAX_CLOCK: u64 = 1 << 52;

/// Identifies a message in its room.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct MessageId {
    /// The peer that said it.
    pub author: PeerId,
    /// Its place among what that peer said, from 1.
    pub number: u64,
}

/// Something that was said.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ChatMessage {
    /// Its id.
    pub id: MessageId,
    /// Who said it; signed, so nobody else can have.
    pub person: PersonId,
    /// Their name at that time.
    pub name: Arc<str>,
    /// The text.
    pub text: Arc<str>,
    /// When, in milliseconds since 1970, by the author's clock.
    pub sent_at: u64,
    /// Whether we said it, on this visit or an earlier one.
    pub mine: bool,
    /// How far it came.
    pub delivery: Delivery,
    /// Its author said something else to others in the same place: two different messages with one
    /// number, both signed, or a message that follows another one than ours.
    pub is_contradicted: bool,
}

/// How far a message came.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Delivery {
    /// Nobody else has it yet. It goes out when somebody is there.
    Waiting,
    /// Somebody else has it.
    Delivered,
}

/// Checks what somebody wants to say.
pub(crate) fn checked_text(text: &str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::new(ErrorKind::Invalid, "there is nothing to send"));
    }
    let excess = MAX_TEXT.excess(text);
    if excess > 0 {
        let words = format!("the message is too long by {excess} characters");
        return Err(Error::new(ErrorKind::Invalid, words));
    }
    Ok(text.to_owned())
}

/// What a person says, before it is signed.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) sent_at: u64,
}

/// Stands for a post and, since each post names the one before it, for all earlier ones of its
/// author.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct PostDigest([u8; 16]);

impl PostDigest {
    /// The first bytes, as peers compare what they have. The whole digest, which the next post
    /// signs, tells apart what these do not.
    pub(crate) fn short(self) -> ShortDigest {
        let mut short = [0; 8];
        short.copy_from_slice(&self.0[..8]);
        ShortDigest(short)
    }
}

/// The first bytes of a [`PostDigest`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct ShortDigest(pub(crate) [u8; 8]);

/// Declares how bytes travel: as base64url without padding.
macro_rules! base64_text {
    ($name:ident) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(
                &self,
                serializer: S,
            ) -> std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(&URL_SAFE_NO_PAD.encode(self.0))
            }
        }

        impl std::str::FromStr for $name {
            type Err = FieldError;

            fn from_str(text: &str) -> std::result::Result<Self, FieldError> {
                let bytes = URL_SAFE_NO_PAD.decode(text).ok();
                let bytes = bytes.and_then(|bytes| bytes.try_into().ok());
                bytes.map(Self).ok_or(FieldError("digest"))
            }
        }
    };
}

base64_text!(PostDigest);
base64_text!(ShortDigest);

/// A message as it travels and is kept.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub(crate) struct Post {
    /// Who said it, on which visit. It travels with every post, so that a post can be checked by
    /// those who never met its author.
    #[serde(flatten)]
    pub(crate) certificate: Certificate,
    #[serde(skip)]
    pub(crate) author: PeerId,
    pub(crate) number: u64,
    /// A Lamport clock: more than that of everything that the author had received.
    pub(crate) clock: u64,
    /// The author's post before this one; zeros for the first.
    pub(crate) previous: PostDigest,
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) sent_at: u64,
    signature: Signature,
}

/// Where a post stands in its room.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) number: u64,
    pub(crate) clock: u64,
    pub(crate) previous: PostDigest,
}

impl Post {
    pub(crate) fn sign(credentials: &Credentials, place: Place, draft: Draft) -> Self {
        let mut post = Self {
            certificate: *credentials.certificate(),
            author: credentials.peer(),
            number: place.number,
            clock: place.clock,
            previous: place.previous,
            name: draft.name,
            text: draft.text,
            sent_at: draft.sent_at,
            signature: Signature::from_bytes([0; 64]),
        };
        post.signature = credentials.sign(&post.claim(credentials.room()));
        post
    }

    pub(crate) fn from_fields(mut fields: Fields) -> std::result::Result<Self, FieldError> {
        let certificate = Certificate::from_fields(&fields)?;
        Ok(Self {
            author: certificate.peer(),
            certificate,
            number: fields.number("number")?,
            clock: fields.number("clock")?,
            previous: fields.id("previous")?,
            name: fields.text("name")?,
            text: fields.text("text")?,
            sent_at: fields.number("sent_at")?,
            signature: fields.id("signature")?,
        })
    }

    pub(crate) fn person(&self) -> PersonId {
        self.certificate.person
    }

    /// Whether the post is within the limits and its author's visit signed just this, in this room.
    /// That the visit is the person's is the certificate's to show.
    pub(crate) fn is_signed_in(&self, room: RoomId) -> bool {
        let within = (1..=MAX_NUMBER).contains(&self.number)
            && self.clock <= MAX_CLOCK
            && text::is_name(&self.name)
            // Bytes alone: the number of graphemes depends on the Unicode version of who counts.
            && self.text.len() <= MAX_TEXT.bytes;
        within
            && self
                .certificate
                .has_signed(&self.claim(room), &self.signature)
    }

    /// What the author's next post names as the one before it.
    pub(crate) fn digest(&self, room: RoomId) -> PostDigest {
        let mut digest = [0; 16];
        digest.copy_from_slice(&Sha256::digest(self.claim(room))[..16]);
        PostDigest(digest)
    }

    /// About how much of a message it takes.
    pub(crate) fn size(&self) -> usize {
        Self::size_of(&self.name, &self.text)
    }

    pub(crate) fn size_of(name: &str, text: &str) -> usize {
        // The fixed fields with their names, and text whose every character might be escaped.
        650 + 2 * (name.len() + text.len())
    }

    fn claim(&self, room: RoomId) -> Vec<u8> {
        // Lengths before the texts, so that no two posts read the same.
        [
            DOMAIN,
            room.as_bytes(),
            self.author.as_bytes(),
            &self.number.to_be_bytes(),
            &self.clock.to_be_bytes(),
            &self.previous.0,
            &self.sent_at.to_be_bytes(),
            &(self.name.len() as u64).to_be_bytes(),
            self.name.as_bytes(),
            self.text.as_bytes(),
        ]
        .concat()
    }
}

#[cfg(test)]
#[path = "post_tests.rs"]
mod tests;
