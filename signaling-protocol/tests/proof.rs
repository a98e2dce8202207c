//! Peer ids prove themselves: the id is the hash of a key, and the key signs for it.

use std::collections::BTreeMap;

use ed25519_dalek::{Signer as _, SigningKey};
use parlor_signaling_protocol::{
    Challenge, ClientMessage, PeerKey, RoomId, Sealed, Signature, encode, join_claim,
};

const ROOM: RoomId = RoomId::from_bytes([16; 16]);
const CHALLENGE: Challenge = Challenge::from_bytes([80; 16]);

fn signed(secret: &SigningKey, claim: &[u8]) -> (PeerKey, Signature) {
    let key = PeerKey::from_bytes(secret.verifying_key().to_bytes());
    (key, Signature::from_bytes(secret.sign(claim).to_bytes()))
}

#[test]
fn an_id_is_the_hash_of_its_key() {
    // A change here would make every client a stranger to this one.
    let key = PeerKey::from_bytes([48; 32]);
    assert_eq!(Ok(key.peer_id()), "rUyhgTRQV-cavkaWT6LNNQ".parse());
    assert_ne!(key.peer_id(), PeerKey::from_bytes([49; 32]).peer_id());
}

#[test]
fn a_proof_holds_for_its_key_room_and_session_alone() {
    let (secret, other) = (
        SigningKey::from_bytes(&[1; 32]),
        SigningKey::from_bytes(&[2; 32]),
    );
    let (key, proof) = signed(&secret, &join_claim(ROOM, CHALLENGE));
    assert!(key.has_signed(&join_claim(ROOM, CHALLENGE), &proof));
    let (stranger, theirs) = signed(&other, &join_claim(ROOM, CHALLENGE));
    assert!(!stranger.has_signed(&join_claim(ROOM, CHALLENGE), &proof));
    assert!(!key.has_signed(&join_claim(ROOM, CHALLENGE), &theirs));
    let elsewhere = RoomId::from_bytes([17; 16]);
    assert!(!key.has_signed(&join_claim(elsewhere, CHALLENGE), &proof));
    let later = Challenge::from_bytes([81; 16]);
    assert!(!key.has_signed(&join_claim(ROOM, later), &proof));
}

#[test]
fn a_weak_key_signs_nothing() {
    // The neutral element: its signatures would hold for every text (RFC 8032, section 5.1.7).
    let mut weak = [0; 32];
    weak[0] = 1;
    let key = PeerKey::from_bytes(weak);
    let mut forged = [0; 64];
    forged[0] = 1;
    let claim = join_claim(ROOM, CHALLENGE);
    assert!(!key.has_signed(&claim, &Signature::from_bytes(forged)));
}

#[test]
fn the_example_in_the_document_is_right() {
    let secret = SigningKey::from_bytes(&[1; 32]);
    let claim = join_claim(ROOM, CHALLENGE);
    let (key, proof) = signed(&secret, &claim);
    let join = ClientMessage::Join {
        room: ROOM,
        key,
        proof,
        card: Sealed("Y2FyZA".into()),
    };
    let computed = [
        ("secret", hex(secret.as_bytes())),
        ("key", hex(key.as_bytes())),
        ("peer id", hex(key.peer_id().as_bytes())),
        ("room", hex(ROOM.as_bytes())),
        ("challenge", hex(CHALLENGE.as_bytes())),
        ("join claim", hex(&claim)),
        ("proof", hex(proof.as_bytes())),
        ("join", encode(&join)),
    ];
    let computed = computed.map(|(name, value)| (name.to_owned(), value));
    assert_eq!(vectors(), BTreeMap::from(computed));
}

/// The values of the document's worked example.
fn vectors() -> BTreeMap<String, String> {
    /// A name takes this many characters of its line, with the spaces behind it.
    const NAME_CHARS: usize = 13;
    let document = include_str!("../PROTOCOL.md");
    let mut blocks = document.split("```vectors\n").skip(1);
    let (block, rest) = (blocks.next().expect("an example"), blocks.next());
    assert_eq!(rest, None, "one example");
    let block = block.split("```").next().expect("a first part");
    let mut values = BTreeMap::<_, String>::new();
    let mut last = "";
    for (name, value) in block.lines().map(|line| line.split_at(NAME_CHARS)) {
        if !name.trim().is_empty() {
            last = name.trim();
        }
        values.entry(last.to_owned()).or_default().push_str(value);
    }
    values
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
