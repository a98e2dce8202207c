use super::*;
use crate::RoomKey;

struct Writer {
    identity: Identity,
    log: Log,
}

impl Writer {
    fn new(key: &RoomKey, number: u8) -> Self {
        let identity = Identity::generate();
        let me = PeerId::from_bytes([number; 16]);
        let log = Log::new(key.room_id(), me, identity.person());
        Self { identity, log }
    }

    fn say(&mut self, text: &str) -> Post {
        let draft = Draft {
            name: "N".into(),
            text: text.into(),
            sent_at: 5,
        };
        self.log.say(&self.identity, draft)
    }

    fn catch_up_from(&mut self, other: &Self) {
        for post in other.log.lacking(&self.log.have()).into_iter().flatten() {
            self.log.receive(post).unwrap();
        }
    }

    fn texts(&self) -> Vec<String> {
        self.log
            .messages()
            .iter()
            .map(|message| message.text.to_string())
            .collect()
    }
}

#[test]
fn everybody_sees_one_order_without_duplicates() {
    let key = RoomKey::generate();
    let (mut a, mut b) = (Writer::new(&key, 1), Writer::new(&key, 2));
    let first = a.say("one");
    b.say("at the same time");
    assert_eq!(b.log.receive(first.clone()), Ok(true));
    assert_eq!(b.log.receive(first), Ok(false));
    b.say("after one");
    a.catch_up_from(&b);
    b.catch_up_from(&a);
    assert_eq!(a.texts(), b.texts());
    assert_eq!(a.texts(), ["one", "at the same time", "after one"]);
}

#[test]
fn who_was_away_gets_what_was_said_even_from_a_third() {
    let key = RoomKey::generate();
    let mut a = Writer::new(&key, 1);
    let (mut b, mut c) = (Writer::new(&key, 2), Writer::new(&key, 3));
    for number in 0..200 {
        a.say(&format!("{number} {}", "long ".repeat(200)));
    }
    b.catch_up_from(&a);
    c.catch_up_from(&b);
    assert_eq!(a.texts(), c.texts());
    assert!(b.log.lacking(&[]).len() > 1);
    assert!(b.log.lacking(&c.log.have()).is_empty());
}

#[test]
fn a_post_that_is_ahead_waits_for_its_turn() {
    let key = RoomKey::generate();
    let (mut a, mut b) = (Writer::new(&key, 1), Writer::new(&key, 2));
    let posts = [a.say("1"), a.say("2"), a.say("3")];
    assert_eq!(b.log.receive(posts[0].clone()), Ok(true));
    assert_eq!(b.log.receive(posts[2].clone()), Ok(false));
    b.catch_up_from(&a);
    assert_eq!(b.texts(), ["1", "2", "3"]);
}

#[test]
fn changed_forged_and_foreign_posts_are_refused() {
    let key = RoomKey::generate();
    let (mut a, mut b) = (Writer::new(&key, 1), Writer::new(&key, 2));
    let mut changed = a.say("I owe you nothing");
    changed.text = "I owe you 1,000".into();
    assert_eq!(b.log.receive(changed), Err(Refused));

    // The same author id, but another person.
    let mut impostor = Writer::new(&key, 1);
    b.log.receive(a.log.lacking(&[])[0][0].clone()).unwrap();
    impostor.say("first");
    assert_eq!(b.log.receive(impostor.say("second")), Err(Refused));

    // Said in another room.
    let mut elsewhere = Writer::new(&RoomKey::generate(), 4);
    assert_eq!(b.log.receive(elsewhere.say("hello")), Err(Refused));

    // In our own name.
    let mut us = Writer::new(&key, 2);
    assert_eq!(b.log.receive(us.say("not me")), Err(Refused));
}

#[test]
fn a_clock_from_the_end_of_time_is_refused() {
    let key = RoomKey::generate();
    let mut b = Writer::new(&key, 2);
    let identity = Identity::generate();
    let id = MessageId {
        author: PeerId::from_bytes([9; 16]),
        number: 1,
    };
    let draft = || Draft {
        name: String::new(),
        text: "x".into(),
        sent_at: 0,
    };
    let post = Post::sign(&identity, key.room_id(), id, u64::MAX, draft());
    assert_eq!(b.log.receive(post), Err(Refused));
    b.say("still fine");
}

#[test]
fn delivery_is_told_and_cannot_be_overstated() {
    let key = RoomKey::generate();
    let mut a = Writer::new(&key, 1);
    a.say("1");
    a.say("2");
    assert!(a.log.delivered(1));
    let states: Vec<_> = a
        .log
        .messages()
        .iter()
        .map(|message| message.delivery)
        .collect();
    assert_eq!(states, [Delivery::Delivered, Delivery::Waiting]);
    assert!(a.log.delivered(u64::MAX));
    a.say("3");
    assert_eq!(a.log.messages()[2].delivery, Delivery::Waiting);
}

#[test]
fn the_oldest_go_first_when_there_are_too_many() {
    let key = RoomKey::generate();
    let mut a = Writer::new(&key, 1);
    for number in 0..MAX_POSTS + 3 {
        a.say(&number.to_string());
    }
    assert_eq!(a.log.messages().len(), MAX_POSTS);
    assert_eq!(&*a.log.messages()[0].text, "3");
}

#[test]
fn the_last_number_there_is_ends_no_room() {
    let key = RoomKey::generate();
    let mut a = Writer::new(&key, 1);
    let liar = Identity::generate();
    let mut say = |number| {
        let author = PeerId::from_bytes([2; 16]);
        let draft = Draft {
            name: "N".into(),
            text: "T".into(),
            sent_at: 5,
        };
        let id = MessageId { author, number };
        a.log
            .receive(Post::sign(&liar, key.room_id(), id, 1, draft))
    };
    assert_eq!(say(u64::MAX), Ok(true));
    assert_eq!(say(u64::MAX), Ok(false));
    assert_eq!(say(7), Ok(false));
}

#[test]
fn authors_without_end_are_forgotten_with_their_posts() {
    let key = RoomKey::generate();
    let mut a = Writer::new(&key, 1);
    a.say("first of all");
    let person = a.identity.person();
    for number in 0..(MAX_AUTHORS as u64 + 50) {
        let mut author = [2; 16];
        author[..8].copy_from_slice(&number.to_be_bytes());
        let id = MessageId {
            author: PeerId::from_bytes(author),
            number: u64::MAX,
        };
        let draft = Draft {
            name: "N".into(),
            text: "T".into(),
            sent_at: 5,
        };
        // What is genuine is not the question here, and checking it five thousand times is slow.
        let post = Post::unsigned(person, id, 1 + number, draft);
        a.log.keep(post);
    }
    let have = a.log.have();
    // Our own number stays, or the next thing we say would have one that was used.
    assert!(have.contains(&(a.log.me, 1)));
    assert!(have.len() <= MAX_AUTHORS + 1);
    // Peers read the whole list.
    let told = crate::call::PeerMessage::Have { posts: have };
    assert_eq!(crate::call::decode(&told.encode()), Some(told));
}

#[test]
fn an_author_whose_clock_falls_takes_nothing_from_others() {
    let key = RoomKey::generate();
    let mut a = Writer::new(&key, 1);
    let liar = Identity::generate();
    let author = PeerId::from_bytes([2; 16]);
    let mut say = |number, clock| {
        let draft = Draft {
            name: "N".into(),
            text: "T".into(),
            sent_at: 5,
        };
        let id = MessageId { author, number };
        a.log
            .receive(Post::sign(&liar, key.room_id(), id, clock, draft))
    };
    assert_eq!(say(3, MAX_CLOCK_LEAD), Ok(true));
    assert_eq!(say(4, 1), Err(Refused));
    assert_eq!(say(4, MAX_CLOCK_LEAD + 1), Ok(true));
    a.say("after that");
    let mut newcomer = Writer::new(&key, 3);
    newcomer.catch_up_from(&a);
    assert_eq!(newcomer.texts(), ["T", "T", "after that"]);
}
