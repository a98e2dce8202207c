//! Channels whose senders cannot wait.

use tokio::sync::mpsc;

/// A channel without a bound of its own, for senders that cannot wait: callbacks of the platform,
/// and handles whose methods return at once.
///
/// Each is bounded at its source instead: the server by its rate limits, a data channel by the
/// size of messages and the speed of the line, an application by what a person does.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place, for the reason above"
)]
pub(crate) fn unbounded<T>() -> (mpsc::UnboundedSender<T>, mpsc::UnboundedReceiver<T>) {
    mpsc::unbounded_channel()
}
