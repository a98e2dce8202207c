//! Whatever members of a room say, true or forged, in any order: a log takes or refuses it, stays in
//! order, and what it took others take from it.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::RoomKey;
use crate::call::{PeerMessage, decode};

/// How one post differs from an honest one.
#[derive(Clone, Debug)]
struct Heard {
    author: u8,
    number: u64,
    clock: u64,
    text: String,
    lie: Lie,
}

#[derive(Clone, Copy, Debug)]
enum Lie {
    None,
    OtherRoom,
    OtherAuthor,
    OtherNumber,
    OtherText,
    OtherPerson,
}

fn heard() -> impl Strategy<Value = Heard> {
    let edges = || {
        prop_oneof![
            8 => 0..6_u64,
            1 => (u64::MAX - 2)..=u64::MAX,
            1 => any::<u64>(),
        ]
    };
    let clocks = prop_oneof![
        4 => 0..8_u64,
        2 => (MAX_CLOCK_LEAD - 3)..(MAX_CLOCK_LEAD + 3),
        1 => any::<u64>(),
    ];
    let lies = prop_oneof![
        9 => Just(Lie::None),
        1 => prop::sample::select(vec![
            Lie::OtherRoom, Lie::OtherAuthor, Lie::OtherNumber, Lie::OtherText, Lie::OtherPerson,
        ]),
    ];
    let texts = prop_oneof!["[a-z\\x00-\\x1f\"é日]{0,20}", Just("\u{1}".repeat(4_000))];
    (0..4_u8, edges(), clocks, texts, lies).prop_map(|(author, number, clock, text, lie)| Heard {
        author,
        number,
        clock,
        text,
        lie,
    })
}

struct Room {
    key: RoomKey,
    people: Vec<Identity>,
}

impl Room {
    fn new() -> Self {
        Self {
            key: RoomKey::generate(),
            people: (0..4).map(|_| Identity::generate()).collect(),
        }
    }

    /// The log of the peer with that number.
    fn log(&self, number: u8) -> Log {
        let person = Identity::generate().person();
        Log::new(self.key.room_id(), PeerId::from_bytes([number; 16]), person)
    }

    fn post(&self, heard: &Heard) -> Post {
        let identity = &self.people[usize::from(heard.author)];
        let id = MessageId {
            author: PeerId::from_bytes([heard.author; 16]),
            number: heard.number,
        };
        let draft = Draft {
            name: "N".into(),
            text: heard.text.clone(),
            sent_at: u64::MAX,
        };
        let room = match heard.lie {
            Lie::OtherRoom => RoomKey::generate().room_id(),
            _ => self.key.room_id(),
        };
        let mut post = Post::sign(identity, room, id, heard.clock, draft);
        match heard.lie {
            Lie::None | Lie::OtherRoom => {}
            Lie::OtherAuthor => post.author = PeerId::from_bytes([9; 16]),
            Lie::OtherNumber => post.number ^= 1,
            Lie::OtherText => post.text.push('!'),
            Lie::OtherPerson => post.person = Identity::generate().person(),
        }
        post
    }
}

fn is_in_order(log: &Log) -> bool {
    let places: Vec<_> = log.posts.keys().copied().collect();
    let shown = log.messages();
    let ids: BTreeSet<_> = shown.iter().map(|message| message.id).collect();
    let of = |place: &(u64, PeerId, u64)| MessageId {
        author: place.1,
        number: place.2,
    };
    ids.len() == shown.len() && places.iter().map(of).eq(shown.iter().map(|it| it.id))
}

/// A quarter of the usual: signatures take their time.
fn config() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig {
        cases: usual.cases.div_ceil(4),
        ..usual
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_log_endures_its_room(heard in vec(heard(), 0..24)) {
        let room = Room::new();
        let mut log = room.log(3);
        for heard in &heard {
            let post = room.post(heard);
            let before = log.number_of(post.author);
            let outcome = log.receive(post.clone());
            if !matches!(heard.lie, Lie::None) {
                prop_assert_ne!(outcome, Ok(true));
            }
            let expected = if outcome == Ok(true) { post.number } else { before };
            prop_assert_eq!(log.number_of(post.author), expected);
        }
        prop_assert!(is_in_order(&log));
        prop_assert!(log.lacking(&log.have()).is_empty());
        // We can still speak, after everybody.
        let me = Identity::generate();
        let draft = Draft { name: "N".into(), text: "T".into(), sent_at: 0 };
        let said = log.say(&me, draft);
        prop_assert_eq!(said.number, 1);
        prop_assert!(log.posts.keys().all(|place| *place <= said.place()));
        // What it took, it may pass on: as messages that are read, and nobody is blamed for them.
        let mut other = room.log(8);
        for posts in log.lacking(&[]) {
            let message = PeerMessage::Posts { posts };
            let text = message.encode();
            prop_assert_eq!(decode(&text), Some(message.clone()));
            let PeerMessage::Posts { posts } = message else { continue };
            for post in posts {
                prop_assert_eq!(other.receive(post), Ok(true));
            }
        }
    }

    #[test]
    fn what_peers_claim_to_have_is_only_believed_of_them(
        claims in vec((0..5_u8, any::<u64>()), 0..8),
        delivered in any::<u64>(),
    ) {
        let room = Room::new();
        let mut log = room.log(1);
        let draft = Draft { name: "N".into(), text: "T".into(), sent_at: 0 };
        log.say(&room.people[1], draft);
        let claims: Vec<_> = claims
            .iter()
            .map(|(author, number)| (PeerId::from_bytes([*author; 16]), *number))
            .collect();
        log.lacking(&claims);
        log.lacks(&claims);
        log.delivered(delivered);
        let expected = if delivered == 0 { Delivery::Waiting } else { Delivery::Delivered };
        prop_assert_eq!(log.messages()[0].delivery, expected);
        prop_assert_eq!(log.number_of(PeerId::from_bytes([1; 16])), 1);
    }
}
