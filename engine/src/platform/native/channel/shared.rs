use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, mpsc};
use tokio::time::Instant;
use webrtc::data_channel::RTCDataChannelId;

use super::sending::Wish;
use crate::peer::{ChannelOptions, ChannelState, ChannelStats};
use crate::platform::{ChannelEvent, Emitter};

/// Longer than anything is waited for after a channel closed.
const PAST: Duration = Duration::from_secs(10);

/// What is known of a channel without asking webrtc.
pub(in crate::platform::native) struct ChannelShared {
    pub(super) label: String,
    pub(super) options: ChannelOptions,
    wishes: mpsc::UnboundedSender<Wish>,
    events: Emitter<ChannelEvent>,
    state: Mutex<State>,
    ended: Notify,
}

pub(super) struct State {
    /// What webrtc knows it by, once it does.
    pub(super) handle: Option<RTCDataChannelId>,
    pub(super) id: Option<u16>,
    pub(super) channel: ChannelState,
    /// Its stream was chosen on this side.
    pub(super) is_ours: bool,
    pub(super) closed_at: Option<Instant>,
    low_threshold: u64,
    /// Bytes that webrtc was not given yet, and those that it has not got rid of, as far as known.
    queued: u64,
    outstanding: u64,
    /// When some of that was last acknowledged, or began to wait for it.
    moved_at: Instant,
    /// The last amount that was compared with the threshold.
    compared: u64,
    was_open: bool,
    /// Messages and bytes of payload.
    sent: (u64, u64),
    received: (u64, u64),
}

impl State {
    fn buffered(&self) -> u64 {
        self.queued + self.outstanding
    }
}

impl ChannelShared {
    pub(super) fn new(
        label: String,
        options: ChannelOptions,
        wishes: mpsc::UnboundedSender<Wish>,
        events: Emitter<ChannelEvent>,
    ) -> Self {
        let id = options.id.filter(|_| options.negotiated);
        Self {
            label,
            options,
            wishes,
            events,
            state: Mutex::new(State {
                handle: None,
                id,
                channel: ChannelState::Connecting,
                is_ours: false,
                closed_at: None,
                low_threshold: 0,
                queued: 0,
                outstanding: 0,
                moved_at: Instant::now(),
                compared: 0,
                was_open: false,
                sent: (0, 0),
                received: (0, 0),
            }),
            ended: Notify::new(),
        }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn emit(&self, event: ChannelEvent) {
        self.events.emit(event);
    }

    pub(super) fn is_closed(&self) -> bool {
        self.state().channel == ChannelState::Closed
    }

    pub(super) fn buffered(&self) -> u64 {
        self.state().buffered()
    }

    /// A message waits for webrtc to be given it.
    pub(super) fn takes(&self, bytes: u64) {
        let mut state = self.state();
        state.queued += bytes;
        state.compared = state.buffered();
        state.sent = (state.sent.0 + 1, state.sent.1 + bytes);
    }

    /// webrtc was given a message, or would not have it.
    pub(super) fn gave(&self, bytes: u64, is_taken: bool) {
        let mut state = self.state();
        state.queued -= bytes;
        if is_taken {
            if state.outstanding == 0 {
                state.moved_at = Instant::now();
            }
            state.outstanding += bytes;
        } else {
            drop(state);
            self.settle();
        }
    }

    /// webrtc has so many bytes to get rid of.
    pub(super) fn has(&self, bytes: u64) {
        let before = std::mem::replace(&mut self.state().outstanding, bytes);
        if bytes < before {
            self.state().moved_at = Instant::now();
        }
        self.settle();
    }

    /// Whether nothing of what was sent has been acknowledged for so long.
    pub(super) fn is_stuck(&self, limit: Duration) -> bool {
        let state = self.state();
        state.outstanding > 0 && state.moved_at.elapsed() >= limit
    }

    /// Compares what waits with the threshold, and tells of a fall to it or below.
    fn settle(&self) {
        let is_low = {
            let mut state = self.state();
            let now = state.buffered();
            let before = std::mem::replace(&mut state.compared, now);
            before > state.low_threshold && now <= state.low_threshold
        };
        if is_low {
            self.emit(ChannelEvent::BufferedAmountLow);
        }
    }

    pub(super) fn low_threshold(&self) -> u64 {
        self.state().low_threshold
    }

    pub(super) fn set_low_threshold(&self, bytes: u64) {
        self.state().low_threshold = bytes;
        self.wish(Wish::Threshold);
    }

    /// Asks whoever serves the channel, if it is served still.
    pub(super) fn wish(&self, wish: Wish) {
        let _ = self.wishes.send(wish);
    }

    pub(super) fn opened(&self) {
        {
            let mut state = self.state();
            if state.channel != ChannelState::Connecting {
                return;
            }
            state.channel = ChannelState::Open;
            state.was_open = true;
        }
        self.emit(ChannelEvent::Open);
    }

    pub(super) fn received(&self, bytes: usize) {
        let received = &mut self.state().received;
        *received = (received.0 + 1, received.1 + bytes as u64);
    }

    /// Whether it was ever open, and whether it is closed by now.
    pub(in crate::platform::native) fn life(&self) -> (bool, bool) {
        let state = self.state();
        (state.was_open, state.channel == ChannelState::Closed)
    }

    /// Whether it was closed so long ago that nothing depends on it.
    pub(in crate::platform::native) fn is_past(&self) -> bool {
        let closed_at = self.state().closed_at;
        closed_at.is_some_and(|closed_at| closed_at.elapsed() >= PAST)
    }

    pub(in crate::platform::native) fn stats(&self) -> ChannelStats {
        let state = self.state();
        ChannelStats {
            label: self.label.clone(),
            id: state.id,
            messages_sent: state.sent.0,
            bytes_sent: state.sent.1,
            messages_received: state.received.0,
            bytes_received: state.received.1,
        }
    }

    pub(super) fn closing(&self) {
        {
            let mut state = self.state();
            if !matches!(state.channel, ChannelState::Connecting | ChannelState::Open) {
                return;
            }
            state.channel = ChannelState::Closing;
        }
        self.emit(ChannelEvent::Closing);
    }

    pub(super) fn closed(&self) {
        let before = {
            let mut state = self.state();
            state.closed_at.get_or_insert_with(Instant::now);
            std::mem::replace(&mut state.channel, ChannelState::Closed)
        };
        if before != ChannelState::Closed {
            self.emit(ChannelEvent::Closed);
            self.ended.notify_waiters();
        }
    }

    pub(in crate::platform::native) fn close(&self) {
        if !self.is_closed() {
            self.closing();
            self.wish(Wish::Close);
        }
    }

    /// Closes it, and waits until the other side has heard of that.
    pub(in crate::platform::native) async fn hang_up(&self) {
        self.close();
        self.ended().await;
    }

    pub(super) async fn ended(&self) {
        // Made before looking, so that what comes in between is not missed.
        let ended = self.ended.notified();
        if !self.is_closed() {
            ended.await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::emitter;
    use crate::platform::native::chain::State as Connection;
    use std::sync::Arc;

    fn channel() -> Arc<ChannelShared> {
        let (wishes, _) = crate::inbox::unbounded();
        let (events, _) = emitter();
        let options = ChannelOptions::default();
        Arc::new(ChannelShared::new("x".to_owned(), options, wishes, events))
    }

    #[test]
    fn channels_that_were_closed_long_ago_are_counted_and_not_kept() {
        let mut connection = Connection::default();
        for _ in 0..100 {
            let past = channel();
            past.opened();
            past.closed();
            past.state().closed_at = Instant::now().checked_sub(PAST);
            connection.keep(past);
        }
        let (recent, open) = (channel(), channel());
        recent.closed();
        connection.keep(recent);
        connection.keep(open);
        assert_eq!(connection.channels.len(), 2);
        assert_eq!(connection.past_channels, 100);
    }
}
