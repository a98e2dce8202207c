//! Two engines, and words for what they do.

use std::error::Error as _;
use std::fmt;
use std::future::Future;
use std::pin::Pin;

use futures_util::future::{join, try_join};
use parlor_engine::{
    AudioConstraints, CandidateEvent, ChannelOptions, Codec, Config, Configuration,
    ConnectionState, DataChannel, Engine, Error, Kind, PeerConnection, Track, VideoConstraints,
};

/// Two engines that can reach each other, and how they should be connected.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The one that calls.
    pub left: Engine,
    /// The one that is called.
    pub right: Engine,
    /// For their connections.
    pub configuration: Configuration,
}

/// What came of a behaviour.
pub type Outcome = Result<(), Reason>;

/// Why a behaviour did not pass.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Reason {
    /// It should have.
    Failed(String),
    /// This platform cannot, and says so in its capabilities.
    NotPossible(&'static str),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(text) => write!(f, "failed: {text}"),
            Self::NotPossible(why) => write!(f, "not possible here: {why}"),
        }
    }
}

impl From<Error> for Reason {
    fn from(error: Error) -> Self {
        let cause = error.source().map(|cause| format!(" ({cause})"));
        let cause = cause.unwrap_or_default();
        Self::Failed(format!("{:?}: {error}{cause}", error.kind()))
    }
}

#[cfg(not(target_arch = "wasm32"))]
pub(crate) type Running = Pin<Box<dyn Future<Output = Outcome> + Send>>;
#[cfg(target_arch = "wasm32")]
pub(crate) type Running = Pin<Box<dyn Future<Output = Outcome>>>;

pub(crate) type Run = fn(Pair) -> Running;

/// A behaviour of an async function.
macro_rules! behaviour {
    ($id:literal, $title:literal, $run:ident) => {
        crate::Behaviour::new($id, $title, |pair| Box::pin($run(pair)))
    };
}
pub(crate) use behaviour;

/// Fails the behaviour unless something is so.
macro_rules! ensure {
    ($is_so:expr, $($text:tt)+) => {
        if !$is_so {
            return Err(crate::Reason::Failed(format!($($text)+)));
        }
    };
}
pub(crate) use ensure;

/// Fails the behaviour unless two values are equal.
macro_rules! same {
    ($left:expr, $right:expr, $what:literal) => {{
        let (left, right) = (&$left, &$right);
        if left != right {
            let text = format!("{}: {left:?} is not {right:?}", $what);
            return Err(crate::Reason::Failed(text));
        }
    }};
}
pub(crate) use same;

/// The error of something that has to fail.
pub(crate) fn refused<T: fmt::Debug>(
    result: Result<T, Error>,
    what: &str,
) -> Result<Error, Reason> {
    match result {
        Ok(value) => Err(Reason::Failed(format!("{what} was taken: {value:?}"))),
        Err(error) => Ok(error),
    }
}

/// Something that has to be there.
pub(crate) fn there<T>(value: Option<T>, what: &str) -> Result<T, Reason> {
    value.ok_or_else(|| Reason::Failed(format!("{what} is missing")))
}

impl Pair {
    /// Two engines with connections of this configuration.
    pub fn new(left: Engine, right: Engine, configuration: Configuration) -> Self {
        Self {
            left,
            right,
            configuration,
        }
    }

    /// What engines of such a pair are made with.
    pub fn config() -> Config {
        Config::alone()
    }

    pub(crate) fn connections(&self) -> Result<(PeerConnection, PeerConnection), Reason> {
        let left = self.left.connect(&self.configuration)?;
        Ok((left, self.right.connect(&self.configuration)?))
    }

    /// Two connections with nothing but an announced channel.
    pub(crate) async fn connected(&self) -> Result<Connected, Reason> {
        self.connected_with(&ChannelOptions::default()).await
    }

    pub(crate) async fn connected_with(
        &self,
        options: &ChannelOptions,
    ) -> Result<Connected, Reason> {
        let (left, right) = self.connections()?;
        let channel = left.create_channel("contract", options)?;
        establish(&left, &right).await?;
        let other = right.accept_channel(options.receive_buffer).await?;
        try_join(channel.opened(), other.opened()).await?;
        Ok(Connected {
            left,
            right,
            channel,
            other,
        })
    }
}

/// Two connections that see each other, and the two ends of one channel.
pub(crate) struct Connected {
    pub(crate) left: PeerConnection,
    pub(crate) right: PeerConnection,
    pub(crate) channel: DataChannel,
    pub(crate) other: DataChannel,
}

/// One exchange of offer and answer.
pub(crate) async fn negotiate(from: &PeerConnection, to: &PeerConnection) -> Outcome {
    let offer = from.describe().await?;
    to.set_remote_description(&offer).await?;
    let answer = to.describe().await?;
    from.set_remote_description(&answer).await?;
    Ok(())
}

/// Gives one side all candidates of the other.
pub(crate) async fn trickle(from: &PeerConnection, to: &PeerConnection) -> Outcome {
    let mut candidates = from.candidates();
    while let Some(event) = candidates.next().await {
        match event {
            CandidateEvent::Found(candidate) => to.add_ice_candidate(Some(&candidate)).await?,
            CandidateEvent::Complete => {
                to.add_ice_candidate(None).await?;
                return Ok(());
            }
            CandidateEvent::Error(_) => {}
        }
    }
    Err(Reason::Failed("the candidates ended too early".into()))
}

/// Negotiates, and waits until both sides are connected.
pub(crate) async fn establish(left: &PeerConnection, right: &PeerConnection) -> Outcome {
    negotiate(left, right).await?;
    find_ways(left, right).await
}

/// After a negotiation: tells each side the other's candidates and waits for the connection.
pub(crate) async fn find_ways(left: &PeerConnection, right: &PeerConnection) -> Outcome {
    let (one, other) = join(trickle(left, right), trickle(right, left)).await;
    one.and(other)?;
    try_join(is_connected(left), is_connected(right)).await?;
    Ok(())
}

pub(crate) async fn is_connected(connection: &PeerConnection) -> Outcome {
    let mut state = connection.connection_state();
    let end = |state| matches!(state, ConnectionState::Connected | ConnectionState::Failed);
    match state.wait_for(end).await {
        Some(ConnectionState::Connected) => Ok(()),
        state => Err(Reason::Failed(format!("instead of connected: {state:?}"))),
    }
}

pub(crate) fn opus() -> Codec {
    Codec {
        mime_type: "audio/opus".into(),
        clock_rate: 48_000,
        channels: Some(2),
        sdp_fmtp_line: String::new(),
    }
}

pub(crate) fn h264() -> Codec {
    Codec {
        mime_type: "video/H264".into(),
        clock_rate: 90_000,
        channels: None,
        sdp_fmtp_line: "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"
            .into(),
    }
}

/// A track to send: of a device where there are devices, of the application's making elsewhere.
pub(crate) async fn track(engine: &Engine, kind: Kind) -> Result<Track, Reason> {
    let track = match (engine.capabilities().capture, kind) {
        (true, Kind::Audio) => engine.open_microphone(&AudioConstraints::default()).await?,
        (true, Kind::Video) => engine.open_camera(&VideoConstraints::default()).await?,
        (false, Kind::Audio) => engine.encoded_track(&opus())?,
        (false, Kind::Video) => engine.encoded_track(&h264())?,
    };
    Ok(track)
}
