use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use parlor_signaling_protocol::{FieldError, Fields, Member, PeerId, RoomId, Sealed};
use serde::Serialize;

use crate::PersonId;
use crate::identity::Identity;
use crate::room::clean_name;
use crate::seal::{Recipient, Sealer};

const DOMAIN: &[u8] = b"parlor card 1";

/// What a member lets everybody with the key know, before any connection to it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub(crate) struct Card {
    pub(crate) person: PersonId,
    pub(crate) name: String,
    /// The person's signature on room and peer id: nobody else can be them here.
    proof: String,
}

/// A card and the counter that it came with: an older card does not replace a newer one.
#[derive(Debug)]
pub(crate) struct OpenedCard {
    pub(crate) card: Card,
    pub(crate) counter: u64,
}

impl Card {
    pub(crate) fn new(identity: &Identity, room: RoomId, peer: PeerId, name: &str) -> Self {
        let proof = URL_SAFE_NO_PAD.encode(identity.sign(&claim(room, peer)));
        Self {
            person: identity.person(),
            name: name.to_owned(),
            proof,
        }
    }

    fn from_fields(mut fields: Fields) -> Result<Self, FieldError> {
        let (person, name) = (fields.id("person")?, fields.text("name")?);
        Ok(Self {
            person,
            name,
            proof: fields.text("proof")?,
        })
    }

    pub(crate) fn seal(&self, sealer: &Sealer, peer: PeerId, counter: u64) -> Sealed {
        // A card holds text alone, which JSON takes always.
        let text = serde_json::to_string(self).unwrap_or_default();
        sealer.seal(peer, Recipient::Everyone, counter, &text)
    }

    /// Opens and checks a member's card; `None` for one that is not what it claims to be.
    pub(crate) fn open(sealer: &Sealer, member: &Member) -> Option<OpenedCard> {
        let opened = sealer
            .open(member.peer, Recipient::Everyone, &member.card)
            .ok()?;
        let mut card = Self::from_fields(Fields::parse(&opened.text)?).ok()?;
        let proof = URL_SAFE_NO_PAD.decode(&card.proof).ok()?.try_into().ok()?;
        if !card
            .person
            .has_signed(&claim(sealer.room(), member.peer), &proof)
        {
            return None;
        }
        card.name = clean_name(&card.name);
        Some(OpenedCard {
            card,
            counter: opened.counter,
        })
    }
}

fn claim(room: RoomId, peer: PeerId) -> Vec<u8> {
    [DOMAIN, room.as_bytes(), peer.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RoomKey;

    #[test]
    fn a_card_names_its_owner_and_nobody_else() {
        let key = RoomKey::generate();
        let (sealer, identity) = (Sealer::new(&key), Identity::generate());
        let (alice, bob) = (PeerId::from_bytes([1; 16]), PeerId::from_bytes([2; 16]));
        let card = Card::new(&identity, key.room_id(), alice, "Alice");
        let member = Member {
            peer: alice,
            card: card.seal(&sealer, alice, 3),
        };
        let opened = Card::open(&sealer, &member).unwrap();
        assert_eq!((opened.card.name.as_str(), opened.counter), ("Alice", 3));
        // Somebody with the key who passes Alice's card off as their own.
        let stolen = Member {
            peer: bob,
            card: card.seal(&sealer, bob, 3),
        };
        assert!(Card::open(&sealer, &stolen).is_none());
    }
}
