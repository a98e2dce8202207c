use std::sync::Arc;
use std::time::Duration;

use rtc::data_channel::RTCDataChannelInit;
use tokio::sync::mpsc;
use webrtc::data_channel::DataChannel;

use super::NativeChannel;
use super::hearing::{hear, hear_beside};
use super::sending::{Wish, serve};
use super::shared::ChannelShared;
use super::streams::settled;
use crate::peer::ChannelOptions;
use crate::platform::native::chain::Live;
use crate::platform::native::error::failed;
use crate::platform::native::runtime;
use crate::platform::{ChannelEvent, PeerEvent};

/// What it takes to make a channel.
pub(in crate::platform::native) struct Making {
    pub(super) shared: Arc<ChannelShared>,
    pub(super) wished: mpsc::UnboundedReceiver<Wish>,
}

impl Making {
    pub(in crate::platform::native) async fn make(self, live: &Live) {
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
        if !options.negotiated {
            settled(live).await;
            self.shared.state().is_ours = true;
        }
        let label = &self.shared.label;
        let made = live.connection.create_data_channel(label, Some(init)).await;
        match made {
            Ok(channel) => self.run(channel, live),
            Err(error) => {
                let error = failed("a data channel cannot be made", error);
                self.shared.emit(ChannelEvent::Error(error));
                self.shared.closed();
            }
        }
    }

    fn run(self, channel: Arc<dyn DataChannel>, live: &Live) {
        self.shared.state().handle = Some(channel.id());
        let connection = Arc::downgrade(&live.connection);
        runtime::spawn(hear(channel.clone(), self.shared.clone(), connection));
        runtime::spawn(serve(channel, self.shared, self.wished));
    }
}

/// Takes in a channel that the other side opened.
pub(in crate::platform::native) async fn announce(live: Live, channel: Arc<dyn DataChannel>) {
    let is_this = |known: &&Arc<ChannelShared>| known.state().handle == Some(channel.id());
    let own = live.shared.state().channels.iter().find(is_this).cloned();
    if let Some(own) = own {
        runtime::spawn(hear_beside(channel, own, Arc::downgrade(&live.connection)));
        return;
    }
    let Ok((label, options)) = described(&*channel).await else {
        // Closed already.
        return;
    };
    let (handle, shared, events, making) =
        NativeChannel::new(&label, &options, live.shared.send_limit.clone());
    live.shared.state().keep(shared);
    live.shared.emit(PeerEvent::Channel(handle, events));
    making.run(channel, &live);
}

async fn described(channel: &dyn DataChannel) -> webrtc::error::Result<(String, ChannelOptions)> {
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
