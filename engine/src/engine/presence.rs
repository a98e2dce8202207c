use std::sync::Arc;

use tokio::sync::watch;

use crate::{PeerId, PersonId};

/// Somebody who is in a watched room.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Presence {
    /// Their id on this visit.
    pub peer: PeerId,
    /// Who they say they are.
    pub person: PersonId,
    /// Their name; may be empty.
    pub name: Arc<str>,
}

/// Who is in a room, watched from outside.
#[derive(Debug)]
pub struct Watch {
    pub(crate) people: watch::Receiver<Option<Arc<Vec<Presence>>>>,
}

impl Watch {
    /// Who is there; `None` while the server has not told.
    pub fn people(&self) -> Option<Arc<Vec<Presence>>> {
        self.people.borrow().clone()
    }

    /// Waits until [`people`](Self::people) gives something new. `false` when the engine closed.
    pub async fn changed(&mut self) -> bool {
        self.people.changed().await.is_ok()
    }
}
