//! Drafts: texts that were written but not sent. They live as long as the page, so that leaving a
//! room by mistake loses nothing.

use dioxus::prelude::*;
use parlor_engine::RoomKey;

/// The largest number of drafts kept: more rooms than anybody writes in at a time.
const MOST: usize = 10;

static DRAFTS: GlobalSignal<Vec<(RoomKey, String)>> = Signal::global(Vec::new);

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
