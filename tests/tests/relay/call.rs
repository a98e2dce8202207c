//! Two connections of two engines, and what carries their signals.

use std::future::Future;
use std::net::Ipv4Addr;
use std::time::Duration;

use parlor_engine::{
    CandidateKind, CandidatePairStats, ChannelOptions, Config, Configuration, DataChannel, Engine,
    IceServer, IceTransportPolicy, Negotiator, PeerConnection, Result, Signal,
};

/// Far longer than anything takes here, also where another test runs beside it.
pub(crate) const DEADLINE: Duration = Duration::from_secs(60);
/// The interval between two looks at statistics or at the server's log, which report no changes.
pub(crate) const LOOK_AGAIN: Duration = Duration::from_millis(50);

pub(crate) async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(DEADLINE, future).await {
        Ok(value) => value,
        Err(_) => panic!("waited in vain for {what}"),
    }
}

/// Relays alone, and loopback alone.
pub(crate) fn configuration(server: IceServer) -> Configuration {
    Configuration {
        ice_servers: vec![server],
        ice_transport_policy: IceTransportPolicy::Relay,
        local_addresses: vec![Ipv4Addr::LOCALHOST.into()],
        ..Configuration::default()
    }
}

pub(crate) struct Call {
    engine: Engine,
    pub(crate) left: PeerConnection,
    pub(crate) right: PeerConnection,
    pub(crate) channel: DataChannel,
}

impl Call {
    /// Begins to connect two sides, of which the right one sends back what it receives.
    pub(crate) fn begin(left: &Configuration, right: &Configuration) -> Self {
        let engine = Engine::new(Config::alone()).expect("an engine");
        let left = engine.connect(left).expect("a connection");
        let right = engine.connect(right).expect("a connection");
        let one = Negotiator::new(left.clone(), false);
        let other = Negotiator::new(right.clone(), true);
        tokio::spawn(carry(one.clone(), other.clone()));
        tokio::spawn(carry(other, one));
        tokio::spawn(echo(right.clone()));
        let channel = left.create_channel("echo", &ChannelOptions::default());
        Self {
            engine,
            left,
            right,
            channel: channel.expect("a channel"),
        }
    }

    pub(crate) async fn connected(configuration: &Configuration) -> Self {
        let call = Self::begin(configuration, configuration);
        let opened = soon("the channel", call.channel.opened()).await;
        opened.expect("the channel opens");
        call
    }

    /// Sends messages of 64 KiB and expects each back as it was.
    pub(crate) async fn echoes(&self) {
        for number in 0..8_u8 {
            let message: Vec<u8> = (0..64 * 1024_usize)
                .map(|place| (place % 251) as u8 ^ number)
                .collect();
            let sent = soon("room to send", self.channel.send(message.clone())).await;
            sent.expect("the message is sent");
            let back = soon("the echo", self.channel.receive_binary()).await;
            assert!(
                back.expect("an echo") == message,
                "message {number} changed"
            );
        }
    }

    /// Sends far more than fits any buffer on the way, and takes back all of it meanwhile.
    pub(crate) async fn carries_much(&self) {
        const MESSAGES: u8 = 160;
        let sent = async {
            for number in 0..MESSAGES {
                self.channel.send(vec![number; 32 * 1024]).await?;
            }
            Ok(())
        };
        let received = async {
            for number in 0..MESSAGES {
                let back = self.channel.receive_binary().await?;
                assert!(back == [number; 32 * 1024], "message {number} changed");
            }
            Ok(())
        };
        let both = async { tokio::try_join!(sent, received) };
        let outcome: Result<_> = soon("what was sent", both).await;
        outcome.expect("all of it comes back");
    }

    /// Waits until both sides are connected through a relay that they reach in this way.
    pub(crate) async fn goes_over(&self, protocol: &str) {
        for side in [&self.left, &self.right] {
            let seen = async {
                loop {
                    let stats = side.stats().await.expect("statistics");
                    if let Some(pair) = stats.candidate_pair
                        && pair.protocol.as_deref() == Some(protocol)
                    {
                        return pair;
                    }
                    tokio::time::sleep(LOOK_AGAIN).await;
                }
            };
            let pair: CandidatePairStats = soon(protocol, seen).await;
            assert_eq!(pair.local, Some(CandidateKind::Relay));
        }
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.engine.close();
    }
}

/// Takes what one side has to tell to the other.
async fn carry(from: Negotiator, to: Negotiator) -> Result<()> {
    while let Some(signal) = from.next().await {
        let on_the_wire = signal?.to_json();
        to.take(Signal::from_json(&on_the_wire)?).await?;
    }
    Ok(())
}

async fn echo(connection: PeerConnection) -> Result<()> {
    let channel = connection
        .accept_channel(ChannelOptions::default().receive_buffer)
        .await?;
    while let Ok(message) = channel.receive().await {
        channel.send(message).await?;
    }
    Ok(())
}
