//! What was said on an earlier visit means nothing on a later one.

use std::sync::{Arc, Mutex};

use parlor_engine::{Call, Notice};
use parlor_signaling_protocol::{PeerId, Sealed, ServerMessage};
use parlor_tests::RunningServer;

use crate::keys::{RoomKeys, new_room_key};
use crate::member::Member;
use crate::proxy::Proxy;
use crate::victim::{Victim, pair};

/// What the server passed on: to whom, from whom, and what.
type Kept = Arc<Mutex<Vec<(PeerId, PeerId, Sealed)>>>;

/// A server that keeps what it passes on.
async fn keeping(server: &RunningServer) -> (Proxy, Kept) {
    let kept = Kept::default();
    let keeps = kept.clone();
    let proxy = Proxy::before(server.socket(), move |to, message| {
        if let ServerMessage::Relayed { from, payload, .. } = &message {
            let mut kept = keeps.lock().expect("nothing panics with it");
            kept.push((to, *from, payload.clone()));
        }
        message
    });
    (proxy.await, kept)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sealed_on_an_earlier_visit_does_nothing() {
    let server = RunningServer::signaling().await;
    let (proxy, kept) = keeping(&server).await;
    let key = new_room_key();
    let room = RoomKeys::of(&key).room;
    // Ben is in a call, and says so through the server, when Ann comes.
    let ben = Victim::enter(&proxy.socket, &key, "Ben");
    ben.is_online().await;
    ben.room.start_call().expect("a call");
    let mut ann = Victim::enter(&proxy.socket, &key, "Ann");
    ann.is_linked_to(ben.me()).await;
    ann.becomes("a call", |state| {
        matches!(state.call, Call::Incoming { .. })
    })
    .await;
    ben.room.hang_up().expect("an end");
    ann.becomes("no call", |state| state.call == Call::None)
        .await;
    let earlier = ben.me();
    ben.room.leave();
    ann.becomes("nobody else", |state| state.people.is_empty())
        .await;
    let ben = Victim::enter_with(ben.engine.clone(), &key, "Ben");
    assert_ne!(ben.me(), earlier);
    ann.is_linked_to(ben.me()).await;
    ann.notices();

    let kept: Vec<_> = kept.lock().expect("nothing panics with it").clone();
    let of_ben = kept
        .iter()
        .filter(|(to, from, _)| (*to, *from) == (ann.me(), earlier));
    let payloads: Vec<_> = of_ben.map(|(_, _, payload)| payload.clone()).collect();
    assert!(
        !payloads.is_empty(),
        "Ben said something through the server"
    );
    for payload in payloads {
        for from in [earlier, ben.me()] {
            let payload = payload.clone();
            let again = ServerMessage::Relayed {
                room,
                from,
                payload,
            };
            proxy.tell(ann.me(), &again);
        }
    }
    let state = ann.has_looked_at_all(&ben).await;
    assert_eq!(state.call, Call::None);
    assert_eq!(state.people.len(), 1);
    assert!(!state.people[0].in_call);
    ben.says("still connected");
    ann.reads(&["still connected"]).await;
    let forged = Notice::Impersonated { peer: ben.me() };
    assert!(!ann.notices().contains(&forged), "nothing of it opened");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_on_this_visit_does_nothing_twice_and_nobody_is_blamed() {
    let server = RunningServer::signaling().await;
    let (proxy, kept) = keeping(&server).await;
    let key = new_room_key();
    let room = RoomKeys::of(&key).room;
    let (mut ann, ben) = pair(&proxy.socket, &key).await;
    let all: Vec<_> = kept.lock().expect("nothing panics with it").clone();
    for (to, from, payload) in all {
        let again = ServerMessage::Relayed {
            room,
            from,
            payload,
        };
        proxy.tell(to, &again);
    }
    ann.has_looked_at_all(&ben).await;
    ben.says("still connected");
    ann.reads(&["still connected"]).await;
    assert_eq!(ann.notices(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn posts_of_an_earlier_visit_and_of_another_room_are_taken_once_or_never() {
    let server = RunningServer::signaling().await;
    let (key, elsewhere) = (new_room_key(), new_room_key());
    let (ann, ben) = pair(&server.socket(), &key).await;
    ben.says("from the first visit");
    ann.has("from the first visit").await;
    let mut mallory = Member::enter(&server.socket(), &key, 1).await;
    let line = mallory.connect(ann.me()).await;
    line.say(serde_json::json!({ "type": "have", "posts": [], "clock": 0 }))
        .await;
    let kept = line.hear_of("posts").await["posts"].clone();
    let kept = kept.as_array().expect("posts");

    ben.room.leave();
    ann.becomes("Mallory alone", |state| state.people.len() == 1)
        .await;
    let ben = Victim::enter_with(ben.engine.clone(), &key, "Ben");
    ann.is_linked_to(ben.me()).await;
    line.posts(kept).await;
    ben.says("from the second visit");
    let both = ["from the first visit", "from the second visit"];
    ann.reads(&both).await;
    let cleo = Victim::enter(&server.socket(), &key, "Cleo");
    cleo.reads(&both).await;

    // Nobody ever said it in another room.
    let (dan, _eve) = pair(&server.socket(), &elsewhere).await;
    let mut there = Member::enter(&server.socket(), &elsewhere, 2).await;
    let line = there.connect(dan.me()).await;
    line.posts(kept).await;
    line.posts(&there.visit.posts([(5, "after it")])).await;
    dan.reads(&["after it"]).await;
}
