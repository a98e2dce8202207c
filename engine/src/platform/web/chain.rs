//! The operations of one connection, one after the other
//! ([the operations chain](https://www.w3.org/TR/webrtc/#dfn-operations-chain)).
//!
//! Browsers have one too, but what is asked of it depends on how the operations before ended, and
//! after closing its promises stay open for ever.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::{Future, ready};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll};

use futures_util::future::{Either, select};
use js_sys::Promise;
use tokio::sync::{Notify, oneshot};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};

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

#[derive(Default)]
struct Inner {
    queue: RefCell<VecDeque<Operation>>,
    /// Nothing was asked for that is not done, and nobody has to wait.
    is_idle: Cell<bool>,
    is_closed: Cell<bool>,
    /// There is an operation, or it is closed.
    changed: Notify,
}

/// An operation begins at once where nothing is before it, and in its turn otherwise.
enum Begin {
    Begun(std::result::Result<Promise, JsValue>),
    Later(Start),
}

struct Operation {
    begin: Begin,
    finish: Option<Finish>,
    answer: Answer,
    /// The next one may begin before it is done: nothing depends on how it ends.
    is_free: bool,
}

impl Chain {
    pub(super) fn new() -> Self {
        let inner = Rc::new(Inner::default());
        spawn_local(inner.clone().run());
        Self(inner)
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
        if !self.0.is_idle.get() || self.is_closed() {
            return self.queue(start, None, read, true);
        }
        let waited_for = match start() {
            Ok(promise) => {
                let inner = self.0.clone();
                let outcome = JsFuture::from(promise);
                WaitedFor::Begun(Box::pin(async move {
                    match select(outcome, pin!(inner.closed())).await {
                        Either::Left((outcome, _)) => Some(outcome),
                        Either::Right(_) => None,
                    }
                }))
            }
            Err(error) => WaitedFor::Begun(Box::pin(ready(Some(Err(error))))),
        };
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
            let begin = match self.0.is_idle.replace(false) {
                true => Begin::Begun(start()),
                false => Begin::Later(start),
            };
            self.0.queue.borrow_mut().push_back(Operation {
                begin,
                finish,
                answer,
                is_free,
            });
            self.0.changed.notify_waiters();
        }
        Asked::beside(outcome, read)
    }

    /// Whoever waits for an operation learns that it is closed.
    pub(super) fn close(&self) {
        self.0.is_closed.set(true);
        self.0.queue.take();
        self.0.changed.notify_waiters();
    }

    pub(super) fn is_closed(&self) -> bool {
        self.0.is_closed.get()
    }
}

impl Inner {
    async fn run(self: Rc<Self>) {
        while !self.is_closed.get() {
            // Made before looking, so that what comes in between is not missed.
            let changed = self.changed.notified();
            let next = self.queue.borrow_mut().pop_front();
            let Some(operation) = next else {
                self.is_idle.set(true);
                changed.await;
                continue;
            };
            let (finish, answer) = (operation.finish, operation.answer);
            let begun = match operation.begin {
                Begin::Begun(outcome) => outcome,
                Begin::Later(start) => start(),
            };
            match begun {
                Ok(promise) if operation.is_free => {
                    let this = self.clone();
                    spawn_local(async move { this.wait(promise, finish, answer).await });
                }
                Ok(promise) => self.wait(promise, finish, answer).await,
                // Nobody waiting for it is as good.
                Err(error) => drop(answer.send(Err(error))),
            }
        }
    }

    async fn wait(&self, promise: Promise, finish: Option<Finish>, answer: Answer) {
        let done = async {
            let outcome = JsFuture::from(promise).await;
            let _ = answer.send(match finish {
                Some(finish) => outcome.map(finish),
                None => outcome,
            });
        };
        select(pin!(done), pin!(self.closed())).await;
    }

    async fn closed(&self) {
        loop {
            let changed = self.changed.notified();
            if self.is_closed.get() {
                return;
            }
            changed.await;
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
            WaitedFor::Answer(answer) => Pin::new(answer).poll(context).map(|answer| answer.ok()),
            WaitedFor::Begun(outcome) => outcome.as_mut().poll(context),
        };
        outcome.map(|outcome| outcome.map_or_else(|| Err(Error::closed("peer connection")), read))
    }
}
