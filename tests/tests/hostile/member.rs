//! A member with valid keys who keeps to no rule.

use std::collections::{BTreeMap, VecDeque};

use parlor_engine::{
    ChannelOptions, Config, Configuration, DataChannel, Engine, IceCandidate, IceGatheringState,
    PeerConnection, SdpType, SessionDescription,
};
use parlor_signaling_protocol::{ClientMessage, PeerId, Sealed, ServerMessage};
use parlor_tests::{SOON, Wire};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::keys::{For, RoomKeys, Visit, unsigned, with};
use crate::victim::engine;

/// The link of this side to everybody; the other side's ids tell its own apart.
pub(crate) const LINK: u32 = 7;

pub(crate) struct Member {
    pub(crate) keys: RoomKeys,
    pub(crate) visit: Visit,
    pub(crate) wire: Wire,
    /// Everybody's card, opened.
    pub(crate) cards: BTreeMap<PeerId, Value>,
    counters: BTreeMap<PeerId, u64>,
    card: u64,
    engine: Engine,
    relayed: VecDeque<(PeerId, Value)>,
}

/// A connection to one victim.
pub(crate) struct Line {
    pub(crate) control: DataChannel,
    pub(crate) chat: DataChannel,
    _connection: PeerConnection,
}

impl Member {
    /// Enters a room under the usual name.
    pub(crate) async fn enter(socket: &str, key: &str, seed: u8) -> Self {
        let keys = RoomKeys::of(key);
        let visit = Visit::new(keys.room, seed);
        let card = visit.card(1, "Mallory");
        Self::enter_with(socket, key, seed, visit, &card).await
    }

    /// Enters with any card.
    pub(crate) async fn enter_with(
        socket: &str,
        key: &str,
        seed: u8,
        visit: Visit,
        card: &Value,
    ) -> Self {
        let keys = RoomKeys::of(key);
        let mut wire = Wire::connect(socket, seed).await;
        let sealed = keys.seal(wire.me(), For::Everyone, 1, &card.to_string());
        let members = wire.join(keys.room, &sealed.0).await;
        let mut member = Self {
            keys,
            visit,
            wire,
            cards: BTreeMap::new(),
            counters: BTreeMap::new(),
            card: 1,
            engine: engine(Config::alone()),
            relayed: VecDeque::new(),
        };
        for (peer, card) in members {
            member.meet(peer, &card);
        }
        member
    }

    pub(crate) fn me(&self) -> PeerId {
        self.visit.me()
    }

    /// The member that shows this name.
    pub(crate) fn named(&self, name: &str) -> PeerId {
        let mut cards = self.cards.iter();
        let named = cards.find(|(_, card)| card["name"] == name);
        *named.expect("it is in the room").0
    }

    fn meet(&mut self, peer: PeerId, card: &Sealed) {
        if let Some((_, card)) = self.keys.open(peer, For::Everyone, card) {
            let card = serde_json::from_str(&card).expect("a card");
            self.cards.insert(peer, card);
        }
    }

    /// The next thing that somebody says through the server. Cards are taken note of.
    pub(crate) async fn relayed(&mut self) -> (PeerId, Value) {
        if let Some(relayed) = self.relayed.pop_front() {
            return relayed;
        }
        loop {
            if let Some(relayed) = self.hear().await {
                return relayed;
            }
        }
    }

    async fn hear(&mut self) -> Option<(PeerId, Value)> {
        match self.wire.hear(|_| true).await {
            ServerMessage::Relayed { from, payload, .. } => {
                let (_, said) = self.keys.open(from, For::Peer(self.me()), &payload)?;
                Some((from, serde_json::from_str(unsigned(&said)).expect("JSON")))
            }
            ServerMessage::PeerJoined { member, .. } | ServerMessage::PeerCard { member, .. } => {
                self.meet(member.peer, &member.card);
                None
            }
            _ => None,
        }
    }

    /// All that was relayed until a member shows this name.
    pub(crate) async fn relayed_until_named(&mut self, peer: PeerId, name: &str) -> Vec<Value> {
        let mut said = Vec::new();
        while self.cards[&peer]["name"] != name {
            said.extend(self.hear().await);
        }
        let queued = self.relayed.drain(..);
        let said = queued.chain(said).filter(|(from, _)| *from == peer);
        said.map(|(_, envelope)| envelope).collect()
    }

    /// Says something through the server, from any link.
    pub(crate) async fn relay(&mut self, to: PeerId, link: Value, message: Value) {
        let envelope = json!({ "link": link, "message": message });
        let counter = self.counters.entry(to).or_default();
        *counter += 1;
        let me = self.visit.me();
        let signed = self.visit.signed(to, *counter, &envelope.to_string());
        let payload = self.keys.seal(me, For::Peer(to), *counter, &signed);
        let room = self.keys.room;
        self.wire
            .say(&ClientMessage::Relay { room, to, payload })
            .await;
    }

    /// Shows another name.
    pub(crate) async fn rename(&mut self, name: &str) {
        self.card += 1;
        let card = self.visit.card(self.card, name).to_string();
        let card = self.keys.seal(self.me(), For::Everyone, self.card, &card);
        let room = self.keys.room;
        self.wire.say(&ClientMessage::Card { room, card }).await;
    }

    async fn say_description(&mut self, to: PeerId, (kind, id): (&str, u64), sdp: &str) {
        let said = json!({ "type": "signal", "signal": kind, "id": id, "sdp": sdp });
        self.relay(to, json!({ "from": LINK }), said).await;
    }

    /// Connects to somebody who was here before.
    pub(crate) async fn connect(&mut self, peer: PeerId) -> Line {
        let connecting = self.try_connect(peer);
        timeout(SOON, connecting)
            .await
            .expect("a connection in time")
    }

    async fn try_connect(&mut self, peer: PeerId) -> Line {
        let connection = self.engine.connect(&Configuration::default());
        let connection = connection.expect("a connection");
        let open = |label, id| {
            let options = ChannelOptions {
                negotiated: true,
                id: Some(id),
                receive_buffer: 256 << 20,
                ..ChannelOptions::default()
            };
            let channel = connection.create_channel(label, &options);
            channel.expect("a channel")
        };
        let (control, chat) = (open("parlor", 0), open("parlor-chat", 1));
        connection.describe().await.expect("an offer");
        let offer = whole(&connection).await;
        self.say_description(peer, ("offer", 1), &offer).await;
        let mut is_open = Box::pin({
            let (control, chat) = (control.clone(), chat.clone());
            async move { control.opened().await.and(chat.opened().await) }
        });
        loop {
            let relayed = tokio::select! {
                opened = &mut is_open => {
                    opened.expect("it opens");
                    break;
                }
                relayed = self.relayed() => relayed,
            };
            let (from, said) = relayed;
            let message = &said["message"];
            if from != peer || message["type"] != "signal" {
                continue;
            }
            match message["signal"].as_str() {
                Some("answer") => take(&connection, SdpType::Answer, message).await,
                Some("candidate") if !message["candidate"].is_null() => {
                    let candidate = IceCandidate::from_json(&message["candidate"].to_string());
                    let candidate = candidate.expect("a candidate");
                    // One that does not fit costs one way.
                    let _ = connection.add_ice_candidate(Some(&candidate)).await;
                }
                _ => {}
            }
        }
        let line = Line {
            control,
            chat,
            _connection: connection,
        };
        // What is said before the other end is open may be lost.
        line.hear_of("have").await;
        line
    }
}

async fn take(connection: &PeerConnection, kind: SdpType, message: &Value) {
    let sdp = message["sdp"].as_str().expect("an SDP").to_owned();
    let taken = connection
        .set_remote_description(&SessionDescription { kind, sdp })
        .await;
    taken.expect("a description that fits");
}

/// The own description with all candidates.
async fn whole(connection: &PeerConnection) -> String {
    let mut gathering = connection.ice_gathering_state();
    let complete = gathering.wait_for(|state| state == IceGatheringState::Complete);
    complete.await.expect("candidates");
    let description = connection.local_description().await;
    description.expect("a description was set").sdp
}

impl Line {
    pub(crate) async fn say(&self, message: Value) {
        let channel = match message["type"].as_str() {
            Some("have" | "posts" | "got") => &self.chat,
            _ => &self.control,
        };
        let said = channel.send(message.to_string()).await;
        said.expect("the channel is open");
    }

    pub(crate) async fn posts(&self, posts: &[Value]) {
        self.say(json!({ "type": "posts", "posts": posts })).await;
    }

    /// The next message.
    pub(crate) async fn hear(&self) -> Value {
        let said = async {
            tokio::select! {
                said = self.control.receive_text() => said,
                said = self.chat.receive_text() => said,
            }
        };
        let said = timeout(SOON, said).await;
        let said = said.expect("something is said in time").expect("a text");
        serde_json::from_str(&said).expect("JSON")
    }

    /// Waits for a message of that type.
    pub(crate) async fn hear_of(&self, kind: &str) -> Value {
        loop {
            let said = self.hear().await;
            if said["type"] == kind {
                return said;
            }
        }
    }
}

/// What a peer says of itself.
pub(crate) fn state(revision: u64, more: Value) -> Value {
    let nothing = json!({
        "type": "state", "revision": revision, "call": null, "rings": false, "declined": null,
        "tracks": {},
    });
    with(nothing, more)
}
