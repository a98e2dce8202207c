use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use crate::error::{Error, Result};
use crate::media::Track;
use crate::platform::CurrentTrack;
use crate::room::WeakRoom;
use crate::rtc::{PeerConnection, WeakPeerConnection};

/// What an engine opened and has to close.
#[derive(Default)]
pub(super) struct Open(Mutex<State>);

#[derive(Default)]
struct State {
    closed: bool,
    connections: Vec<WeakPeerConnection>,
    rooms: Vec<WeakRoom>,
    tracks: Vec<Weak<CurrentTrack>>,
}

impl Open {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Refuses what is asked of a closed engine.
    pub(super) fn check(&self) -> Result<()> {
        if self.lock().closed {
            return Err(Error::closed("engine"));
        }
        Ok(())
    }

    pub(super) fn connection(&self, connection: &PeerConnection) {
        let mut state = self.lock();
        state.connections.retain(WeakPeerConnection::is_alive);
        state.connections.push(connection.downgrade());
    }

    pub(super) fn room(&self, room: WeakRoom) {
        let mut state = self.lock();
        state.rooms.retain(WeakRoom::is_alive);
        state.rooms.push(room);
    }

    /// Takes note of a track; one that was opened while the engine closed is stopped.
    pub(super) fn track(&self, track: CurrentTrack) -> Track {
        let track = Track::new(track);
        let mut state = self.lock();
        if state.closed {
            track.stop();
        }
        state.tracks.retain(|track| track.strong_count() > 0);
        state.tracks.push(Arc::downgrade(track.shared()));
        track
    }

    /// Leaves every room because the page goes. `false` if there is none.
    pub(super) fn suspend_rooms(&self) -> bool {
        let rooms = std::mem::take(&mut self.lock().rooms);
        rooms
            .iter()
            .map(WeakRoom::suspend)
            .fold(false, |any, one| any | one)
    }

    pub(super) fn close(&self) {
        let (connections, rooms, tracks) = {
            let mut state = self.lock();
            state.closed = true;
            (
                std::mem::take(&mut state.connections),
                std::mem::take(&mut state.rooms),
                std::mem::take(&mut state.tracks),
            )
        };
        for room in rooms {
            room.leave();
        }
        for connection in connections {
            connection.close();
        }
        for track in tracks {
            if let Some(track) = track.upgrade() {
                Track::of(track).stop();
            }
        }
    }
}
