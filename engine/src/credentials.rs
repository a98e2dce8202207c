//! Proof of identity on one visit to one room.
//!
//! A visit has a key pair of its own; the hash of its public half is the [`PeerId`]. The person's
//! key signs a [`Certificate`] for it, and everything else that the peer says (its card, its posts,
//! its session descriptions) is signed with the visit's key. So nobody else can speak as the peer,
//! and a certificate that somebody copies is worth nothing without the secret half.

use std::fmt;
use std::sync::Arc;

use ed25519_dalek::{Signer as _, SigningKey};
use parlor_signaling_protocol::{
    Challenge, FieldError, Fields, PeerId, PeerKey, RoomId, Signature, join_claim,
};
use serde::Serialize;

use crate::PersonId;
use crate::identity::Identity;

const VISIT_DOMAIN: &[u8] = b"parlor visit 2";

/// The secret half of a visit, and what it shows to others. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Credentials(Arc<Inner>);

struct Inner {
    room: RoomId,
    secret: SigningKey,
    certificate: Certificate,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Credentials({})", self.peer())
    }
}

/// A person's signature on a visit's key.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub(crate) struct Certificate {
    pub(crate) person: PersonId,
    pub(crate) key: PeerKey,
    proof: Signature,
}

impl Credentials {
    /// Makes the keys of a new visit.
    pub(crate) fn issue(identity: &Identity, room: RoomId) -> Self {
        Self::of_secret(identity, room, crate::random::bytes())
    }

    /// Certifies a visit that has this secret.
    pub(crate) fn of_secret(identity: &Identity, room: RoomId, secret: [u8; 32]) -> Self {
        let secret = SigningKey::from_bytes(&secret);
        let key = PeerKey::from_bytes(secret.verifying_key().to_bytes());
        let proof = Signature::from_bytes(identity.sign(&visit_claim(room, &key)));
        let person = identity.person();
        Self(Arc::new(Inner {
            room,
            secret,
            certificate: Certificate { person, key, proof },
        }))
    }

    pub(crate) fn peer(&self) -> PeerId {
        self.0.certificate.peer()
    }

    pub(crate) fn room(&self) -> RoomId {
        self.0.room
    }

    pub(crate) fn certificate(&self) -> &Certificate {
        &self.0.certificate
    }

    pub(crate) fn sign(&self, claim: &[u8]) -> Signature {
        Signature::from_bytes(self.0.secret.sign(claim).to_bytes())
    }

    /// The proof that a `join` shows to the server.
    pub(crate) fn prove(&self, challenge: Challenge) -> Signature {
        self.sign(&join_claim(self.0.room, challenge))
    }
}

impl Certificate {
    /// The peer that this certificate is for.
    pub(crate) fn peer(&self) -> PeerId {
        self.key.peer_id()
    }

    /// Whether the person signed for this visit to this room.
    pub(crate) fn holds_in(&self, room: RoomId) -> bool {
        let claim = visit_claim(room, &self.key);
        self.person.has_signed(&claim, self.proof.as_bytes())
    }

    /// Whether the peer signed this.
    pub(crate) fn has_signed(&self, claim: &[u8], signature: &Signature) -> bool {
        self.key.has_signed(claim, signature)
    }

    pub(crate) fn from_fields(fields: &Fields) -> Result<Self, FieldError> {
        Ok(Self {
            person: fields.id("person")?,
            key: fields.id("key")?,
            proof: fields.id("proof")?,
        })
    }
}

fn visit_claim(room: RoomId, key: &PeerKey) -> Vec<u8> {
    [VISIT_DOMAIN, room.as_bytes(), key.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: RoomId = RoomId::from_bytes([1; 16]);

    #[test]
    fn a_certificate_holds_for_its_room_key_and_person_alone() {
        let (ann, ben) = (Identity::generate(), Identity::generate());
        let (anns, bens) = (
            Credentials::issue(&ann, ROOM),
            Credentials::issue(&ben, ROOM),
        );
        let certificate = *anns.certificate();
        assert!(certificate.holds_in(ROOM));
        assert!(!certificate.holds_in(RoomId::from_bytes([2; 16])));
        let (person, key) = (ben.person(), bens.certificate().key);
        assert!(
            !Certificate {
                person,
                ..certificate
            }
            .holds_in(ROOM)
        );
        assert!(!Certificate { key, ..certificate }.holds_in(ROOM));
    }

    #[test]
    fn each_visit_is_another_peer_of_the_same_person() {
        let identity = Identity::generate();
        let (first, second) = (
            Credentials::issue(&identity, ROOM),
            Credentials::issue(&identity, ROOM),
        );
        assert_ne!(first.peer(), second.peer());
        assert_eq!(first.certificate().person, second.certificate().person);
        assert!(
            !second
                .certificate()
                .has_signed(b"text", &first.sign(b"text"))
        );
    }
}
