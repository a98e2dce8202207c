use std::collections::BTreeSet;

use parlor_signaling_protocol::RoomId;

use super::session::SessionId;

/// The watchers of all rooms. A watcher is one entry here and one in its session, and nothing else:
/// watching a room that has no member creates no room.
#[derive(Debug, Default)]
pub(crate) struct Watchers(BTreeSet<(RoomId, SessionId)>);

impl Watchers {
    pub(crate) fn insert(&mut self, room: RoomId, session: SessionId) {
        self.0.insert((room, session));
    }

    pub(crate) fn remove(&mut self, room: RoomId, session: SessionId) {
        self.0.remove(&(room, session));
    }

    pub(crate) fn contains(&self, room: RoomId, session: SessionId) -> bool {
        self.0.contains(&(room, session))
    }

    /// The sessions that watch a room.
    pub(crate) fn of(&self, room: RoomId) -> impl Iterator<Item = SessionId> {
        let all = (room, SessionId::MIN)..=(room, SessionId::MAX);
        self.0.range(all).map(|(_, session)| *session)
    }

    /// How many watch any room.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    #[cfg(test)]
    pub(crate) fn iter(&self) -> impl Iterator<Item = &(RoomId, SessionId)> {
        self.0.iter()
    }
}
