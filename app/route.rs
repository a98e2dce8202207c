//! What the address says: the start page, or a room by the invitation in the link's fragment.
//!
//! A fragment never reaches a server, so the room's key stays between those who have the link.

use crate::state::verification::Code;
use parlor_engine::RoomKey;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// The longest name of a room, in characters.
pub const MAX_ROOM_NAME_CHARS: usize = 60;

/// What stays readable in a link.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// Which page the address names.
#[derive(Clone, Debug, PartialEq)]
pub enum Route {
    Start,
    Room(Invitation),
    /// Somebody's code, read with a camera: are they who they say?
    Verify(Code),
    /// There is a fragment, but it is not an invitation: a part of the link was lost.
    Damaged,
}

impl Route {
    /// Reads a fragment, with or without its `#`.
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
    /// May be empty.
    pub name: String,
}

impl Invitation {
    /// An invitation to a new room.
    pub fn new(name: &str) -> Self {
        Self {
            key: RoomKey::generate(),
            name: clean(name),
        }
    }

    /// Reads a link as people paste it: with words around it, or only its fragment.
    pub fn from_link(text: &str) -> Result<Self, LinkError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(LinkError::Empty);
        }
        let found = text
            .split_whitespace()
            .find_map(|word| word.split_once('#'));
        match found {
            Some((_, fragment)) => Self::from_fragment(fragment).ok_or(LinkError::Damaged),
            None => Self::from_fragment(text).ok_or(LinkError::NotALink),
        }
    }

    fn from_fragment(fragment: &str) -> Option<Self> {
        let (key, name) = fragment.split_once('/').unwrap_or((fragment, ""));
        let key = key.parse().ok()?;
        let name = percent_decode_str(name).decode_utf8_lossy();
        Some(Self {
            key,
            name: clean(&name),
        })
    }

    /// What follows the `#` of the link.
    pub fn fragment(&self) -> String {
        if self.name.is_empty() {
            return self.key.to_string();
        }
        format!("{}/{}", self.key, utf8_percent_encode(&self.name, ENCODED))
    }

    /// The link to give to others.
    pub fn link(&self, origin: &str) -> String {
        format!("{origin}/#{}", self.fragment())
    }
}

/// A room's name on one line, without what could garble the text around it.
fn clean(name: &str) -> String {
    let shown = |c: &char| {
        !c.is_control() && !matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    let name: String = name
        .chars()
        .filter(shown)
        .take(MAX_ROOM_NAME_CHARS)
        .collect();
    name.trim().to_owned()
}

/// Why a pasted text leads nowhere.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LinkError {
    Empty,
    /// It has a fragment, but not a whole one.
    Damaged,
    NotALink,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_survives_the_round_trip() {
        for name in ["Kitchen table", "こたつの間", "a/b#c%20 & ü", ""] {
            let invitation = Invitation::new(name);
            let link = invitation.link("https://parlor.example");
            assert!(link.is_ascii(), "{link}");
            assert_eq!(Invitation::from_link(&link), Ok(invitation.clone()));
            assert_eq!(
                Route::from_fragment(&invitation.fragment()),
                Route::Room(invitation)
            );
        }
    }

    #[test]
    fn a_link_is_found_in_the_words_around_it() {
        let invitation = Invitation::new("Tea");
        let text = format!("Come in: {} see you", invitation.link("https://a.example"));
        assert_eq!(Invitation::from_link(&text), Ok(invitation.clone()));
        assert_eq!(
            Invitation::from_link(&invitation.fragment()),
            Ok(invitation)
        );
    }

    #[test]
    fn a_damaged_link_is_told_from_no_link() {
        let mut link = Invitation::new("").link("https://a.example");
        link.pop();
        assert_eq!(Invitation::from_link(&link), Err(LinkError::Damaged));
        assert_eq!(
            Invitation::from_link("https://a.example/"),
            Err(LinkError::NotALink)
        );
        assert_eq!(Invitation::from_link("  "), Err(LinkError::Empty));
        assert_eq!(Route::from_fragment("#abc"), Route::Damaged);
        assert_eq!(Route::from_fragment(""), Route::Start);
        assert_eq!(Route::from_fragment("#"), Route::Start);
    }

    #[test]
    fn names_are_one_short_line() {
        let invitation = Invitation::new(&format!(" a\n\u{202E}b{} ", "x".repeat(100)));
        assert_eq!(invitation.name.chars().count(), MAX_ROOM_NAME_CHARS - 1);
        assert!(invitation.name.starts_with("abx"));
    }
}
