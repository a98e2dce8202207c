//! Nobody speaks as somebody else.

use ed25519_dalek::SigningKey;
use parlor_engine::{Notice, ServerLink};
use parlor_signaling_protocol::{
    ClientMessage, ErrorCode, PeerKey, Sealed, ServerMessage, Signature,
};
use parlor_tests::{RunningServer, Wire};
use serde_json::{Value, json};

use crate::keys::{Post, RoomKeys, Visit, new_room_key, with};
use crate::member::{LINK, Member};
use crate::victim::{Victim, pair};

/// A post that its maker says is somebody else's.
fn claimed(maker: &Visit, card: &Value, fields: &[&str]) -> Value {
    let post = maker.post(&Post {
        number: 1,
        clock: 1,
        previous: [0; 16],
        text: "never said",
    });
    fields.iter().fold(post, |post, field| {
        with(post, json!({ *field: card[*field].clone() }))
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_in_anothers_name_is_refused_before_they_spoke() {
    let server = RunningServer::signaling().await;
    let key = new_room_key();
    let (mut ann, ben) = pair(&server.socket(), &key).await;
    let mut mallory = Member::enter(&server.socket(), &key, 1).await;
    let line = mallory.connect(ann.me()).await;
    let bens = &mallory.cards[&ben.me()];
    // With Ben's certificate, which everybody has; with his person alone, on Mallory's key; and with
    // his key, certified by Mallory's person.
    for fields in [
        ["person", "key", "proof"].as_slice(),
        &["person", "proof"],
        &["person"],
        &["key"],
    ] {
        line.posts(&[claimed(&mallory.visit, bens, fields)]).await;
    }
    line.posts(&mallory.visit.posts([(1, "my own")])).await;
    ann.has("my own").await;
    assert_eq!(ann.texts(), ["my own"]);
    ben.says("mine");
    let message = ann.has("mine").await;
    assert_eq!(message.person, ben.engine.person());
    let (me, bens) = (mallory.me(), ben.me());
    let notices = ann.notices();
    assert!(
        notices.contains(&Notice::Garbled { peer: me }),
        "{notices:?}"
    );
    assert!(
        !notices.contains(&Notice::Garbled { peer: bens }),
        "{notices:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_id_cannot_be_taken_after_the_server_was_started_again() {
    let mut server = RunningServer::signaling().await;
    let key = new_room_key();
    let (ann, ben) = pair(&server.socket(), &key).await;
    let mallory = Member::enter(&server.socket(), &key, 2).await;
    let card = mallory.cards[&ann.me()].clone();
    server.kill().await;
    ann.becomes("the loss of the server", |state| {
        state.server == ServerLink::Offline
    })
    .await;
    server.start_again().await;
    // Faster than Ann, who waits a moment before she tries again, or not.
    let mut wire = Wire::connect(&server.socket(), 3).await;
    let field = |name: &str| card[name].as_str().expect("a text").to_owned();
    let public: PeerKey = field("key").parse().expect("a key");
    assert_eq!(public.peer_id(), ann.me());
    let proof: Signature = field("signature").parse().expect("a signature of Ann's");
    wire.say(&ClientMessage::Join {
        room: mallory.keys.room,
        key: public,
        proof,
        card: Sealed("AAAA".into()),
    })
    .await;
    let refused = |message: &ServerMessage| {
        matches!(
            message,
            ServerMessage::Error {
                code: ErrorCode::BadProof,
                ..
            }
        )
    };
    wire.hear(refused).await;
    ann.is_online().await;
    // Somebody new finds her under her id.
    let cleo = Victim::enter(&server.socket(), &key, "Cleo");
    cleo.is_linked_to(ann.me()).await;
    cleo.is_linked_to(ben.me()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_claims_another_person_is_nobodys() {
    let server = RunningServer::signaling().await;
    let key = new_room_key();
    let (ann, ben) = pair(&server.socket(), &key).await;
    let room = RoomKeys::of(&key).room;
    let seen = Member::enter(&server.socket(), &key, 4).await;
    let anns = seen.cards[&ann.me()].clone();
    let mut liars = Vec::new();
    for (seed, fields) in [(5, ["person"].as_slice()), (6, &["person", "proof"])] {
        let visit = Visit::new(room, seed);
        let card = fields.iter().fold(visit.card(1, "Ann"), |card, field| {
            with(card, json!({ *field: anns[*field].clone() }))
        });
        liars.push(Member::enter_with(&server.socket(), &key, seed, visit, &card).await);
    }
    // The same person with another key would be fine: a person may be here twice.
    let person = SigningKey::from_bytes(&[9; 32]);
    let visit = Visit::of_person(room, 7, &person);
    let card = visit.card(1, "Nia");
    let honest = Member::enter_with(&server.socket(), &key, 7, visit, &card).await;
    for victim in [&ann, &ben] {
        let state = victim
            .becomes("the last to come", |state| {
                state.participant(honest.me()).is_some()
            })
            .await;
        for liar in &liars {
            assert_eq!(state.participant(liar.me()), None);
        }
    }
    // Nor is anything taken from those who have no card.
    for liar in &mut liars {
        let said = crate::member::state(1, json!({ "camera": "on" }));
        liar.relay(ann.me(), json!({ "from": LINK }), said).await;
    }
    ann.says("still us");
    ben.reads(&["still us"]).await;
}
