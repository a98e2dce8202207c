use std::fmt;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use futures_util::Stream;
use tokio::sync::Notify;

use super::hub::{Events, Hub};
use super::inbox::{Inbox, Wanted};
use super::shared::Observer;
use crate::error::{Error, ErrorKind, Result};
use crate::peer::{ChannelOptions, ChannelState, Message};
use crate::platform::{self, Channel as _, ChannelEvents, CurrentChannel};

/// The largest message, in bytes: what every browser takes whole.
/// [`Chunked`](super::Chunked) carries larger ones.
pub const MAX_MESSAGE: usize = 256 * 1024;

/// How many bytes may wait to be sent before [`DataChannel::send`] waits too, on every platform:
/// enough to keep a fast line busy, little enough that what is said next is not late.
pub const SEND_HIGH_WATER: u64 = 1024 * 1024;

/// Where a waiting [`DataChannel::send`] goes on: early enough that the line never runs dry.
const SEND_LOW_WATER: u64 = SEND_HIGH_WATER / 2;

/// Messages between two peers ([W3C `RTCDataChannel`](https://www.w3.org/TR/webrtc/#rtcdatachannel),
/// [RFC 8831](https://www.rfc-editor.org/rfc/rfc8831)).
///
/// A cheap handle; the last one's drop closes the channel, once what was sent has gone out.
///
/// A line that is dead for long ends the channel, also where the connection is repaired later:
/// natively after 70 seconds in which nothing of what was sent arrived, with an
/// [error](ChannelEvent::Error); in browsers when they say so. A new connection has new channels.
#[derive(Clone)]
pub struct DataChannel(Arc<Inner>);

struct Inner {
    channel: CurrentChannel,
    label: String,
    options: ChannelOptions,
    shared: Arc<Shared>,
    /// The application's threshold.
    low_threshold: AtomicU64,
}

/// What is kept of what the platform tells. It must not keep the channel open.
struct Shared {
    inbox: Inbox,
    events: Hub<ChannelEvent>,
    /// Somebody may send again, or never more.
    room: Notify,
    /// How many `send`s wait for room.
    waiting: AtomicUsize,
    state: Mutex<Option<ChannelState>>,
}

/// What happens on a data channel.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ChannelEvent {
    /// It can be written to.
    Open,
    /// What waits to be sent fell from above
    /// [the threshold](DataChannel::set_buffered_amount_low_threshold) to it or below.
    BufferedAmountLow,
    /// It is being closed; what was sent before still goes out.
    Closing,
    /// Something went wrong, in words for those who read logs. [`Closed`](Self::Closed) follows.
    Error(String),
    /// Nothing goes any more. The last event.
    Closed,
}

impl DataChannel {
    /// `receive_buffer` is the application's wish for a channel that it makes.
    pub(super) fn new(
        (channel, events): (CurrentChannel, ChannelEvents),
        receive_buffer: usize,
        observer: Option<Observer>,
    ) -> Self {
        let shared = Arc::new(Shared {
            inbox: Inbox::new(receive_buffer),
            events: Hub::default(),
            room: Notify::new(),
            waiting: AtomicUsize::new(0),
            state: Mutex::new(None),
        });
        let options = ChannelOptions {
            receive_buffer,
            ..channel.options()
        };
        let inner = Arc::new(Inner {
            label: channel.label(),
            channel,
            options,
            shared: shared.clone(),
            low_threshold: AtomicU64::new(0),
        });
        let weak = Arc::downgrade(&inner);
        events.taken_by(move |event| {
            shared.take(event, &weak);
            if let Some(observer) = &observer {
                observer();
            }
        });
        Self(inner)
    }

    /// The name that the side gave it which made it. Several channels may have the same.
    pub fn label(&self) -> &str {
        &self.0.label
    }

    /// How it was made, by whichever side.
    pub fn options(&self) -> &ChannelOptions {
        &self.0.options
    }

    /// Its stream's number; `None` until the connection gave it one.
    pub fn id(&self) -> Option<u16> {
        self.0.channel.id()
    }

    /// How it stands.
    pub fn state(&self) -> ChannelState {
        let known = *self.0.shared.state();
        known.unwrap_or_else(|| self.0.channel.state())
    }

    /// Bytes of payload that wait to be sent.
    pub fn buffered_amount(&self) -> u64 {
        self.0.channel.buffered_amount()
    }

    /// The amount at which [`ChannelEvent::BufferedAmountLow`] comes; 0 at first.
    pub fn buffered_amount_low_threshold(&self) -> u64 {
        self.0.low_threshold.load(Ordering::Relaxed)
    }

    /// Sets it.
    pub fn set_buffered_amount_low_threshold(&self, bytes: u64) {
        self.0.low_threshold.store(bytes, Ordering::Relaxed);
        self.0.set_platform_threshold();
    }

    /// Bounds what waits for [`receive`](Self::receive), as
    /// [`ChannelOptions::receive_buffer`] does, here also for a channel of the other side's.
    pub fn set_receive_buffer(&self, bytes: usize) {
        self.0.shared.inbox.set_limit(bytes);
    }

    /// Sends a message, after waiting until less than [`SEND_HIGH_WATER`] waits. Dropping the
    /// future before it is done sends nothing.
    ///
    /// # Errors
    ///
    /// [`Invalid`](ErrorKind::Invalid) for more than [`MAX_MESSAGE`] bytes, or than the other side
    /// [takes](https://www.rfc-editor.org/rfc/rfc8841#section-6);
    /// [`Closed`](ErrorKind::Closed) unless the channel is open, also when it closes meanwhile.
    pub async fn send(&self, message: impl Into<Message>) -> Result<()> {
        let message = checked(message.into())?;
        if self.0.channel.buffered_amount() >= SEND_HIGH_WATER {
            self.0.wait_for_room().await?;
        }
        self.0.channel.send(message)
    }

    /// Sends a message if less than [`SEND_HIGH_WATER`] waits.
    ///
    /// # Errors
    ///
    /// [`Overloaded`](ErrorKind::Overloaded) if more waits, and those of [`send`](Self::send).
    pub fn try_send(&self, message: impl Into<Message>) -> Result<()> {
        let message = checked(message.into())?;
        if self.0.channel.buffered_amount() >= SEND_HIGH_WATER {
            let text = "too much waits to be sent; try again later";
            return Err(Error::new(ErrorKind::Overloaded, text));
        }
        self.0.channel.send(message)
    }

    /// Waits for the next message. Those that arrived before the channel closed are still given.
    ///
    /// # Errors
    ///
    /// [`Closed`](ErrorKind::Closed) when there are no more.
    pub async fn receive(&self) -> Result<Message> {
        self.0.shared.inbox.take(Wanted::Any).await
    }

    /// The next message, if it is text.
    ///
    /// # Errors
    ///
    /// [`Invalid`](ErrorKind::Invalid) if it is binary: it stays there for others;
    /// [`Closed`](ErrorKind::Closed) when there are no more.
    pub async fn receive_text(&self) -> Result<String> {
        match self.0.shared.inbox.take(Wanted::Text).await? {
            Message::Text(text) => Ok(text),
            Message::Binary(_) => Err(Error::new(
                ErrorKind::Platform,
                "a message changed its kind",
            )),
        }
    }

    /// The next message, if it is binary. Errors as for [`receive_text`](Self::receive_text).
    pub async fn receive_binary(&self) -> Result<Vec<u8>> {
        match self.0.shared.inbox.take(Wanted::Binary).await? {
            Message::Binary(bytes) => Ok(bytes),
            Message::Text(_) => Err(Error::new(
                ErrorKind::Platform,
                "a message changed its kind",
            )),
        }
    }

    /// The next message if one is there.
    pub fn try_receive(&self) -> Option<Message> {
        self.0.shared.inbox.try_take(Wanted::Any)
    }

    /// The next message if one is there and is text. One that is binary stays there.
    pub fn try_receive_text(&self) -> Option<String> {
        match self.0.shared.inbox.try_take(Wanted::Text)? {
            Message::Text(text) => Some(text),
            Message::Binary(_) => None,
        }
    }

    /// The next message if one is there and is binary. One that is text stays there.
    pub fn try_receive_binary(&self) -> Option<Vec<u8>> {
        match self.0.shared.inbox.try_take(Wanted::Binary)? {
            Message::Binary(bytes) => Some(bytes),
            Message::Text(_) => None,
        }
    }

    /// All messages, until the channel is closed and everything that arrived was given.
    pub fn messages(&self) -> impl Stream<Item = Message> + use<> {
        // The handle goes with the stream: who listens keeps the channel open.
        futures_util::stream::unfold(self.clone(), |channel| async move {
            let message = channel.receive().await.ok()?;
            Some((message, channel))
        })
    }

    /// What happens from now on; first, if it is open or closed already, that.
    pub fn events(&self) -> Events<ChannelEvent> {
        self.0.shared.events.subscribe()
    }

    /// Waits until it is open.
    ///
    /// # Errors
    ///
    /// [`Closed`](ErrorKind::Closed) if it never will be.
    pub async fn opened(&self) -> Result<()> {
        let mut events = self.events();
        while let Some(event) = events.next().await {
            match event {
                ChannelEvent::Open => return Ok(()),
                ChannelEvent::Closed => break,
                _ => {}
            }
        }
        Err(Error::closed("data channel"))
    }

    /// Closes it, once what was sent before has gone out. What arrived can still be received.
    pub fn close(&self) {
        self.0.channel.close();
        self.0.shared.inbox.end();
        self.0.shared.room.notify_waiters();
    }
}

fn checked(message: Message) -> Result<Message> {
    if message.len() <= MAX_MESSAGE {
        return Ok(message);
    }
    let text = "a message has at most 262,144 bytes; `Chunked` carries larger ones";
    Err(Error::new(ErrorKind::Invalid, text))
}

impl Inner {
    async fn wait_for_room(&self) -> Result<()> {
        let _waiting = Waiting::new(self);
        loop {
            // Made before looking, so that what comes in between is not missed.
            let room = self.shared.room.notified();
            if self.channel.state() != ChannelState::Open {
                return Err(Error::closed("data channel"));
            }
            if self.channel.buffered_amount() < SEND_HIGH_WATER {
                return Ok(());
            }
            room.await;
        }
    }

    /// The platform has one threshold for two wishes: the application's, and that of `send`s that
    /// wait, which would wait for an empty line at the usual threshold of 0.
    fn set_platform_threshold(&self) {
        let mut threshold = self.low_threshold.load(Ordering::Relaxed);
        if self.shared.waiting.load(Ordering::Relaxed) > 0 {
            threshold = threshold.max(SEND_LOW_WATER);
        }
        self.channel.set_buffered_amount_low_threshold(threshold);
    }
}

/// A `send` that waits for room, until it is dropped.
struct Waiting<'a>(&'a Inner);

impl<'a> Waiting<'a> {
    fn new(inner: &'a Inner) -> Self {
        if inner.shared.waiting.fetch_add(1, Ordering::Relaxed) == 0 {
            inner.set_platform_threshold();
        }
        Self(inner)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if self.0.shared.waiting.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.0.set_platform_threshold();
        }
    }
}

impl Shared {
    fn state(&self) -> std::sync::MutexGuard<'_, Option<ChannelState>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, event: ChannelEvent) {
        self.events.push_and(event, |current, event| {
            current.clear();
            current.push(event);
        });
    }

    fn close(&self) {
        *self.state() = Some(ChannelState::Closed);
        self.inbox.end();
        self.keep(ChannelEvent::Closed);
        self.events.end();
        self.room.notify_waiters();
    }
}

impl Shared {
    /// Takes what the platform tells; nothing: it tells no more.
    fn take(&self, event: Option<platform::ChannelEvent>, inner: &Weak<Inner>) {
        match event {
            Some(platform::ChannelEvent::Open) => self.keep(ChannelEvent::Open),
            Some(platform::ChannelEvent::Message(message)) => {
                if !self.inbox.push(message) {
                    self.overflow(inner.upgrade().as_deref());
                }
            }
            Some(platform::ChannelEvent::BufferedAmountLow) => {
                self.room.notify_waiters();
                // A threshold that only waiting `send`s wish for is not the application's.
                let is_low = inner.upgrade().is_none_or(|inner| {
                    inner.channel.buffered_amount() <= inner.low_threshold.load(Ordering::Relaxed)
                });
                if is_low {
                    self.events.push(ChannelEvent::BufferedAmountLow);
                }
            }
            Some(platform::ChannelEvent::Closing) => {
                self.events.push(ChannelEvent::Closing);
                self.room.notify_waiters();
            }
            Some(platform::ChannelEvent::Error(error)) => {
                self.events.push(ChannelEvent::Error(error.to_string()));
            }
            Some(platform::ChannelEvent::Closed) | None => self.close(),
        }
    }

    /// What does not fit is not kept in silence: the channel ends, and says why.
    fn overflow(&self, inner: Option<&Inner>) {
        let text = "the other side sends faster than messages are received: the buffer is full";
        self.events.push(ChannelEvent::Error(text.into()));
        self.inbox.end();
        if let Some(inner) = inner {
            inner.channel.close();
        }
    }
}

impl fmt::Debug for DataChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DataChannel")
            .field("label", &self.0.label)
            .field("id", &self.id())
            .field("state", &self.state())
            .finish_non_exhaustive()
    }
}
