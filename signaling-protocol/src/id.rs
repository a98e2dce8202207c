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
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name([u8; 16]);

        impl $name {
            /// Wraps bytes that came from a secure random source or a key derivation.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// The bytes.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }

            fn encoded(&self) -> String {
                URL_SAFE_NO_PAD.encode(self.0)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                let mut bytes = [0; 16];
                // `decode_slice` wants room for whole groups, so measure before decoding.
                if text.len() != 22 {
                    return Err(ParseIdError);
                }
                let decoded = URL_SAFE_NO_PAD.decode(text).map_err(|_| ParseIdError)?;
                if decoded.len() != bytes.len() {
                    return Err(ParseIdError);
                }
                bytes.copy_from_slice(&decoded);
                Ok(Self(bytes))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.encoded())
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
    /// One device of one person for as long as its page or process lives.
    ///
    /// The peer draws it at random; what peers seal for each other binds it, so a message sealed
    /// for one peer opens for no other, and none from an earlier visit opens at all.
    PeerId
}

id! {
    /// A room, as the server knows it: derived one way from the key in the invitation link.
    RoomId
}

id! {
    /// Proves that a new socket belongs to a session whose socket was lost.
    ResumeToken
}

/// Declares how an id shows in logs: the first characters tell ids apart, the rest is noise.
macro_rules! short {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.encoded()[..6])
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
short!(RoomId);

impl fmt::Debug for ResumeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResumeToken(…)")
    }
}
