use std::cell::Cell;
use std::rc::{Rc, Weak};
use std::time::Duration;

use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Event, MessageEvent, RtcDataChannel, RtcDataChannelType};

use super::error::thrown_by_closed;
use super::js::{self, Connection, DataChannel};
use super::listener::Listener;
use super::{dictionaries, states, timer};
use crate::error::{Error, ErrorKind, Result};
use crate::peer::{ChannelOptions, ChannelState, Message};
use crate::platform::{Channel, ChannelEvent, ChannelEvents, Emitter, emitter};

/// Browsers that have no word for an id that was not given yet say this.
const NO_ID: u16 = u16::MAX;

#[derive(Clone)]
pub(crate) struct WebChannel(Rc<Inner>);

struct Inner {
    channel: DataChannel,
    connection: Connection,
    label: String,
    options: ChannelOptions,
    outlet: Rc<Outlet>,
    _listener: Listener,
}

/// Where events go, until the last one.
struct Outlet {
    events: Emitter<ChannelEvent>,
    is_open: Cell<bool>,
    is_closing: Cell<bool>,
    is_closed: Cell<bool>,
}

impl Outlet {
    /// Said once: Chromium says it twice now and then.
    fn open(&self) {
        if !self.is_open.replace(true) {
            self.events.emit(ChannelEvent::Open);
        }
    }

    /// Said once, whoever begins to close: browsers tell only the side that does not.
    fn closing(&self) {
        if !self.is_closing.replace(true) {
            self.events.emit(ChannelEvent::Closing);
        }
    }

    fn closed(&self) {
        if !self.is_closed.replace(true) {
            self.events.emit(ChannelEvent::Closed);
            self.events.end();
        }
    }
}

/// A channel, for the connection that it ends with.
pub(super) struct WeakChannel(Weak<Outlet>);

impl WeakChannel {
    pub(super) fn is_alive(&self) -> bool {
        self.0.strong_count() > 0
    }

    /// Browsers close the channels of a connection that is closed, and not all of them say so.
    pub(super) fn closed(&self) {
        if let Some(outlet) = self.0.upgrade() {
            outlet.closed();
        }
    }
}

impl WebChannel {
    pub(super) fn create(
        connection: &Connection,
        label: &str,
        options: &ChannelOptions,
    ) -> Result<(Self, ChannelEvents)> {
        let init = dictionaries::channel_init(options);
        let channel = connection
            .create_channel(label, &init)
            .map_err(|error| thrown_by_closed("a data channel cannot be made", &error))?;
        let (label, options) = (label.to_owned(), options.clone());
        Ok(Self::listen(connection, channel, label, options))
    }

    /// Takes a channel that the other side opened. In the announcing event itself, or messages
    /// would be missed.
    pub(super) fn announced(
        connection: &Connection,
        channel: RtcDataChannel,
    ) -> (Self, ChannelEvents) {
        let channel: DataChannel = channel.unchecked_into();
        let life_time = channel.max_packet_life_time();
        // Its id is left out: asking for it waits for another thread of the browser's.
        let options = ChannelOptions {
            ordered: channel.ordered(),
            max_retransmits: channel.max_retransmits(),
            max_packet_life_time: life_time.map(|time| Duration::from_millis(time.into())),
            protocol: channel.protocol(),
            ..ChannelOptions::default()
        };
        Self::listen(connection, channel.clone(), channel.label(), options)
    }

    fn listen(
        connection: &Connection,
        channel: DataChannel,
        label: String,
        options: ChannelOptions,
    ) -> (Self, ChannelEvents) {
        // A `Blob` is read later than what comes after it.
        channel.set_binary_type(RtcDataChannelType::Arraybuffer);
        let (events, emitted) = emitter();
        let outlet = Rc::new(Outlet {
            events,
            is_open: Cell::new(false),
            is_closing: Cell::new(false),
            is_closed: Cell::new(false),
        });
        let inner = Inner {
            _listener: {
                let outlet = outlet.clone();
                Listener::new(&channel, EVENTS, move |name, event| {
                    outlet.heard(name, event)
                })
            },
            channel,
            connection: connection.clone(),
            label,
            options,
            outlet,
        };
        (Self(Rc::new(inner)), emitted)
    }

    pub(super) fn downgrade(&self) -> WeakChannel {
        WeakChannel(Rc::downgrade(&self.0.outlet))
    }
}

const EVENTS: &[&str] = &[
    "open",
    "message",
    "bufferedamountlow",
    "closing",
    "error",
    "close",
];

impl Outlet {
    fn heard(&self, name: &str, event: &Event) {
        match name {
            "open" => self.open(),
            "message" => {
                if let Some(message) = message(event) {
                    self.events.emit(ChannelEvent::Message(message));
                }
            }
            "bufferedamountlow" => self.events.emit(ChannelEvent::BufferedAmountLow),
            "closing" => self.closing(),
            "error" => self.events.emit(ChannelEvent::Error(failure(event))),
            _ => self.closed(),
        }
    }
}

fn message(event: &Event) -> Option<Message> {
    let data = event.dyn_ref::<MessageEvent>()?.data();
    match data.as_string() {
        Some(text) => Some(Message::Text(text)),
        None => {
            let buffer: ArrayBuffer = data.dyn_into().ok()?;
            Some(Message::Binary(Uint8Array::new(&buffer).to_vec()))
        }
    }
}

/// Of an `RTCErrorEvent`, whose error says more than its name, which is always the same.
fn failure(event: &Event) -> Error {
    let error = js::get(event, "error");
    let text = |name| js::text(&error, name).unwrap_or_default();
    let (detail, message) = (text("errorDetail"), text("message"));
    let text = format!("the data channel failed: {detail}: {message}");
    Error::new(ErrorKind::Platform, text)
}

impl Inner {
    fn close(&self) {
        let channel = self.channel.clone();
        self.outlet.closing();
        // A Chromium at the other end loses what it gets together with the end, when the channel is
        // young: one time in five that way, never in 160 times after a turn of the page's loop.
        spawn_local(async move {
            if let Some(window) = web_sys::window() {
                timer::sleep(window, Duration::ZERO).await;
            }
            channel.close();
        });
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if !self.outlet.is_closing.get() {
            self.close();
        }
    }
}

impl Channel for WebChannel {
    fn label(&self) -> String {
        self.0.label.clone()
    }

    fn options(&self) -> ChannelOptions {
        self.0.options.clone()
    }

    fn id(&self) -> Option<u16> {
        self.0.channel.id().filter(|id| *id != NO_ID)
    }

    fn state(&self) -> ChannelState {
        if self.0.outlet.is_closed.get() {
            return ChannelState::Closed;
        }
        match states::channel(self.0.channel.ready_state()) {
            ChannelState::Connecting | ChannelState::Open if self.0.outlet.is_closing.get() => {
                ChannelState::Closing
            }
            state => state,
        }
    }

    fn buffered_amount(&self) -> u64 {
        self.0.channel.buffered_amount().into()
    }

    fn set_buffered_amount_low_threshold(&self, bytes: u64) {
        let bytes = bytes.try_into().unwrap_or(u32::MAX);
        self.0.channel.set_buffered_amount_low_threshold(bytes);
    }

    fn send(&self, message: Message) -> Result<()> {
        if self.state() != ChannelState::Open {
            return Err(Error::closed("data channel"));
        }
        let transport = self.0.connection.sctp();
        let largest = transport.and_then(|transport| transport.max_message_size());
        if largest.is_some_and(|largest| message.len() as f64 > largest) {
            let text = "the message is larger than the other side takes";
            return Err(Error::new(ErrorKind::Invalid, text));
        }
        let channel = &self.0.channel;
        let sent = match message {
            Message::Text(text) => channel.send_with_str(&text),
            Message::Binary(bytes) => channel.send_with_u8_array(&bytes),
        };
        sent.map_err(|error| match js::text(&error, "name").as_deref() {
            Some("OperationError") => {
                let text = "too much waits to be sent; try again later";
                Error::new(ErrorKind::Overloaded, text)
            }
            _ => thrown_by_closed("a message cannot be sent", &error),
        })
    }

    fn close(&self) {
        if matches!(self.state(), ChannelState::Connecting | ChannelState::Open) {
            self.0.close();
        }
    }
}
