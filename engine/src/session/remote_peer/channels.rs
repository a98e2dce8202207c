//! The data channels to a remote peer, one for each purpose, so that none waits for another: a
//! history that is sent for seconds holds no "microphone off" back.

use crate::call::PeerMessage;
use crate::error::{ErrorKind, Result};
use crate::peer::{ChannelOptions, ChannelState, Message};
use crate::rtc::{DataChannel, PeerConnection, SEND_HIGH_WATER};

/// The bytes that a peer may send before the session reads them; more ends the channel. Negotiation
/// and states are small.
const CONTROL_BUFFER: usize = 1024 * 1024;
/// A history whole, with some room: no honest peer has a larger one.
const CHAT_BUFFER: usize = 16 * 1024 * 1024;

/// The channels, which both sides open without announcing them.
pub(super) struct Channels {
    /// Negotiation, states, and whether the peer is still there.
    control: DataChannel,
    /// Posts, and who has which.
    chat: DataChannel,
}

impl Channels {
    pub(super) fn open(connection: &PeerConnection) -> Result<Self> {
        let open = |label, id, receive_buffer| {
            let options = ChannelOptions {
                negotiated: true,
                id: Some(id),
                receive_buffer,
                ..ChannelOptions::default()
            };
            connection.create_channel(label, &options)
        };
        let channels = Self {
            control: open("parlor", 0, CONTROL_BUFFER)?,
            chat: open("parlor-chat", 1, CHAT_BUFFER)?,
        };
        // Where a `Posts` that did not fit is sent after all: when half of the queue is gone.
        let half = SEND_HIGH_WATER / 2;
        channels.chat.set_buffered_amount_low_threshold(half);
        Ok(channels)
    }

    /// True if the peer can be told and written to: without one of them it cannot.
    pub(super) fn are_open(&self) -> bool {
        [&self.control, &self.chat]
            .iter()
            .all(|channel| channel.state() == ChannelState::Open)
    }

    /// True if more of the chat can be sent now.
    pub(super) fn have_room(&self) -> bool {
        self.chat.buffered_amount() < SEND_HIGH_WATER
    }

    /// The next message of the peer's; control first.
    pub(super) fn receive(&self) -> Option<Message> {
        let control = self.control.try_receive();
        control.or_else(|| self.chat.try_receive())
    }

    /// Sends a message on the channel of its purpose.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Overloaded`] when too much waits there; those of [`DataChannel::try_send`].
    pub(super) fn send(&self, message: &PeerMessage) -> Result<()> {
        let channel = match message {
            PeerMessage::Have(_) | PeerMessage::Posts { .. } | PeerMessage::Got { .. } => {
                &self.chat
            }
            _ => &self.control,
        };
        let sent = channel.try_send(message.encode());
        if let Err(error) = &sent
            && error.kind() != ErrorKind::Closed
        {
            tracing::debug!(channel = channel.label(), %error, "a message cannot be sent now");
        }
        sent
    }
}
