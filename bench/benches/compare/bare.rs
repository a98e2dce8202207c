//! Measures `webrtc` without the engine, with its own limit on the data that waits to be sent.

use std::net::Ipv4Addr;
use std::pin::pin;
use std::sync::Arc;

use bytes::BytesMut;
use futures_util::future::{Either, select, try_join};
use parlor_bench::{HIGH_WATER, Meter};
use parlor_engine::MAX_MESSAGE;
use rtc::peer_connection::configuration::setting_engine::SctpMaxMessageSize;
use tokio::sync::mpsc;
use tokio::time::Instant;
use webrtc::data_channel::{DataChannel, DataChannelEvent};
use webrtc::error::{Error, Result};
use webrtc::peer_connection::{
    MediaEngine, PeerConnection, PeerConnectionBuilder, PeerConnectionEventHandler,
    RTCPeerConnectionIceEvent, Registry, SettingEngineBuilder, register_default_interceptors,
};
use webrtc::runtime::{Runtime, TokioRuntime};

use crate::sockets::{LargeSockets, RECEIVE_BUFFER};

/// The sockets with which the crate is measured.
#[derive(Clone, Copy)]
pub(crate) enum Sockets {
    AsTheyCome,
    /// Sockets with buffers as large as the engine's.
    Large,
}

/// The capacity for events: more than there are candidates on loopback, or channels.
const WAITING: usize = 64;

/// One end of a connection. Its events come through channels, since its callbacks must not wait.
struct Side {
    connection: Arc<dyn PeerConnection>,
    candidates: mpsc::Receiver<RTCPeerConnectionIceEvent>,
    channels: mpsc::Receiver<Arc<dyn DataChannel>>,
}

struct Handler {
    candidates: mpsc::Sender<RTCPeerConnectionIceEvent>,
    channels: mpsc::Sender<Arc<dyn DataChannel>>,
}

#[async_trait::async_trait]
impl PeerConnectionEventHandler for Handler {
    async fn on_ice_candidate(&self, event: RTCPeerConnectionIceEvent) {
        let _ = self.candidates.try_send(event);
    }

    async fn on_data_channel(&self, channel: Arc<dyn DataChannel>) {
        let _ = self.channels.try_send(channel);
    }
}

impl Side {
    async fn new(sockets: Sockets) -> Result<Self> {
        let (candidates, candidates_of) = mpsc::channel(WAITING);
        let (channels, channels_of) = mpsc::channel(WAITING);
        let handler = Handler {
            candidates,
            channels,
        };
        let mut media = MediaEngine::default();
        media.register_default_codecs()?;
        let registry = register_default_interceptors(Registry::new(), &mut media)?;
        let settings = SettingEngineBuilder::new()
            .with_include_loopback_candidate(true)
            .with_sctp_max_message_size(SctpMaxMessageSize::Bounded(MAX_MESSAGE as u32))
            .with_sctp_max_receive_buffer_size(RECEIVE_BUFFER)
            .build();
        let runtime: Arc<dyn Runtime> = match sockets {
            Sockets::AsTheyCome => Arc::new(TokioRuntime),
            Sockets::Large => Arc::new(LargeSockets),
        };
        let connection = PeerConnectionBuilder::new()
            .with_media_engine(media)
            .with_interceptor_registry(registry)
            .with_setting_engine(settings)
            .with_handler(Arc::new(handler))
            .with_runtime(runtime)
            .with_udp_addrs(vec![(Ipv4Addr::LOCALHOST, 0)])
            .with_data_channel_send_buffer_limit(HIGH_WATER as usize)
            .build()
            .await?;
        Ok(Self {
            connection: Arc::new(connection),
            candidates: candidates_of,
            channels: channels_of,
        })
    }
}

/// Two connected connections, and the two ends of a channel.
struct Pair {
    from: Arc<dyn DataChannel>,
    to: Arc<dyn DataChannel>,
    _sides: (Side, Side),
}

impl Pair {
    /// Connects in the same steps as the engine's side of the comparison.
    async fn open(sockets: Sockets) -> Result<Self> {
        let (mut left, mut right) = try_join(Side::new(sockets), Side::new(sockets)).await?;
        let (caller, callee) = (left.connection.clone(), right.connection.clone());
        let from = caller.create_data_channel("bench", None).await?;
        let offer = caller.create_offer(None).await?;
        caller.set_local_description(offer.clone()).await?;
        callee.set_remote_description(offer).await?;
        let answer = callee.create_answer(None).await?;
        callee.set_local_description(answer.clone()).await?;
        caller.set_remote_description(answer).await?;
        let to = {
            let opened = pin!(async {
                let to = right.channels.recv().await;
                let to = to.ok_or(Error::ErrDataChannelClosed)?;
                try_join(is_open(&*from), is_open(&*to)).await?;
                Ok::<_, Error>(to)
            });
            let told = pin!(futures_util::future::join(
                tell(&mut left.candidates, &*callee),
                tell(&mut right.candidates, &*caller),
            ));
            match select(opened, told).await {
                Either::Left((to, _)) => to?,
                Either::Right((_, opened)) => opened.await?,
            }
        };
        Ok(Self {
            from,
            to,
            _sides: (left, right),
        })
    }
}

async fn tell(candidates: &mut mpsc::Receiver<RTCPeerConnectionIceEvent>, to: &dyn PeerConnection) {
    while let Some(event) = candidates.recv().await {
        if let Ok(candidate) = event.candidate.to_json() {
            // One that is not taken leaves the others.
            let _ = to.add_ice_candidate(candidate).await;
        }
    }
}

async fn is_open(channel: &dyn DataChannel) -> Result<()> {
    while let Some(event) = channel.poll().await {
        if let DataChannelEvent::OnOpen = event {
            return Ok(());
        }
    }
    Err(Error::ErrDataChannelClosed)
}

/// Returns the milliseconds until two new connections have an open channel.
pub(crate) async fn set_up() -> Result<f64> {
    let start = Instant::now();
    let _pair = Pair::open(Sockets::AsTheyCome).await?;
    Ok(start.elapsed().as_secs_f64() * 1e3)
}

/// Returns the throughput with messages of this size, in Mbit/s.
pub(crate) async fn throughput(size: usize, sockets: Sockets) -> Result<f64> {
    let pair = Pair::open(sockets).await?;
    tokio::spawn(send(pair.from.clone(), size));
    let received = tokio::spawn(receive(pair.to.clone()));
    received.await.expect("receiving does not panic")
}

/// Sends messages until the channel closes. The crate itself waits while more than its limit is
/// buffered.
async fn send(channel: Arc<dyn DataChannel>, size: usize) {
    // Events that nobody takes would hold up the connection.
    let events = channel.clone();
    tokio::spawn(async move { while events.poll().await.is_some() {} });
    let message = BytesMut::from(&vec![0_u8; size][..]);
    while channel.send(message.clone()).await.is_ok() {}
}

async fn receive(channel: Arc<dyn DataChannel>) -> Result<f64> {
    let began = Instant::now();
    let mut meter = Meter::new(began.elapsed());
    while let Some(event) = channel.poll().await {
        if let DataChannelEvent::OnMessage(message) = event
            && let Some(rate) = meter.count(message.data.len(), began.elapsed())
        {
            return Ok(rate);
        }
    }
    Err(Error::ErrDataChannelClosed)
}
