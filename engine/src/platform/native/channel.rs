use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use bytes::BytesMut;
use rtc::data_channel::RTCDataChannelInit;
use rtc::statistics::StatsSelector;
use rtc::statistics::report::RTCStatsReportEntry;
use tokio::sync::{Notify, mpsc};
use tokio::time::Instant;
use webrtc::data_channel::{DataChannel, DataChannelEvent, RTCDataChannelMessage};
use webrtc::peer_connection::PeerConnection;

use super::chain::Live;
use super::error::failed;
use super::runtime;
use crate::error::{Error, ErrorKind, Result};
use crate::peer::{ChannelOptions, ChannelState, ChannelStats, Message};
use crate::platform::{Channel, ChannelEvent, ChannelEvents, PeerEvent};
use crate::rtc::MAX_MESSAGE;

/// How long a close waits for what was sent before to go out.
const DRAIN: Duration = Duration::from_secs(5);
/// How often it looks whether that is so: webrtc tells only of thresholds that are crossed.
const LOOK_AGAIN: Duration = Duration::from_millis(5);
/// Far longer than webrtc takes between a close and the messages that it overtook.
const OVERTAKEN: Duration = Duration::from_millis(100);

#[derive(Clone)]
pub(crate) struct NativeChannel(Arc<Handle>);

struct Handle(Arc<ChannelShared>);

impl Drop for Handle {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// What is known of a channel without asking webrtc.
pub(super) struct ChannelShared {
    label: String,
    options: ChannelOptions,
    wishes: mpsc::UnboundedSender<Wish>,
    events: mpsc::UnboundedSender<ChannelEvent>,
    state: Mutex<State>,
    /// While webrtc is given a message, nobody asks how much it has: it would be counted twice.
    giving: tokio::sync::Mutex<()>,
    ended: Notify,
}

struct State {
    id: Option<u16>,
    channel: ChannelState,
    low_threshold: u64,
    /// Bytes that webrtc was not given yet, and those that it has not got rid of.
    queued: u64,
    outstanding: u64,
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

enum Wish {
    Send(Message),
    Threshold,
    Close,
}

impl ChannelShared {
    fn new(
        label: String,
        options: ChannelOptions,
        wishes: mpsc::UnboundedSender<Wish>,
        events: mpsc::UnboundedSender<ChannelEvent>,
    ) -> Self {
        let id = options.id.filter(|_| options.negotiated);
        Self {
            label,
            options,
            wishes,
            events,
            state: Mutex::new(State {
                id,
                channel: ChannelState::Connecting,
                low_threshold: 0,
                queued: 0,
                outstanding: 0,
                compared: 0,
                was_open: false,
                sent: (0, 0),
                received: (0, 0),
            }),
            giving: tokio::sync::Mutex::default(),
            ended: Notify::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn emit(&self, event: ChannelEvent) {
        // Nobody listening means that the channel was given up.
        let _ = self.events.send(event);
    }

    fn is_closed(&self) -> bool {
        self.state().channel == ChannelState::Closed
    }

    fn buffered(&self) -> u64 {
        self.state().buffered()
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

    fn opened(&self) {
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

    fn received(&self, bytes: usize) {
        let received = &mut self.state().received;
        *received = (received.0 + 1, received.1 + bytes as u64);
    }

    /// Whether it was ever open, and whether it is closed by now.
    pub(super) fn life(&self) -> (bool, bool) {
        let state = self.state();
        (state.was_open, state.channel == ChannelState::Closed)
    }

    pub(super) fn stats(&self) -> ChannelStats {
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

    fn closing(&self) {
        {
            let mut state = self.state();
            if !matches!(state.channel, ChannelState::Connecting | ChannelState::Open) {
                return;
            }
            state.channel = ChannelState::Closing;
        }
        self.emit(ChannelEvent::Closing);
    }

    fn closed(&self) {
        let before = std::mem::replace(&mut self.state().channel, ChannelState::Closed);
        if before != ChannelState::Closed {
            self.emit(ChannelEvent::Closed);
            self.ended.notify_waiters();
        }
    }

    pub(super) fn close(&self) {
        if !self.is_closed() {
            self.closing();
            // A task that is gone has closed it.
            let _ = self.wishes.send(Wish::Close);
        }
    }

    /// Closes it, and waits until the other side has heard of that.
    pub(super) async fn hang_up(&self) {
        let ended = self.ended.notified();
        self.close();
        if !self.is_closed() {
            ended.await;
        }
    }
}

impl NativeChannel {
    /// A channel that webrtc is yet to make, by [`make`](Making::make).
    pub(super) fn new(
        label: &str,
        options: &ChannelOptions,
    ) -> (Self, Arc<ChannelShared>, ChannelEvents, Making) {
        let (wishes, wished) = crate::inbox::unbounded();
        let (events, inbox) = crate::inbox::unbounded();
        let shared = ChannelShared::new(label.to_owned(), options.clone(), wishes, events);
        let shared = Arc::new(shared);
        let channel = Self(Arc::new(Handle(shared.clone())));
        let making = Making {
            shared: shared.clone(),
            wished,
        };
        (channel, shared, inbox, making)
    }
}

/// What it takes to make a channel.
pub(super) struct Making {
    shared: Arc<ChannelShared>,
    wished: mpsc::UnboundedReceiver<Wish>,
}

impl Making {
    pub(super) async fn make(self, live: &Live) {
        let options = &self.shared.options;
        let init = RTCDataChannelInit {
            ordered: options.ordered,
            max_packet_life_time: options
                .max_packet_life_time
                .map(|time| time.as_millis() as u16),
            max_retransmits: options.max_retransmits,
            protocol: options.protocol.clone(),
            negotiated: options.id.filter(|_| options.negotiated),
        };
        let made = live
            .connection
            .create_data_channel(&self.shared.label, Some(init))
            .await;
        match made {
            Ok(channel) => self.run(channel, &live.connection),
            Err(error) => {
                let error = failed("a data channel cannot be made", error);
                self.shared.emit(ChannelEvent::Error(error));
                self.shared.closed();
            }
        }
    }

    fn run(self, channel: Arc<dyn DataChannel>, connection: &Arc<dyn PeerConnection>) {
        let connection = Arc::downgrade(connection);
        runtime::spawn(hear(channel.clone(), self.shared.clone(), connection));
        runtime::spawn(serve(channel, self.shared, self.wished));
    }
}

/// Takes in a channel that the other side opened.
pub(super) async fn announce(live: Live, channel: Arc<dyn DataChannel>) {
    let Ok((label, options)) = described(&*channel).await else {
        // Closed already.
        return;
    };
    let (handle, shared, events, making) = NativeChannel::new(&label, &options);
    live.shared.state().channels.push(shared);
    live.shared.emit(PeerEvent::Channel(handle, events));
    making.run(channel, &live.connection);
}

async fn described(
    channel: &dyn DataChannel,
) -> std::result::Result<(String, ChannelOptions), webrtc::error::Error> {
    let life_time = channel.max_packet_life_time().await?;
    let options = ChannelOptions {
        ordered: channel.ordered().await?,
        max_retransmits: channel.max_retransmits().await?,
        max_packet_life_time: life_time.map(|time| Duration::from_millis(time.into())),
        negotiated: channel.negotiated().await?,
        protocol: channel.protocol().await?,
        ..ChannelOptions::default()
    };
    Ok((channel.label().await?, options))
}

/// The stream's number, which webrtc tells in its statistics alone.
async fn stream_id(
    connection: &Weak<dyn PeerConnection>,
    channel: &dyn DataChannel,
) -> Option<u16> {
    let connection = connection.upgrade()?;
    let now = Instant::now().into_std();
    let report = connection.get_stats(now, StatsSelector::None).await;
    match report.get(&format!("RTCDataChannel_{}", channel.id()))? {
        RTCStatsReportEntry::DataChannel(stats) => Some(stats.data_channel_identifier),
        _ => None,
    }
}

/// Passes on what webrtc tells of a channel.
async fn hear(
    channel: Arc<dyn DataChannel>,
    shared: Arc<ChannelShared>,
    connection: Weak<dyn PeerConnection>,
) {
    while let Some(event) = channel.poll().await {
        match event {
            DataChannelEvent::OnOpen => {
                if shared.state().id.is_none() {
                    let id = stream_id(&connection, &*channel).await;
                    shared.state().id = id;
                }
                shared.opened();
            }
            DataChannelEvent::OnMessage(message) => took(&shared, message),
            DataChannelEvent::OnBufferedAmountLow => measure(&*channel, &shared).await,
            DataChannelEvent::OnClosing => shared.closing(),
            DataChannelEvent::OnClose => {
                let by_them = shared.state().channel == ChannelState::Open;
                if by_them {
                    last_words(&*channel, &shared).await;
                }
                break;
            }
            DataChannelEvent::OnError => {
                let error = Error::new(ErrorKind::Platform, "the data channel failed");
                shared.emit(ChannelEvent::Error(error));
            }
            _ => {}
        }
    }
    shared.closed();
    // Whoever serves it has nothing to do any more.
    let _ = shared.wishes.send(Wish::Close);
}

fn took(shared: &ChannelShared, message: RTCDataChannelMessage) {
    shared.received(message.data.len());
    let message = match message.is_string {
        true => String::from_utf8(message.data.to_vec()).map(Message::Text),
        false => Ok(Message::Binary(message.data.to_vec())),
    };
    match message {
        Ok(message) => shared.emit(ChannelEvent::Message(message)),
        Err(_) => {
            let text = "text that is not UTF-8 was left out";
            let error = Error::new(ErrorKind::Protocol, text);
            shared.emit(ChannelEvent::Error(error));
        }
    }
}

/// webrtc 0.21.1 tells of a close before the messages that came with it: its driver asks for events
/// first and for messages second.
async fn last_words(channel: &dyn DataChannel, shared: &ChannelShared) {
    while let Ok(Some(event)) = tokio::time::timeout(OVERTAKEN, channel.poll()).await {
        if let DataChannelEvent::OnMessage(message) = event {
            took(shared, message);
        }
    }
}

/// Asks webrtc how much it still has to get rid of.
async fn measure(channel: &dyn DataChannel, shared: &ChannelShared) {
    let _giving = shared.giving.lock().await;
    let outstanding = channel.outstanding_bytes().await.unwrap_or(0);
    shared.state().outstanding = outstanding as u64;
    shared.settle();
}

/// Does what is wished of a channel, in order.
async fn serve(
    channel: Arc<dyn DataChannel>,
    shared: Arc<ChannelShared>,
    mut wished: mpsc::UnboundedReceiver<Wish>,
) {
    while let Some(wish) = wished.recv().await {
        match wish {
            Wish::Send(message) => send(&*channel, &shared, message).await,
            Wish::Threshold => {
                let threshold = shared.state().low_threshold;
                let threshold = u32::try_from(threshold).unwrap_or(u32::MAX);
                // A channel that is gone has no threshold to cross.
                let _ = channel.set_buffered_amount_low_threshold(threshold).await;
                measure(&*channel, &shared).await;
            }
            Wish::Close => break,
        }
    }
    if !shared.is_closed() {
        let _ = tokio::time::timeout(DRAIN, drain(&*channel, &shared)).await;
        if channel.close().await.is_err() {
            shared.closed();
        }
    }
}

async fn send(channel: &dyn DataChannel, shared: &ChannelShared, message: Message) {
    let size = message.len() as u64;
    let _giving = shared.giving.lock().await;
    let sent = match message {
        Message::Text(text) => channel.send_text(&text).await,
        Message::Binary(bytes) => channel.send(BytesMut::from(&bytes[..])).await,
    };
    if let Err(error) = sent {
        shared.state().queued -= size;
        let error = failed("a message was not sent", error);
        if error.kind() != ErrorKind::Closed {
            shared.emit(ChannelEvent::Error(error));
        }
        shared.settle();
        return;
    }
    let outstanding = channel.outstanding_bytes().await.unwrap_or(0);
    {
        let mut state = shared.state();
        state.outstanding = outstanding as u64;
        state.queued -= size;
    }
    shared.settle();
}

async fn drain(channel: &dyn DataChannel, shared: &ChannelShared) {
    loop {
        measure(channel, shared).await;
        if shared.buffered() == 0 {
            return;
        }
        tokio::time::sleep(LOOK_AGAIN).await;
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
        self.0.0.state().low_threshold = bytes;
        let _ = self.0.0.wishes.send(Wish::Threshold);
    }

    fn send(&self, message: &Message) -> Result<()> {
        let shared = &self.0.0;
        if message.len() > MAX_MESSAGE {
            let text = "the message is larger than the other side takes";
            return Err(Error::new(ErrorKind::Invalid, text));
        }
        if self.state() != ChannelState::Open {
            return Err(Error::closed("data channel"));
        }
        {
            let mut state = shared.state();
            state.queued += message.len() as u64;
            state.compared = state.buffered();
            state.sent = (state.sent.0 + 1, state.sent.1 + message.len() as u64);
        }
        let wish = Wish::Send(message.clone());
        let sent = shared.wishes.send(wish);
        sent.map_err(|_| Error::closed("data channel"))
    }

    fn close(&self) {
        self.0.0.close();
    }
}
