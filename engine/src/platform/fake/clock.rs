//! Virtual time, and the tasks that live in it.

use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use super::world::World;

/// More steps than any test needs without time going on; one that takes more is in an endless loop.
const MAX_STEPS: usize = 1_000_000;

type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Tasks that can go on, in the order in which they were woken.
type Ready = Arc<Mutex<VecDeque<u64>>>;

#[derive(Default)]
pub(super) struct Clock {
    now: Duration,
    tasks: BTreeMap<u64, Task>,
    timers: BTreeMap<(Duration, u64), Waker>,
    next: u64,
    ready: Ready,
}

impl Clock {
    pub(super) fn now(&self) -> Duration {
        self.now
    }

    /// A number that nothing else in the world has.
    pub(super) fn next_id(&mut self) -> u64 {
        self.next += 1;
        self.next
    }
}

/// What one turn of the world did.
enum Turn {
    Task,
    Timer,
    /// Nothing falls due any more.
    Rest,
}

impl World {
    /// The time since the world began.
    pub fn now(&self) -> Duration {
        self.lock().clock.now
    }

    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut state = self.lock();
        let id = state.clock.next_id();
        state.clock.tasks.insert(id, Box::pin(task));
        push(&state.clock.ready, id);
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
            let deadline = state.clock.now.saturating_add(duration);
            (deadline, state.clock.next_id())
        };
        std::future::poll_fn(move |context| {
            let mut state = world.lock();
            if state.clock.now >= deadline {
                return Poll::Ready(());
            }
            let waker = context.waker().clone();
            state.clock.timers.insert((deadline, order), waker);
            Poll::Pending
        })
    }

    /// Lets this much time pass, doing everything that falls due in it.
    ///
    /// # Panics
    ///
    /// When a task never comes to rest, so that no time would ever pass.
    pub fn pass(&self, time: Duration) {
        let end = self.now() + time;
        self.run(end, || false);
    }

    /// Lets time pass until something is done, and gives what came of it; `None` if it was not done
    /// within this much time.
    ///
    /// # Panics
    ///
    /// As [`pass`](Self::pass).
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
        let lock = || outcome.lock().unwrap_or_else(PoisonError::into_inner);
        let end = self.now() + limit;
        self.run(end, || lock().is_some());
        lock().take()
    }

    /// Goes on until something is so, or to the end.
    fn run(&self, end: Duration, is_done: impl Fn() -> bool) {
        let mut steps = 0;
        while !is_done() {
            match self.turn(end) {
                Turn::Task => steps += 1,
                Turn::Timer => steps = 0,
                Turn::Rest => return,
            }
            assert!(steps < MAX_STEPS, "a task never comes to rest");
        }
    }

    /// Lets one task go on, or time jump to the next timer.
    fn turn(&self, end: Duration) -> Turn {
        if self.step() {
            return Turn::Task;
        }
        let mut state = self.lock();
        let clock = &mut state.clock;
        match clock.timers.first_key_value() {
            Some((&(at, _), _)) if at <= end => {
                clock.now = clock.now.max(at);
                let timer = clock.timers.pop_first();
                drop(state);
                if let Some((_, waker)) = timer {
                    waker.wake();
                }
                Turn::Timer
            }
            _ => {
                clock.now = clock.now.max(end);
                Turn::Rest
            }
        }
    }

    fn step(&self) -> bool {
        let (id, mut task, ready) = {
            let mut state = self.lock();
            let ready = state.clock.ready.clone();
            let Some(id) = pop(&ready) else { return false };
            // A task that ended meanwhile was woken once too often, which is allowed.
            let Some(task) = state.clock.tasks.remove(&id) else {
                return true;
            };
            (id, task, ready)
        };
        let waker = Waker::from(Arc::new(TaskWaker { id, ready }));
        let mut context = Context::from_waker(&waker);
        if task.as_mut().poll(&mut context).is_pending() {
            self.lock().clock.tasks.insert(id, task);
        }
        true
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
    let mut ready = ready.lock().unwrap_or_else(PoisonError::into_inner);
    ready.push_back(id);
}

fn pop(ready: &Ready) -> Option<u64> {
    let mut ready = ready.lock().unwrap_or_else(PoisonError::into_inner);
    ready.pop_front()
}
