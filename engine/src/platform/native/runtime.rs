use std::future::Future;
use std::sync::OnceLock;
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::JoinHandle;

use crate::error::{Error, ErrorKind, Result};

/// Connections mostly wait; two threads keep one busy one from holding up another.
const THREADS: usize = 2;

static OWN: OnceLock<Option<Runtime>> = OnceLock::new();

/// The runtime that the caller is in, or else one of the engine's own, so that a program without
/// tokio can use it too.
pub(super) fn handle() -> Result<Handle> {
    if let Ok(handle) = Handle::try_current() {
        return Ok(handle);
    }
    let own = OWN.get_or_init(|| {
        let mut builder = Builder::new_multi_thread();
        builder.worker_threads(THREADS).enable_all();
        builder.thread_name("parlor-engine").build().ok()
    });
    let missing = || Error::new(ErrorKind::Platform, "the system gives no threads");
    own.as_ref()
        .map(|own| own.handle().clone())
        .ok_or_else(missing)
}

pub(super) fn spawn(task: impl Future<Output = ()> + Send + 'static) {
    match handle() {
        Ok(handle) => drop(handle.spawn(task)),
        // Asked for when the engine was made, so it was there then.
        Err(error) => tracing::error!(%error, "a task cannot run"),
    }
}

/// A task that ends with its owner.
pub(super) struct Task(JoinHandle<()>);

impl Task {
    pub(super) fn spawn(task: impl Future<Output = ()> + Send + 'static) -> Result<Self> {
        Ok(Self(handle()?.spawn(task)))
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

pub(super) async fn sleep(duration: Duration) {
    // A timer belongs to a runtime, and the caller may poll from outside of one.
    let Ok(handle) = handle() else { return };
    let sleep = {
        let _inside = handle.enter();
        tokio::time::sleep(duration)
    };
    sleep.await;
}
