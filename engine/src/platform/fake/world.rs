use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use super::channel::Channels;
use super::peer::Connections;
use super::server::Server;
use crate::error::ErrorKind;

/// How long anything takes from one host to another.
pub(super) const LATENCY: Duration = Duration::from_millis(20);
/// How much time passes between two looks at what is waited for.
const STEP: Duration = Duration::from_millis(100);
/// More steps than any test needs; one that takes more is in an endless loop.
const MAX_STEPS: usize = 1_000_000;

/// One computer in a [`World`].
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct HostId(pub u32);

type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Time, tasks and the network of a test.
#[derive(Clone, Default)]
pub struct World(Arc<Mutex<State>>);

#[derive(Default)]
pub(super) struct State {
    now: Duration,
    tasks: BTreeMap<u64, Task>,
    timers: BTreeMap<(Duration, u64), Waker>,
    next: u64,
    cut: BTreeSet<(HostId, HostId)>,
    device_errors: BTreeMap<HostId, ErrorKind>,
    pub(super) server: Server,
    pub(super) connections: Connections,
    pub(super) channels: Channels,
    ready: Ready,
}

/// Tasks that can go on, in the order in which they were woken.
type Ready = Arc<Mutex<VecDeque<u64>>>;

impl World {
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The time since the world began.
    pub fn now(&self) -> Duration {
        self.lock().now
    }

    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut state = self.lock();
        let id = state.next_id();
        state.tasks.insert(id, Box::pin(task));
        push(&state.ready, id);
    }

    /// Does something after the time that a message takes.
    pub(super) fn later(&self, act: impl FnOnce(&Self) + Send + 'static) {
        self.after(LATENCY, act);
    }

    pub(super) fn after(&self, time: Duration, act: impl FnOnce(&Self) + Send + 'static) {
        let world = self.clone();
        let sleep = self.sleep(time);
        self.spawn(async move {
            sleep.await;
            act(&world);
        });
    }

    pub(crate) fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send + 'static {
        let world = self.clone();
        // The deadline and its place among equal ones are fixed now, not at the first poll.
        let (deadline, order) = {
            let mut state = self.lock();
            (state.now + duration, state.next_id())
        };
        std::future::poll_fn(move |context| {
            let mut state = world.lock();
            if state.now >= deadline {
                return Poll::Ready(());
            }
            state
                .timers
                .insert((deadline, order), context.waker().clone());
            Poll::Pending
        })
    }

    /// A world where nothing has happened yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets time pass until something is done, and gives what came of it; `None` if it was not done
    /// within this much time.
    pub fn run_until<T: Send + 'static>(
        &self,
        limit: Duration,
        task: impl Future<Output = T> + Send + 'static,
    ) -> Option<T> {
        let outcome = Arc::new(Mutex::new(None));
        let kept = outcome.clone();
        self.spawn(async move {
            let value = task.await;
            *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
        });
        let end = self.now() + limit;
        loop {
            let value = outcome
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take();
            if value.is_some() || self.now() >= end {
                return value;
            }
            self.pass(STEP.min(end - self.now()));
        }
    }

    /// Lets this much time pass, doing everything that falls due in it.
    pub fn pass(&self, time: Duration) {
        let end = self.now() + time;
        for _ in 0..MAX_STEPS {
            if self.step() {
                continue;
            }
            let mut state = self.lock();
            match state.timers.first_key_value() {
                Some((&(at, _), _)) if at <= end => {
                    state.now = state.now.max(at);
                    if let Some((_, waker)) = state.timers.pop_first() {
                        drop(state);
                        waker.wake();
                    }
                }
                _ => {
                    state.now = end;
                    return;
                }
            }
        }
        panic!("a task never comes to rest");
    }

    fn step(&self) -> bool {
        let (id, mut task, ready) = {
            let mut state = self.lock();
            let ready = state.ready.clone();
            let Some(id) = pop(&ready) else { return false };
            // A task that ended meanwhile was woken once too often, which is allowed.
            let Some(task) = state.tasks.remove(&id) else {
                return true;
            };
            (id, task, ready)
        };
        let waker = Waker::from(Arc::new(TaskWaker { id, ready }));
        if task
            .as_mut()
            .poll(&mut Context::from_waker(&waker))
            .is_pending()
        {
            self.lock().tasks.insert(id, task);
        }
        true
    }

    /// Cuts or restores everything between two hosts but the server.
    pub fn set_cut(&self, a: HostId, b: HostId, cut: bool) {
        let pair = (a.min(b), a.max(b));
        {
            let mut state = self.lock();
            if cut {
                state.cut.insert(pair);
            } else {
                state.cut.remove(&pair);
            }
        }
        if cut {
            super::peer::disturb(self, a, b);
        }
    }

    pub(super) fn is_cut(&self, a: HostId, b: HostId) -> bool {
        self.lock().cut.contains(&(a.min(b), a.max(b)))
    }

    /// Makes every device of a host fail so.
    pub fn set_device_error(&self, host: HostId, error: ErrorKind) {
        self.lock().device_errors.insert(host, error);
    }

    pub(super) fn device_error(&self, host: HostId) -> Option<ErrorKind> {
        self.lock().device_errors.get(&host).copied()
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World")
            .field("now", &self.now())
            .finish_non_exhaustive()
    }
}

impl State {
    pub(super) fn now(&self) -> Duration {
        self.now
    }

    pub(super) fn next_id(&mut self) -> u64 {
        self.next += 1;
        self.next
    }
}

struct TaskWaker {
    id: u64,
    ready: Ready,
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        push(&self.ready, self.id);
    }
}

fn push(ready: &Ready, id: u64) {
    ready
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push_back(id);
}

fn pop(ready: &Ready) -> Option<u64> {
    ready
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .pop_front()
}
