use super::*;
use crate::RoomKey;
use crate::identity::Identity;

fn is_taken(name: &str, text: &str) -> bool {
    let room = RoomKey::generate().room_id();
    let credentials = Credentials::issue(&Identity::generate(), room);
    let place = Place {
        number: 1,
        clock: 1,
        previous: PostDigest::default(),
    };
    let draft = Draft {
        name: name.to_owned(),
        text: text.to_owned(),
        sent_at: 0,
    };
    Post::sign(&credentials, place, draft).is_signed_in(room)
}

#[test]
fn a_post_from_elsewhere_is_bounded_in_bytes_and_named_on_one_line() {
    assert!(is_taken("Anna", &"🇯🇵".repeat(4_000)));
    // A peer with another version of Unicode may count fewer characters in it.
    assert!(is_taken("Anna", &"x".repeat(MAX_TEXT.graphemes + 1)));
    assert!(is_taken("Anna", &"x".repeat(MAX_TEXT.bytes)));
    assert!(!is_taken("Anna", &"x".repeat(MAX_TEXT.bytes + 1)));
    for name in ["\u{202E}annA", "An\nna", &"x".repeat(401)] {
        assert!(!is_taken(name, "x"), "{name:?}");
    }
}

#[test]
fn what_is_said_is_counted_in_the_characters_that_people_see() {
    assert!(checked_text(&"👨‍👩‍👧‍👦".repeat(1_000)).is_ok());
    assert!(checked_text(&"🌻".repeat(4_000)).is_ok());
    let error = checked_text(&"x".repeat(5_003)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert!(error.message().contains("1003"), "{error}");
}
