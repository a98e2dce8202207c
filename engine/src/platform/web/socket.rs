use std::cell::Cell;

use tokio::sync::mpsc;
use wasm_bindgen::JsCast as _;
use web_sys::{BinaryType, CloseEvent, Event, MessageEvent};

use super::error::thrown;
use super::listener::Listener;
use crate::error::Result;
use crate::platform::{Socket, SocketEvent};

pub(crate) struct WebSocket {
    socket: web_sys::WebSocket,
    closed: Cell<bool>,
    _listener: Listener,
}

impl WebSocket {
    pub(super) fn connect(url: &str) -> Result<(Self, mpsc::UnboundedReceiver<SocketEvent>)> {
        let socket = web_sys::WebSocket::new(url)
            .map_err(|error| thrown("the server's address is wrong", &error))?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let (events, inbox) = crate::inbox::unbounded();
        // An `error` event says nothing, and `close` always follows.
        let listener = Listener::new(
            &socket,
            &["open", "message", "close"],
            move |name, event| {
                // Nobody listening means that the socket was given up.
                let _ = events.send(happened(name, event));
            },
        );
        Ok((
            Self {
                socket,
                closed: Cell::new(false),
                _listener: listener,
            },
            inbox,
        ))
    }
}

fn happened(name: &str, event: &Event) -> SocketEvent {
    match name {
        "open" => SocketEvent::Open,
        "message" => {
            let data = event.dyn_ref::<MessageEvent>().map(MessageEvent::data);
            let text = data.and_then(|data| data.as_string());
            text.map_or(SocketEvent::Binary, SocketEvent::Text)
        }
        _ => SocketEvent::Closed {
            code: event.dyn_ref::<CloseEvent>().map(CloseEvent::code),
        },
    }
}

impl Socket for WebSocket {
    fn close(&self, code: u16) {
        if !self.closed.replace(true) {
            // Fails for codes that are not ours to use, which the engine does not.
            let _ = self.socket.close_with_code(code);
        }
    }

    fn send(&self, text: &str) {
        // Throws only while the socket opens, when nothing is sent yet.
        let _ = self.socket.send_with_str(text);
    }
}

impl Drop for WebSocket {
    fn drop(&mut self) {
        self.close(1000);
    }
}
