use super::*;
use crate::RoomKey;
use crate::identity::Identity;

struct Writer {
    credentials: Credentials,
    log: Log,
}

fn draft(text: &str) -> Draft {
    Draft {
        name: "N".into(),
        text: text.into(),
        sent_at: 5,
    }
}

fn visit(key: &RoomKey) -> Credentials {
    Credentials::issue(&Identity::generate(), key.room_id())
}

/// A post that an author signed, in whatever place it wants.
fn signed(author: &Credentials, (number, clock): (u64, u64), text: &str) -> Post {
    let previous = PostDigest::default();
    let place = Place {
        number,
        clock,
        previous,
    };
    Post::sign(author, place, draft(text))
}

/// All portions that are sent to somebody who has this.
pub(super) fn portions(log: &Log, have: &Have) -> Vec<Vec<Post>> {
    let mut theirs = have.by_author();
    let mut portions = Vec::new();
    loop {
        let portion = log.lacking(&theirs);
        if portion.is_empty() {
            return portions;
        }
        let numbers = portion.iter();
        theirs.extend(numbers.map(|(post, digest)| (post.author, (post.number, *digest))));
        portions.push(portion.into_iter().map(|(post, _)| post).collect());
    }
}

fn lacking(log: &Log, have: &Have) -> Vec<Post> {
    portions(log, have).concat()
}

impl Writer {
    fn new(key: &RoomKey) -> Self {
        let credentials = visit(key);
        let person = credentials.certificate().person;
        let log = Log::new(key.room_id(), credentials.peer(), person);
        Self { credentials, log }
    }

    fn person(&self) -> PersonId {
        self.credentials.certificate().person
    }

    fn say(&mut self, text: &str) -> Post {
        self.log.say(&self.credentials, draft(text))
    }

    /// Takes a post that its author passed on.
    fn receive(&mut self, post: Post) -> Result<Received, Refused> {
        let giver = post.person();
        self.log.receive(post, giver, 0)
    }

    fn catch_up_from(&mut self, other: &Self) {
        let clock = other.log.have().clock;
        for post in lacking(&other.log, &self.log.have()) {
            self.log.receive(post, other.person(), clock).unwrap();
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
    let (mut a, mut b) = (Writer::new(&key), Writer::new(&key));
    let first = a.say("one");
    b.say("at the same time");
    assert_eq!(b.receive(first.clone()), Ok(Received::New));
    assert_eq!(b.receive(first), Ok(Received::Known));
    b.say("after one");
    a.catch_up_from(&b);
    b.catch_up_from(&a);
    assert_eq!(a.texts(), b.texts());
    assert_eq!(a.texts()[2], "after one");
}

#[test]
fn who_was_away_gets_what_was_said_even_from_a_third() {
    let key = RoomKey::generate();
    let (mut a, mut b, mut c) = (Writer::new(&key), Writer::new(&key), Writer::new(&key));
    for number in 0..200 {
        a.say(&format!("{number} {}", "long ".repeat(200)));
    }
    b.catch_up_from(&a);
    c.catch_up_from(&b);
    assert_eq!(a.texts(), c.texts());
    assert!(portions(&b.log, &Have::default()).len() > 1);
    assert!(lacking(&b.log, &c.log.have()).is_empty());
}

#[test]
fn a_post_that_is_ahead_waits_for_its_turn() {
    let key = RoomKey::generate();
    let (mut a, mut b) = (Writer::new(&key), Writer::new(&key));
    let posts = [a.say("1"), a.say("2"), a.say("3")];
    assert_eq!(b.receive(posts[0].clone()), Ok(Received::New));
    assert_eq!(b.receive(posts[2].clone()), Ok(Received::Known));
    b.catch_up_from(&a);
    assert_eq!(b.texts(), ["1", "2", "3"]);
}

#[test]
fn changed_forged_and_foreign_posts_are_refused() {
    let key = RoomKey::generate();
    let (mut a, mut b) = (Writer::new(&key), Writer::new(&key));
    let mut changed = a.say("I owe you nothing");
    changed.text = "I owe you 1,000".into();
    assert_eq!(b.receive(changed), Err(Refused::Forged));

    // Said in another room.
    let mut elsewhere = Writer::new(&RoomKey::generate());
    assert_eq!(b.receive(elsewhere.say("hello")), Err(Refused::Forged));
}

#[test]
fn nobody_can_speak_first_in_anothers_name() {
    let key = RoomKey::generate();
    let (mut a, mut b, mallory) = (Writer::new(&key), Writer::new(&key), visit(&key));
    let honest = a.say("mine");
    // Mallory signs with her own keys, and says that it is from Alice's visit.
    let mut as_author = signed(&mallory, (1, 1), "never said");
    as_author.author = a.credentials.peer();
    assert_eq!(b.receive(as_author), Err(Refused::Forged));
    // Or she shows Alice's certificate, which everybody has.
    let mut with_certificate = signed(&mallory, (1, 1), "never said");
    with_certificate.certificate = *a.credentials.certificate();
    with_certificate.author = a.credentials.peer();
    assert_eq!(b.receive(with_certificate), Err(Refused::Forged));
    // The real author is taken as if nothing had been.
    assert_eq!(b.receive(honest), Ok(Received::New));
    assert_eq!(b.texts(), ["mine"]);
}

#[test]
fn a_clock_from_the_end_of_time_is_refused() {
    let key = RoomKey::generate();
    let (mut b, liar) = (Writer::new(&key), visit(&key));
    let post = signed(&liar, (1, u64::MAX), "x");
    assert_eq!(b.receive(post), Err(Refused::Forged));
    let post = signed(&liar, (1, MAX_CLOCK_LEAD + 1), "x");
    assert_eq!(b.receive(post), Err(Refused::TooFar));
    b.say("still fine");
    assert_eq!(b.texts(), ["still fine"]);
}

#[test]
fn a_newcomer_reads_a_room_whose_clock_was_pushed() {
    let key = RoomKey::generate();
    let (mut a, liar) = (Writer::new(&key), visit(&key));
    a.say("before");
    // Each is valid for those who are there, and the last is far ahead of a newcomer.
    for number in 1..=259 {
        let post = signed(&liar, (number, number * (MAX_CLOCK_LEAD - 1)), "x");
        a.log.receive(post, liar.certificate().person, 0).unwrap();
    }
    a.say("after");
    let mut newcomer = Writer::new(&key);
    newcomer.catch_up_from(&a);
    assert_eq!(newcomer.texts(), a.texts());
    newcomer.say("hello");
    a.catch_up_from(&newcomer);
    assert_eq!(a.texts().last().map(String::as_str), Some("hello"));
}

#[test]
fn who_was_away_follows_a_clock_that_was_pushed_and_hidden_in_a_flood() {
    let key = RoomKey::generate();
    let (mut a, mut b, liar) = (Writer::new(&key), Writer::new(&key), visit(&key));
    b.receive(a.say("before")).unwrap();
    let giver = liar.certificate().person;
    let pushes = (1..=4).map(|number| (number, number * MAX_CLOCK_LEAD));
    let flood = (1..=MAX_POSTS as u64).map(|number| (4 + number, 4 * MAX_CLOCK_LEAD + number));
    for place in pushes.chain(flood) {
        a.log.keep(signed(&liar, place, "x"), giver, false);
    }
    let after = a.say("after");
    assert_eq!(a.texts().len(), MAX_POSTS);
    let me = a.person();
    assert_eq!(b.log.receive(after, me, 0), Err(Refused::TooFar));
    // It is asked for what lies between, and that is still there.
    for post in lacking(&a.log, &b.log.have()) {
        assert_ne!(b.log.receive(post, me, 0), Err(Refused::TooFar));
    }
    assert_eq!(b.texts().last().map(String::as_str), Some("after"));
    assert_eq!(b.texts().first().map(String::as_str), Some("before"));
}

#[test]
fn pushes_alone_are_not_followed_beyond_what_is_kept() {
    let key = RoomKey::generate();
    let (mut a, mut b, liar) = (Writer::new(&key), Writer::new(&key), visit(&key));
    b.receive(a.say("before")).unwrap();
    let giver = liar.certificate().person;
    for number in 1..=MAX_POSTS as u64 + 5 {
        let post = signed(&liar, (number, number * MAX_CLOCK_LEAD), "x");
        a.log.keep(post, giver, false);
    }
    let after = a.say("after");
    assert_eq!(
        (a.texts().len(), a.texts()[0].as_str()),
        (MAX_POSTS, "before")
    );
    let me = a.person();
    assert_eq!(b.log.receive(after, me, 0), Err(Refused::TooFar));
    for post in lacking(&a.log, &b.log.have()) {
        assert!(b.log.receive(post, me, 0).is_ok());
    }
    assert_eq!(b.texts(), a.texts());
}

#[test]
fn who_is_there_does_not_believe_a_clock_that_is_announced() {
    let key = RoomKey::generate();
    let (mut a, mut b, liar) = (Writer::new(&key), Writer::new(&key), visit(&key));
    b.catch_up_from({
        a.say("hello");
        &a
    });
    assert!(!b.log.is_new());
    let post = signed(&liar, (1, MAX_CLOCK_LEAD + 9), "x");
    let giver = liar.certificate().person;
    assert_eq!(b.log.receive(post, giver, 0), Err(Refused::TooFar));
}

#[test]
fn two_posts_with_one_number_are_noticed_and_both_shown() {
    let key = RoomKey::generate();
    let (mut a, mut b, liar) = (Writer::new(&key), Writer::new(&key), visit(&key));
    assert_eq!(a.receive(signed(&liar, (1, 1), "yes")), Ok(Received::New));
    assert_eq!(b.receive(signed(&liar, (1, 1), "no")), Ok(Received::New));
    // Neither lacks a number, and yet each sends the other what it has.
    let told: Vec<Post> = lacking(&b.log, &a.log.have());
    assert_eq!(told.len(), 1);
    assert_eq!(a.receive(told[0].clone()), Ok(Received::Contradiction));
    let messages = a.log.messages();
    let mut texts: Vec<_> = messages.iter().map(|message| &*message.text).collect();
    texts.sort_unstable();
    assert_eq!(texts, ["no", "yes"]);
    assert!(messages.iter().all(|message| message.is_contradicted));
    // A third version is not kept, and the same again is nothing new.
    let third = signed(&liar, (1, 1), "perhaps");
    assert_eq!(a.receive(third), Ok(Received::Known));
    assert_eq!(a.receive(told[0].clone()), Ok(Received::Known));
    assert_eq!(a.texts().len(), 2);
}

#[test]
fn a_contradiction_whose_clock_does_not_rise_is_noticed_and_not_passed_on() {
    let key = RoomKey::generate();
    let (mut a, liar) = (Writer::new(&key), visit(&key));
    a.receive(signed(&liar, (3, 6), "three")).unwrap();
    a.receive(signed(&liar, (4, 7), "four")).unwrap();
    let other = signed(&liar, (4, 6), "another four");
    assert_eq!(a.receive(other), Ok(Received::Contradiction));
    assert!(a.log.messages()[1].is_contradicted);
    // Whoever gets all that there is takes it.
    Writer::new(&key).catch_up_from(&a);
}

#[test]
fn nobody_can_make_an_honest_author_contradict_itself() {
    let key = RoomKey::generate();
    let (mut a, mut b, mallory) = (Writer::new(&key), Writer::new(&key), visit(&key));
    b.receive(a.say("yes")).unwrap();
    let mut forged = signed(&mallory, (1, 1), "no");
    forged.author = a.credentials.peer();
    forged.certificate = *a.credentials.certificate();
    let giver = mallory.certificate().person;
    assert_eq!(b.log.receive(forged, giver, 0), Err(Refused::Forged));
    assert!(!b.log.messages()[0].is_contradicted);
}

#[test]
fn a_post_that_follows_another_one_than_ours_is_marked() {
    let key = RoomKey::generate();
    let (mut b, liar) = (Writer::new(&key), visit(&key));
    b.receive(signed(&liar, (1, 1), "one")).unwrap();
    // It does not name the first, which it would if its author had said that to everybody.
    let second = signed(&liar, (2, 2), "two");
    assert_eq!(b.receive(second), Ok(Received::Contradiction));
    let marks: Vec<_> = b
        .log
        .messages()
        .iter()
        .map(|it| it.is_contradicted)
        .collect();
    assert_eq!(marks, [false, true]);
}

#[test]
fn delivery_is_told_and_cannot_be_overstated() {
    let key = RoomKey::generate();
    let mut a = Writer::new(&key);
    let me = a.credentials.peer();
    a.say("1");
    a.say("2");
    a.log.delivered(me, 1);
    let messages = a.log.messages();
    let states: Vec<_> = messages.iter().map(|message| message.delivery).collect();
    assert_eq!(states, [Delivery::Delivered, Delivery::Waiting]);
    a.log.delivered(me, u64::MAX);
    a.say("3");
    assert_eq!(a.log.messages()[2].delivery, Delivery::Waiting);
}

#[test]
fn a_later_visit_knows_its_own_and_what_still_waits() {
    let key = RoomKey::generate();
    let identity = Identity::generate();
    let (first, second) = (
        Credentials::issue(&identity, key.room_id()),
        Credentials::issue(&identity, key.room_id()),
    );
    let mut log = Log::new(key.room_id(), first.peer(), identity.person());
    log.say(&first, draft("from the first"));
    let mut log = log.resume(second.peer());
    let said = log.say(&second, draft("from the second"));
    assert_eq!(said.number, 1);
    let messages = log.messages();
    let seen: Vec<_> = messages.iter().map(|it| (it.mine, it.delivery)).collect();
    assert_eq!(seen, [(true, Delivery::Waiting); 2]);
    let mut b = Writer::new(&key);
    for post in lacking(&log, &b.log.have()) {
        b.receive(post).unwrap();
    }
    assert_eq!(b.texts(), ["from the first", "from the second"]);
    log.is_had(&b.log.have());
    let messages = log.messages();
    assert!(messages.iter().all(|it| it.delivery == Delivery::Delivered));
}

#[test]
fn the_oldest_go_first_when_there_are_too_many() {
    let key = RoomKey::generate();
    let mut a = Writer::new(&key);
    for number in 0..MAX_POSTS + 3 {
        a.say(&number.to_string());
    }
    assert_eq!(a.log.messages().len(), MAX_POSTS);
    assert_eq!(&*a.log.messages()[0].text, "3");
}

#[test]
fn who_floods_the_room_drives_out_only_what_they_wrote() {
    let key = RoomKey::generate();
    let mut a = Writer::new(&key);
    for number in 0..100 {
        a.say(&format!("honest {number}"));
    }
    let (giver, sybil) = (Identity::generate().person(), visit(&key));
    for number in 0..(MAX_POSTS as u64 + 200) {
        // Signatures of five thousand authors take long to make, and are not the question here.
        let mut post = signed(&sybil, (1, 1), "flood");
        post.author = PeerId::from_bytes((u128::from(number) + 1).to_be_bytes());
        post.clock = 200 + number;
        a.log.keep(post, giver, false);
    }
    let honest = a
        .texts()
        .iter()
        .filter(|it| it.starts_with("honest"))
        .count();
    assert_eq!((honest, a.texts().len()), (100, MAX_POSTS));
}

#[test]
fn authors_without_end_are_forgotten_with_their_posts() {
    let key = RoomKey::generate();
    let mut a = Writer::new(&key);
    a.say("first of all");
    let template = signed(&visit(&key), (999_999, 1), "T");
    for number in 0..(MAX_AUTHORS as u128 + 100) {
        let mut post = template.clone();
        post.author = PeerId::from_bytes((number + 1).to_be_bytes());
        post.clock = 1 + number as u64;
        a.log.keep(post, a.log.person, false);
    }
    let have = a.log.have();
    // Our own number stays, or the next thing we say would have one that was used.
    assert!(
        have.posts
            .iter()
            .any(|(author, number, _)| (*author, *number) == (a.log.me, 1))
    );
    assert!(have.posts.len() <= MAX_AUTHORS + 1);
    // Peers read the whole list.
    let told = crate::call::PeerMessage::Have(have);
    assert_eq!(crate::call::decode(&told.encode()), Some(told));
}

#[test]
fn an_author_whose_clock_falls_takes_nothing_from_others() {
    let key = RoomKey::generate();
    let (mut a, liar) = (Writer::new(&key), visit(&key));
    let mut say = |place| a.receive(signed(&liar, place, "T"));
    assert_eq!(say((3, MAX_CLOCK_LEAD)), Ok(Received::New));
    assert_eq!(say((4, 1)), Err(Refused::Misplaced));
    assert!(say((4, MAX_CLOCK_LEAD + 1)).is_ok());
    a.say("after that");
    let mut newcomer = Writer::new(&key);
    newcomer.catch_up_from(&a);
    assert_eq!(newcomer.texts(), ["T", "T", "after that"]);
}
