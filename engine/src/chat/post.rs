use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use parlor_signaling_protocol::{FieldError, Fields, PeerId, RoomId};
use serde::Serialize;

use crate::PersonId;
use crate::error::{Error, ErrorKind, Result};
use crate::identity::Identity;
use crate::text::{self, MAX_TEXT};

const DOMAIN: &[u8] = b"parlor post 1";

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

/// A message as it travels and is kept.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub(crate) struct Post {
    pub(crate) author: PeerId,
    pub(crate) number: u64,
    /// A Lamport clock: more than that of everything that the author had heard.
    pub(crate) clock: u64,
    pub(crate) person: PersonId,
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) sent_at: u64,
    signature: String,
}

impl Post {
    pub(crate) fn sign(
        identity: &Identity,
        room: RoomId,
        id: MessageId,
        clock: u64,
        draft: Draft,
    ) -> Self {
        let mut post = Self::unsigned(identity.person(), id, clock, draft);
        post.signature = URL_SAFE_NO_PAD.encode(identity.sign(&post.claim(room)));
        post
    }

    pub(super) fn unsigned(person: PersonId, id: MessageId, clock: u64, draft: Draft) -> Self {
        Self {
            author: id.author,
            number: id.number,
            clock,
            person,
            name: draft.name,
            text: draft.text,
            sent_at: draft.sent_at,
            signature: String::new(),
        }
    }

    pub(crate) fn from_fields(mut fields: Fields) -> std::result::Result<Self, FieldError> {
        Ok(Self {
            author: fields.id("author")?,
            number: fields.number("number")?,
            clock: fields.number("clock")?,
            person: fields.id("person")?,
            name: fields.text("name")?,
            text: fields.text("text")?,
            sent_at: fields.number("sent_at")?,
            signature: fields.text("signature")?,
        })
    }

    /// Whether the person said just this, in this room, and it is within the limits.
    pub(crate) fn is_genuine(&self, room: RoomId) -> bool {
        // Bytes alone: the number of graphemes depends on the Unicode version of who counts.
        let within =
            self.number > 0 && text::is_name(&self.name) && self.text.len() <= MAX_TEXT.bytes;
        let signature = URL_SAFE_NO_PAD.decode(&self.signature).ok();
        let signature = signature.and_then(|bytes| <[u8; 64]>::try_from(bytes).ok());
        within && signature.is_some_and(|it| self.person.has_signed(&self.claim(room), &it))
    }

    /// The order that everybody shows posts in.
    pub(crate) fn place(&self) -> (u64, PeerId, u64) {
        (self.clock, self.author, self.number)
    }

    /// About how much of a message it takes.
    pub(crate) fn size(&self) -> usize {
        // The fixed fields with their names, and text whose every character might be escaped.
        400 + 2 * (self.name.len() + self.text.len())
    }

    fn claim(&self, room: RoomId) -> Vec<u8> {
        // Lengths before the texts, so that no two posts read the same.
        [
            DOMAIN,
            room.as_bytes(),
            self.author.as_bytes(),
            &self.number.to_be_bytes(),
            &self.clock.to_be_bytes(),
            &self.sent_at.to_be_bytes(),
            &(self.name.len() as u64).to_be_bytes(),
            self.name.as_bytes(),
            self.text.as_bytes(),
        ]
        .concat()
    }
}
