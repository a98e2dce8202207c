//! A member who controls the server can neither sit between two others nor speak as one of them.

use std::sync::atomic::{AtomicBool, Ordering};

use parlor_engine::{Call, LinkState, Notice};
use parlor_signaling_protocol::{PeerId, Sealed, ServerMessage};
use parlor_tests::RunningServer;
use serde_json::{Value, json};

use crate::keys::{For, RoomKeys, new_room_key, unsigned};
use crate::member::state;
use crate::proxy::Proxy;
use crate::victim::{Victim, pair};

/// A fingerprint of the member's own certificate.
const FINGERPRINT: &str = "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:\
                           00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF";

/// Changes what one peer says to another, and seals it as its sender under the signature that was there.
fn exchanged(
    keys: &RoomKeys,
    to: PeerId,
    message: ServerMessage,
    change: impl Fn(&mut Value),
) -> ServerMessage {
    let ServerMessage::Relayed {
        room,
        from,
        payload,
    } = message
    else {
        return message;
    };
    let opened = keys.open(from, For::Peer(to), &payload);
    let (counter, signed) = opened.expect("a member has the key");
    let text = unsigned(&signed);
    let mut said: Value = serde_json::from_str(text).expect("JSON");
    let before = said.clone();
    change(&mut said["message"]);
    let payload = match said == before {
        true => payload,
        false => {
            let signature = &signed[..signed.len() - text.len()];
            keys.seal(from, For::Peer(to), counter, &format!("{signature}{said}"))
        }
    };
    ServerMessage::Relayed {
        room,
        from,
        payload,
    }
}

/// Puts another fingerprint into the descriptions of that kind.
fn exchange_fingerprint(kind: &str, message: &mut Value) {
    if message["signal"] == kind {
        let sdp = message["sdp"].as_str().expect("an SDP");
        let (before, rest) = sdp.split_once("a=fingerprint:sha-256 ").expect("one");
        let rest = rest.split_once('\r').expect("an end of the line").1;
        let changed = format!("{before}a=fingerprint:sha-256 {FINGERPRINT}\r{rest}");
        message["sdp"] = changed.into();
    }
}

/// Two meet while the descriptions of one kind are exchanged.
async fn is_refused_and_said(kind: &'static str) {
    let server = RunningServer::signaling().await;
    let key = new_room_key();
    let keys = RoomKeys::of(&key);
    let garbage = AtomicBool::new(true);
    let change = move |to, message| match message {
        // Nonsense first, for which nobody may be blamed.
        ServerMessage::Relayed { room, from, .. } if garbage.swap(false, Ordering::Relaxed) => {
            let payload = Sealed("A".repeat(64));
            ServerMessage::Relayed {
                room,
                from,
                payload,
            }
        }
        message => exchanged(&keys, to, message, |said| exchange_fingerprint(kind, said)),
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
    let first = receiver.is_told_something().await;
    assert_eq!(first, Notice::Impersonated { peer: sender.me() });
    let state = receiver.room.state();
    let link = state.participant(sender.me()).expect("still here").link;
    assert_ne!(link, LinkState::Connected);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_with_an_exchanged_fingerprint_is_refused_and_said() {
    is_refused_and_said("offer").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_with_an_exchanged_fingerprint_is_refused_and_said() {
    is_refused_and_said("answer").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_rings_leaves_or_is_silenced_by_what_others_seal_in_their_name() {
    let server = RunningServer::signaling().await;
    let proxy = Proxy::before(server.socket(), |_, message| message).await;
    let key = new_room_key();
    let keys = RoomKeys::of(&key);
    let (mut ann, ben) = pair(&proxy.socket, &key).await;
    let calls = json!({ "call": "AQIDBAUGBwg", "rings": true });
    let forged = [
        state(1_000, calls),
        json!({ "type": "bye" }),
        json!({ "type": "got", "author": ann.me(), "number": 1 }),
    ];
    // With counters that would leave nothing of Ben's own to be taken.
    for (counter, message) in (1 << 60..).zip(forged) {
        let envelope = json!({ "link": { "from": 1 }, "message": message }).to_string();
        let text = format!("{}{envelope}", "A".repeat(86));
        let payload = keys.seal(ben.me(), For::Peer(ann.me()), counter, &text);
        let relayed = ServerMessage::Relayed {
            room: keys.room,
            from: ben.me(),
            payload,
        };
        proxy.tell(ann.me(), &relayed);
    }
    ann.is_told(Notice::Impersonated { peer: ben.me() }).await;
    let state = ann.has_looked_at_all(&ben).await;
    assert_eq!(state.call, Call::None);
    assert!(!state.people[0].in_call);
    ben.says("still connected");
    ann.reads(&["still connected"]).await;
}
