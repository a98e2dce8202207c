//! The task that gives webrtc what is sent on a channel, and keeps the books of what it has.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::sync::mpsc;
use tokio::time::timeout;
use webrtc::data_channel::DataChannel;

use super::shared::ChannelShared;
use crate::error::{Error, ErrorKind};
use crate::peer::Message;
use crate::platform::ChannelEvent;
use crate::platform::native::error::failed;
use crate::rtc::SEND_HIGH_WATER;

/// How long a close waits for what was sent before to go out.
const DRAIN: Duration = Duration::from_secs(5);
/// How often webrtc is asked what it still has. It tells of thresholds alone, and of them not
/// always: webrtc 0.21.1 looks at a new one when its driver comes round, and what falls below it
/// until then falls in silence.
const LOOK_AGAIN: Duration = Duration::from_millis(5);
/// The same where nothing moves.
const LOOK_SELDOM: Duration = Duration::from_millis(40);
/// Bytes that it may be given before it is asked, which holds up its driver.
const UNASKED: u64 = SEND_HIGH_WATER / 4;

/// How long nothing of what was sent may be acknowledged. rtc-sctp 0.21.1 sends it again five times,
/// which takes a minute, and then never more, whatever becomes of the line.
const GIVEN_UP: Duration = Duration::from_secs(70);

pub(super) enum Wish {
    Send(Message),
    /// A threshold was set.
    Threshold,
    /// webrtc has less than before.
    Measure,
    /// Nothing gets through any more.
    GiveUp,
    Close,
}

/// Does what is wished of a channel, in order.
pub(super) async fn serve(
    channel: Arc<dyn DataChannel>,
    shared: Arc<ChannelShared>,
    mut wished: mpsc::UnboundedReceiver<Wish>,
) {
    let (mut unasked, mut told) = (0, 0);
    let mut limit = DRAIN;
    while let Some(wish) = next(&*channel, &shared, &mut wished).await {
        match wish {
            Wish::Send(message) => {
                unasked += message.len() as u64;
                send(&*channel, &shared, message).await;
                if unasked >= UNASKED {
                    unasked = 0;
                    measure(&*channel, &shared).await;
                }
            }
            Wish::Threshold => {
                let threshold = u32::try_from(shared.low_threshold()).unwrap_or(u32::MAX);
                // Whoever sends much goes to and fro between one threshold and none.
                if threshold != 0 && threshold != told {
                    told = threshold;
                    // A channel that is gone has no threshold to cross.
                    let _ = channel.set_buffered_amount_low_threshold(threshold).await;
                }
                measure(&*channel, &shared).await;
            }
            Wish::Measure => measure(&*channel, &shared).await,
            Wish::GiveUp => {
                let text = "nothing has arrived for over a minute; make a new connection";
                let error = Error::new(ErrorKind::Unreachable, text);
                shared.emit(ChannelEvent::Error(error));
                shared.closing();
                limit = Duration::ZERO;
                break;
            }
            Wish::Close => break,
        }
    }
    if !shared.is_closed() {
        let _ = timeout(limit, drain(&*channel, &shared, &mut wished)).await;
        if channel.close().await.is_err() {
            shared.closed();
        }
    }
}

/// The next wish. Until it comes, the books are kept.
async fn next(
    channel: &dyn DataChannel,
    shared: &ChannelShared,
    wished: &mut mpsc::UnboundedReceiver<Wish>,
) -> Option<Wish> {
    // Most of the time one is there, and needs no timer.
    if let Ok(wish) = wished.try_recv() {
        return Some(wish);
    }
    let mut pause = LOOK_AGAIN;
    while shared.buffered() > 0 {
        match timeout(pause, wished.recv()).await {
            Ok(wish) => return wish,
            Err(_) => measure(channel, shared).await,
        }
        if shared.is_stuck(GIVEN_UP) {
            return Some(Wish::GiveUp);
        }
        pause = LOOK_SELDOM.min(pause * 2);
    }
    wished.recv().await
}

async fn send(channel: &dyn DataChannel, shared: &ChannelShared, message: Message) {
    let size = message.len() as u64;
    let sent = match message {
        Message::Text(text) => channel.send_text(&text).await,
        Message::Binary(bytes) => channel.send(BytesMut::from(Bytes::from(bytes))).await,
    };
    shared.gave(size, sent.is_ok());
    if let Err(error) = sent {
        let error = failed("a message was not sent", error);
        if error.kind() != ErrorKind::Closed {
            shared.emit(ChannelEvent::Error(error));
        }
    }
}

/// Asks webrtc how much it still has to get rid of.
async fn measure(channel: &dyn DataChannel, shared: &ChannelShared) {
    let outstanding = channel.outstanding_bytes().await.unwrap_or(0);
    shared.has(outstanding as u64);
}

/// Waits until webrtc has got rid of everything.
async fn drain(
    channel: &dyn DataChannel,
    shared: &ChannelShared,
    wished: &mut mpsc::UnboundedReceiver<Wish>,
) {
    loop {
        measure(channel, shared).await;
        if shared.buffered() == 0 || shared.is_closed() {
            return;
        }
        // Nothing is sent any more: whatever comes says that there may be less.
        let _ = timeout(LOOK_AGAIN, wished.recv()).await;
    }
}
