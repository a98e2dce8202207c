//! Data channels.

mod hearing;
mod making;
mod sending;
mod shared;
mod streams;

use std::sync::Arc;

use self::making::Making;
use self::sending::Wish;
use crate::error::{Error, ErrorKind, Result};
use crate::peer::{ChannelOptions, ChannelState, Message};
use crate::platform::native::message_size::SendLimit;
use crate::platform::{Channel, ChannelEvents, emitter};

pub(super) use self::making::announce;
pub(super) use self::shared::ChannelShared;

#[derive(Clone)]
pub(crate) struct NativeChannel(Arc<Handle>);

struct Handle(Arc<ChannelShared>, SendLimit);

impl Drop for Handle {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl NativeChannel {
    /// A channel that webrtc is yet to make, by [`make`](Making::make).
    pub(super) fn new(
        label: &str,
        options: &ChannelOptions,
        send_limit: SendLimit,
    ) -> (Self, Arc<ChannelShared>, ChannelEvents, Making) {
        let (wishes, wished) = crate::inbox::unbounded();
        let (events, emitted) = emitter();
        let shared = ChannelShared::new(label.to_owned(), options.clone(), wishes, events);
        let shared = Arc::new(shared);
        let channel = Self(Arc::new(Handle(shared.clone(), send_limit)));
        let making = Making {
            shared: shared.clone(),
            wished,
        };
        (channel, shared, emitted, making)
    }
}

impl Channel for NativeChannel {
    fn label(&self) -> String {
        self.0.0.label.clone()
    }

    fn options(&self) -> ChannelOptions {
        self.0.0.options.clone()
    }

    fn id(&self) -> Option<u16> {
        self.0.0.state().id
    }

    fn state(&self) -> ChannelState {
        self.0.0.state().channel
    }

    fn buffered_amount(&self) -> u64 {
        self.0.0.buffered()
    }

    fn set_buffered_amount_low_threshold(&self, bytes: u64) {
        self.0.0.set_low_threshold(bytes);
    }

    fn send(&self, message: Message) -> Result<()> {
        if self.state() != ChannelState::Open {
            return Err(Error::closed("data channel"));
        }
        if message.len() > self.0.1.get() {
            let text = "the message is larger than the other side takes";
            return Err(Error::new(ErrorKind::Invalid, text));
        }
        self.0.0.takes(message.len() as u64);
        self.0.0.wish(Wish::Send(message));
        Ok(())
    }

    fn close(&self) {
        self.0.0.close();
    }
}
