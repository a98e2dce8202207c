//! Routes: the address names the start page, or a room by the invitation in its fragment.
//!
//! A fragment never reaches a server, so the room's key stays between those who have the link.

use crate::state::verification::Code;
use parlor_engine::{RoomKey, TextLimit, single_line};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// The longest name of a room. Its bytes take three characters each in a link, which still has to
/// fit into a QR code that a phone can read.
pub const MAX_ROOM_NAME: TextLimit = TextLimit {
    graphemes: 60,
    bytes: 240,
};

/// The characters of a room's key as text.
const KEY_CHARS: usize = 24;
/// The number of key characters after a `#` from which a damaged text counts as an invitation.
const MEANT_AS_KEY: usize = 12;
/// The length of the text before a `#` that is searched for an address, in bytes.
const MAX_ADDRESS: usize = 2_000;
/// The length of the longest fragment with every byte escaped twice, in bytes.
const MAX_ESCAPED: usize = 9 * (KEY_CHARS + 1 + MAX_ROOM_NAME.bytes);

/// The page that the address names.
#[derive(Clone, Debug, PartialEq)]
pub enum Route {
    Start,
    Room(Invitation),
    /// The page that checks a person's code, read with a camera.
    Verify(Code),
    /// The fragment is no invitation: a part of the link was lost.
    Damaged,
}

impl Route {
    /// Parses a fragment, with or without its `#`.
    pub fn from_fragment(fragment: &str) -> Self {
        let fragment = fragment.trim_start_matches('#');
        if fragment.is_empty() {
            return Self::Start;
        }
        if let Some(code) = Code::from_fragment(fragment) {
            return Self::Verify(code);
        }
        Invitation::from_fragment(fragment).map_or(Self::Damaged, Self::Room)
    }
}

/// A room's key and the name that the link gives it.
#[derive(Clone, Debug, PartialEq)]
pub struct Invitation {
    pub key: RoomKey,
    /// The room's name, which may be empty.
    pub name: String,
}

impl Invitation {
    /// Creates an invitation to a new room.
    pub fn new(name: &str) -> Self {
        Self {
            key: RoomKey::generate(),
            name: clean(name),
        }
    }

    /// Finds the invitation in a pasted text: with any words and punctuation around it, with other
    /// parameters, escaped inside another link, or only the fragment.
    pub fn from_link(text: &str) -> Result<Self, LinkError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(LinkError::Empty);
        }
        let mut error = LinkError::NotALink;
        for (place, _) in text.match_indices(['#', '＃', '%']) {
            let Some((marker, rest)) = after_marker(&text[place..]) else {
                continue;
            };
            let found = match marker {
                Marker::Plain => Self::from_fragment(rest),
                Marker::Escaped => Self::from_escaped(rest),
            };
            if let Some(invitation) = found {
                return Ok(invitation);
            }
            if error == LinkError::NotALink && was_meant(&text[..place], rest) {
                error = LinkError::Damaged;
            }
        }
        let bare = text.trim_start_matches(|c: char| !is_key(c));
        Self::from_fragment(bare).ok_or(error)
    }

    /// Parses the key and the name at the start of a text.
    fn from_fragment(fragment: &str) -> Option<Self> {
        let (key, rest) = fragment.split_at_checked(KEY_CHARS)?;
        let key = key.parse().ok()?;
        let name = rest.strip_prefix('/').map(encoded_name).unwrap_or_default();
        let name = percent_decode_str(name).decode_utf8_lossy();
        // A letter that lost a part of its code is left out.
        let name = name.replace(char::REPLACEMENT_CHARACTER, "");
        Some(Self {
            key,
            name: clean(&name),
        })
    }

    /// Parses the text after an escaped `#`. The rest of the link may be escaped as well.
    fn from_escaped(fragment: &str) -> Option<Self> {
        if fragment.get(KEY_CHARS..)?.starts_with('/') {
            return Self::from_fragment(fragment);
        }
        let fragment = &fragment[..fragment.floor_char_boundary(MAX_ESCAPED)];
        Self::from_fragment(&percent_decode_str(fragment).decode_utf8_lossy())
    }

    /// Returns the link's fragment, without the `#`.
    pub fn fragment(&self) -> String {
        if self.name.is_empty() {
            return self.key.to_string();
        }
        format!(
            "{}/{}",
            self.key,
            utf8_percent_encode(&self.name, NON_ALPHANUMERIC)
        )
    }

    /// Returns the link to share.
    pub fn link(&self, origin: &str) -> String {
        format!("{origin}/#{}", self.fragment())
    }
}

/// Cleans a room's name: one line, without characters that would garble the text around it.
fn clean(name: &str) -> String {
    single_line(name, MAX_ROOM_NAME)
}

/// The sign before a fragment.
#[derive(Clone, Copy)]
enum Marker {
    /// `#`.
    Plain,
    /// `%23`, as in a link that is a part of another one.
    Escaped,
}

/// Splits a text after the marker that it begins with.
fn after_marker(text: &str) -> Option<(Marker, &str)> {
    let plain = text.strip_prefix(['#', '＃']);
    let plain = plain.map(|rest| (Marker::Plain, rest));
    plain.or_else(|| Some((Marker::Escaped, text.strip_prefix("%23")?)))
}

/// Returns `true` if a marker with a damaged key behind it was probably meant as an invitation, and
/// not as a heading or a hashtag.
fn was_meant(before: &str, rest: &str) -> bool {
    let near = &before[before.floor_char_boundary(before.len().saturating_sub(MAX_ADDRESS))..];
    let word = near.rsplit(char::is_whitespace).next();
    let is_in_address = word.is_some_and(|word| word.contains("://") || word.ends_with('/'));
    is_in_address || rest.chars().take_while(|&c| is_key(c)).count() >= MEANT_AS_KEY
}

/// Returns `true` if a character belongs to base64url, in which room keys are written.
fn is_key(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

/// Returns the percent-encoded name of the room at the start of a text. Links escape everything but
/// letters and digits, so a punctuation mark ends the name and belongs to the text around the link.
fn encoded_name(text: &str) -> &str {
    let is_ascii = text.starts_with(|c: char| c.is_ascii());
    let is_name = |c: char| {
        if is_ascii {
            c.is_ascii_alphanumeric() || matches!(c, '%' | '-' | '.' | '_' | '~')
        } else {
            // An app showed the link unescaped, and somebody copied what it showed.
            !c.is_whitespace() && !ends_unescaped_name(c)
        }
    };
    let end = text.find(|c| !is_name(c)).unwrap_or(text.len());
    text[..end].trim_end_matches(['-', '.', '_', '~'])
}

/// Returns `true` for brackets, quotes and the marks that end a sentence, in several scripts.
fn ends_unescaped_name(c: char) -> bool {
    const MARKS: &str = "!\"'()*,:;<>?[]`{|}&#«»،؛؟।";
    MARKS.contains(c)
        || matches!(c, '\u{2010}'..='\u{205E}' | '\u{3001}'..='\u{301F}' | '\u{FF01}'..='\u{FF0F}')
        || matches!(c, '\u{FF1A}'..='\u{FF20}' | '\u{FF3B}'..='\u{FF40}' | '\u{FF5B}'..='\u{FF65}')
}

/// The reason for which a pasted text is no invitation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LinkError {
    Empty,
    /// The text contains a damaged invitation.
    Damaged,
    NotALink,
}

#[cfg(test)]
#[path = "route_tests.rs"]
mod tests;
