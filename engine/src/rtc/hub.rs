use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use futures_util::Stream;
use tokio::sync::Notify;

/// Events, each of which everybody gets who asked for them.
///
/// Nothing is dropped and no size has to be chosen: who asks late is given what still holds, and
/// who reads slowly finds it all, but an event that is unread as the last one is not put behind
/// itself.
#[derive(Debug)]
pub struct Events<T>(Arc<Queue<T>>);

struct Queue<T> {
    state: Mutex<Waiting<T>>,
    changed: Notify,
}

struct Waiting<T> {
    events: VecDeque<T>,
    ended: bool,
}

impl<T> Queue<T> {
    fn lock(&self) -> MutexGuard<'_, Waiting<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Events<T> {
    /// The next event; `None` when there are no more for good.
    pub async fn next(&mut self) -> Option<T> {
        loop {
            // Made before looking, so that what comes in between is not missed.
            let changed = self.0.changed.notified();
            {
                let mut waiting = self.0.lock();
                if let Some(event) = waiting.events.pop_front() {
                    return Some(event);
                }
                if waiting.ended {
                    return None;
                }
            }
            changed.await;
        }
    }

    /// The next event if one is there.
    pub fn try_next(&mut self) -> Option<T> {
        self.0.lock().events.pop_front()
    }

    /// The same as a stream.
    pub fn stream(self) -> impl Stream<Item = T> {
        futures_util::stream::unfold(self, |mut events| async move {
            let event = events.next().await?;
            Some((event, events))
        })
    }
}

impl<T> fmt::Debug for Queue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queue").finish_non_exhaustive()
    }
}

/// Where events come from.
pub(super) struct Hub<T>(Mutex<Subscribers<T>>);

struct Subscribers<T> {
    queues: Vec<Weak<Queue<T>>>,
    /// What a new one is given.
    current: Vec<T>,
    ended: bool,
}

impl<T> Default for Hub<T> {
    fn default() -> Self {
        Self(Mutex::new(Subscribers {
            queues: Vec::new(),
            current: Vec::new(),
            ended: false,
        }))
    }
}

impl<T: Clone + PartialEq> Hub<T> {
    fn lock(&self) -> MutexGuard<'_, Subscribers<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn subscribe(&self) -> Events<T> {
        let mut subscribers = self.lock();
        let queue = Arc::new(Queue {
            state: Mutex::new(Waiting {
                events: subscribers.current.iter().cloned().collect(),
                ended: subscribers.ended,
            }),
            changed: Notify::new(),
        });
        subscribers.queues.push(Arc::downgrade(&queue));
        Events(queue)
    }

    /// Tells everybody.
    pub(super) fn push(&self, event: T) {
        self.lock().push(event);
    }

    /// Tells everybody, and changes what those are given who come later.
    pub(super) fn push_and(&self, event: T, keep: impl FnOnce(&mut Vec<T>, T)) {
        let mut subscribers = self.lock();
        subscribers.push(event.clone());
        keep(&mut subscribers.current, event);
    }

    /// What a new subscriber would be given.
    pub(super) fn current(&self) -> Vec<T> {
        self.lock().current.clone()
    }

    /// Lets what holds now hold no more.
    pub(super) fn forget(&self) {
        self.lock().current.clear();
    }

    pub(super) fn end(&self) {
        let mut subscribers = self.lock();
        subscribers.ended = true;
        for queue in std::mem::take(&mut subscribers.queues) {
            if let Some(queue) = queue.upgrade() {
                queue.lock().ended = true;
                queue.changed.notify_waiters();
            }
        }
    }
}

impl<T: Clone + PartialEq> Subscribers<T> {
    fn push(&mut self, event: T) {
        self.queues.retain(|queue| {
            let Some(queue) = queue.upgrade() else {
                return false;
            };
            let mut waiting = queue.lock();
            if waiting.events.back() != Some(&event) {
                waiting.events.push_back(event.clone());
            }
            drop(waiting);
            queue.changed.notify_waiters();
            true
        });
    }
}
