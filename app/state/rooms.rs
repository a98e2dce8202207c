//! The rooms that this person was in, kept on this device.

use dioxus::prelude::*;
use parlor_engine::RoomKey;

use crate::platform;
use crate::route::{Invitation, Route};

const KEY: &str = "parlor.rooms";
/// More than anybody looks through.
const MOST: usize = 50;
/// So much of the last message is kept, in characters.
const LINE: usize = 120;

/// A room as this device remembers it.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownRoom {
    /// Key and name, as in a link.
    fragment: String,
    /// When the person was last there, in milliseconds since 1970.
    pub visited: u64,
    /// Who said what last.
    pub line: Option<(String, String)>,
}

impl KnownRoom {
    /// `None` if what was kept is damaged.
    pub fn invitation(&self) -> Option<Invitation> {
        match Route::from_fragment(&self.fragment) {
            Route::Room(invitation) => Some(invitation),
            Route::Start | Route::Verify(_) | Route::Damaged => None,
        }
    }

    fn is(&self, key: &RoomKey) -> bool {
        self.fragment.starts_with(&key.to_string())
    }
}

/// A line for each room, its parts between tabs, which none of them contains.
fn to_stored(rooms: &[KnownRoom]) -> String {
    let mut text = String::new();
    for KnownRoom {
        fragment,
        visited,
        line,
    } in rooms
    {
        text += &format!("{visited}\t{fragment}");
        if let Some((name, words)) = line {
            text += &format!("\t{name}\t{words}");
        }
        text.push('\n');
    }
    text
}

/// Reads that again, and passes over what is damaged.
fn from_stored(text: &str) -> Vec<KnownRoom> {
    let room = |line: &str| {
        let mut parts = line.split('\t').map(str::to_owned);
        let visited = parts.next()?.parse().ok()?;
        let fragment = parts.next()?;
        Some(KnownRoom {
            fragment,
            visited,
            line: parts.next().zip(parts.next()),
        })
    };
    text.lines().filter_map(room).collect()
}

static ROOMS: GlobalSignal<Vec<KnownRoom>> =
    Signal::global(|| platform::load(KEY).map_or_else(Vec::new, |text| from_stored(&text)));

/// The last visited first.
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

/// Remembers what was said last, and that we were there to see it.
pub fn heard(key: &RoomKey, name: &str, text: &str) {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = (name.to_owned(), line.chars().take(LINE).collect());
    change(|rooms| {
        if let Some(room) = rooms.iter_mut().find(|room| room.is(key)) {
            room.line = Some(line);
            room.visited = platform::now();
        }
    });
}

/// Forgets a room; gives it back with its place, to undo that.
pub fn remove(room: &KnownRoom) -> Option<usize> {
    let place = ROOMS.peek().iter().position(|known| known == room)?;
    change(|rooms| drop(rooms.remove(place)));
    Some(place)
}

pub fn restore(room: KnownRoom, place: usize) {
    change(|rooms| rooms.insert(place.min(rooms.len()), room));
}

fn change(change: impl FnOnce(&mut Vec<KnownRoom>)) {
    let mut rooms = ROOMS.peek().clone();
    change(&mut rooms);
    platform::store(KEY, &to_stored(&rooms));
    *ROOMS.write() = rooms;
}

#[cfg(test)]
mod tests {
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
        assert_eq!(from_stored(&to_stored(&rooms)), rooms);
        assert_eq!(from_stored("x\ty\n\n5"), []);
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
