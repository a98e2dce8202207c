use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use parlor_signaling_protocol::RoomId;

use crate::chat::Log;

/// How many rooms' messages are kept after leaving, each with 8 MiB at most.
const MAX_ROOMS: usize = 8;

/// The messages of rooms that this engine left, for coming back. They end with the engine.
#[derive(Clone, Debug, Default)]
pub(crate) struct Histories(Arc<Mutex<VecDeque<(RoomId, Log)>>>);

impl Histories {
    pub(super) fn take(&self, room: RoomId) -> Option<Log> {
        let mut logs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = logs.iter().position(|(of, _)| *of == room)?;
        logs.remove(place).map(|(_, log)| log)
    }

    pub(super) fn keep(&self, room: RoomId, log: Log) {
        let mut logs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        logs.retain(|(of, _)| *of != room);
        if logs.len() >= MAX_ROOMS {
            logs.pop_front();
        }
        logs.push_back((room, log));
    }
}
