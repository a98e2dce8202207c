//! Calls that do not take no for an answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parlor_engine::{Call, Room};
use parlor_tests::RunningServer;
use serde_json::json;

use crate::keys::{new_room_key, text};
use crate::member::{Member, state};
use crate::victim::Victim;

/// Says no to every call that rings; counts them.
async fn decline_all(mut room: Room, count: Arc<AtomicUsize>) {
    let mut rings = false;
    loop {
        let is_incoming = matches!(room.state().call, Call::Incoming { .. });
        if is_incoming && !rings {
            count.fetch_add(1, Ordering::Relaxed);
            let _ = room.decline_call();
        }
        rings = is_incoming;
        if !room.changed().await {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_declined_twice_rings_no_more_for_a_while() {
    let server = RunningServer::signaling().await;
    let key = new_room_key();
    let ann = Victim::enter(&server.socket(), &key, "Ann");
    ann.is_online().await;
    let mut mallory = Member::enter(&server.socket(), &key, 1).await;
    let line = mallory.connect(ann.me()).await;
    let rang = Arc::new(AtomicUsize::new(0));
    let declining = tokio::spawn(decline_all(ann.room.clone(), rang.clone()));
    for number in 1..=8_u8 {
        let call = text(&[number; 8]);
        let calling = json!({ "call": call, "rings": true });
        line.say(state(u64::from(number), calling)).await;
        // Each is answered with a no, whether it rang or not.
        loop {
            let said = line.hear_of("state").await;
            if said["declined"]["call"] == call.as_str() {
                break;
            }
        }
    }
    assert_eq!(rang.load(Ordering::Relaxed), 2);
    // It is no secret that there is a call: Ann may join it.
    let is_shown = ann.room.state().call == Call::Ongoing;
    assert!(is_shown, "{:?}", ann.room.state().call);
    declining.abort();
}
