use std::fmt;

use futures_util::Stream;
use tokio::sync::watch;

/// A value that changes: what it is now, and every later one that is not overtaken by a newer.
///
/// A new handle has seen nothing yet, so the first [`changed`](Self::changed) waits only until
/// there is a value that [`get`](Self::get) did not give.
#[derive(Clone)]
pub struct Watched<T>(watch::Receiver<T>);

impl<T: Copy + PartialEq> Watched<T> {
    pub(super) fn new(receiver: watch::Receiver<T>) -> Self {
        Self(receiver)
    }

    /// What it is now.
    pub fn get(&self) -> T {
        *self.0.borrow()
    }

    /// The value, if this handle has not seen it yet.
    pub(crate) fn take_new(&mut self) -> Option<T> {
        let is_new = self.0.has_changed().unwrap_or(false);
        is_new.then(|| *self.0.borrow_and_update())
    }

    /// Waits for another value than this handle last saw. `None` when no more can come.
    pub async fn changed(&mut self) -> Option<T> {
        self.0.changed().await.ok()?;
        Some(*self.0.borrow_and_update())
    }

    /// Waits until the value is so; at once if it is. `None` when it can no longer become so.
    pub async fn wait_for(&mut self, is_so: impl Fn(T) -> bool) -> Option<T> {
        let value = self.0.wait_for(|value| is_so(*value)).await.ok()?;
        Some(*value)
    }

    /// The value now and all that follow, until no more can come.
    pub fn stream(self) -> impl Stream<Item = T> {
        futures_util::stream::unfold((self, true), |(mut watched, is_first)| async move {
            let value = if is_first {
                *watched.0.borrow_and_update()
            } else {
                watched.changed().await?
            };
            Some((value, (watched, false)))
        })
    }
}

impl<T: fmt::Debug> fmt::Debug for Watched<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Watched").field(&*self.0.borrow()).finish()
    }
}

/// Sets a watched value, without waking anybody if it is the same.
pub(super) fn set<T: PartialEq>(sender: &watch::Sender<T>, value: T) {
    sender.send_if_modified(|current| {
        let is_new = *current != value;
        *current = value;
        is_new
    });
}
