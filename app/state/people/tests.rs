use super::known::MOST;
use super::*;

const DAY: u64 = 24 * 60 * 60_000;
/// The current time in every test.
const NOW: u64 = 100 * DAY;

/// Returns the person with this number. Keys are base64url.
fn person(number: usize) -> PersonId {
    let letter = |place: u32| {
        const LETTERS: &[u8; 64] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        char::from(LETTERS[number / 64_usize.pow(place) % 64])
    };
    let text: String = (0..42).map(|place| letter(place % 3)).collect();
    format!("{text}A").parse().ok().unwrap()
}

const US: usize = 0;
const BEN: usize = 1;
const OTHER: usize = 2;

/// Returns the standing of a person in a room that we entered now, as "Ada".
fn standing(people: &People, (number, name): (usize, &str), present: &[(usize, &str)]) -> Standing {
    let present: Vec<_> = present
        .iter()
        .map(|(number, name)| (person(*number), (*name).to_owned()))
        .collect();
    let scene = Scene {
        people,
        entered: NOW,
        us: (person(US), "Ada"),
        present: &present,
    };
    scene.standing(person(number), name)
}

fn met(number: usize, name: &str, at: u64) -> People {
    let mut people = People::default();
    people.meet(person(number), name, at);
    people
}

#[test]
fn somebody_new_is_told_from_somebody_known() {
    let mut people = met(BEN, "Ben", NOW - DAY);
    people.meet(person(OTHER), "Cleo", NOW);
    let here = [(BEN, "Ben"), (OTHER, "Cleo")];
    assert_eq!(standing(&people, here[0], &here).met, Some(NOW - DAY));
    for new in [here[1], (3, "Dan")] {
        assert_eq!(standing(&people, new, &here), Standing::default());
    }
}

#[test]
fn a_changed_name_is_told_for_a_while() {
    let mut people = met(BEN, "Ben", NOW - DAY);
    people.meet(person(BEN), "Benjamin", NOW);
    let seen = standing(&people, (BEN, "Benjamin"), &[(BEN, "Benjamin")]);
    assert_eq!(seen.was_called.as_deref(), Some("Ben"));
    let mut people = met(BEN, "Ben", NOW - 9 * DAY);
    people.meet(person(BEN), "Benjamin", NOW - 2 * DAY);
    let seen = standing(&people, (BEN, "Benjamin"), &[(BEN, "Benjamin")]);
    assert_eq!(seen.was_called, None);
}

#[test]
fn a_new_key_under_a_known_name_is_told_of_who_came_later() {
    let mut people = met(BEN, "Ben", NOW - DAY);
    let seen = standing(&people, (OTHER, "ＢＥＮ"), &[(OTHER, "ＢＥＮ")]);
    assert_eq!(seen.namesake, Some(Namesake::Met(NOW - DAY)));
    people.meet(person(OTHER), "ben", NOW);
    let seen = standing(&people, (OTHER, "ben"), &[(OTHER, "ben")]);
    assert_eq!(seen.namesake, Some(Namesake::Met(NOW - DAY)));
    // Who had the name first did nothing.
    let seen = standing(&people, (BEN, "Ben"), &[(BEN, "Ben")]);
    assert_eq!(seen.namesake, None);
    // Somebody known for long takes the name of somebody else.
    people.meet(person(3), "Mallory", NOW - 30 * DAY);
    people.meet(person(3), "Ben", NOW);
    let seen = standing(&people, (3, "Ben"), &[(3, "Ben")]);
    assert_eq!(seen.namesake, Some(Namesake::Met(NOW - DAY)));
}

#[test]
fn two_of_one_name_who_are_both_known_for_long_are_told_only_while_both_are_here() {
    let mut people = met(BEN, "Ben", NOW - 9 * DAY);
    people.meet(person(OTHER), "Ben", NOW - 8 * DAY);
    let both = [(BEN, "Ben"), (OTHER, "Ben")];
    for one in both {
        assert_eq!(standing(&people, one, &[one]).namesake, None);
        assert_eq!(standing(&people, one, &both).namesake, Some(Namesake::Here));
    }
}

#[test]
fn another_key_under_a_verified_name_is_told_for_as_long_as_it_is_not_verified() {
    let mut people = met(BEN, "Ben", NOW - 9 * DAY);
    people.set_verified(person(BEN), "Ben", true, NOW - 9 * DAY);
    people.meet(person(OTHER), "Ben", NOW - 8 * DAY);
    let both = [(BEN, "Ben"), (OTHER, "Ben")];
    for present in [&both[..], &both[1..]] {
        let seen = standing(&people, both[1], present);
        assert_eq!(seen.namesake, Some(Namesake::Verified));
        assert!(!seen.is_verified);
    }
    let seen = standing(&people, both[0], &both);
    assert_eq!(
        (seen.is_verified, seen.namesake),
        (true, Some(Namesake::Here))
    );
    // A name that the verified person gave up does not become anybody's.
    people.meet(person(BEN), "Benjamin", NOW);
    assert_eq!(
        standing(&people, both[1], &both).namesake,
        Some(Namesake::Verified)
    );
    people.set_verified(person(OTHER), "Ben", true, NOW);
    assert_eq!(standing(&people, both[1], &both[1..]).namesake, None);
}

#[test]
fn our_own_name_is_told_unless_it_is_us_in_another_window() {
    let people = People::default();
    let seen = standing(&people, (BEN, "ada"), &[(BEN, "ada")]);
    assert_eq!(seen.namesake, Some(Namesake::Us));
    assert_eq!(
        standing(&people, (US, "Ada"), &[(US, "Ada")]).namesake,
        None
    );
}

#[test]
fn people_without_a_name_are_not_namesakes() {
    let people = met(BEN, "", NOW - DAY);
    let here = [(BEN, ""), (OTHER, "\u{200B}")];
    assert_eq!(standing(&people, here[1], &here).namesake, None);
}

#[test]
fn people_survive_being_kept() {
    let mut people = met(BEN, "Ben", 1);
    people.meet(person(BEN), "ベン", 2);
    people.set_verified(person(BEN), "ベン", true, 3);
    let all = Restriction {
        muted: true,
        hidden: true,
        blocked: true,
    };
    people.restrict(person(OTHER), "", all, 4);
    assert_eq!(People::from_stored(&people.to_stored()), people);
    let damaged = format!("x\ty\n\n{}\t1\t2\n{}", person(3), people.to_stored());
    assert_eq!(People::from_stored(&damaged), people);
}

#[test]
fn who_was_not_seen_for_long_is_forgotten_before_who_was_marked() {
    let mut people = met(1, "Ben", 1);
    people.set_verified(person(1), "Ben", true, 1);
    people.restrict(
        person(2),
        "Mallory",
        Restriction {
            blocked: true,
            ..Restriction::default()
        },
        2,
    );
    for number in 3..MOST + 100 {
        people.meet(person(number), "Guest", number as u64);
    }
    assert_eq!(people.iter().count(), MOST);
    assert!(people.is_verified(person(1)) && people.restriction(person(2)).blocked);
    assert!(people.get(person(MOST + 99)).is_some());
    assert!(people.get(person(3)).is_none());
    assert!(People::from_stored(&people.to_stored().repeat(3)) == people);
}

#[test]
fn two_windows_do_not_lose_each_others_people() {
    let before = update(&People::default(), |people| {
        people.meet(person(1), "Ben", 1)
    });
    // Both windows have read the same, and each remembers somebody else.
    update(&before, |people| people.meet(person(2), "Cleo", 2));
    let after = update(&before, |people| {
        people.set_verified(person(1), "Ben", true, 3)
    });
    assert!(after.get(person(2)).is_some() && after.is_verified(person(1)));
    assert_eq!(load(&People::default()), after);
}

#[test]
fn being_seen_again_is_written_only_now_and_then() {
    let people = met(BEN, "Ben", NOW);
    assert!(!people.is_news(person(BEN), "Ben", NOW + 60_000));
    assert!(people.is_news(person(BEN), "Ben", NOW + 60 * 60_000));
    assert!(people.is_news(person(BEN), "Benjamin", NOW + 60_000));
    assert!(people.is_news(person(OTHER), "Ben", NOW));
}

#[test]
fn what_another_window_stores_is_taken_over() {
    let window = VirtualDom::new(|| rsx! {});
    window.in_scope(ScopeId::ROOT, || {
        assert!(blocked().is_empty());
        let mut elsewhere = People::default();
        let blocked_there = Restriction {
            blocked: true,
            ..Restriction::default()
        };
        elsewhere.restrict(person(BEN), "Ben", blocked_there, NOW);
        platform::store(KEY, &elsewhere.to_stored());
        refresh();
        assert_eq!(blocked().len(), 1);
        // And nothing of it is lost by a change here.
        set_verified(person(OTHER), "Cleo", true);
        assert_eq!(blocked().len(), 1);
        assert!(read(|people| people.is_verified(person(OTHER))));
    });
}
