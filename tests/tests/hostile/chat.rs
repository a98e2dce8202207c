//! Posts that lie about their place, and too many of them.

use std::time::Duration;

use parlor_engine::{Notice, RoomState};
use parlor_tests::{RunningServer, SOON};
use serde_json::json;

use crate::keys::new_room_key;
use crate::member::Member;
use crate::victim::{Victim, pair};

/// The clock of a post may be so far ahead of all others.
const LEAD: u64 = 1_000_000;
/// Others compare what they have ten seconds after something new.
const COMPARED: Duration = Duration::from_secs(40);

#[tokio::test(flavor = "multi_thread")]
async fn two_posts_with_one_number_are_noticed_by_both_and_marked() {
    let server = RunningServer::signaling().await;
    let key = new_room_key();
    let (mut ann, mut ben) = pair(&server.socket(), &key).await;
    let mut mallory = Member::enter(&server.socket(), &key, 1).await;
    let to_ann = mallory.connect(ann.me()).await;
    let to_ben = mallory.connect(ben.me()).await;
    to_ann.posts(&mallory.visit.posts([(1, "yes")])).await;
    to_ben.posts(&mallory.visit.posts([(1, "no")])).await;
    ann.has("yes").await;
    ben.has("no").await;
    let is_found_out = |state: &RoomState| {
        state.messages.len() == 2 && state.messages.iter().all(|it| it.is_contradicted)
    };
    for victim in [&mut ann, &mut ben] {
        let state = victim
            .becomes_within("both, marked", COMPARED, is_found_out)
            .await;
        let person = state.messages[0].person;
        victim.is_told(Notice::Contradiction { person }).await;
        assert_ne!(person, state.person);
    }
    // What others say is not.
    ann.says("which?");
    assert!(!ben.has("which?").await.is_contradicted);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_was_pushed_hides_no_history_and_nobody_honest_is_blamed() {
    let server = RunningServer::signaling().await;
    let key = new_room_key();
    let (mut ann, mut ben) = pair(&server.socket(), &key).await;
    ann.says("before");
    ben.has("before").await;
    let mut mallory = Member::enter(&server.socket(), &key, 2).await;
    let line = mallory.connect(ann.me()).await;
    let posts = (1..=259).map(|number| (number * LEAD, "far"));
    for some in mallory.visit.posts(posts).chunks(40) {
        line.posts(some).await;
    }
    ann.becomes("all of them", |state| state.messages.len() == 260)
        .await;
    // Ben, who has no connection to Mallory, hears this before he knows of what lies between.
    ann.says("after");
    ben.becomes("all of them", |state| state.messages.len() == 261)
        .await;
    assert_eq!(ben.texts(), ann.texts());

    let mut cleo = Victim::enter(&server.socket(), &key, "Cleo");
    cleo.becomes("the whole history", |state| state.messages.len() == 261)
        .await;
    assert_eq!(cleo.texts(), ann.texts());
    cleo.says("hello");
    for honest in [&ann, &ben] {
        honest.has("hello").await;
    }
    for honest in [&mut ann, &mut ben, &mut cleo] {
        assert_eq!(honest.notices(), []);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_whose_beginning_was_dropped_is_read_by_newcomers() {
    let server = RunningServer::signaling().await;
    let key = new_room_key();
    let ann = Victim::enter(&server.socket(), &key, "Ann");
    ann.is_online().await;
    let mut mallory = Member::enter(&server.socket(), &key, 5).await;
    let line = mallory.connect(ann.me()).await;
    // More than is kept: of the 8 MiB each of these takes 32 KiB, as the log reckons.
    let long = "🙂".repeat(4_000);
    let posts = (0..280).map(|number| (LEAD + number, long.as_str()));
    for some in mallory.visit.posts(posts).chunks(10) {
        line.posts(some).await;
    }
    line.say(json!({ "type": "ping" })).await;
    line.hear_of("pong").await;
    ann.says("after");
    ann.has("after").await;
    let left = ann.texts().len();
    assert!((200..275).contains(&left), "{left} are left");
    let mut cleo = Victim::enter(&server.socket(), &key, "Cleo");
    cleo.has("after").await;
    assert_eq!(cleo.notices(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_from_the_end_of_time_is_refused() {
    let server = RunningServer::signaling().await;
    let key = new_room_key();
    let (mut ann, ben) = pair(&server.socket(), &key).await;
    let mut mallory = Member::enter(&server.socket(), &key, 3).await;
    let line = mallory.connect(ann.me()).await;
    ann.says("one");
    ben.has("one").await;
    line.posts(&mallory.visit.posts([(1 << 50, "from the end")]))
        .await;
    // An honest peer would send what lies between.
    let asked = line.hear_of("have").await;
    assert_eq!(asked["clock"], 1);
    ben.says("two");
    ann.reads(&["one", "two"]).await;
    assert_eq!(ann.notices(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_posts_leaves_what_others_wrote() {
    const FLOOD: u64 = 5_500;
    let server = RunningServer::signaling().await;
    let key = new_room_key();
    let (ann, ben) = pair(&server.socket(), &key).await;
    for number in 0..50 {
        ann.says(&format!("ann {number}"));
        ben.says(&format!("ben {number}"));
    }
    let is_honest = |text: &str| text.starts_with("ann ") || text.starts_with("ben ");
    let honest = |state: &RoomState| {
        let texts = state.messages.iter().map(|it| &*it.text);
        texts.filter(|text| is_honest(text)).count()
    };
    ann.becomes("what both said", |state| honest(state) == 100)
        .await;
    let mut mallory = Member::enter(&server.socket(), &key, 4).await;
    let line = mallory.connect(ann.me()).await;
    let texts: Vec<_> = (0..FLOOD).map(|number| format!("flood {number}")).collect();
    let posts = (1_000..).zip(texts.iter().map(String::as_str));
    for some in mallory.visit.posts(posts).chunks(200) {
        line.posts(some).await;
    }
    let last = texts.last().expect("many").as_str();
    let is_over = |state: &RoomState| state.messages.iter().rev().any(|it| &*it.text == last);
    let state = ann
        .becomes_within("the end of the flood", 3 * SOON, is_over)
        .await;
    assert_eq!(state.messages.len(), 5_000);
    assert_eq!(honest(&state), 100);
    // A newcomer reads them too.
    let cleo = Victim::enter(&server.socket(), &key, "Cleo");
    cleo.becomes_within("what both said", 2 * SOON, |state| honest(state) == 100)
        .await;
}
