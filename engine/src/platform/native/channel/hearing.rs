//! The task that takes what webrtc tells of a channel.

use std::ops::ControlFlow;
use std::sync::{Arc, Weak};
use std::time::Duration;

use rtc::statistics::StatsSelector;
use rtc::statistics::report::RTCStatsReportEntry;
use tokio::time::Instant;
use webrtc::data_channel::{DataChannel, DataChannelEvent, RTCDataChannelMessage};
use webrtc::peer_connection::PeerConnection;

use super::sending::Wish;
use super::shared::ChannelShared;
use crate::error::{Error, ErrorKind};
use crate::peer::{ChannelState, Message};
use crate::platform::ChannelEvent;

/// Far longer than webrtc takes between a close and the messages that it overtook.
const OVERTAKEN: Duration = Duration::from_millis(100);

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
pub(super) async fn hear(
    channel: Arc<dyn DataChannel>,
    shared: Arc<ChannelShared>,
    connection: Weak<dyn PeerConnection>,
) {
    let _ = listen(&*channel, &shared, &connection).await;
    shared.closed();
    // Whoever serves it has nothing to do any more.
    shared.wish(Wish::Close);
}

/// Passes on what webrtc told of an own channel where it mistook that for one of the other side's.
///
/// webrtc 0.21.1 makes a channel in one step and listens to it in the next. One that opens in
/// between is announced, with ears of its own, which ours replace then; and if those are given up,
/// webrtc takes ours for them.
pub(super) async fn hear_beside(
    mistaken: Arc<dyn DataChannel>,
    shared: Arc<ChannelShared>,
    connection: Weak<dyn PeerConnection>,
) {
    if listen(&*mistaken, &shared, &connection).await.is_break() {
        shared.closed();
    }
    shared.ended().await;
}

/// A break where the channel closed; else webrtc only stopped to speak here.
async fn listen(
    channel: &dyn DataChannel,
    shared: &ChannelShared,
    connection: &Weak<dyn PeerConnection>,
) -> ControlFlow<()> {
    while let Some(event) = channel.poll().await {
        take(event, channel, shared, connection).await?;
    }
    ControlFlow::Continue(())
}

/// Whether it goes on.
async fn take(
    event: DataChannelEvent,
    channel: &dyn DataChannel,
    shared: &ChannelShared,
    connection: &Weak<dyn PeerConnection>,
) -> ControlFlow<()> {
    match event {
        DataChannelEvent::OnOpen => {
            if shared.state().id.is_none() {
                let id = stream_id(connection, channel).await;
                shared.state().id = id;
            }
            shared.opened();
        }
        DataChannelEvent::OnMessage(message) => took(shared, message),
        DataChannelEvent::OnBufferedAmountLow => shared.wish(Wish::Measure),
        DataChannelEvent::OnClosing => shared.closing(),
        DataChannelEvent::OnClose => {
            let by_them = shared.state().channel == ChannelState::Open;
            if by_them {
                last_words(channel, shared).await;
            }
            return ControlFlow::Break(());
        }
        DataChannelEvent::OnError => {
            let error = Error::new(ErrorKind::Platform, "the data channel failed");
            shared.emit(ChannelEvent::Error(error));
        }
        _ => {}
    }
    ControlFlow::Continue(())
}

fn took(shared: &ChannelShared, message: RTCDataChannelMessage) {
    shared.received(message.data.len());
    let bytes = Vec::from(message.data);
    let message = match message.is_string {
        true => String::from_utf8(bytes).map(Message::Text),
        false => Ok(Message::Binary(bytes)),
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
