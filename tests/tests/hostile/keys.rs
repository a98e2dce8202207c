//! Keys, seals and signatures, written after `signaling-protocol/PEERS.md`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use ed25519_dalek::{Signer as _, SigningKey};
use hkdf::Hkdf;
use parlor_signaling_protocol::{PeerId, RoomId, Sealed};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// Bytes as they travel.
pub(crate) fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn bytes(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).expect("base64url")
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("random bytes");
    bytes
}

/// A new room's key, in the form that an invitation has.
pub(crate) fn new_room_key() -> String {
    let secret: [u8; 16] = random();
    let check = Sha256::digest([b"parlor room 1".as_slice(), &secret].concat());
    text(&[secret.as_slice(), &check[..2]].concat())
}

/// What follows from a room's key.
#[derive(Clone)]
pub(crate) struct RoomKeys {
    pub(crate) room: RoomId,
    cipher: XChaCha20Poly1305,
}

/// Whom a sealed text is for.
#[derive(Clone, Copy)]
pub(crate) enum For {
    Everyone,
    Peer(PeerId),
}

impl RoomKeys {
    pub(crate) fn of(key: &str) -> Self {
        let secret = &bytes(key)[..16];
        let hkdf = Hkdf::<Sha256>::new(Some(b"parlor room 1"), secret);
        let (mut room, mut sealing) = ([0; 16], [0; 32]);
        hkdf.expand(b"room id", &mut room).expect("16 bytes");
        hkdf.expand(b"sealing key", &mut sealing).expect("32 bytes");
        Self {
            room: RoomId::from_bytes(room),
            cipher: XChaCha20Poly1305::new(&sealing.into()),
        }
    }

    fn context(&self, from: PeerId, to: For, counter: u64) -> Vec<u8> {
        let to = match to {
            For::Everyone => vec![0],
            For::Peer(peer) => [&[1], peer.as_bytes().as_slice()].concat(),
        };
        [
            b"parlor sealed 1".as_slice(),
            self.room.as_bytes(),
            from.as_bytes(),
            &to,
            &counter.to_be_bytes(),
        ]
        .concat()
    }

    /// Seals as any peer: every member can.
    pub(crate) fn seal(&self, from: PeerId, to: For, counter: u64, said: &str) -> Sealed {
        let nonce: [u8; 24] = random();
        let payload = Payload {
            msg: said.as_bytes(),
            aad: &self.context(from, to, counter),
        };
        let sealed = self.cipher.encrypt(&XNonce::from(nonce), payload);
        let sealed = sealed.expect("a short text");
        let whole = [counter.to_be_bytes().as_slice(), &nonce, &sealed].concat();
        Sealed(text(&whole))
    }

    /// Opens what one peer sealed for another; gives its counter too.
    pub(crate) fn open(&self, from: PeerId, to: For, sealed: &Sealed) -> Option<(u64, String)> {
        let whole = bytes(&sealed.0);
        let (counter, rest) = whole.split_first_chunk::<8>()?;
        let (nonce, sealed) = rest.split_first_chunk::<24>()?;
        let counter = u64::from_be_bytes(*counter);
        let payload = Payload {
            msg: sealed,
            aad: &self.context(from, to, counter),
        };
        let opened = self.cipher.decrypt(&XNonce::from(*nonce), payload).ok()?;
        Some((counter, String::from_utf8(opened).ok()?))
    }
}

/// A person's key and that of one visit to one room.
#[derive(Clone)]
pub(crate) struct Visit {
    room: RoomId,
    secret: SigningKey,
    /// Shown with everything that is signed.
    certificate: Value,
}

/// A post's place and content.
#[derive(Clone, Copy)]
pub(crate) struct Post<'a> {
    pub(crate) number: u64,
    pub(crate) clock: u64,
    pub(crate) previous: [u8; 16],
    pub(crate) text: &'a str,
}

impl Visit {
    /// A visit whose keys are made from `seed`.
    pub(crate) fn new(room: RoomId, seed: u8) -> Self {
        Self::of_person(room, seed, &SigningKey::from_bytes(&random()))
    }

    pub(crate) fn of_person(room: RoomId, seed: u8, person: &SigningKey) -> Self {
        let secret = SigningKey::from_bytes(&[seed; 32]);
        let key = secret.verifying_key().to_bytes();
        let claim = [b"parlor visit 2".as_slice(), room.as_bytes(), &key].concat();
        let certificate = json!({
            "person": text(person.verifying_key().as_bytes()),
            "key": text(&key),
            "proof": text(&person.sign(&claim).to_bytes()),
        });
        Self {
            room,
            secret,
            certificate,
        }
    }

    pub(crate) fn me(&self) -> PeerId {
        peer_of(self.secret.verifying_key().as_bytes())
    }

    pub(crate) fn certificate(&self) -> Value {
        self.certificate.clone()
    }

    pub(crate) fn sign(&self, claim: &[u8]) -> String {
        text(&self.secret.sign(claim).to_bytes())
    }

    /// A card's text, before it is sealed.
    pub(crate) fn card(&self, counter: u64, name: &str) -> Value {
        let claim = [
            b"parlor card 2".as_slice(),
            self.room.as_bytes(),
            self.me().as_bytes(),
            &counter.to_be_bytes(),
            name.as_bytes(),
        ]
        .concat();
        let signature = self.sign(&claim);
        with(
            self.certificate(),
            json!({ "name": name, "signature": signature }),
        )
    }

    /// The bytes that a post's signature is for.
    fn claim(&self, post: &Post<'_>) -> Vec<u8> {
        [
            b"parlor post 2".as_slice(),
            self.room.as_bytes(),
            self.me().as_bytes(),
            &post.number.to_be_bytes(),
            &post.clock.to_be_bytes(),
            &post.previous,
            &0_u64.to_be_bytes(),
            &(NAME.len() as u64).to_be_bytes(),
            NAME.as_bytes(),
            post.text.as_bytes(),
        ]
        .concat()
    }

    /// A post as it travels.
    pub(crate) fn post(&self, post: &Post<'_>) -> Value {
        with(
            self.certificate(),
            json!({
                "number": post.number,
                "clock": post.clock,
                "previous": text(&post.previous),
                "name": NAME,
                "text": post.text,
                "sent_at": 0,
                "signature": self.sign(&self.claim(post)),
            }),
        )
    }

    /// Posts one after the other, each after the one before it.
    pub(crate) fn posts<'a>(&self, posts: impl IntoIterator<Item = (u64, &'a str)>) -> Vec<Value> {
        let mut previous = [0; 16];
        let mut made = Vec::new();
        for (number, (clock, text)) in (1..).zip(posts) {
            let post = Post {
                number,
                clock,
                previous,
                text,
            };
            made.push(self.post(&post));
            previous.copy_from_slice(&Sha256::digest(self.claim(&post))[..16]);
        }
        made
    }

    /// A text for one peer with the signature before it, as it is sealed.
    pub(crate) fn signed(&self, to: PeerId, counter: u64, said: &str) -> String {
        let claim = [
            b"parlor said 2".as_slice(),
            self.room.as_bytes(),
            self.me().as_bytes(),
            to.as_bytes(),
            &counter.to_be_bytes(),
            said.as_bytes(),
        ]
        .concat();
        self.sign(&claim) + said
    }
}

/// The text behind its signature.
pub(crate) fn unsigned(said: &str) -> &str {
    said.split_at_checked(86).expect("a signature").1
}

/// The name on every post that is made here.
pub(crate) const NAME: &str = "Mallory";

/// The peer that has this key.
pub(crate) fn peer_of(key: &[u8]) -> PeerId {
    let digest = Sha256::digest([b"parlor peer 2".as_slice(), key].concat());
    PeerId::from_bytes(digest[..16].try_into().expect("16 bytes"))
}

/// An object with the fields of another too.
pub(crate) fn with(mut object: Value, more: Value) -> Value {
    let (Value::Object(fields), Value::Object(more)) = (&mut object, more) else {
        unreachable!("both are written as objects");
    };
    fields.extend(more);
    object
}
