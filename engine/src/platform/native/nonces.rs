//! TURN requests with a nonce that has become too old, which a server answers with 438 and a new
//! one. The request has to be repeated with it
//! ([RFC 8489, section 9.2.5](https://www.rfc-editor.org/rfc/rfc8489#section-9.2.5)).
//!
//! The TURN client of webrtc 0.21.1 keeps the new nonce for its next request and does not repeat
//! the refused one. A refused channel binding is forgotten together with the number under which data
//! goes on to arrive; a refused permission or allocation may run out before it is refreshed again.
//! So the sockets repeat requests, and the client never sees such a refusal.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rtc::crypto::{RTCCrypto, RTCCryptoProvider, default_provider};
use rtc::stun::attributes::{
    ATTR_ERROR_CODE, ATTR_FINGERPRINT, ATTR_MESSAGE_INTEGRITY, ATTR_NONCE, ATTR_REALM,
    ATTR_USERNAME, AttrType,
};
use rtc::stun::error_code::CODE_STALE_NONCE;
use rtc::stun::fingerprint::FINGERPRINT;
use rtc::stun::integrity::MessageIntegrity;
use rtc::stun::message::{Message, Setter as _};

use crate::peer::Configuration;

/// User names and passwords that are kept: more than anybody has servers, and those of a few
/// configurations before.
const MAX_CREDENTIALS: usize = 64;
/// Requests of a socket that wait for an answer: several for each pair of candidates.
const MAX_REQUESTS: usize = 256;
/// Nonces of a socket that are known to be too old: one for each allocation.
const MAX_REPLACED: usize = 32;
/// How often one request is repeated: as often as webrtc sends one that nobody answers.
const MAX_REPEATS: u8 = 7;

const COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];
const HEADER: usize = 20;
/// Allocate, Refresh, CreatePermission and ChannelBind.
const METHODS: [u8; 4] = [0x03, 0x04, 0x08, 0x09];
const SUCCESS: [u8; 4] = [0x03, 0x04, 0x08, 0x09];
const ERROR: [u8; 4] = [0x13, 0x14, 0x18, 0x19];
/// An indication that every STUN agent ignores.
const BINDING_INDICATION: [u8; 2] = [0x00, 0x11];

/// The user names and passwords for TURN servers.
#[derive(Debug, Default)]
pub(super) struct Credentials(Mutex<VecDeque<Credential>>);

#[derive(PartialEq)]
struct Credential {
    username: String,
    password: String,
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credential(…)")
    }
}

impl Credentials {
    fn lock(&self) -> MutexGuard<'_, VecDeque<Credential>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds those of a configuration. Older ones stay, for allocations that are still in use.
    pub(super) fn add(&self, config: &Configuration) {
        let mut known = self.lock();
        for server in &config.ice_servers {
            let (Some(username), Some(password)) = (&server.username, &server.credential) else {
                continue;
            };
            let credential = Credential {
                username: username.clone(),
                password: password.clone(),
            };
            known.retain(|it| *it != credential);
            known.push_front(credential);
        }
        known.truncate(MAX_CREDENTIALS);
    }

    pub(super) fn clear(&self) {
        self.lock().clear();
    }

    /// The key that a request was signed with.
    fn key(&self, request: &mut Message, crypto: &dyn RTCCrypto) -> Option<Vec<u8>> {
        let username = text(request, ATTR_USERNAME)?;
        let realm = text(request, ATTR_REALM)?;
        let known = self.lock();
        let mut passwords = known.iter().filter(|it| it.username == username);
        passwords.find_map(|it| {
            let (username, realm, password) =
                (username.clone(), realm.clone(), it.password.clone());
            let key = MessageIntegrity::long_term_integrity_key(username, realm, password, crypto)
                .ok()?;
            let is_signed = MessageIntegrity::check(request, &key, crypto).is_ok();
            is_signed.then_some(key)
        })
    }
}

/// The TURN requests that one socket sent.
pub(super) struct Requests {
    credentials: Arc<Credentials>,
    crypto: Option<Arc<dyn RTCCryptoProvider>>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    open: VecDeque<Request>,
    replaced: VecDeque<Replaced>,
}

/// A request without an answer, as webrtc made it.
struct Request {
    id: [u8; 12],
    server: SocketAddr,
    bytes: Vec<u8>,
    repeats: u8,
}

/// A nonce that webrtc still uses, and the newest one of that server.
struct Replaced {
    server: SocketAddr,
    old: Vec<u8>,
    new: Vec<u8>,
}

impl Requests {
    pub(super) fn new(credentials: Arc<Credentials>) -> Self {
        Self {
            credentials,
            crypto: default_provider().ok(),
            state: Mutex::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a datagram that is sent. Gives what to send instead if it is a request whose nonce is
    /// known to be too old.
    pub(super) fn on_send(&self, datagram: &[u8], to: SocketAddr) -> Option<Vec<u8>> {
        if !is_turn(datagram, 0x00, &METHODS) {
            return None;
        }
        let nonce = value(&decoded(datagram)?, ATTR_NONCE)?;
        let id = id(datagram)?;
        let mut state = self.lock();
        if !state.open.iter().any(|request| request.id == id) {
            if state.open.len() == MAX_REQUESTS {
                state.open.pop_front();
            }
            state.open.push_back(Request {
                id,
                server: to,
                bytes: datagram.to_vec(),
                repeats: 0,
            });
        }
        let mut replaced = state.replaced.iter();
        let newest = replaced.find(|it| it.server == to && it.old == nonce)?;
        self.renewed(datagram, &newest.new)
    }

    /// Looks at a datagram that arrived. If it refuses a request for its nonce alone, gives the
    /// request to send again and where to, and makes an empty indication of the datagram.
    pub(super) fn on_receive(&self, datagram: &mut [u8]) -> Option<(Vec<u8>, SocketAddr)> {
        let is_error = is_turn(datagram, 0x01, &ERROR);
        if !is_error && !is_turn(datagram, 0x01, &SUCCESS) {
            return None;
        }
        let id = id(datagram)?;
        let mut state = self.lock();
        let place = state.open.iter().position(|request| request.id == id)?;
        let nonce = is_error.then(|| newer_nonce(datagram)).flatten();
        let request = &mut state.open[place];
        let repeated = nonce
            .filter(|_| request.repeats < MAX_REPEATS)
            .and_then(|new| {
                let old = value(&decoded(&request.bytes)?, ATTR_NONCE)?;
                let bytes = self.renewed(&request.bytes, &new)?;
                request.repeats += 1;
                let server = request.server;
                Some((bytes, Replaced { server, old, new }))
            });
        let Some((bytes, replaced)) = repeated else {
            state.open.remove(place);
            return None;
        };
        let server = replaced.server;
        state.replace(replaced);
        drop(state);
        tracing::debug!("a TURN server wanted a newer nonce");
        datagram[..2].copy_from_slice(&BINDING_INDICATION);
        Some((bytes, server))
    }

    /// The same request with another nonce, signed anew.
    fn renewed(&self, request: &[u8], nonce: &[u8]) -> Option<Vec<u8>> {
        let crypto = self.crypto.as_ref()?.crypto();
        let mut request = decoded(request)?;
        let key = self.credentials.key(&mut request, crypto)?;
        let mut renewed = Message::new();
        renewed.transaction_id = request.transaction_id;
        renewed.typ = request.typ;
        renewed.write_header();
        for attribute in &request.attributes.0 {
            match attribute.typ {
                ATTR_NONCE => renewed.add(ATTR_NONCE, nonce),
                // What comes behind the signature is not signed.
                ATTR_MESSAGE_INTEGRITY | ATTR_FINGERPRINT => break,
                other => renewed.add(other, &attribute.value),
            }
        }
        let signature = MessageIntegrity::new_raw_integrity_with_provider(key, crypto);
        signature.add_to(&mut renewed).ok()?;
        FINGERPRINT.add_to(&mut renewed).ok()?;
        Some(renewed.raw)
    }
}

impl State {
    fn replace(&mut self, replaced: Replaced) {
        let is_same = |it: &Replaced| it.server == replaced.server && it.old == replaced.old;
        self.replaced.retain(|it| !is_same(it));
        if self.replaced.len() == MAX_REPLACED {
            self.replaced.pop_front();
        }
        self.replaced.push_back(replaced);
    }
}

/// Whether a datagram is a message of TURN's of one of these methods and that class.
fn is_turn(datagram: &[u8], first: u8, methods: &[u8]) -> bool {
    datagram.len() >= HEADER
        && datagram[0] == first
        && methods.contains(&datagram[1])
        && datagram[4..8] == COOKIE
}

fn id(datagram: &[u8]) -> Option<[u8; 12]> {
    datagram.get(8..HEADER)?.try_into().ok()
}

fn decoded(datagram: &[u8]) -> Option<Message> {
    let mut message = Message::new();
    message.raw = datagram.to_vec();
    message.decode().ok()?;
    Some(message)
}

fn value(message: &Message, attribute: AttrType) -> Option<Vec<u8>> {
    message.get(attribute).ok()
}

fn text(message: &Message, attribute: AttrType) -> Option<String> {
    String::from_utf8(value(message, attribute)?).ok()
}

/// The nonce that a refusal gives, if the old one was the reason.
fn newer_nonce(refusal: &[u8]) -> Option<Vec<u8>> {
    let refusal = decoded(refusal)?;
    let code = value(&refusal, ATTR_ERROR_CODE)?;
    let (class, number) = (code.get(2)? & 7, code.get(3)?);
    let is_stale = u16::from(class) * 100 + u16::from(*number) == CODE_STALE_NONCE.0;
    is_stale.then(|| value(&refusal, ATTR_NONCE)).flatten()
}

#[cfg(test)]
#[path = "nonces_tests.rs"]
pub(super) mod tests;
