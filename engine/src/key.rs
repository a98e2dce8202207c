//! The key of a room: what an invitation link carries in its fragment, and all that follows
//! from it.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hkdf::Hkdf;
use parlor_signaling_protocol::RoomId;
use sha2::{Digest as _, Sha256};

/// Separates these derivations from every other use of the same bytes.
const DOMAIN: &[u8] = b"parlor room 1";
/// So many bytes of a hash follow the secret in its text, to tell a damaged link from a good one.
const CHECK_BYTES: usize = 2;
const SECRET_BYTES: usize = 16;
const TEXT_CHARS: usize = 24;

/// The secret of a room. Whoever has it may enter, and nobody else can read what is said.
///
/// As text it is 24 characters of base64url: 16 random bytes and a 2-byte check, so that a link
/// that lost a character is told from the link to another room.
#[derive(Clone, Eq, Hash, PartialEq)]
pub struct RoomKey([u8; SECRET_BYTES]);

impl RoomKey {
    /// Draws a new one from the system's secure random source.
    pub fn generate() -> Self {
        Self(crate::random::bytes())
    }

    /// The id under which the server knows the room. It tells nothing about the key.
    pub fn room_id(&self) -> RoomId {
        RoomId::from_bytes(self.derive(b"room id"))
    }

    pub(crate) fn sealing_key(&self) -> [u8; 32] {
        self.derive(b"sealing key")
    }

    fn derive<const N: usize>(&self, purpose: &[u8]) -> [u8; N] {
        let mut output = [0; N];
        // Expansion fails only beyond 8,160 bytes of output.
        let expanded = Hkdf::<Sha256>::new(Some(DOMAIN), &self.0).expand(purpose, &mut output);
        debug_assert!(expanded.is_ok());
        output
    }

    fn check(&self) -> [u8; CHECK_BYTES] {
        let digest = Sha256::new()
            .chain_update(DOMAIN)
            .chain_update(self.0)
            .finalize();
        [digest[0], digest[1]]
    }
}

impl fmt::Display for RoomKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = [0; SECRET_BYTES + CHECK_BYTES];
        bytes[..SECRET_BYTES].copy_from_slice(&self.0);
        bytes[SECRET_BYTES..].copy_from_slice(&self.check());
        f.write_str(&URL_SAFE_NO_PAD.encode(bytes))
    }
}

impl fmt::Debug for RoomKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RoomKey(…)")
    }
}

impl FromStr for RoomKey {
    type Err = ParseKeyError;

    fn from_str(text: &str) -> Result<Self, ParseKeyError> {
        if text.len() != TEXT_CHARS {
            return Err(ParseKeyError);
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| ParseKeyError)?;
        let (secret, check) = bytes.split_at_checked(SECRET_BYTES).ok_or(ParseKeyError)?;
        let key = Self(secret.try_into().map_err(|_| ParseKeyError)?);
        if key.check() == check {
            Ok(key)
        } else {
            Err(ParseKeyError)
        }
    }
}

/// The text is not a room's key: a part of the link is missing or changed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a room's key: a part of the link is missing or changed")]
pub struct ParseKeyError;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_survives_the_round_trip() {
        let key = RoomKey::generate();
        assert_eq!(key.to_string().len(), TEXT_CHARS);
        assert_eq!(key.to_string().parse(), Ok(key));
    }

    #[test]
    fn any_one_changed_or_lost_character_is_noticed() {
        let text = RoomKey([7; 16]).to_string();
        for place in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(changed.parse::<RoomKey>(), Err(ParseKeyError), "{changed}");
            let mut shorter = text.clone();
            shorter.remove(place);
            assert_eq!(shorter.parse::<RoomKey>(), Err(ParseKeyError));
        }
        assert_eq!("".parse::<RoomKey>(), Err(ParseKeyError));
        assert_eq!("éééééééééééé".parse::<RoomKey>(), Err(ParseKeyError));
    }

    #[test]
    fn derivations_are_stable_and_differ() {
        let key = RoomKey([7; 16]);
        assert_ne!(&key.sealing_key()[..16], key.room_id().as_bytes());
        assert_ne!(key.room_id(), RoomKey([8; 16]).room_id());
        // A change here would lock everybody out of the rooms that they know.
        let id = URL_SAFE_NO_PAD.encode(key.room_id().as_bytes());
        assert_eq!(id, "2zzZic4a0y5lfFgM8ZUkkQ");
    }
}
