//! Who a person is: a key pair that is made on the device and stays there. There is no account.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use parlor_signaling_protocol::FieldError;
use serde::{Serialize, Serializer};

/// A person on one device: the public half of an Ed25519 key pair
/// ([RFC 8032](https://www.rfc-editor.org/rfc/rfc8032)). It stays the same from visit to visit.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct PersonId([u8; 32]);

impl PersonId {
    /// The bytes of the public key.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub(crate) fn has_signed(&self, text: &[u8], signature: &[u8; 64]) -> bool {
        VerifyingKey::from_bytes(&self.0).is_ok_and(|key| {
            key.verify_strict(text, &Signature::from_bytes(signature))
                .is_ok()
        })
    }
}

impl fmt::Debug for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PersonId({})", &URL_SAFE_NO_PAD.encode(self.0)[..6])
    }
}

/// Base64url without padding, 43 characters: what [`FromStr`] reads.
impl fmt::Display for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl Serialize for PersonId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromStr for PersonId {
    type Err = FieldError;

    fn from_str(text: &str) -> Result<Self, FieldError> {
        let bytes = URL_SAFE_NO_PAD
            .decode(text)
            .ok()
            .and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or(FieldError("person"))
    }
}

/// The secret half.
#[derive(Clone)]
pub(crate) struct Identity(SigningKey);

impl Identity {
    pub(crate) fn generate() -> Self {
        Self(SigningKey::from_bytes(&crate::random::bytes()))
    }

    /// Reads what [`Self::to_stored`] wrote; `None` for anything else.
    pub(crate) fn from_stored(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        Some(Self(SigningKey::from_bytes(&bytes.try_into().ok()?)))
    }

    pub(crate) fn to_stored(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.to_bytes())
    }

    pub(crate) fn person(&self) -> PersonId {
        PersonId(self.0.verifying_key().to_bytes())
    }

    pub(crate) fn sign(&self, text: &[u8]) -> [u8; 64] {
        self.0.sign(text).to_bytes()
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity({:?})", self.person())
    }
}
