//! What one member can make others do has bounds.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use parlor_engine::{MediaState, Notice, PeerId, Room, RoomState, TrackSource};
use parlor_tests::{RunningServer, SOON};
use serde_json::{Value, json};
use tokio::time::{Instant, interval, timeout};

use crate::keys::new_room_key;
use crate::member::{LINK, Line, Member, state};
use crate::victim::{Victim, pair};

/// A number of things that is allowed: so many at once, and so many in each second since then.
fn allowed(at_once: usize, per_second: f64, since: Instant) -> usize {
    at_once + (per_second * since.elapsed().as_secs_f64()).ceil() as usize
}

/// How many times a member is told of that a person said nothing sensible.
fn blamed(victim: &mut Victim, member: &Member) -> usize {
    let blame = Notice::Garbled { peer: member.me() };
    victim.notices().iter().filter(|it| **it == blame).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_for_the_history_again_and_again_gets_it_a_few_times() {
    const POSTS: usize = 240;
    let server = RunningServer::signaling().await;
    let key = new_room_key();
    let (ann, ben) = pair(&server.socket(), &key).await;
    // Nearly 8 MiB by the log's own measure, which reckons with every character being escaped.
    let long = "🙂".repeat(4_000);
    for _ in 0..POSTS {
        ann.says(&long);
    }
    let mut mallory = Member::enter(&server.socket(), &key, 1).await;
    let line = mallory.connect(ann.me()).await;
    for _ in 0..10 {
        line.say(json!({ "type": "have", "posts": [], "clock": 0 }))
            .await;
    }
    // Ann has taken all of that when she has what follows on the same channel, and says this last.
    line.posts(&mallory.visit.posts([(1, "asked ten times")]))
        .await;
    ann.has("asked ten times").await;
    ann.says("the end");
    let mut received = 0;
    loop {
        let said = line.hear_of("posts").await;
        let posts = said["posts"].as_array().expect("posts");
        received += posts.len();
        if posts.iter().any(|post| post["text"] == "the end") {
            break;
        }
    }
    assert!(received >= POSTS, "once it is given: {received}");
    assert!(received <= 4 * POSTS, "{received} posts were sent");
    ann.says("still here");
    ben.has("still here").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_by_random_link_ids_are_bounded() {
    let server = RunningServer::signaling().await;
    let key = new_room_key();
    let (mut ann, ben) = pair(&server.socket(), &key).await;
    let mut mallory = Member::enter(&server.socket(), &key, 2).await;
    let start = Instant::now();
    for link in 1..=60_u64 {
        let said = state(link, json!({}));
        let link = json!({ "from": 1_000 * link });
        mallory.relay(ann.me(), link, said).await;
    }
    // What was said before a card is looked at before the card is.
    mallory.rename("Done").await;
    ann.becomes("the end of it", |state| {
        let seen = state.participant(mallory.me());
        seen.is_some_and(|it| &*it.name == "Done")
    })
    .await;
    ann.room.set_name("Seen").expect("a name");
    let said = mallory.relayed_until_named(ann.me(), "Seen").await;
    let links: BTreeSet<_> = said
        .iter()
        .filter_map(|envelope| envelope["link"]["from"].as_u64())
        .collect();
    // The first one, five more at once, and one in ten seconds.
    assert!(links.len() >= 2, "{links:?}");
    assert!(links.len() <= allowed(6, 0.1, start), "{links:?}");
    assert_eq!(blamed(&mut ann, &mallory), 1);
    ann.says("still here");
    ben.has("still here").await;
}

/// Keeps every name that a member was ever shown with.
async fn watch_names(mut room: Room, member: PeerId, names: Arc<Mutex<BTreeSet<String>>>) {
    loop {
        if let Some(seen) = room.state().participant(member) {
            let mut names = names.lock().expect("nothing panics with it");
            names.insert(seen.name.to_string());
        }
        if !room.changed().await {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_thousand_cards_a_few_are_shown() {
    let server = RunningServer::signaling().await;
    let key = new_room_key();
    let (ann, ben) = pair(&server.socket(), &key).await;
    let start = Instant::now();
    let mut mallory = Member::enter(&server.socket(), &key, 3).await;
    let names = Arc::new(Mutex::new(BTreeSet::new()));
    let watching = watch_names(ann.room.clone(), mallory.me(), names.clone());
    let watching = tokio::spawn(watching);
    // The server takes 600 messages at once, and then 100 in each second.
    for number in 1..=560 {
        mallory.rename(&number.to_string()).await;
    }
    let mut pace = interval(Duration::from_millis(125));
    for number in 561..=1_000 {
        if number % 10 == 0 {
            pace.tick().await;
        }
        mallory.rename(&number.to_string()).await;
    }
    let said = state(1, json!({ "tracks": { "camera": { "state": "off" } } }));
    mallory.relay(ann.me(), json!({ "from": LINK }), said).await;
    ann.becomes("the end of it", |state| {
        let seen = state.participant(mallory.me());
        seen.is_some_and(|it| it.state(TrackSource::Camera) == MediaState::Off)
    })
    .await;
    watching.abort();
    let shown = names.lock().expect("nothing panics with it").len();
    // The first, ten more at once, and one in two seconds.
    assert!(shown >= 2, "{shown} names were shown");
    assert!(shown <= allowed(11, 0.5, start), "{shown} names were shown");
    ann.says("still here");
    ben.has("still here").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_without_end_are_answered_up_to_a_number() {
    let server = RunningServer::signaling().await;
    let key = new_room_key();
    let (mut ann, ben) = pair(&server.socket(), &key).await;
    let mut mallory = Member::enter(&server.socket(), &key, 4).await;
    let line = mallory.connect(ann.me()).await;
    let start = Instant::now();
    for _ in 0..8_000 {
        line.say(json!({ "type": "ping" })).await;
    }
    let answered = answered_until_gone(&ann, &mallory, &line).await;
    assert!(answered >= 3_000, "{answered} were answered");
    assert!(answered <= allowed(4_000, 100.0, start), "{answered}");
    assert_eq!(blamed(&mut ann, &mallory), 1);
    ann.says("still here");
    ben.has("still here").await;
}

/// Says goodbye until that is heard, after everything before it; gives the number of answers.
async fn answered_until_gone(victim: &Victim, mallory: &Member, line: &Line) -> usize {
    let is_gone = |state: &RoomState| state.participant(mallory.me()).is_none();
    let gone = victim.becomes_within("an end", 2 * SOON, is_gone);
    let goodbyes = async {
        loop {
            // The channel may be closed by now.
            let _ = line.control.send(r#"{"type":"bye"}"#).await;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::select! {
        _ = gone => {}
        () = goodbyes => {}
    }
    let mut answered = 0;
    while let Ok(Ok(said)) = timeout(SOON, line.control.receive_text()).await {
        let said: Value = serde_json::from_str(&said).expect("JSON");
        answered += usize::from(said["type"] == "pong");
    }
    answered
}
