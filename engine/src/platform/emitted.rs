//! How events get from a platform to the engine.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::MaybeSend;

/// Where a platform says what happens. Dropped, it has said all.
///
/// Whoever takes the events runs inside [`emit`](Self::emit), without a task between: so it is not
/// called while anything is locked that the engine asks a platform for.
pub(crate) struct Emitter<E>(Arc<Way<E>>);

/// Where it is heard. Dropped, what is said is thrown away.
///
/// There is no bound, since a platform's callbacks cannot wait. What comes in is bounded at its
/// source, as in [`inbox`](crate::inbox).
pub(crate) struct Emitted<E>(Option<Arc<Way<E>>>);

/// A pair of the two.
pub(crate) fn emitter<E>() -> (Emitter<E>, Emitted<E>) {
    let way = Arc::new(Way(Mutex::new(State {
        waiting: VecDeque::new(),
        is_ended: false,
        is_given_up: false,
        taker: None,
    })));
    (Emitter(way.clone()), Emitted(Some(way)))
}

/// Takes the events in order; `None` is the last.
trait Take<E>: MaybeSend {
    fn take(&mut self, event: Option<E>);
}

impl<E, F: FnMut(Option<E>) + MaybeSend> Take<E> for F {
    fn take(&mut self, event: Option<E>) {
        self(event);
    }
}

struct Way<E>(Mutex<State<E>>);

struct State<E> {
    waiting: VecDeque<E>,
    is_ended: bool,
    is_given_up: bool,
    /// None before there is one, and while it takes an event.
    taker: Option<Box<dyn Take<E>>>,
}

impl<E> Emitter<E> {
    /// Says that something happened. It is taken before this returns, unless something is being
    /// taken already: then after that.
    pub(crate) fn emit(&self, event: E) {
        let mut state = self.0.lock();
        if state.is_ended || state.is_given_up {
            // What goes with the event may lock something itself.
            drop(state);
            return;
        }
        state.waiting.push_back(event);
        self.0.give(state);
    }

    /// Says that nothing more will happen.
    pub(crate) fn end(&self) {
        let mut state = self.0.lock();
        if !state.is_ended {
            state.is_ended = true;
            self.0.give(state);
        }
    }
}

impl<E> Drop for Emitter<E> {
    fn drop(&mut self) {
        self.end();
    }
}

impl<E> Emitted<E> {
    /// Has all events taken, from those that wait already to the end, which is `None`.
    pub(crate) fn taken_by(mut self, take: impl FnMut(Option<E>) + MaybeSend + 'static) {
        if let Some(way) = self.0.take() {
            let mut state = way.lock();
            state.taker = Some(Box::new(take));
            way.give(state);
        }
    }

    /// The next event that waits.
    #[cfg(test)]
    pub(crate) fn try_next(&self) -> Option<E> {
        self.0.as_ref()?.lock().waiting.pop_front()
    }
}

impl<E> Drop for Emitted<E> {
    fn drop(&mut self) {
        if let Some(way) = self.0.take() {
            way.give_up();
        }
    }
}

impl<E> Way<E> {
    fn lock(&self) -> MutexGuard<'_, State<E>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nobody will take anything any more: keeps nothing.
    fn give_up(&self) {
        let mut state = self.lock();
        state.is_given_up = true;
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        drop(waiting);
    }

    /// Has what waits taken, if there is somebody who does not take something at this moment.
    fn give<'a>(&'a self, mut state: MutexGuard<'a, State<E>>) {
        let Some(mut taker) = state.taker.take() else {
            return;
        };
        loop {
            let event = state.waiting.pop_front();
            if event.is_none() && !state.is_ended {
                state.taker = Some(taker);
                return;
            }
            drop(state);
            let is_last = event.is_none();
            let unwinding = Unwinding(self);
            taker.take(event);
            std::mem::forget(unwinding);
            if is_last {
                return;
            }
            state = self.lock();
        }
    }
}

/// Dropped by a panic alone, with which whoever took the events is gone.
struct Unwinding<'a, E>(&'a Way<E>);

impl<E> Drop for Unwinding<'_, E> {
    fn drop(&mut self) {
        self.0.give_up();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Taken = Arc<Mutex<Vec<Option<u32>>>>;

    fn taken(emitted: Emitted<u32>) -> Taken {
        let taken = Taken::default();
        let kept = taken.clone();
        emitted.taken_by(move |event| kept.lock().unwrap().push(event));
        taken
    }

    #[test]
    fn what_was_said_before_is_taken_first_and_the_end_is_said_once() {
        let (emitter, emitted) = emitter();
        emitter.emit(1);
        let taken = taken(emitted);
        emitter.emit(2);
        assert_eq!(*taken.lock().unwrap(), [Some(1), Some(2)]);
        emitter.end();
        emitter.emit(3);
        drop(emitter);
        assert_eq!(*taken.lock().unwrap(), [Some(1), Some(2), None]);
        assert_eq!(Arc::strong_count(&taken), 1, "who took it is gone");
    }

    #[test]
    fn an_end_before_anybody_listens_is_not_lost() {
        let (emitter, emitted) = emitter();
        emitter.emit(1);
        drop(emitter);
        assert_eq!(*taken(emitted).lock().unwrap(), [Some(1), None]);
    }

    #[test]
    fn what_happens_while_something_is_taken_comes_after_it() {
        let (emitter, emitted) = emitter();
        let emitter = Arc::new(emitter);
        let (inner, taken) = (Arc::downgrade(&emitter), Taken::default());
        let kept = taken.clone();
        emitted.taken_by(move |event| {
            if event == Some(1) {
                inner.upgrade().unwrap().emit(2);
            }
            kept.lock().unwrap().push(event);
        });
        emitter.emit(1);
        assert_eq!(*taken.lock().unwrap(), [Some(1), Some(2)]);
    }

    #[test]
    fn nothing_is_kept_for_those_who_gave_up() {
        let (emitter, emitted) = emitter();
        let event = Arc::new(());
        emitter.emit(event.clone());
        drop(emitted);
        emitter.emit(event.clone());
        assert_eq!(Arc::strong_count(&event), 1);
    }

    #[test]
    fn nothing_is_kept_after_whoever_took_it_panicked() {
        let (emitter, emitted) = emitter();
        emitted.taken_by(|_| panic!("as a mistake in the engine would"));
        let event = Arc::new(());
        let emit = || emitter.emit(event.clone());
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(emit)).unwrap_err();
        emitter.emit(event.clone());
        assert_eq!(Arc::strong_count(&event), 1);
    }

    #[test]
    fn events_of_many_threads_are_all_taken_one_at_a_time() {
        let (emitter, emitted) = emitter();
        let taken = taken(emitted);
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let emitter = &emitter;
                scope.spawn(move || (0..250).for_each(|n| emitter.emit(thread * 1000 + n)));
            }
        });
        let taken = taken.lock().unwrap();
        for thread in 0..4 {
            let of_thread = taken.iter().flatten().filter(|n| **n / 1000 == thread);
            let numbers: Vec<u32> = of_thread.map(|n| n % 1000).collect();
            assert_eq!(numbers, (0..250).collect::<Vec<_>>());
        }
    }
}
