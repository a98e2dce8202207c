//! The worked examples of `signaling-protocol/PEERS.md`, computed and compared.
//!
//! What is signed or authenticated stands there byte by byte. A signature over those bytes that is the
//! engine's own shows that they are the bytes that the engine signs: Ed25519 has one signature for each
//! text and key.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use parlor_signaling_protocol::{Member, Sealed};
use serde::Serialize;
use serde_json::Value;

use crate::call::{Address, Card, Envelope, LinkIds, PeerMessage};
use crate::chat::{Draft, Place, Post, PostDigest};
use crate::credentials::Credentials;
use crate::identity::Identity;
use crate::seal::{Recipient, Sealer};
use crate::{Fingerprint, RoomKey};

const DOCUMENT: &str = include_str!("../../signaling-protocol/PEERS.md");

/// A name takes this many characters of its line, with the spaces behind it.
const NAME_CHARS: usize = 21;

/// The values that the examples begin with.
const GIVEN: [&str; 8] = [
    "alice person secret",
    "alice secret",
    "bob secret",
    "card name",
    "card nonce",
    "post name",
    "post text",
    "said nonce",
];

/// The values of the document, and those that the engine computes from some of them.
struct Examples {
    document: BTreeMap<&'static str, String>,
    computed: BTreeMap<&'static str, String>,
    key: RoomKey,
    sealer: Sealer,
    person: Identity,
    alice: Credentials,
    bob: Credentials,
}

impl Examples {
    fn read() -> Self {
        let mut document: BTreeMap<&str, String> = BTreeMap::new();
        let blocks = DOCUMENT.split("```vectors\n").skip(1);
        let lines = blocks.flat_map(|block| block.split("```").next().unwrap().lines());
        let mut last = "";
        for (name, value) in lines.map(|line| line.split_at(NAME_CHARS)) {
            if !name.trim().is_empty() {
                last = name.trim();
            }
            document.entry(last).or_default().push_str(value);
        }
        let (_, fragment) = document["link"].split_once("/#").unwrap();
        let key: RoomKey = fragment.split('/').next().unwrap().parse().unwrap();
        let person = URL_SAFE_NO_PAD.encode(unhex(&document["alice person secret"]));
        let person = Identity::from_stored(&person).unwrap();
        let visit = |name| {
            let secret = unhex(&document[name]).try_into().unwrap();
            Credentials::of_secret(&person, key.room_id(), secret)
        };
        Self {
            alice: visit("alice secret"),
            // Bob's person is in none of the examples.
            bob: visit("bob secret"),
            document,
            computed: BTreeMap::new(),
            sealer: Sealer::new(&key),
            person,
            key,
        }
    }

    fn bytes(&self, name: &str) -> Vec<u8> {
        unhex(&self.document[name])
    }

    fn is(&mut self, name: &'static str, text: &str) {
        self.computed.insert(name, text.to_owned());
        assert_eq!(self.document[name], text, "{name}");
    }

    fn is_bytes(&mut self, name: &'static str, bytes: &[u8]) {
        self.is(name, &hex(bytes));
    }

    /// Compares a signature, and shows that it is over the bytes in the document.
    fn is_signed(
        &mut self,
        (claim, name): (&'static str, &'static str),
        signature: &[u8],
        sign: impl FnOnce(&[u8]) -> [u8; 64],
    ) {
        self.is_bytes(name, signature);
        assert_eq!(sign(&self.bytes(claim)), signature, "{claim}");
        self.computed.insert(claim, self.document[claim].clone());
    }

    /// Compares a sealed text, and opens it with the bytes that stand in the document.
    fn is_sealed(
        &mut self,
        (context, name): (&'static str, &'static str),
        sealed: &Sealed,
        text: &str,
    ) {
        self.is(name, &sealed.0);
        let bytes = decoded(&sealed.0);
        let (nonce, ciphertext) = bytes[8..].split_first_chunk::<24>().unwrap();
        let payload = Payload {
            msg: ciphertext,
            aad: &self.bytes(context),
        };
        let key = self.bytes("sealing key");
        let cipher = XChaCha20Poly1305::new_from_slice(&key).unwrap();
        let opened = cipher.decrypt(&XNonce::from(*nonce), payload);
        assert_eq!(opened.as_deref(), Ok(text.as_bytes()), "{context}");
        self.computed
            .insert(context, self.document[context].clone());
    }

    fn keys(&mut self) {
        let key = self.key.to_string();
        self.is_bytes("secret", &decoded(&key)[..16]);
        self.is_bytes("check", &decoded(&key)[16..]);
        self.is("link", &format!("https://parlor.example/#{key}/Tea%20room"));
        let room = self.key.room_id();
        self.is_bytes("room id", room.as_bytes());
        self.is("room id as text", &room.to_text());
        self.is_bytes("sealing key", &self.key.sealing_key());
    }

    fn persons(&mut self) {
        let (person, alice, bob) = (self.person.clone(), self.alice.clone(), self.bob.clone());
        let certificate = alice.certificate();
        self.is_bytes("alice person", certificate.person.as_bytes());
        self.is_bytes("alice key", certificate.key.as_bytes());
        self.is_bytes("alice peer id", alice.peer().as_bytes());
        let proof = field(certificate, "proof");
        let names = ("alice visit claim", "alice proof");
        self.is_signed(names, &proof, |claim| person.sign(claim));
        let fingerprint = Fingerprint::of(person.person());
        self.is_bytes("alice fingerprint", &decoded(&fingerprint.to_string()));
        let groups = fingerprint.groups().map(|group| group.to_string());
        self.is("alice groups", &groups.join(" "));
        self.is_bytes("bob key", bob.certificate().key.as_bytes());
        self.is_bytes("bob peer id", bob.peer().as_bytes());
    }

    fn card(&mut self) {
        let (alice, name) = (self.alice.clone(), self.document["card name"].clone());
        let (peer, to) = (alice.peer(), Recipient::Everyone);
        let card = Card::seal(&self.sealer, &alice, 1, &name);
        let text = self.sealer.open(peer, to, &card).unwrap().text;
        self.is("card text", &text);
        let card: Value = serde_json::from_str(&text).unwrap();
        let signature = field(&card, "signature");
        let names = ("card claim", "card signature");
        self.is_signed(names, &signature, |claim| *alice.sign(claim).as_bytes());
        let nonce = self.bytes("card nonce").try_into().unwrap();
        let card = self.sealer.seal_with(nonce, (peer, to, 1), &text);
        self.is_sealed(("card associated data", "card sealed"), &card, &text);
        let opened = Card::open(&self.sealer, &Member { peer, card }).unwrap();
        assert_eq!(opened.name, name);
    }

    fn said(&mut self) {
        let (bob, alice) = (self.bob.clone(), self.alice.peer());
        let link = LinkIds { from: 7, to: None };
        let message = PeerMessage::Bye;
        let text = Envelope { link, message }.encode();
        self.is("said text", &text);
        let address = Address {
            room: self.key.room_id(),
            from: bob.peer(),
            to: alice,
            counter: 1,
        };
        let plaintext = address.sign(&text, &bob);
        self.is("said plaintext", &plaintext);
        let names = ("said claim", "said signature");
        let signature = decoded(&plaintext[..86]);
        self.is_signed(names, &signature, |claim| *bob.sign(claim).as_bytes());
        let nonce = self.bytes("said nonce").try_into().unwrap();
        let place = (bob.peer(), Recipient::Peer(alice), 1);
        let sealed = self.sealer.seal_with(nonce, place, &plaintext);
        self.is_sealed(("said associated data", "said sealed"), &sealed, &plaintext);
    }

    fn post(&mut self) {
        let alice = self.alice.clone();
        let place = Place {
            number: 1,
            clock: 17,
            previous: PostDigest::default(),
        };
        let draft = Draft {
            name: self.document["post name"].clone(),
            text: self.document["post text"].clone(),
            sent_at: 1_764_547_200_000,
        };
        let post = Post::sign(&alice, place, draft);
        let names = ("post claim", "post signature");
        let signature = field(&post, "signature");
        self.is_signed(names, &signature, |claim| *alice.sign(claim).as_bytes());
        let digest = serde_json::to_value(post.digest(self.key.room_id())).unwrap();
        self.is_bytes("post digest", &decoded(digest.as_str().unwrap()));
    }
}

/// The bytes in one field of what travels as JSON.
fn field(value: &impl Serialize, name: &str) -> Vec<u8> {
    let value = serde_json::to_value(value).unwrap();
    decoded(value[name].as_str().unwrap())
}

fn decoded(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    let pair = |at| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(pair).collect()
}

#[test]
fn keys_are_those_of_the_document() {
    Examples::read().keys();
}

#[test]
fn persons_and_visits_are_those_of_the_document() {
    Examples::read().persons();
}

#[test]
fn a_card_is_that_of_the_document() {
    Examples::read().card();
}

#[test]
fn a_signed_and_sealed_text_is_that_of_the_document() {
    Examples::read().said();
}

#[test]
fn a_post_is_that_of_the_document() {
    Examples::read().post();
}

#[test]
fn the_document_has_no_value_that_is_not_computed() {
    let mut examples = Examples::read();
    examples.keys();
    examples.persons();
    examples.card();
    examples.said();
    examples.post();
    let known: BTreeSet<_> = examples.computed.into_keys().chain(GIVEN).collect();
    let written: BTreeSet<_> = examples.document.into_keys().collect();
    assert_eq!(written, known);
}
