//! The operations of one connection, one after the other
//! ([the operations chain](https://www.w3.org/TR/webrtc/#dfn-operations-chain)).
//!
//! Browsers have one too, but what is asked of it depends on how the operations before ended, and
//! after closing its promises stay open for ever.
//!
//! It has no task, and no functions of its own for each promise: a turn of the page's queue, or a
//! function that the page can call, takes time that a set-up has not.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll};

use js_sys::Promise;
use tokio::sync::oneshot;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};

use super::js::{Ending, Pending};
use crate::error::{Error, Result};

/// What the browser gave or threw.
pub(super) type Outcome = std::result::Result<JsValue, JsValue>;
/// Where an outcome is waited for.
pub(super) type Answer = oneshot::Sender<Outcome>;
/// Asks the browser.
pub(super) type Start = Box<dyn FnOnce() -> std::result::Result<Promise, JsValue>>;
/// Makes of what the browser gave what is answered, before the next operation begins.
pub(super) type Finish = Box<dyn FnOnce(JsValue) -> JsValue>;

/// Where operations are asked for.
pub(super) struct Chain(Rc<Inner>);

struct Inner {
    queue: RefCell<VecDeque<Operation>>,
    /// What the browser was asked for, by numbers.
    begun: RefCell<Vec<(u32, Waiting)>>,
    /// The one of those that all in the queue wait for.
    blocking: Cell<Option<u32>>,
    last_number: Cell<u32>,
    is_closed: Cell<bool>,
    /// What the browser calls with a number and an outcome.
    given: Ending,
    thrown: Ending,
}

struct Operation {
    start: Start,
    waiting: Waiting,
    /// The next one may begin before it is done: nothing depends on how it ends.
    is_free: bool,
}

/// Who waits for an outcome.
struct Waiting {
    finish: Option<Finish>,
    answer: Answer,
}

impl Waiting {
    fn answer(self, outcome: Outcome) {
        // Nobody waiting for it is as good.
        let _ = self.answer.send(match self.finish {
            Some(finish) => outcome.map(finish),
            None => outcome,
        });
    }
}

impl Chain {
    pub(super) fn new() -> Self {
        Self(Rc::new_cyclic(|inner| Inner {
            queue: RefCell::default(),
            begun: RefCell::default(),
            blocking: Cell::new(None),
            last_number: Cell::new(0),
            is_closed: Cell::new(false),
            given: ending(inner, Ok),
            thrown: ending(inner, Err),
        }))
    }

    /// Starts an operation when those before it are done, whether or not somebody waits for it.
    /// `read` makes of its outcome what is waited for.
    pub(super) fn ask<T>(&self, start: Start, read: fn(Outcome) -> Result<T>) -> Asked<T> {
        self.queue(start, None, read, false)
    }

    /// The same, with something to do at its end.
    pub(super) fn ask_and<T>(
        &self,
        start: Start,
        finish: Finish,
        read: fn(Outcome) -> Result<T>,
    ) -> Asked<T> {
        self.queue(start, Some(finish), read, false)
    }

    /// The same for one that those behind it need not wait for: the browser's own chain has them
    /// in order.
    pub(super) fn ask_freely<T>(&self, start: Start, read: fn(Outcome) -> Result<T>) -> Asked<T> {
        self.queue(start, None, read, true)
    }

    fn queue<T>(
        &self,
        start: Start,
        finish: Option<Finish>,
        read: fn(Outcome) -> Result<T>,
        is_free: bool,
    ) -> Asked<T> {
        let (answer, outcome) = oneshot::channel();
        // Where it is closed, the answer's drop says so.
        if !self.is_closed() {
            let waiting = Waiting { finish, answer };
            self.0.queue.borrow_mut().push_back(Operation {
                start,
                waiting,
                is_free,
            });
            self.0.go_on();
        }
        Asked { outcome, read }
    }

    /// Whoever waits for an operation learns that it is closed.
    pub(super) fn close(&self) {
        self.0.is_closed.set(true);
        self.0.queue.take();
        self.0.begun.take();
    }

    pub(super) fn is_closed(&self) -> bool {
        self.0.is_closed.get()
    }
}

/// What promises call that may outlive the chain: the page's garbage collection drops it.
fn ending(inner: &Weak<Inner>, outcome: fn(JsValue) -> Outcome) -> Ending {
    let inner = inner.clone();
    let ending = Closure::<dyn Fn(u32, JsValue)>::new(move |number, value| {
        if let Some(inner) = inner.upgrade() {
            inner.ended(number, outcome(value));
        }
    });
    ending.into_js_value().unchecked_into()
}

impl Inner {
    fn ended(&self, number: u32, outcome: Outcome) {
        let waiting = {
            let mut begun = self.begun.borrow_mut();
            let place = begun.iter().position(|(known, _)| *known == number);
            place.map(|place| begun.swap_remove(place))
        };
        // After closing nobody waits any more.
        if let Some((_, waiting)) = waiting {
            waiting.answer(outcome);
        }
        if self.blocking.get() == Some(number) {
            self.blocking.set(None);
            self.go_on();
        }
    }

    /// Begins what can begin.
    fn go_on(&self) {
        while self.blocking.get().is_none() {
            let next = self.queue.borrow_mut().pop_front();
            let Some(operation) = next else { return };
            match (operation.start)() {
                Ok(promise) => self.wait(&promise, operation.waiting, operation.is_free),
                Err(error) => operation.waiting.answer(Err(error)),
            }
        }
    }

    fn wait(&self, promise: &Promise, waiting: Waiting, is_free: bool) {
        let number = self.last_number.get().wrapping_add(1);
        self.last_number.set(number);
        self.begun.borrow_mut().push((number, waiting));
        if !is_free {
            self.blocking.set(Some(number));
        }
        let promise: &Pending = promise.unchecked_ref();
        let of_this = |ending: &Ending| ending.bind(&JsValue::UNDEFINED, number);
        promise.then(&of_this(&self.given), &of_this(&self.thrown));
    }
}

/// An operation that was asked for.
pub(super) struct Asked<T> {
    outcome: oneshot::Receiver<Outcome>,
    read: fn(Outcome) -> Result<T>,
}

impl<T> Asked<T> {
    /// For what is no part of the chain.
    pub(super) fn beside(
        outcome: oneshot::Receiver<Outcome>,
        read: fn(Outcome) -> Result<T>,
    ) -> Self {
        Self { outcome, read }
    }
}

impl<T> Future for Asked<T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<T>> {
        let read = self.read;
        let outcome = Pin::new(&mut self.outcome).poll(context);
        outcome.map(|outcome| outcome.map_or_else(|_| Err(Error::closed("peer connection")), read))
    }
}
