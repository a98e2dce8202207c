//! Peer ids prove themselves: the id is the hash of a key, and the key signs for it.

use ed25519_dalek::{Signer as _, SigningKey};
use parlor_signaling_protocol::{Challenge, PeerKey, RoomId, Signature, join_claim};

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
    let package = std::env::var_os("CARGO_MANIFEST_DIR").expect("tests are run by cargo");
    let document = std::path::Path::new(&package).join("PROTOCOL.md");
    let text = std::fs::read_to_string(document).expect("a document");
    let secret = SigningKey::from_bytes(&[1; 32]);
    let (key, proof) = signed(&secret, &join_claim(ROOM, CHALLENGE));
    let id = key.peer_id();
    let lines = [
        ("secret     ", secret.as_bytes().as_slice()),
        ("key        ", key.as_bytes()),
        ("peer id    ", id.as_bytes()),
        ("room       ", ROOM.as_bytes()),
        ("challenge  ", CHALLENGE.as_bytes()),
        ("proof      ", &proof.as_bytes()[..32]),
        ("           ", &proof.as_bytes()[32..]),
    ];
    for (name, bytes) in lines {
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(text.contains(&format!("{name}{hex}\n")), "{name}{hex}");
    }
}
