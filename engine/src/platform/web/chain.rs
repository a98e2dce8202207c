//! The operations of one connection, one after the other
//! ([the operations chain](https://www.w3.org/TR/webrtc/#dfn-operations-chain)).
//!
//! Browsers have one too, but what is asked of it depends on how the operations before ended, and
//! after closing its promises stay open for ever.
//!
//! It has no task: each turn of the page's queue takes time that a set-up has not.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::{Future, ready};
use std::pin::{Pin, pin};
use std::rc::{Rc, Weak};
use std::task::{Context, Poll};

use futures_util::future::{Either, select};
use js_sys::{Function, Promise};
use tokio::sync::{Notify, oneshot};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::js::Pending;
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
    /// What the browser was asked for and the next ones wait for.
    begun: RefCell<Option<Waiting>>,
    is_closed: Cell<bool>,
    closed: Notify,
    /// What the browser calls with the outcome: one pair for all operations.
    given: Function,
    thrown: Function,
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
            is_closed: Cell::new(false),
            closed: Notify::new(),
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
        if self.is_closed() || self.0.begun.borrow().is_some() {
            return self.queue(start, None, read, true);
        }
        let outcome: Pin<Box<dyn Future<Output = Option<Outcome>>>> = match start() {
            Ok(promise) => Box::pin(self.0.clone().outcome(promise)),
            Err(error) => Box::pin(ready(Some(Err(error)))),
        };
        let waited_for = WaitedFor::Begun(outcome);
        Asked { waited_for, read }
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
        Asked::beside(outcome, read)
    }

    /// Whoever waits for an operation learns that it is closed.
    pub(super) fn close(&self) {
        self.0.is_closed.set(true);
        self.0.queue.take();
        self.0.begun.take();
        self.0.closed.notify_waiters();
    }

    pub(super) fn is_closed(&self) -> bool {
        self.0.is_closed.get()
    }
}

/// What a promise calls that may outlive the chain: the page's garbage collection drops it.
fn ending(inner: &Weak<Inner>, outcome: fn(JsValue) -> Outcome) -> Function {
    let inner = inner.clone();
    let ending = Closure::<dyn Fn(JsValue)>::new(move |value| {
        if let Some(inner) = inner.upgrade() {
            inner.ended(outcome(value));
        }
    });
    ending.into_js_value().unchecked_into()
}

impl Inner {
    fn ended(self: &Rc<Self>, outcome: Outcome) {
        // After closing nobody waits any more.
        if let Some(waiting) = self.begun.take() {
            waiting.answer(outcome);
        }
        self.go_on();
    }

    /// Begins what can begin.
    fn go_on(self: &Rc<Self>) {
        while self.begun.borrow().is_none() {
            let next = self.queue.borrow_mut().pop_front();
            let Some(operation) = next else { return };
            let waiting = operation.waiting;
            match (operation.start)() {
                Ok(promise) if operation.is_free => {
                    let outcome = self.clone().outcome(promise);
                    spawn_local(async move {
                        if let Some(outcome) = outcome.await {
                            waiting.answer(outcome);
                        }
                    });
                }
                Ok(promise) => {
                    self.begun.replace(Some(waiting));
                    let promise: &Pending = promise.unchecked_ref();
                    promise.then(&self.given, &self.thrown);
                }
                Err(error) => waiting.answer(Err(error)),
            }
        }
    }

    /// Waits for it; `None` where the connection is closed first.
    fn outcome(self: Rc<Self>, promise: Promise) -> impl Future<Output = Option<Outcome>> {
        // Made at once, so that no promise is refused with nobody listening.
        let outcome = JsFuture::from(promise);
        async move {
            match select(outcome, pin!(self.closed())).await {
                Either::Left((outcome, _)) => Some(outcome),
                Either::Right(_) => None,
            }
        }
    }

    async fn closed(&self) {
        // Made before looking, so that what comes in between is not missed.
        let closed = self.closed.notified();
        if !self.is_closed.get() {
            closed.await;
        }
    }
}

/// An operation that was asked for.
pub(super) struct Asked<T> {
    waited_for: WaitedFor,
    read: fn(Outcome) -> Result<T>,
}

/// What comes to nothing where the connection is closed first.
enum WaitedFor {
    Answer(oneshot::Receiver<Outcome>),
    /// Of an operation that nobody else waits for.
    Begun(Pin<Box<dyn Future<Output = Option<Outcome>>>>),
}

impl<T> Asked<T> {
    /// For what is no part of the chain.
    pub(super) fn beside(
        outcome: oneshot::Receiver<Outcome>,
        read: fn(Outcome) -> Result<T>,
    ) -> Self {
        let waited_for = WaitedFor::Answer(outcome);
        Self { waited_for, read }
    }
}

impl<T> Future for Asked<T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<T>> {
        let read = self.read;
        let outcome = match &mut self.waited_for {
            WaitedFor::Answer(answer) => Pin::new(answer).poll(context).map(|it| it.ok()),
            WaitedFor::Begun(outcome) => outcome.as_mut().poll(context),
        };
        outcome.map(|outcome| outcome.map_or_else(|| Err(Error::closed("peer connection")), read))
    }
}
