//! What peers say to each other through the server, closed to the server.
//!
//! XChaCha20-Poly1305 ([draft-irtf-cfrg-xchacha](https://datatracker.ietf.org/doc/html/draft-irtf-cfrg-xchacha-03))
//! with the room's sealing key. A sealed text is base64url of
//!
//! ```text
//! counter (8 bytes, big endian) · nonce (24 bytes, random) · ciphertext and tag
//! ```
//!
//! Room, sender, recipient and counter are authenticated with it. So a sealed text opens only for
//! the peer that it was made for, only as its sender's, and only once: a receiver takes each
//! sender's counters in rising order. Peer ids are drawn anew on each visit, which is why nothing
//! from an earlier visit opens either.
//!
//! That holds against a server. Members have the key, and can seal as each other: what must not be
//! made up by a member is signed. `signaling-protocol/PEERS.md` has all of it, byte by byte.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use parlor_signaling_protocol::{PeerId, RoomId, Sealed};

use crate::RoomKey;

const DOMAIN: &[u8] = b"parlor sealed 1";
const COUNTER_BYTES: usize = 8;
const NONCE_BYTES: usize = 24;

/// Whom a sealed text is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Recipient {
    Peer(PeerId),
    /// A card, for all who have the key.
    Everyone,
}

/// Seals and opens for one room.
#[derive(Clone)]
pub(crate) struct Sealer {
    room: RoomId,
    cipher: XChaCha20Poly1305,
}

/// A sealed text did not open: not meant for us, not from whom it claims to be, damaged, or made
/// with another key. Which of these cannot be told.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a sealed text did not open")]
pub(crate) struct OpenError;

/// What was inside, and its sender's counter.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Opened {
    pub(crate) counter: u64,
    pub(crate) text: String,
}

impl Sealer {
    pub(crate) fn new(key: &RoomKey) -> Self {
        Self {
            room: key.room_id(),
            cipher: XChaCha20Poly1305::new(&key.sealing_key().into()),
        }
    }

    pub(crate) fn room(&self) -> RoomId {
        self.room
    }

    pub(crate) fn seal(&self, from: PeerId, to: Recipient, counter: u64, text: &str) -> Sealed {
        self.seal_with(crate::random::bytes(), (from, to, counter), text)
    }

    /// Seals with this nonce, which has to be one that was never used before.
    pub(crate) fn seal_with(
        &self,
        nonce: [u8; NONCE_BYTES],
        (from, to, counter): (PeerId, Recipient, u64),
        text: &str,
    ) -> Sealed {
        let context = self.context(from, to, counter);
        let payload = Payload {
            msg: text.as_bytes(),
            aad: &context,
        };
        // Sealing fails only for texts of more than 256 GiB.
        let ciphertext = self
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .unwrap_or_default();
        let mut bytes = Vec::with_capacity(COUNTER_BYTES + NONCE_BYTES + ciphertext.len());
        bytes.extend_from_slice(&counter.to_be_bytes());
        bytes.extend_from_slice(&nonce);
        bytes.extend_from_slice(&ciphertext);
        Sealed(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Opens what `from` sealed for `to`. The caller compares the counter with the last one.
    pub(crate) fn open(
        &self,
        from: PeerId,
        to: Recipient,
        sealed: &Sealed,
    ) -> Result<Opened, OpenError> {
        let bytes = URL_SAFE_NO_PAD.decode(&sealed.0).map_err(|_| OpenError)?;
        let (counter, rest) = bytes
            .split_first_chunk::<COUNTER_BYTES>()
            .ok_or(OpenError)?;
        let (nonce, ciphertext) = rest.split_first_chunk::<NONCE_BYTES>().ok_or(OpenError)?;
        let counter = u64::from_be_bytes(*counter);
        let context = self.context(from, to, counter);
        let payload = Payload {
            msg: ciphertext,
            aad: &context,
        };
        let text = self
            .cipher
            .decrypt(&XNonce::from(*nonce), payload)
            .map_err(|_| OpenError)?;
        Ok(Opened {
            counter,
            text: String::from_utf8(text).map_err(|_| OpenError)?,
        })
    }

    fn context(&self, from: PeerId, to: Recipient, counter: u64) -> Vec<u8> {
        // Every part has a fixed length, so no two contexts read the same.
        let mut context = DOMAIN.to_vec();
        context.extend_from_slice(self.room.as_bytes());
        context.extend_from_slice(from.as_bytes());
        match to {
            Recipient::Peer(peer) => {
                context.push(1);
                context.extend_from_slice(peer.as_bytes());
            }
            Recipient::Everyone => context.push(0),
        }
        context.extend_from_slice(&counter.to_be_bytes());
        context
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALICE: PeerId = PeerId::from_bytes([1; 16]);
    const BOB: PeerId = PeerId::from_bytes([2; 16]);
    const CARLA: PeerId = PeerId::from_bytes([3; 16]);

    #[test]
    fn opens_for_whom_it_was_sealed() {
        let sealer = Sealer::new(&RoomKey::generate());
        let sealed = sealer.seal(ALICE, Recipient::Peer(BOB), 7, "hello");
        let opened = sealer.open(ALICE, Recipient::Peer(BOB), &sealed);
        assert_eq!(
            opened,
            Ok(Opened {
                counter: 7,
                text: "hello".into()
            })
        );
        assert!(!sealed.0.contains("hello"));
    }

    #[test]
    fn a_server_cannot_misdirect_reattribute_or_renumber() {
        let sealer = Sealer::new(&RoomKey::generate());
        let sealed = sealer.seal(ALICE, Recipient::Peer(BOB), 7, "hello");
        assert_eq!(
            sealer.open(ALICE, Recipient::Peer(CARLA), &sealed),
            Err(OpenError)
        );
        assert_eq!(
            sealer.open(CARLA, Recipient::Peer(BOB), &sealed),
            Err(OpenError)
        );
        assert_eq!(
            sealer.open(ALICE, Recipient::Everyone, &sealed),
            Err(OpenError)
        );
        let mut bytes = URL_SAFE_NO_PAD.decode(&sealed.0).unwrap();
        bytes[7] += 1;
        let renumbered = Sealed(URL_SAFE_NO_PAD.encode(bytes));
        assert_eq!(
            sealer.open(ALICE, Recipient::Peer(BOB), &renumbered),
            Err(OpenError)
        );
    }

    #[test]
    fn another_room_and_garbage_do_not_open() {
        let sealer = Sealer::new(&RoomKey::generate());
        let other = Sealer::new(&RoomKey::generate());
        let sealed = sealer.seal(ALICE, Recipient::Everyone, 1, "hello");
        assert_eq!(
            other.open(ALICE, Recipient::Everyone, &sealed),
            Err(OpenError)
        );
        for garbage in ["", "AAAA", "no base64!", "é"] {
            let garbage = Sealed(garbage.into());
            assert_eq!(
                sealer.open(ALICE, Recipient::Everyone, &garbage),
                Err(OpenError)
            );
        }
    }
}
