use ed25519_dalek::VerifyingKey;
use sha2::{Digest as _, Sha256};

use crate::{Challenge, PeerId, PeerKey, RoomId, Signature};

const PEER_DOMAIN: &[u8] = b"parlor peer 2";
const JOIN_DOMAIN: &[u8] = b"parlor join 2";

impl PeerKey {
    /// The id of the peer that has this key: the first 16 bytes of SHA-256 over
    /// `"parlor peer 2"` and the key.
    pub fn peer_id(&self) -> PeerId {
        let digest = Sha256::new()
            .chain_update(PEER_DOMAIN)
            .chain_update(self.as_bytes())
            .finalize();
        let mut id = [0; 16];
        id.copy_from_slice(&digest[..16]);
        PeerId::from_bytes(id)
    }

    /// Whether the secret half of this key signed these bytes. Weak keys and signatures that are
    /// not in their one canonical form are refused.
    pub fn has_signed(&self, claim: &[u8], signature: &Signature) -> bool {
        let signature = ed25519_dalek::Signature::from_bytes(signature.as_bytes());
        VerifyingKey::from_bytes(self.as_bytes())
            .is_ok_and(|key| key.verify_strict(claim, &signature).is_ok())
    }
}

/// The bytes that the proof of a [`join`](crate::ClientMessage::Join) signs: `"parlor join 2"`, the
/// room and the challenge of the session.
pub fn join_claim(room: RoomId, challenge: Challenge) -> Vec<u8> {
    [JOIN_DOMAIN, room.as_bytes(), challenge.as_bytes()].concat()
}
