use std::cell::RefCell;
use std::rc::{Rc, Weak};

use js_sys::{Function, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::page::promised;
use super::{Listener, document, window};

/// Keeps the screen on. A browser releases a wake lock when the page is hidden, so a new one is
/// requested whenever the page is shown.
#[derive(Debug)]
pub struct Awake {
    _lock: Rc<RefCell<Option<WakeLock>>>,
    _listener: Option<Listener>,
}

pub fn stay_awake() -> Awake {
    let lock = Rc::default();
    take(&lock);
    let place = Rc::downgrade(&lock);
    let listener = document().and_then(|document| {
        Listener::new(&document, "visibilitychange", move |_| {
            if let Some(lock) = Weak::upgrade(&place) {
                take(&lock);
            }
        })
    });
    Awake {
        _lock: lock,
        _listener: listener,
    }
}

/// Requests a lock while the page is shown; a hidden page gets none.
fn take(lock: &Rc<RefCell<Option<WakeLock>>>) {
    if document().is_none_or(|document| document.hidden()) {
        return;
    }
    let place = Rc::downgrade(lock);
    spawn_local(async move {
        let taken = request().await;
        // Released here where the call ended meanwhile.
        if let Some(lock) = Weak::upgrade(&place) {
            lock.replace(taken);
        }
    });
}

async fn request() -> Option<WakeLock> {
    let navigator = window()?.navigator();
    let wake_lock = Reflect::get(&navigator, &"wakeLock".into()).ok()?;
    let lock = promised(&wake_lock, "request", &"screen".into()).await?;
    Some(WakeLock(lock))
}

/// A `WakeLockSentinel`, which some browsers lack.
#[derive(Debug)]
struct WakeLock(JsValue);

impl Drop for WakeLock {
    fn drop(&mut self) {
        if let Ok(release) = Reflect::get(&self.0, &"release".into())
            && let Some(release) = release.dyn_ref::<Function>()
        {
            let _ = release.call0(&self.0);
        }
    }
}
