//! Drafts: texts that were written but not sent. Leaving a room by mistake loses none of them, and
//! loading the page again keeps the one of the room that was open.

use dioxus::prelude::*;
use parlor_engine::RoomKey;

use crate::platform;

/// The largest number of drafts kept: more rooms than anybody writes in at a time.
const MOST: usize = 10;

/// The window's store has the draft that the page was left with under this name.
const LEFT: &str = "draft";

static DRAFTS: GlobalSignal<Vec<(RoomKey, String)>> = Signal::global(|| {
    // Once: a draft that is sent afterwards must not come back.
    let left = platform::load_for_window(LEFT);
    left.and_then(|left| parsed(&left)).into_iter().collect()
});

/// Returns a room's draft; empty if there is none.
pub fn of(key: &RoomKey) -> String {
    let drafts = DRAFTS.peek();
    let draft = drafts.iter().find(|(room, _)| room == key);
    draft.map(|(_, text)| text.clone()).unwrap_or_default()
}

/// Replaces a room's draft.
pub fn keep(key: &RoomKey, text: &str) {
    kept(&mut DRAFTS.write(), key, text);
}

/// Keeps the draft of the room that is open while the page goes.
pub fn keep_for_window(key: &RoomKey, text: &str) {
    platform::store_for_window(LEFT, &format!("{key}\n{text}"));
}

fn parsed(left: &str) -> Option<(RoomKey, String)> {
    let (key, text) = left.split_once('\n')?;
    let key = key.parse().ok()?;
    (!text.is_empty()).then(|| (key, text.to_owned()))
}

fn kept(drafts: &mut Vec<(RoomKey, String)>, key: &RoomKey, text: &str) {
    drafts.retain(|(room, _)| room != key);
    if !text.is_empty() {
        drafts.push((key.clone(), text.to_owned()));
    }
    if drafts.len() > MOST {
        drafts.remove(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_draft_of_a_window_is_read_as_it_was_written() {
        let key = RoomKey::generate();
        let read = parsed(&format!("{key}\ntwo\nlines"));
        assert_eq!(read, Some((key.clone(), "two\nlines".to_owned())));
        for nothing in ["", "no key\ntext", &format!("{key}\n")] {
            assert_eq!(parsed(nothing), None, "{nothing:?}");
        }
    }

    #[test]
    fn each_room_keeps_its_last_draft_and_old_ones_are_dropped() {
        let mut drafts = Vec::new();
        let keys: Vec<_> = (0..=MOST).map(|_| RoomKey::generate()).collect();
        kept(&mut drafts, &keys[0], "first");
        kept(&mut drafts, &keys[0], "second");
        assert_eq!(drafts, [(keys[0].clone(), "second".to_owned())]);
        kept(&mut drafts, &keys[0], "");
        assert_eq!(drafts, []);
        for key in &keys {
            kept(&mut drafts, key, "words");
        }
        assert_eq!(drafts.len(), MOST);
        assert!(drafts.iter().all(|(room, _)| *room != keys[0]));
    }
}
