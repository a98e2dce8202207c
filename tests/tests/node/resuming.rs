//! Two clients in JavaScript that lose their sockets again and again.

use parlor_engine::RoomKey;
use parlor_tests::{LONG, RunningServer};
use serde_json::json;
use tokio::time::timeout;

use crate::client::Client;
use crate::cutter::Cutter;

/// How often each client is cut.
const CUTS: u32 = 200;
/// How many messages are on their way in each direction.
const WINDOW: u64 = 10;
/// A real client waits longer between its attempts (PROTOCOL.md, Resuming).
const LONGEST_PAUSE: u32 = 10;

/// One of the two.
struct Side {
    client: Client,
    /// The other one's id.
    to: String,
    cutter: Cutter,
    said: u64,
    heard: u64,
    resumed: u32,
}

impl Side {
    async fn say_next(&mut self) {
        self.said += 1;
        let message = json!({ "type": "number", "number": self.said });
        self.client
            .tell(json!({ "do": "say", "to": self.to, "message": message }))
            .await;
    }

    /// Takes its next event; `true` for a message of the other one.
    async fn step(&mut self) -> bool {
        let event = self.client.event().await;
        match event["event"].as_str() {
            Some("cut") => false,
            Some("welcome") => {
                assert_eq!(event["resumed"], true, "the session was lost");
                self.resumed += 1;
                false
            }
            Some("said") if event["message"]["type"] == "number" => {
                self.heard += 1;
                assert_eq!(event["message"]["number"], self.heard, "lost or doubled");
                true
            }
            Some("said" | "met") => false,
            _ => panic!("{event}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_cuts_lose_and_double_nothing() {
    let server = RunningServer::signaling().await;
    let key = RoomKey::generate();
    let mut sides = Vec::new();
    for (seed, name) in [(0xC0FFEE, "Ann"), (0xDECADE, "Ben")] {
        let cutter = Cutter::before(server.addr().to_string(), seed).await;
        let link = format!("{}/#{key}", cutter.origin);
        let (client, joined) = Client::enter_hasty(&link, name, LONGEST_PAUSE).await;
        let me = joined["me"].as_str().expect("an id").to_owned();
        sides.push((client, cutter, me));
    }
    let [ann, ben] = sides.try_into().unwrap_or_else(|_| unreachable!("two"));
    let (ann_id, ben_id) = (ann.2.clone(), ben.2.clone());
    let side = |(client, cutter, _), to| Side {
        client,
        to,
        cutter,
        said: 0,
        heard: 0,
        resumed: 0,
    };
    let (mut ann, mut ben) = (side(ann, ben_id), side(ben, ann_id));
    for side in [&mut ann, &mut ben] {
        side.client.hears(|event| event["event"] == "met").await;
        side.cutter.cut(CUTS);
    }
    let exchange = exchange(&mut ann, &mut ben);
    let exchanged = timeout(LONG, exchange).await;
    let counts = [&ann, &ben].map(|it| (it.cutter.cuts_left(), it.said, it.heard, it.resumed));
    exchanged.unwrap_or_else(|_| panic!("cuts left, said, heard and resumed: {counts:?}"));
    assert!(ann.resumed > 0 && ben.resumed > 0, "{counts:?}");

    ann.client.leave().await;
    let left = ben.client.hears(|event| event["event"] == "gone").await;
    assert_eq!(left["reason"], "left");
    ben.client.leave().await;
}

/// Lets both say numbers until all cuts were made and all numbers were heard.
async fn exchange(ann: &mut Side, ben: &mut Side) {
    for _ in 0..WINDOW {
        ann.say_next().await;
        ben.say_next().await;
    }
    loop {
        let cuts_left = ann.cutter.cuts_left() + ben.cutter.cuts_left();
        if cuts_left == 0 && ann.heard == ben.said && ben.heard == ann.said {
            return;
        }
        tokio::select! {
            is_heard = ann.step() => if is_heard && cuts_left > 0 {
                ben.say_next().await;
            },
            is_heard = ben.step() => if is_heard && cuts_left > 0 {
                ann.say_next().await;
            },
        }
    }
}
