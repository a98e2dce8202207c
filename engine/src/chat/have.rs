use std::collections::BTreeMap;

use parlor_signaling_protocol::{FieldError, Fields, PeerId};
use serde::Serialize;
use serde_json::Value;

use super::post::ShortDigest;

/// Which posts a peer has: of each author all up to a number.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Have {
    /// Author, number of the last post, and the first bytes of that post's digest.
    pub(crate) posts: Vec<(PeerId, u64, ShortDigest)>,
    /// The highest clock among them.
    pub(crate) clock: u64,
}

impl Have {
    /// The number and the digest of each author's last post.
    pub(crate) fn by_author(&self) -> BTreeMap<PeerId, (u64, ShortDigest)> {
        let posts = self.posts.iter();
        posts
            .map(|(author, number, digest)| (*author, (*number, *digest)))
            .collect()
    }

    pub(crate) fn from_fields(mut fields: Fields) -> Result<Self, FieldError> {
        let posts = fields.list("posts")?.iter().map(entry).collect();
        Ok(Self {
            posts: Option::ok_or(posts, FieldError("posts"))?,
            clock: fields.number("clock")?,
        })
    }
}

fn entry(entry: &Value) -> Option<(PeerId, u64, ShortDigest)> {
    let [author, number, digest] = entry.as_array()?.as_slice() else {
        return None;
    };
    let (author, digest) = (author.as_str()?, digest.as_str()?);
    Some((author.parse().ok()?, number.as_u64()?, digest.parse().ok()?))
}
