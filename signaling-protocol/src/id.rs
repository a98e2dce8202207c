use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The text was not 16 bytes in unpadded base64url.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("an id is 22 characters of base64url")]
pub struct ParseIdError;

/// Declares a 16-byte id that travels as 22 characters of base64url.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $bytes:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name([u8; $bytes]);

        impl $name {
            /// Wraps bytes that came from a secure random source or a key derivation.
            pub const fn from_bytes(bytes: [u8; $bytes]) -> Self {
                Self(bytes)
            }

            /// The bytes.
            pub const fn as_bytes(&self) -> &[u8; $bytes] {
                &self.0
            }

            /// The whole value as text, as on the wire. `Display` shows a part of it, which
            /// others can make the same on purpose.
            pub fn to_text(&self) -> String {
                URL_SAFE_NO_PAD.encode(self.0)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                // Measured before decoding: the text comes from outside and may be of any length.
                if text.len() != ($bytes * 8usize).div_ceil(6) {
                    return Err(ParseIdError);
                }
                let decoded = URL_SAFE_NO_PAD.decode(text).map_err(|_| ParseIdError)?;
                decoded.try_into().map(Self).map_err(|_| ParseIdError)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.to_text())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(D::Error::custom)
            }
        }
    };
}

id! {
    /// One visit of one device to one room, from entering to leaving.
    ///
    /// It is the hash of the [`PeerKey`] that was made for the visit, so only the holder of the
    /// secret half can be this peer, and messages of an earlier visit mean nothing in a later one.
    PeerId, 16
}

id! {
    /// A room, as the server knows it: derived one way from the key in the invitation link.
    RoomId, 16
}

id! {
    /// Proves that a new socket belongs to a session whose socket was lost.
    ResumeToken, 16
}

id! {
    /// The server's random bytes of one session. A [`Signature`] that covers them was made for that
    /// session and cannot be one that was seen earlier.
    Challenge, 16
}

id! {
    /// The public half of the Ed25519 key pair ([RFC 8032](https://www.rfc-editor.org/rfc/rfc8032))
    /// that a client makes for one visit to one room.
    PeerKey, 32
}

id! {
    /// An Ed25519 signature.
    Signature, 64
}

/// Declares how an id shows in logs: the first characters tell ids apart, the rest is noise.
macro_rules! short {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.to_text()[..6])
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }
    };
}

short!(PeerId);
short!(PeerKey);
short!(RoomId);

/// Declares that nothing of a value shows in logs: it is secret, or only noise.
macro_rules! hidden {
    ($name:ident) => {
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
}

hidden!(ResumeToken);
hidden!(Challenge);
hidden!(Signature);
