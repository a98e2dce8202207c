//! The engine's side of the comparison, the same on every platform.

use std::pin::pin;

use futures_util::future::{Either, join, select, try_join};
use parlor_engine::{
    CandidateEvent, ChannelOptions, Configuration, DataChannel, Engine, PeerConnection, Result,
};

use crate::meter::Meter;

/// Two connected connections, and the two ends of a channel.
#[derive(Debug)]
pub struct Pair {
    left: PeerConnection,
    right: PeerConnection,
    /// The end that sends.
    pub from: DataChannel,
    /// The end that receives.
    pub to: DataChannel,
}

impl Pair {
    /// Makes two connections and waits until their channel is open at both ends.
    pub async fn open(engine: &Engine, configuration: &Configuration) -> Result<Self> {
        let left = engine.connect(configuration)?;
        let right = engine.connect(configuration)?;
        let options = ChannelOptions::default();
        let from = left.create_channel("bench", &options)?;
        right
            .set_remote_description(&left.describe().await?)
            .await?;
        left.set_remote_description(&right.describe().await?)
            .await?;
        let to = {
            let opened = pin!(async {
                let to = right.accept_channel(options.receive_buffer).await?;
                try_join(from.opened(), to.opened()).await?;
                Ok(to)
            });
            let told = pin!(join(tell(&left, &right), tell(&right, &left)));
            match select(opened, told).await {
                Either::Left((to, _)) => to?,
                Either::Right((_, opened)) => opened.await?,
            }
        };
        Ok(Self {
            left,
            right,
            from,
            to,
        })
    }

    /// Closes both connections.
    pub fn close(&self) {
        self.left.close();
        self.right.close();
    }
}

async fn tell(from: &PeerConnection, to: &PeerConnection) {
    let mut candidates = from.candidates();
    while let Some(event) = candidates.next().await {
        if let CandidateEvent::Found(candidate) = event {
            // One that is not taken leaves the others.
            let _ = to.add_ice_candidate(Some(&candidate)).await;
        }
    }
}

/// Sends messages of this size until the channel closes.
pub async fn send(channel: DataChannel, size: usize) {
    let message = vec![0_u8; size];
    while channel.send(message.clone()).await.is_ok() {}
}

/// Receives until enough was measured. Returns the throughput in Mbit/s.
pub async fn receive(channel: &DataChannel, engine: &Engine) -> Result<f64> {
    let mut meter = Meter::new(engine.now());
    loop {
        let message = channel.receive_binary().await?;
        if let Some(rate) = meter.count(message.len(), engine.now()) {
            return Ok(rate);
        }
    }
}
