//! What two people compare to make sure that nobody stands between them.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use parlor_signaling_protocol::FieldError;
use sha2::{Digest as _, Sha256};

use crate::PersonId;

const DOMAIN: &[u8] = b"parlor fingerprint 1";
/// So many bytes of the digest are kept: what a code for a camera holds.
const BYTES: usize = 16;
const GROUP_BITS: usize = 11;

/// A short form of a person's public key, for people to compare.
///
/// Each person has one of their own, and two people compare both. An attacker who stands between
/// them has to find a key with the fingerprint of a key that is already there: 2^110 attempts for
/// the [groups](Self::groups), 2^128 for the whole. One fingerprint for both keys would be weaker:
/// the attacker chooses a key on each side then, and any two that collide would do, for which half
/// the bits count.
#[derive(Clone, Copy, Eq, Hash, PartialEq)]
pub struct Fingerprint([u8; BYTES]);

impl Fingerprint {
    /// How many groups there are.
    pub const GROUPS: usize = 10;
    /// Each group is a number below this.
    pub const GROUP_VALUES: u16 = 1 << GROUP_BITS;

    /// The fingerprint of this person's key.
    pub fn of(person: PersonId) -> Self {
        let digest = Sha256::new()
            .chain_update(DOMAIN)
            .chain_update(person.as_bytes())
            .finalize();
        let mut bytes = [0; BYTES];
        bytes.copy_from_slice(&digest[..BYTES]);
        Self(bytes)
    }

    /// The first 110 bits as numbers from 0 to 2047, for a list of words or for digits.
    pub fn groups(&self) -> [u16; Self::GROUPS] {
        let bits = u128::from_be_bytes(self.0);
        std::array::from_fn(|group| {
            let shifted = bits >> (u128::BITS as usize - (group + 1) * GROUP_BITS);
            // The mask keeps eleven bits.
            (shifted & u128::from(Self::GROUP_VALUES - 1)) as u16
        })
    }
}

/// Base64url without padding, 22 characters: for links and codes.
impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

impl FromStr for Fingerprint {
    type Err = FieldError;

    fn from_str(text: &str) -> Result<Self, FieldError> {
        let bytes = URL_SAFE_NO_PAD
            .decode(text)
            .ok()
            .and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or(FieldError("fingerprint"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(number: u8) -> PersonId {
        URL_SAFE_NO_PAD.encode([number; 32]).parse().unwrap()
    }

    /// Computed with another program: other implementations of the protocol have to agree.
    #[test]
    fn the_groups_are_the_first_bits_of_the_digest() {
        let fingerprint = Fingerprint::of(person(7));
        assert_eq!(fingerprint.to_string(), "wBtr4AcrUvJ0GDDPPKwICQ");
        assert_eq!(
            fingerprint.groups(),
            [1536, 1754, 1984, 114, 1449, 969, 1667, 48, 1657, 1835]
        );
    }

    #[test]
    fn another_key_has_other_groups_throughout() {
        let groups = |number| Fingerprint::of(person(number)).groups();
        let alike = groups(1).into_iter().zip(groups(2)).filter(|(a, b)| a == b);
        assert_eq!(alike.count(), 0);
    }

    #[test]
    fn it_survives_being_written() {
        let fingerprint = Fingerprint::of(person(3));
        assert_eq!(fingerprint.to_string().parse(), Ok(fingerprint));
        for text in ["", "AAAA", "not base64 at all!!!!!", &"A".repeat(23)] {
            assert!(text.parse::<Fingerprint>().is_err(), "{text}");
        }
    }
}
