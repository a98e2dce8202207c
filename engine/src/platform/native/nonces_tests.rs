use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use rtc::stun::attributes::{
    ATTR_ERROR_CODE, ATTR_LIFETIME, ATTR_NONCE, ATTR_REALM, ATTR_USERNAME,
};
use rtc::stun::fingerprint::FINGERPRINT;
use rtc::stun::integrity::MessageIntegrity;
use rtc::stun::message::{
    CLASS_ERROR_RESPONSE, CLASS_REQUEST, CLASS_SUCCESS_RESPONSE, METHOD_BINDING, METHOD_REFRESH,
    MessageClass, Method,
};
use rtc::stun::message::{Message, MessageType, Setter as _, TransactionId};

use super::*;
use parlor_signaling_protocol::IceServer;

pub(in crate::platform::native) const PASSWORD: &str = "secret";

pub(in crate::platform::native) fn credentials(passwords: &[&str]) -> Arc<Credentials> {
    let credentials = Credentials::default();
    for password in passwords {
        credentials.add(&Configuration {
            ice_servers: vec![IceServer {
                urls: vec!["turn:host".into()],
                username: Some("user".into()),
                credential: Some((*password).into()),
            }],
            ..Configuration::default()
        });
    }
    Arc::new(credentials)
}

fn server(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

fn key(password: &str) -> Vec<u8> {
    let provider = default_provider().unwrap();
    let (user, realm) = ("user".to_owned(), "realm".to_owned());
    MessageIntegrity::long_term_integrity_key(user, realm, password.into(), provider.crypto())
        .unwrap()
}

fn message(method: Method, class: MessageClass, id: u8) -> Message {
    let mut message = Message::new();
    message.transaction_id = TransactionId([id; 12]);
    message.typ = MessageType::new(method, class);
    message.write_header();
    message
}

pub(in crate::platform::native) fn request(id: u8, nonce: &str, password: &str) -> Vec<u8> {
    let mut request = message(METHOD_REFRESH, CLASS_REQUEST, id);
    request.add(ATTR_LIFETIME, &[0, 0, 2, 0x58]);
    request.add(ATTR_USERNAME, b"user");
    request.add(ATTR_REALM, b"realm");
    request.add(ATTR_NONCE, nonce.as_bytes());
    let provider = default_provider().unwrap();
    MessageIntegrity::new_raw_integrity_with_provider(key(password), provider.crypto())
        .add_to(&mut request)
        .unwrap();
    FINGERPRINT.add_to(&mut request).unwrap();
    request.raw
}

pub(in crate::platform::native) fn refusal(id: u8, code: u16, nonce: &str) -> Vec<u8> {
    let mut refusal = message(METHOD_REFRESH, CLASS_ERROR_RESPONSE, id);
    refusal.add(
        ATTR_ERROR_CODE,
        &[0, 0, (code / 100) as u8, (code % 100) as u8],
    );
    refusal.add(ATTR_REALM, b"realm");
    refusal.add(ATTR_NONCE, nonce.as_bytes());
    refusal.raw
}

#[test]
fn a_request_with_an_old_nonce_is_repeated_with_the_new_one_and_nobody_hears_of_it() {
    // One server of two has another password for the same name.
    let requests = Requests::new(credentials(&[PASSWORD, "another"]));
    let first = request(1, "old", PASSWORD);
    assert_eq!(requests.on_send(&first, server(1)), None);
    let mut heard = refusal(1, 438, "a longer nonce than the last");
    let repeated = requests.on_receive(&mut heard).expect("repeated");
    let expected = request(1, "a longer nonce than the last", PASSWORD);
    assert_eq!(repeated, (expected, server(1)));
    assert_eq!(heard[..2], BINDING_INDICATION);
    assert!(decoded(&heard).is_some(), "it is a message still");

    // Once more, with a newer one; and then the answer is the client's.
    let mut heard = refusal(1, 438, "third");
    let repeated = requests.on_receive(&mut heard).expect("repeated");
    assert_eq!(repeated.0, request(1, "third", PASSWORD));
    let mut answer = message(METHOD_REFRESH, CLASS_SUCCESS_RESPONSE, 1).raw;
    let before = answer.clone();
    assert_eq!(requests.on_receive(&mut answer), None);
    assert_eq!(answer, before);
    assert!(requests.lock().open.is_empty());
}

#[test]
fn the_next_requests_with_the_old_nonce_go_out_with_the_new_one() {
    let requests = Requests::new(credentials(&[PASSWORD]));
    requests.on_send(&request(1, "old", PASSWORD), server(1));
    requests
        .on_receive(&mut refusal(1, 438, "new"))
        .expect("repeated");
    let next = request(2, "old", PASSWORD);
    let sent = requests.on_send(&next, server(1));
    assert_eq!(sent, Some(request(2, "new", PASSWORD)));
    // Other servers have nonces of their own, and this one may have given a new one itself.
    assert_eq!(
        requests.on_send(&request(3, "old", PASSWORD), server(2)),
        None
    );
    assert_eq!(
        requests.on_send(&request(4, "newer", PASSWORD), server(1)),
        None
    );
    // Should the new one be too old by now, that is found out by the next.
    let mut heard = refusal(2, 438, "newest");
    let (repeated, _) = requests.on_receive(&mut heard).expect("repeated");
    assert_eq!(repeated, request(2, "newest", PASSWORD));
    let sent = requests.on_send(&request(5, "old", PASSWORD), server(1));
    assert_eq!(sent, Some(request(5, "newest", PASSWORD)));
}

#[test]
fn everything_else_passes_as_it_is() {
    let requests = Requests::new(credentials(&[PASSWORD]));
    requests.on_send(&request(1, "old", PASSWORD), server(1));
    requests.on_send(&request(2, "old", "of nobody"), server(1));
    let mut without = message(METHOD_REFRESH, CLASS_ERROR_RESPONSE, 1);
    without.add(ATTR_ERROR_CODE, &[0, 0, 4, 38]);
    for heard in [
        refusal(9, 438, "of a request that was never sent"),
        refusal(2, 438, "of a request that cannot be signed"),
        without.raw,
        refusal(1, 401, "of another reason"),
        message(METHOD_BINDING, CLASS_ERROR_RESPONSE, 1).raw,
        b"\x17\xfe\xfdDTLS, and more of that".to_vec(),
        Vec::new(),
    ] {
        requests.on_send(&request(1, "old", PASSWORD), server(1));
        let mut after = heard.clone();
        assert_eq!(requests.on_receive(&mut after), None);
        assert_eq!(after, heard);
    }
    for sent in [&b""[..], b"\0\x04", &[0; 20], &[0x40; 900]] {
        assert_eq!(requests.on_send(sent, server(1)), None);
    }
}

#[test]
fn a_server_that_refuses_without_end_is_not_asked_without_end() {
    let requests = Requests::new(credentials(&[PASSWORD]));
    requests.on_send(&request(1, "old", PASSWORD), server(1));
    for number in 0..MAX_REPEATS {
        let mut heard = refusal(1, 438, &format!("nonce {number}"));
        assert!(requests.on_receive(&mut heard).is_some());
    }
    let mut last = refusal(1, 438, "last");
    assert_eq!(requests.on_receive(&mut last), None);
    assert_eq!(last, refusal(1, 438, "last"));
}

#[test]
fn what_is_kept_is_bounded() {
    let requests = Requests::new(credentials(&[PASSWORD]));
    for number in 0..1_000_u16 {
        let mut request = request(1, "old", PASSWORD);
        request[8..10].copy_from_slice(&number.to_be_bytes());
        requests.on_send(&request, server(number));
    }
    for id in 0..200 {
        requests.on_send(&request(id, "old", PASSWORD), server(id.into()));
        assert!(requests.on_receive(&mut refusal(id, 438, "new")).is_some());
    }
    let state = requests.lock();
    assert_eq!(state.open.len(), MAX_REQUESTS);
    assert_eq!(state.replaced.len(), MAX_REPLACED);
    drop(state);
    let many: Vec<String> = (0..1_000).map(|number| number.to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(credentials(&many).lock().len(), MAX_CREDENTIALS);
}
