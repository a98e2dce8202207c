//! The operations of one connection, one after the other
//! ([the operations chain](https://www.w3.org/TR/webrtc/#dfn-operations-chain)).
//!
//! Browsers have one too, but a future of ours asks nothing of them before it is polled, some
//! operations depend on how those before them ended, and after closing the browser's promises stay
//! open for ever.

use std::cell::RefCell;
use std::future::Future;
use std::pin::pin;

use futures_util::future::select;
use js_sys::Promise;
use tokio::sync::{mpsc, oneshot};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::error::{Error, Result};

/// Asks the browser.
pub(super) type Start = Box<dyn FnOnce() -> std::result::Result<Promise, JsValue>>;

type Outcome = std::result::Result<JsValue, JsValue>;

/// Where operations are asked for.
pub(super) struct Chain {
    operations: mpsc::UnboundedSender<Operation>,
    /// Its drop ends what runs.
    open: RefCell<Option<oneshot::Sender<()>>>,
}

struct Operation {
    start: Start,
    answer: oneshot::Sender<Outcome>,
}

impl Chain {
    pub(super) fn new() -> Self {
        let (operations, queue) = crate::inbox::unbounded();
        let (open, closed) = oneshot::channel::<()>();
        spawn_local(async move {
            select(pin!(run(queue)), closed).await;
        });
        Self {
            operations,
            open: RefCell::new(Some(open)),
        }
    }

    /// Starts an operation when those before it are done, whether or not the future is waited for.
    /// `describe` makes an error of what it throws.
    pub(super) fn ask(
        &self,
        describe: fn(&JsValue) -> Error,
        start: Start,
    ) -> impl Future<Output = Result<JsValue>> + use<> {
        let (answer, outcome) = oneshot::channel();
        // Refused when closed, which drops `answer` and so tells.
        let _ = self.operations.send(Operation { start, answer });
        async move {
            let closed = |_| Error::closed("peer connection");
            outcome
                .await
                .map_err(closed)?
                .map_err(|error| describe(&error))
        }
    }

    /// Whoever waits for an operation learns that it is closed.
    pub(super) fn close(&self) {
        self.open.take();
    }

    pub(super) fn is_closed(&self) -> bool {
        self.open.borrow().is_none()
    }
}

async fn run(mut queue: mpsc::UnboundedReceiver<Operation>) {
    while let Some(Operation { start, answer }) = queue.recv().await {
        let outcome = match start() {
            Ok(promise) => JsFuture::from(promise).await,
            Err(error) => Err(error),
        };
        // Nobody waiting for it is as good.
        let _ = answer.send(outcome);
    }
}
