use parlor_signaling_protocol::{Fields, Member, PeerId, RoomId, Sealed, Signature};
use serde::Serialize;

use crate::PersonId;
use crate::credentials::{Certificate, Credentials};
use crate::room::clean_name;
use crate::seal::{Recipient, Sealer};

const DOMAIN: &[u8] = b"parlor card 2";

/// What a member lets everybody with the room's key know, before there is a connection to it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Card {
    pub(crate) certificate: Certificate,
    pub(crate) name: String,
    /// A card with a lower counter does not replace one with a higher.
    pub(crate) counter: u64,
}

/// A card as it is sealed.
#[derive(Serialize)]
struct Text<'a> {
    #[serde(flatten)]
    certificate: &'a Certificate,
    name: &'a str,
    signature: Signature,
}

impl Card {
    pub(crate) fn person(&self) -> PersonId {
        self.certificate.person
    }

    /// Signs a card and seals it for everybody in the room.
    pub(crate) fn seal(
        sealer: &Sealer,
        credentials: &Credentials,
        counter: u64,
        name: &str,
    ) -> Sealed {
        let peer = credentials.peer();
        let card = Text {
            certificate: credentials.certificate(),
            name,
            signature: credentials.sign(&claim(credentials.room(), peer, counter, name)),
        };
        // A card holds text alone, which JSON takes always.
        let text = serde_json::to_string(&card).unwrap_or_default();
        sealer.seal(peer, Recipient::Everyone, counter, &text)
    }

    /// Opens and checks a member's card; `None` for one that is not what it claims to be.
    pub(crate) fn open(sealer: &Sealer, member: &Member) -> Option<Self> {
        let opened = sealer
            .open(member.peer, Recipient::Everyone, &member.card)
            .ok()?;
        let mut fields = Fields::parse(&opened.text)?;
        let certificate = Certificate::from_fields(&fields).ok()?;
        let (name, signature) = (fields.text("name").ok()?, fields.id("signature").ok()?);
        let claim = claim(sealer.room(), member.peer, opened.counter, &name);
        let is_genuine = certificate.peer() == member.peer
            && certificate.has_signed(&claim, &signature)
            && certificate.holds_in(sealer.room());
        is_genuine.then(|| Self {
            certificate,
            name: clean_name(&name),
            counter: opened.counter,
        })
    }
}

fn claim(room: RoomId, peer: PeerId, counter: u64, name: &str) -> Vec<u8> {
    // All but the last part have a fixed length, so no two claims read the same.
    [
        DOMAIN,
        room.as_bytes(),
        peer.as_bytes(),
        &counter.to_be_bytes(),
        name.as_bytes(),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RoomKey;
    use crate::identity::Identity;

    fn sealed_as(sealer: &Sealer, peer: PeerId, counter: u64, text: &str) -> Member {
        let card = sealer.seal(peer, Recipient::Everyone, counter, text);
        Member { peer, card }
    }

    /// The card's text, as every holder of the room's key can read it.
    fn text_of(sealer: &Sealer, member: &Member) -> String {
        let opened = sealer.open(member.peer, Recipient::Everyone, &member.card);
        opened.unwrap().text
    }

    #[test]
    fn a_card_names_its_owner_and_nobody_else() {
        let key = RoomKey::generate();
        let sealer = Sealer::new(&key);
        let alice = Credentials::issue(&Identity::generate(), key.room_id());
        let member = Member {
            peer: alice.peer(),
            card: Card::seal(&sealer, &alice, 3, "Alice"),
        };
        let opened = Card::open(&sealer, &member).unwrap();
        assert_eq!((opened.name.as_str(), opened.counter), ("Alice", 3));
        assert_eq!(opened.person(), alice.certificate().person);

        // A member can seal anything, also the text of Alice's card.
        let text = text_of(&sealer, &member);
        let bob = Credentials::issue(&Identity::generate(), key.room_id());
        let stolen = sealed_as(&sealer, bob.peer(), 3, &text);
        assert!(Card::open(&sealer, &stolen).is_none(), "as another peer");
        let renamed = sealed_as(&sealer, alice.peer(), 3, &text.replace("Alice", "Mallory"));
        assert!(Card::open(&sealer, &renamed).is_none(), "with another name");
        let renumbered = sealed_as(&sealer, alice.peer(), 4, &text);
        assert!(
            Card::open(&sealer, &renumbered).is_none(),
            "as a later card"
        );
    }

    #[test]
    fn a_person_cannot_be_claimed_with_a_key_that_they_did_not_sign() {
        let key = RoomKey::generate();
        let sealer = Sealer::new(&key);
        let alice = Credentials::issue(&Identity::generate(), key.room_id());
        let mallory = Credentials::issue(&Identity::generate(), key.room_id());
        let member = Member {
            peer: mallory.peer(),
            card: Card::seal(&sealer, &mallory, 1, "Alice"),
        };
        let text = text_of(&sealer, &member);
        let person = |it: &Credentials| serde_json::to_string(&it.certificate().person).unwrap();
        let forged = text.replace(&person(&mallory), &person(&alice));
        assert_ne!(forged, text);
        let forged = sealed_as(&sealer, mallory.peer(), 1, &forged);
        assert!(Card::open(&sealer, &forged).is_none());
    }
}
