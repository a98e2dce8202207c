//! A member who controls the server cannot sit between two others.

use std::sync::atomic::{AtomicBool, Ordering};

use parlor_engine::{Link, Notice};
use parlor_signaling_protocol::{PeerId, Sealed, ServerMessage};
use parlor_tests::RunningServer;
use serde_json::Value;

use crate::keys::{For, RoomKeys, new_room_key};
use crate::proxy::Proxy;
use crate::victim::Victim;

/// A fingerprint of the member's own certificate.
const FINGERPRINT: &str = "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:\
                           00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF";

/// Puts another fingerprint into the descriptions of that kind, and seals them as their sender.
fn exchanged(keys: &RoomKeys, kind: &str, to: PeerId, message: ServerMessage) -> ServerMessage {
    let ServerMessage::Relayed {
        room,
        from,
        payload,
    } = message
    else {
        return message;
    };
    let opened = keys.open(from, For::Peer(to), &payload);
    let (counter, text) = opened.expect("a member has the key");
    let mut said: Value = serde_json::from_str(&text).expect("JSON");
    if said["message"]["signal"] == kind {
        let sdp = said["message"]["sdp"].as_str().expect("an SDP");
        let (before, rest) = sdp.split_once("a=fingerprint:sha-256 ").expect("one");
        let rest = rest.split_once('\r').expect("an end of the line").1;
        let changed = format!("{before}a=fingerprint:sha-256 {FINGERPRINT}\r{rest}");
        said["message"]["sdp"] = changed.into();
    }
    let payload = keys.seal(from, For::Peer(to), counter, &said.to_string());
    ServerMessage::Relayed {
        room,
        from,
        payload,
    }
}

/// Two meet while the descriptions of one kind are exchanged.
async fn is_refused_and_said(kind: &'static str) {
    let server = RunningServer::signaling().await;
    let key = new_room_key();
    let keys = RoomKeys::of(&key);
    let garbage = AtomicBool::new(true);
    let change = move |to, message| match message {
        // Nonsense first, so that the victim has been told of something already.
        ServerMessage::Relayed { room, from, .. } if garbage.swap(false, Ordering::Relaxed) => {
            let payload = Sealed("A".repeat(64));
            ServerMessage::Relayed {
                room,
                from,
                payload,
            }
        }
        message => exchanged(&keys, kind, to, message),
    };
    let proxy = Proxy::before(server.socket(), change).await;
    let ann = Victim::enter(&proxy.socket, &key, "Ann");
    ann.is_online().await;
    let ben = Victim::enter(&proxy.socket, &key, "Ben");
    ann.becomes("Ben", |state| state.participant(ben.me()).is_some())
        .await;
    let (mut receiver, sender) = match kind {
        "offer" => (ann, ben),
        _ => (ben, ann),
    };
    let forged = Notice::ForgedDescription { peer: sender.me() };
    receiver.is_told(forged).await;
    let state = receiver.room.state();
    let link = state.participant(sender.me()).expect("still here").link;
    assert_ne!(link, Link::Connected);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_with_an_exchanged_fingerprint_is_refused_and_said() {
    is_refused_and_said("offer").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_with_an_exchanged_fingerprint_is_refused_and_said() {
    is_refused_and_said("answer").await;
}
