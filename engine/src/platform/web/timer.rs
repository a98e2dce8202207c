use std::time::Duration;

use tokio::sync::oneshot;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::Window;

/// The longest pause that `setTimeout` takes without wrapping round to none.
const LONGEST_MS: u128 = i32::MAX as u128;

/// Waits at least this long. Dropping it stops the timer.
pub(super) async fn sleep(window: Window, duration: Duration) {
    // Rounded up, or a deadline in the next fraction of a millisecond would be met too early,
    // again and again.
    let milliseconds = duration.as_micros().div_ceil(1000).min(LONGEST_MS) as i32;
    let (rang, wait) = oneshot::channel();
    let closure = Closure::once(move || {
        let _ = rang.send(());
    });
    let handler = closure.as_ref().unchecked_ref();
    let Ok(id) =
        window.set_timeout_with_callback_and_timeout_and_arguments_0(handler, milliseconds)
    else {
        return;
    };
    let _timer = Timer { window, id };
    let _ = wait.await;
}

struct Timer {
    window: Window,
    id: i32,
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.window.clear_timeout_with_handle(self.id);
    }
}
