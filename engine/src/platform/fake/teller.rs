//! What happens is told once the world is no longer locked: whoever hears of it asks the world more.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use crate::platform::Emitter;

type Tell = Box<dyn FnOnce() + Send>;

/// What is still to be told, in order.
#[derive(Clone, Default)]
pub(super) struct Told(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    waiting: VecDeque<Tell>,
    is_telling: bool,
}

impl Told {
    fn push(&self, tell: Tell) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.waiting.push_back(tell);
    }

    /// Tells everything, and what comes of it, unless somebody is doing so.
    pub(super) fn tell(&self) {
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if std::mem::replace(&mut lock().is_telling, true) {
            return;
        }
        loop {
            let mut state = lock();
            let Some(tell) = state.waiting.pop_front() else {
                state.is_telling = false;
                return;
            };
            drop(state);
            tell();
        }
    }
}

/// Where a connection or channel says what happens to it.
pub(super) struct Teller<E: Send + 'static> {
    pub(super) events: Arc<Emitter<E>>,
    pub(super) told: Told,
}

impl<E: Send + 'static> Teller<E> {
    pub(super) fn emit(&self, event: E) {
        let events = self.events.clone();
        self.told.push(Box::new(move || events.emit(event)));
    }
}

impl<E: Send + 'static> Drop for Teller<E> {
    fn drop(&mut self) {
        let events = self.events.clone();
        self.told.push(Box::new(move || events.end()));
    }
}
