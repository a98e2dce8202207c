//! The client in JavaScript and the engine in one room.

use parlor_engine::{Call, PeerId, RoomKey};
use parlor_tests::RunningServer;
use serde_json::{Value, json};

use crate::client::Client;
use crate::engine::Member;

/// The id of a call.
const CALL: &str = "AQIDBAUGBwg";
/// Not ASCII, so that bytes and characters are told apart.
const NAME: &str = "Björn 佐藤 🌻";

/// The engine and the client, which see each other.
struct Meeting {
    ada: Member,
    node: Client,
    node_id: PeerId,
    _server: RunningServer,
}

impl Meeting {
    async fn begin() -> Self {
        let server = RunningServer::signaling().await;
        let key = RoomKey::generate();
        let ada = Member::enter(&server.socket(), &key, "Ada").await;
        let link = format!("{}/#{key}/Tea%20%C3%A0%20deux", server.origin());
        let (mut node, joined) = Client::enter(&link, NAME).await;
        assert_eq!(joined["room"], "Tea à deux");
        node.hears(|event| event["event"] == "met" && event["name"] == "Ada")
            .await;
        let seen = ada.sees(NAME).await;
        assert_eq!(joined["me"], seen.peer.to_text());
        Self {
            ada,
            node,
            node_id: seen.peer,
            _server: server,
        }
    }
}

fn is_state(message: &Value) -> bool {
    message["type"] == "state"
}

#[tokio::test(flavor = "multi_thread")]
async fn the_engine_and_another_language_ring_and_decline() {
    let Meeting {
        ada,
        mut node,
        node_id,
        _server,
    } = Meeting::begin().await;
    let ringing = json!({ "call": CALL, "rings": true });
    node.tell(json!({ "do": "publish", "state": ringing }))
        .await;
    let from_node = Call::Incoming { from: node_id };
    ada.becomes("a call that rings", |state| state.call == from_node)
        .await;
    ada.room.decline_call().expect("it rings");
    let declined = json!({ "call": CALL, "reason": "declined" });
    node.hears_said(|said| is_state(said) && said["declined"] == declined)
        .await;
    let silent = json!({ "call": null, "rings": false });
    node.tell(json!({ "do": "publish", "state": silent })).await;
    ada.becomes("no call", |state| state.call == Call::None)
        .await;

    ada.room.start_call().expect("a call");
    node.hears_said(|said| is_state(said) && said["call"].is_string() && said["rings"] == true)
        .await;
    ada.room.hang_up().expect("its end");
    node.hears_said(|said| is_state(said) && said["call"].is_null())
        .await;
    node.leave().await;
    ada.is_alone().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_engine_and_another_language_see_each_others_new_names() {
    let Meeting {
        ada,
        mut node,
        node_id,
        _server,
    } = Meeting::begin().await;
    node.tell(json!({ "do": "rename", "name": "Bea" })).await;
    assert_eq!(ada.sees("Bea").await.peer, node_id);
    ada.room.set_name("Ida").expect("a name");
    node.hears(|event| event["event"] == "renamed" && event["name"] == "Ida")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_engine_hears_the_farewell_of_another_language() {
    let Meeting {
        ada,
        mut node,
        _server,
        ..
    } = Meeting::begin().await;
    // It is still a member at the server: only its own word removes it.
    let me = ada.room.state().me.to_text();
    let bye = json!({ "type": "bye" });
    node.tell(json!({ "do": "say", "to": me, "message": bye }))
        .await;
    ada.is_alone().await;
    node.leave().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_language_hears_the_engines_farewell() {
    let Meeting {
        ada,
        mut node,
        _server,
        ..
    } = Meeting::begin().await;
    let me = ada.room.state().me.to_text();
    ada.room.leave();
    node.hears_said(|said| said["type"] == "bye").await;
    node.hears(|event| event["event"] == "gone" && event["peer"] == *me)
        .await;
}
