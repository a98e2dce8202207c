//! A connection over the cable, and a channel on it.

use std::future::Future;
use std::net::Ipv4Addr;
use std::time::Duration;

use parlor_engine::{
    CandidateEvent, ChannelOptions, Config, Configuration, DataChannel, Engine, PeerConnection,
};

use crate::cable::Cable;

/// Far longer than anything takes here, also where another test runs beside it.
const DEADLINE: Duration = Duration::from_secs(60);

pub(crate) async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(DEADLINE, future).await {
        Ok(value) => value,
        Err(_) => panic!("waited in vain for {what}"),
    }
}

pub(crate) struct Call {
    pub(crate) engine: Engine,
    pub(crate) cable: Cable,
    pub(crate) left: PeerConnection,
    /// Dropped, it would close.
    _right: PeerConnection,
    /// The left end of the channel, and the right one.
    pub(crate) from: DataChannel,
    pub(crate) to: DataChannel,
}

impl Call {
    pub(crate) async fn connected() -> Self {
        let engine = Engine::new(Config::alone()).expect("an engine");
        let configuration = Configuration {
            local_addresses: vec![Ipv4Addr::LOCALHOST.into()],
            ..Configuration::default()
        };
        let left = engine.connect(&configuration).expect("a connection");
        let right = engine.connect(&configuration).expect("a connection");
        let options = ChannelOptions::default();
        let from = left.create_channel("line", &options).expect("a channel");
        let cable = Cable::new().await;
        agree(&left, &right).await;
        agree_on_ways(&cable, &left, &right).await;
        let to = soon("the channel", right.accept_channel(options.receive_buffer)).await;
        let to = to.expect("a channel");
        soon("the channel", from.opened()).await.expect("open");
        Self {
            engine,
            cable,
            left,
            _right: right,
            from,
            to,
        }
    }
}

/// Offer and answer, without the candidates that they may have found by then.
async fn agree(left: &PeerConnection, right: &PeerConnection) {
    for (from, to) in [(left, right), (right, left)] {
        let mut description = from.describe().await.expect("a description");
        let lines = description.sdp.split_inclusive('\n');
        description.sdp = lines.filter(|it| !it.starts_with("a=candidate:")).collect();
        let set = to.set_remote_description(&description).await;
        set.expect("it fits");
    }
}

/// Each side learns of the other's place at the cable, and of no other.
async fn agree_on_ways(cable: &Cable, left: &PeerConnection, right: &PeerConnection) {
    for (side, from, to) in [(0, left, right), (1, right, left)] {
        let mut candidates = from.candidates();
        loop {
            match soon("a candidate", candidates.next()).await {
                Some(CandidateEvent::Found(candidate)) => {
                    if let Some(candidate) = cable.through(side, candidate) {
                        let added = to.add_ice_candidate(Some(&candidate)).await;
                        added.expect("it fits");
                    }
                }
                Some(CandidateEvent::Complete) => break,
                other => panic!("instead of a candidate: {other:?}"),
            }
        }
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.engine.close();
    }
}
