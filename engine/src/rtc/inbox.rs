use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::error::{Error, ErrorKind, Result};
use crate::peer::Message;

/// What an empty message takes of the buffer: nothing would let it grow without end.
const OVERHEAD: usize = 64;

/// Messages that arrived and were not taken yet.
pub(super) struct Inbox {
    state: Mutex<State>,
    changed: Notify,
}

struct State {
    messages: VecDeque<Message>,
    bytes: usize,
    limit: usize,
    ended: bool,
}

/// Which message to take.
#[derive(Clone, Copy)]
pub(super) enum Wanted {
    Any,
    Text,
    Binary,
}

impl Wanted {
    fn is(self, message: &Message) -> bool {
        match self {
            Self::Any => true,
            Self::Text => message.text().is_some(),
            Self::Binary => message.binary().is_some(),
        }
    }
}

impl Inbox {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            state: Mutex::new(State {
                messages: VecDeque::new(),
                bytes: 0,
                limit,
                ended: false,
            }),
            changed: Notify::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn set_limit(&self, bytes: usize) {
        self.lock().limit = bytes;
    }

    /// Keeps a message. `false` if there is no room: then no more may come.
    pub(super) fn push(&self, message: Message) -> bool {
        let mut state = self.lock();
        let size = message.len() + OVERHEAD;
        if state.ended || state.bytes + size > state.limit {
            return state.ended;
        }
        state.bytes += size;
        state.messages.push_back(message);
        drop(state);
        self.changed.notify_waiters();
        true
    }

    /// No more will come; what is there can still be taken.
    pub(super) fn end(&self) {
        self.lock().ended = true;
        self.changed.notify_waiters();
    }

    /// The next message if it is of this kind; one of another kind stays.
    pub(super) fn try_take(&self, wanted: Wanted) -> Option<Message> {
        self.lock().take(wanted)
    }

    pub(super) async fn take(&self, wanted: Wanted) -> Result<Message> {
        loop {
            // Made before looking, so that what comes in between is not missed.
            let changed = self.changed.notified();
            let outcome = self.lock().outcome(wanted);
            if let Some(outcome) = outcome {
                return outcome;
            }
            changed.await;
        }
    }
}

impl State {
    fn take(&mut self, wanted: Wanted) -> Option<Message> {
        let message = self.messages.pop_front_if(|message| wanted.is(message))?;
        self.bytes -= message.len() + OVERHEAD;
        Some(message)
    }

    /// `None`: there is nothing to say yet.
    fn outcome(&mut self, wanted: Wanted) -> Option<Result<Message>> {
        if let Some(message) = self.take(wanted) {
            return Some(Ok(message));
        }
        if !self.messages.is_empty() {
            let text = match wanted {
                Wanted::Text => "the next message is binary; it waits",
                _ => "the next message is text; it waits",
            };
            return Some(Err(Error::new(ErrorKind::Invalid, text)));
        }
        self.ended.then(|| Err(Error::closed("data channel")))
    }
}
