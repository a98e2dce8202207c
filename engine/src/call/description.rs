//! Ties a session description to the two peers and the link that it was made for.
//!
//! What is sealed with the room's key can be made by every member. A member who also controls the
//! server could so put the fingerprint of its own certificate into the offers and answers of two
//! others, and pass their media and messages on (RFC 8827, section 7: identity). The signature of the
//! visit's key on the whole description leaves nothing to exchange.

use parlor_signaling_protocol::{PeerId, RoomId, Signature};

use super::message::{Signal, SignedSignal};
use crate::credentials::{Certificate, Credentials};

const DOMAIN: &[u8] = b"parlor description 2";

/// Where a description belongs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Description {
    pub(crate) room: RoomId,
    pub(crate) from: PeerId,
    pub(crate) to: PeerId,
    /// The sender's id of the link.
    pub(crate) link: u32,
}

impl Description {
    /// Signs a signal that is a description; a candidate needs no signature, since what it leads to
    /// has to show the certificate of the description.
    pub(crate) fn sign(&self, signal: Signal, credentials: &Credentials) -> SignedSignal {
        let signature = self.claim(&signal).map(|claim| credentials.sign(&claim));
        SignedSignal { signal, signature }
    }

    /// Gives the signal, if it is what its sender signed for this link.
    pub(crate) fn check(&self, signed: SignedSignal, certificate: &Certificate) -> Option<Signal> {
        let SignedSignal { signal, signature } = signed;
        let fits = |claim: Vec<u8>, signature: Option<Signature>| {
            signature.is_some_and(|signature| certificate.has_signed(&claim, &signature))
        };
        match self.claim(&signal) {
            Some(claim) => fits(claim, signature).then_some(signal),
            None => Some(signal),
        }
    }

    fn claim(&self, signal: &Signal) -> Option<Vec<u8>> {
        let (kind, id, sdp) = match signal {
            Signal::Offer { id, sdp } => (0, id, sdp),
            Signal::Answer { id, sdp } => (1, id, sdp),
            Signal::Candidate { .. } => return None,
        };
        // All but the last part have a fixed length, so no two claims read the same.
        let parts = [
            DOMAIN,
            self.room.as_bytes(),
            self.from.as_bytes(),
            self.to.as_bytes(),
            &self.link.to_be_bytes(),
            &[kind],
            &id.to_be_bytes(),
            sdp.0.as_bytes(),
        ];
        Some(parts.concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::message::Sdp;
    use crate::identity::Identity;

    const ROOM: RoomId = RoomId::from_bytes([1; 16]);

    fn offer(sdp: &str) -> Signal {
        Signal::Offer {
            id: 1,
            sdp: Sdp(sdp.into()),
        }
    }

    #[test]
    fn a_description_is_its_senders_for_one_link_alone() {
        let ann = Credentials::issue(&Identity::generate(), ROOM);
        let mallory = Credentials::issue(&Identity::generate(), ROOM);
        let place = Description {
            room: ROOM,
            from: ann.peer(),
            to: mallory.peer(),
            link: 7,
        };
        let signed = place.sign(offer("a=fingerprint:anns"), &ann);
        let check = |place: Description, signed: &SignedSignal| {
            place.check(signed.clone(), ann.certificate())
        };
        assert_eq!(check(place, &signed), Some(offer("a=fingerprint:anns")));

        let mut exchanged = signed.clone();
        exchanged.signal = offer("a=fingerprint:mallorys");
        assert_eq!(check(place, &exchanged), None, "another fingerprint");
        let mut unsigned = signed.clone();
        unsigned.signature = None;
        assert_eq!(check(place, &unsigned), None, "no signature");
        assert_eq!(
            check(place, &place.sign(offer("v=0"), &mallory)),
            None,
            "somebody else's signature"
        );
        let elsewhere = [
            Description { link: 8, ..place },
            Description {
                to: PeerId::from_bytes([9; 16]),
                ..place
            },
            Description {
                room: RoomId::from_bytes([2; 16]),
                ..place
            },
        ];
        for place in elsewhere {
            assert_eq!(check(place, &signed), None, "{place:?}");
        }
        let mut answer = signed;
        answer.signal = Signal::Answer {
            id: 1,
            sdp: Sdp("a=fingerprint:anns".into()),
        };
        assert_eq!(check(place, &answer), None, "an answer made of an offer");
    }
}
