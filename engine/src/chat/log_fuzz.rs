//! Whatever members of a room say, true or forged, in any order: a log takes or refuses it, stays in
//! order, and what it took others take from it.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;

use super::super::post::ShortDigest;
use super::tests::portions;
use super::*;
use crate::RoomKey;
use crate::call::{PeerMessage, decode};
use crate::identity::Identity;

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
            1 => 999_998..=1_000_000_u64,
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
    (0..3_u8, edges(), clocks, texts, lies).prop_map(|(author, number, clock, text, lie)| Heard {
        author,
        number,
        clock,
        text,
        lie,
    })
}

struct Room {
    key: RoomKey,
    visits: Vec<Credentials>,
}

impl Room {
    fn new() -> Self {
        let key = RoomKey::generate();
        let visit = |_| Credentials::issue(&Identity::generate(), key.room_id());
        Self {
            visits: (0..4).map(visit).collect(),
            key,
        }
    }

    /// The log of a visit.
    fn log(&self, visit: &Credentials) -> Log {
        Log::new(self.key.room_id(), visit.peer(), visit.certificate().person)
    }

    fn post(&self, heard: &Heard) -> Post {
        let author = &self.visits[usize::from(heard.author)];
        let other = Credentials::issue(&Identity::generate(), self.key.room_id());
        let elsewhere = Credentials::issue(&Identity::generate(), RoomKey::generate().room_id());
        let draft = Draft {
            name: "N".into(),
            text: heard.text.clone(),
            sent_at: u64::MAX,
        };
        let place = Place {
            number: heard.number,
            clock: heard.clock,
            previous: PostDigest::default(),
        };
        let signer = match heard.lie {
            Lie::OtherRoom => &elsewhere,
            _ => author,
        };
        let mut post = Post::sign(signer, place, draft);
        match heard.lie {
            Lie::None | Lie::OtherRoom => {}
            Lie::OtherAuthor => post.author = PeerId::from_bytes([9; 16]),
            Lie::OtherNumber => post.number ^= 1,
            Lie::OtherText => post.text.push('!'),
            Lie::OtherPerson => post.certificate = *other.certificate(),
        }
        post
    }
}

fn is_in_order(log: &Log) -> bool {
    let places: Vec<_> = log.posts.keys().copied().collect();
    let shown = log.messages();
    let of = |place: &Order| MessageId {
        author: place.1,
        number: place.2,
    };
    // An author that contradicts itself has two with one number.
    let twice: BTreeSet<_> = shown
        .iter()
        .filter(|it| !it.is_contradicted)
        .map(|it| it.id)
        .collect();
    let once = shown.iter().filter(|it| !it.is_contradicted).count();
    twice.len() == once && places.iter().map(of).eq(shown.iter().map(|it| it.id))
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
        let me = &room.visits[3];
        let mut log = room.log(me);
        for heard in &heard {
            let post = room.post(heard);
            let (author, number) = (post.author, post.number);
            let before = log.number_of(author);
            let outcome = log.receive(post, room.visits[0].certificate().person, 0);
            if !matches!(heard.lie, Lie::None) {
                prop_assert!(matches!(outcome, Err(_) | Ok(Received::Known)));
            }
            let is_next = outcome.is_ok_and(|it| it != Received::Known) && number > before;
            prop_assert_eq!(log.number_of(author), if is_next { number } else { before });
        }
        prop_assert!(is_in_order(&log));
        prop_assert!(log.lacking(&log.have().by_author()).is_empty());
        // We can still speak, after everybody.
        let number = log.number_of(me.peer());
        let draft = Draft { name: "N".into(), text: "T".into(), sent_at: 0 };
        let said = log.say(me, draft);
        prop_assert_eq!(said.number, number + 1);
        let place = (said.clock, said.author, said.number, said.digest(room.key.room_id()));
        prop_assert!(log.posts.keys().all(|other| *other <= place));
        // What it took, it may pass on: as messages that are read, and nobody is blamed for them.
        let other = Credentials::issue(&Identity::generate(), room.key.room_id());
        let (mut other, giver) = (room.log(&other), me.certificate().person);
        for posts in portions(&log, &Have::default()) {
            let message = PeerMessage::Posts { posts };
            let text = message.encode();
            prop_assert_eq!(decode(&text), Some(message.clone()));
            let PeerMessage::Posts { posts } = message else { continue };
            for post in posts {
                prop_assert!(other.receive(post, giver, log.have().clock).is_ok());
            }
        }
    }

    #[test]
    fn what_peers_claim_to_have_is_only_believed_of_them(
        claims in vec((0..5_u8, any::<u64>(), any::<[u8; 8]>()), 0..8),
        delivered in any::<u64>(),
    ) {
        let room = Room::new();
        let me = &room.visits[1];
        let mut log = room.log(me);
        let draft = Draft { name: "N".into(), text: "T".into(), sent_at: 0 };
        log.say(me, draft);
        let author = |author: u8| match author {
            0..4 => room.visits[usize::from(author)].peer(),
            _ => PeerId::from_bytes([9; 16]),
        };
        let posts = claims
            .iter()
            .map(|(number, count, digest)| (author(*number), *count, ShortDigest(*digest)))
            .collect();
        let claims = Have { posts, clock: delivered };
        log.lacking(&claims.by_author());
        log.lacks(&claims);
        log.delivered(me.peer(), delivered);
        let expected = if delivered == 0 { Delivery::Waiting } else { Delivery::Delivered };
        prop_assert_eq!(log.messages()[0].delivery, expected);
        log.is_had(&claims);
        prop_assert_eq!(log.number_of(me.peer()), 1);
    }
}
