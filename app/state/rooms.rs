//! The rooms that this person was in, kept on this device.

use dioxus::prelude::*;
use parlor_engine::{RoomKey, TextLimit, single_line};

use crate::platform;
use crate::route::{Invitation, Route};

/// Each room is stored under a key of its own, so that two windows never overwrite each other's.
const PREFIX: &str = "parlor.room.";
/// Earlier versions stored all rooms under one key, a line for each.
const ALL_IN_ONE: &str = "parlor.rooms";
/// The largest number of rooms kept: more than anybody looks through.
const MOST: usize = 50;
/// The part of the last message that is kept.
const LINE: TextLimit = TextLimit {
    graphemes: 120,
    bytes: 1_200,
};

/// A room as this device remembers it.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownRoom {
    /// Key and name, as in a link.
    fragment: String,
    /// The time of the last visit, in milliseconds since 1970.
    pub visited: u64,
    /// The last message: the name of its author, and its text.
    pub line: Option<(String, String)>,
}

impl KnownRoom {
    /// Returns the room's invitation; `None` if the stored one is damaged.
    pub fn invitation(&self) -> Option<Invitation> {
        match Route::from_fragment(&self.fragment) {
            Route::Room(invitation) => Some(invitation),
            Route::Start | Route::Verify(_) | Route::Damaged => None,
        }
    }

    fn is(&self, key: &RoomKey) -> bool {
        self.fragment.starts_with(&key.to_string())
    }

    /// Returns the key under which the room is stored.
    fn stored_key(&self) -> String {
        let (key, _) = self
            .fragment
            .split_once('/')
            .unwrap_or((&self.fragment, ""));
        format!("{PREFIX}{key}")
    }

    /// Serializes the room as parts separated by tabs, which no part contains.
    fn to_stored(&self) -> String {
        let Self {
            fragment,
            visited,
            line,
        } = self;
        let mut text = format!("{visited}\t{fragment}");
        if let Some((name, words)) = line {
            text += &format!("\t{name}\t{words}");
        }
        text
    }

    /// Parses a stored room. Returns `None` if it is damaged.
    fn from_stored(text: &str) -> Option<Self> {
        let mut parts = text.split('\t').map(str::to_owned);
        let visited = parts.next()?.parse().ok()?;
        let fragment = parts.next()?;
        Some(Self {
            fragment,
            visited,
            line: parts.next().zip(parts.next()),
        })
    }
}

static ROOMS: GlobalSignal<Vec<KnownRoom>> = Signal::global(load);

fn load() -> Vec<KnownRoom> {
    separate();
    let keys = platform::stored_keys(PREFIX);
    let texts = keys.iter().filter_map(|key| platform::load(key));
    let mut rooms = texts
        .filter_map(|text| KnownRoom::from_stored(&text))
        .collect();
    sort(&mut rooms);
    rooms
}

/// Converts the rooms that an earlier version of the app stored.
fn separate() {
    let Some(text) = platform::load(ALL_IN_ONE) else {
        return;
    };
    for room in text.lines().filter_map(KnownRoom::from_stored) {
        if platform::load(&room.stored_key()).is_none() {
            platform::store(&room.stored_key(), &room.to_stored());
        }
    }
    platform::remove_stored(ALL_IN_ONE);
}

/// Sorts the rooms, the last visited one first, and drops those over [`MOST`].
fn sort(rooms: &mut Vec<KnownRoom>) {
    rooms.sort_by_key(|room| std::cmp::Reverse(room.visited));
    rooms.truncate(MOST);
}

/// Returns the known rooms, the last visited one first.
pub fn known() -> Vec<KnownRoom> {
    ROOMS.read().clone()
}

/// Remembers a visit.
pub fn visit(invitation: &Invitation) {
    change(|rooms| visited(rooms, invitation, platform::now()));
}

fn visited(rooms: &mut Vec<KnownRoom>, invitation: &Invitation, now: u64) {
    let before = rooms.iter().position(|room| room.is(&invitation.key));
    let line = before.and_then(|place| rooms.remove(place).line);
    rooms.insert(
        0,
        KnownRoom {
            fragment: invitation.fragment(),
            visited: now,
            line,
        },
    );
    rooms.truncate(MOST);
}

/// Remembers the last message, and that we were in the room to see it.
pub fn heard(key: &RoomKey, name: &str, text: &str) {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = (name.to_owned(), single_line(&line, LINE));
    change(|rooms| {
        if let Some(room) = rooms.iter_mut().find(|room| room.is(key)) {
            room.line = Some(line);
            room.visited = platform::now();
        }
    });
}

/// Forgets a room. Returns its place in the list, for [`restore`].
pub fn remove(room: &KnownRoom) -> Option<usize> {
    let place = ROOMS.peek().iter().position(|known| known == room)?;
    change(|rooms| drop(rooms.remove(place)));
    Some(place)
}

pub fn restore(room: KnownRoom, place: usize) {
    change(|rooms| rooms.insert(place.min(rooms.len()), room));
}

/// Changes the list, and stores only the rooms that the change touches.
fn change(change: impl FnOnce(&mut Vec<KnownRoom>)) {
    let before = ROOMS.peek().clone();
    let mut rooms = before.clone();
    change(&mut rooms);
    for (key, value) in differences(&before, &rooms) {
        match value {
            Some(value) => platform::store(&key, &value),
            None => platform::remove_stored(&key),
        }
    }
    *ROOMS.write() = rooms;
}

/// Returns the stored keys that differ, with their new values; `None` for a room that is gone.
fn differences(before: &[KnownRoom], after: &[KnownRoom]) -> Vec<(String, Option<String>)> {
    let changed = after.iter().filter(|room| !before.contains(room));
    let changed = changed.map(|room| (room.stored_key(), Some(room.to_stored())));
    let gone = before.iter().map(KnownRoom::stored_key);
    let gone = gone.filter(|key| after.iter().all(|room| room.stored_key() != *key));
    changed.chain(gone.map(|key| (key, None))).collect()
}

/// Reads again what another window stored under this key; everything if it is `None`.
pub fn refresh(key: Option<&str>) {
    let Some(key) = key else {
        *ROOMS.write() = load();
        return;
    };
    if key.starts_with(PREFIX) {
        let stored = platform::load(key);
        take_over(&mut ROOMS.write(), key, stored.as_deref());
    }
}

/// Replaces a room with the stored one, or removes it if none is stored.
fn take_over(rooms: &mut Vec<KnownRoom>, key: &str, stored: Option<&str>) {
    rooms.retain(|room| room.stored_key() != key);
    let stored = stored.and_then(KnownRoom::from_stored);
    rooms.extend(stored.filter(|room| room.stored_key() == key));
    sort(rooms);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn the_last_visited_room_comes_first_and_only_once() {
        let (tea, sofa) = (Invitation::new("Tea"), Invitation::new("Sofa"));
        let mut rooms = Vec::new();
        visited(&mut rooms, &tea, 1);
        rooms[0].line = Some(("Anna".to_owned(), "Hello".to_owned()));
        visited(&mut rooms, &sofa, 2);
        let renamed = Invitation {
            name: "Green tea".to_owned(),
            ..tea
        };
        visited(&mut rooms, &renamed, 3);
        assert_eq!(rooms.len(), 2);
        assert_eq!(rooms[0].invitation(), Some(renamed));
        assert_eq!(rooms[0].line.as_ref().unwrap().1, "Hello");
        assert_eq!(rooms[1].invitation(), Some(sofa));
    }

    #[test]
    fn rooms_survive_being_kept() {
        let mut rooms = Vec::new();
        visited(&mut rooms, &Invitation::new("こたつの間"), 17);
        visited(&mut rooms, &Invitation::new(""), 18);
        rooms[0].line = Some(("Anna B".to_owned(), "a, b".to_owned()));
        for room in rooms {
            assert_eq!(KnownRoom::from_stored(&room.to_stored()), Some(room));
        }
        for damaged in ["", "x\ty", "5", "-1\tabc"] {
            assert_eq!(KnownRoom::from_stored(damaged), None, "{damaged:?}");
        }
    }

    /// The store of a device, and the list of rooms of each of its windows.
    #[derive(Default)]
    struct Device {
        stored: BTreeMap<String, String>,
        windows: [Vec<KnownRoom>; 2],
    }

    impl Device {
        /// Makes a change in one window, before the other is notified.
        fn changes(&mut self, window: usize, change: impl FnOnce(&mut Vec<KnownRoom>)) {
            let before = self.windows[window].clone();
            change(&mut self.windows[window]);
            for (key, value) in differences(&before, &self.windows[window]) {
                match value {
                    Some(value) => drop(self.stored.insert(key, value)),
                    None => drop(self.stored.remove(&key)),
                }
            }
        }

        fn tells(&mut self, window: usize, room: &Invitation) {
            let key = format!("{PREFIX}{}", room.key);
            let stored = self.stored.get(&key).map(String::as_str);
            take_over(&mut self.windows[window], &key, stored);
        }

        fn names(&self, window: usize) -> Vec<String> {
            let rooms = self.windows[window].iter();
            rooms.map(|room| room.invitation().unwrap().name).collect()
        }
    }

    #[test]
    fn two_windows_overwrite_nothing_of_each_other() {
        let (tea, sofa, lamp) = (
            Invitation::new("Tea"),
            Invitation::new("Sofa"),
            Invitation::new("Lamp"),
        );
        let mut device = Device::default();
        device.changes(0, |rooms| visited(rooms, &tea, 1));
        // The second window knows nothing of that yet.
        device.changes(1, |rooms| visited(rooms, &sofa, 2));
        device.changes(0, |rooms| visited(rooms, &lamp, 3));
        assert_eq!(device.stored.len(), 3);
        for (window, room) in [(0, &sofa), (1, &tea), (1, &lamp)] {
            device.tells(window, room);
        }
        assert_eq!(device.names(0), ["Lamp", "Sofa", "Tea"]);
        assert_eq!(device.names(1), device.names(0));

        // A room that one window forgets is forgotten, and the others stay.
        device.changes(1, |rooms| rooms.retain(|room| !room.is(&sofa.key)));
        device.tells(0, &sofa);
        assert_eq!(device.names(0), ["Lamp", "Tea"]);
        assert_eq!(device.stored.len(), 2);
    }

    #[test]
    fn only_what_changed_is_stored() {
        let (tea, sofa) = (Invitation::new("Tea"), Invitation::new("Sofa"));
        let mut before = Vec::new();
        visited(&mut before, &tea, 1);
        visited(&mut before, &sofa, 2);
        let mut after = before.clone();
        visited(&mut after, &tea, 3);
        let expected = format!("3\t{}", tea.fragment());
        assert_eq!(
            differences(&before, &after),
            [(format!("{PREFIX}{}", tea.key), Some(expected))]
        );
        assert_eq!(differences(&after, &after), []);
    }

    #[test]
    fn damaged_news_of_another_window_take_nothing_else_away() {
        let (tea, sofa) = (Invitation::new("Tea"), Invitation::new("Sofa"));
        let mut rooms = Vec::new();
        visited(&mut rooms, &tea, 1);
        // Under the key of a room that it is not.
        let other = rooms[0].to_stored();
        take_over(&mut rooms, &format!("{PREFIX}{}", sofa.key), Some(&other));
        assert_eq!(rooms.len(), 1);
        take_over(&mut rooms, &format!("{PREFIX}{}", sofa.key), Some("x"));
        assert_eq!(rooms.len(), 1);
    }

    #[test]
    fn the_list_of_an_earlier_version_is_taken_over_once() {
        let (tea, sofa) = (Invitation::new("Tea"), Invitation::new("Sofa"));
        let newer = KnownRoom {
            fragment: sofa.fragment(),
            visited: 9,
            line: None,
        };
        platform::store(&newer.stored_key(), &newer.to_stored());
        let list = format!(
            "5\t{}\tAnna\tHello\n4\t{}\n",
            tea.fragment(),
            sofa.fragment()
        );
        platform::store(ALL_IN_ONE, &list);
        let rooms = load();
        assert_eq!(platform::load(ALL_IN_ONE), None);
        assert_eq!(rooms.len(), 2);
        assert_eq!(rooms[0], newer);
        assert_eq!(rooms[1].line, Some(("Anna".to_owned(), "Hello".to_owned())));
    }

    #[test]
    fn old_rooms_are_forgotten_in_the_end() {
        let mut rooms = Vec::new();
        for at in 0..60 {
            visited(&mut rooms, &Invitation::new(""), at);
        }
        assert_eq!(rooms.len(), MOST);
        assert_eq!(rooms[0].visited, 59);
    }
}
