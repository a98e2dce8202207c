//! An application that does anything in any order, with what the other side said damaged, late or
//! twice: every call answers in time and with a reason, and the next connection works.

mod runtime;

use std::net::Ipv4Addr;
use std::time::Duration;

use futures_util::future::try_join;
use parlor_engine::{
    CandidateEvent, ChannelOptions, Config, Configuration, DataChannel, Direction, Engine, Error,
    ErrorKind, IceCandidate, Kind, PeerConnection, Result, SdpType, SessionDescription,
    TransceiverInit, fake,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use tokio::time::timeout;

/// For one sequence and the connection after it.
const DEADLINE: Duration = Duration::from_secs(30);

/// What one side, the first or the second, does next.
#[derive(Clone, Debug)]
enum Act {
    Channel,
    Send,
    Section(Kind, Direction),
    SetDirection(Index, Direction),
    Stop(Index),
    Offer,
    Answer,
    Describe,
    SetLocal(Said),
    SetRemote(Said),
    Candidate(String),
    NoMoreCandidates,
    RestartIce,
    Stats,
    Close,
}

/// One of the descriptions that were made so far by either side, and how it comes.
#[derive(Clone, Debug)]
struct Said {
    /// `None`: the newest.
    which: Option<Index>,
    as_kind: Option<SdpType>,
    without_line: Option<Index>,
}

fn said() -> impl Strategy<Value = Said> {
    let kinds = prop::sample::select(vec![
        SdpType::Offer,
        SdpType::Answer,
        SdpType::PrAnswer,
        SdpType::Rollback,
    ]);
    let other = prop_oneof![3 => Just(None), 1 => kinds.prop_map(Some)];
    let without = prop_oneof![3 => Just(None), 1 => any::<Index>().prop_map(Some)];
    // The newest is the one that mostly fits.
    let which = prop_oneof![1 => any::<Index>().prop_map(Some), 2 => Just(None)];
    (which, other, without).prop_map(|(which, as_kind, without_line)| Said {
        which,
        as_kind,
        without_line,
    })
}

fn acts() -> impl Strategy<Value = Act> {
    let kinds = prop_oneof![Just(Kind::Audio), Just(Kind::Video)];
    let directions = || {
        prop::sample::select(vec![
            Direction::SendRecv,
            Direction::SendOnly,
            Direction::RecvOnly,
            Direction::Inactive,
            Direction::Stopped,
        ])
    };
    let candidates = prop_oneof![
        Just("candidate:1 1 udp 2130706431 127.0.0.1 9 typ host".to_owned()),
        "candidate:[ -~]{0,40}",
    ];
    prop_oneof![
        2 => Just(Act::Channel),
        1 => Just(Act::Send),
        2 => (kinds, directions()).prop_map(|(kind, direction)| Act::Section(kind, direction)),
        1 => (any::<Index>(), directions()).prop_map(|(at, to)| Act::SetDirection(at, to)),
        1 => any::<Index>().prop_map(Act::Stop),
        2 => Just(Act::Offer),
        2 => Just(Act::Answer),
        6 => Just(Act::Describe),
        3 => said().prop_map(Act::SetLocal),
        8 => said().prop_map(Act::SetRemote),
        1 => candidates.prop_map(Act::Candidate),
        1 => Just(Act::NoMoreCandidates),
        1 => Just(Act::RestartIce),
        1 => Just(Act::Stats),
        1 => prop_oneof![7 => Just(Act::Stats), 1 => Just(Act::Close)],
    ]
}

/// Both sides, and all that they have said.
struct Play {
    sides: [PeerConnection; 2],
    channels: [Vec<DataChannel>; 2],
    closed: [bool; 2],
    said: Vec<SessionDescription>,
}

impl Play {
    fn new(sides: [PeerConnection; 2]) -> Self {
        Self {
            sides,
            channels: Default::default(),
            closed: [false; 2],
            said: Vec::new(),
        }
    }

    fn description(&self, said: &Said) -> SessionDescription {
        let found = match said.which {
            Some(which) if !self.said.is_empty() => self.said.get(which.index(self.said.len())),
            _ => self.said.last(),
        };
        let found = found.cloned();
        let mut found = found.unwrap_or(SessionDescription {
            kind: SdpType::Offer,
            sdp: String::new(),
        });
        if let Some(kind) = said.as_kind {
            found.kind = kind;
        }
        if let Some(line) = said.without_line {
            let lines: Vec<_> = found.sdp.split_inclusive('\n').collect();
            let gone = line.index(lines.len().max(1));
            let rest = lines.iter().enumerate().filter(|(at, _)| *at != gone);
            found.sdp = rest.map(|(_, line)| *line).collect();
        }
        found
    }

    async fn act(&mut self, side: usize, act: &Act) -> Result<()> {
        let connection = self.sides[side].clone();
        match act {
            Act::Channel => {
                let options = ChannelOptions::default();
                self.channels[side].push(connection.create_channel("x", &options)?);
            }
            Act::Send => {
                if let Some(channel) = self.channels[side].last() {
                    // The channel may well be closed where the connection is not.
                    let _ = channel.try_send("hello");
                }
            }
            Act::Section(kind, direction) => {
                let init = TransceiverInit {
                    direction: *direction,
                    ..TransceiverInit::default()
                };
                connection.add_transceiver(*kind, &init)?;
            }
            Act::SetDirection(at, direction) => {
                let all = connection.transceivers();
                if let Some(section) = all.get(at.index(all.len().max(1))) {
                    section.set_direction(*direction);
                }
            }
            Act::Stop(at) => {
                let all = connection.transceivers();
                if let Some(section) = all.get(at.index(all.len().max(1))) {
                    section.stop();
                }
            }
            Act::Offer => self.said.push(connection.create_offer().await?),
            Act::Answer => self.said.push(connection.create_answer().await?),
            Act::Describe => self.said.push(connection.describe().await?),
            Act::SetLocal(said) => {
                let description = self.description(said);
                connection.set_local_description(&description).await?;
            }
            Act::SetRemote(said) => {
                let description = self.description(said);
                connection.set_remote_description(&description).await?;
            }
            Act::Candidate(text) => {
                let candidate = IceCandidate {
                    candidate: text.clone(),
                    sdp_mid: Some("0".to_owned()),
                    sdp_m_line_index: Some(0),
                    username_fragment: None,
                };
                connection.add_ice_candidate(Some(&candidate)).await?;
            }
            Act::NoMoreCandidates => connection.add_ice_candidate(None).await?,
            Act::RestartIce => connection.restart_ice(),
            Act::Stats => drop(connection.stats().await?),
            Act::Close => {
                connection.close();
                self.closed[side] = true;
            }
        }
        Ok(())
    }

    /// A refusal says what to do about it: wrong arguments, not possible, or over.
    fn is_fair(&self, side: usize, error: &Error) -> bool {
        match error.kind() {
            ErrorKind::Closed => self.closed[side],
            ErrorKind::Invalid | ErrorKind::Unsupported | ErrorKind::Protocol => true,
            _ => false,
        }
    }
}

async fn play(
    engines: [Engine; 2],
    configuration: &Configuration,
    acts: &[(bool, Act)],
) -> std::result::Result<(), TestCaseError> {
    let connect = |engine: &Engine| engine.connect(configuration).expect("a connection");
    let mut play = Play::new([connect(&engines[0]), connect(&engines[1])]);
    for (is_second, act) in acts {
        let side = usize::from(*is_second);
        if let Err(error) = play.act(side, act).await {
            let kind = error.kind();
            prop_assert!(
                play.is_fair(side, &error),
                "{:?}: {:?} {}",
                act,
                kind,
                error
            );
        }
    }
    let after = meet(&connect(&engines[0]), &connect(&engines[1])).await;
    prop_assert!(
        after.is_ok(),
        "the next connection does not work: {after:?}"
    );
    Ok(())
}

/// Two sides that do as they should.
async fn meet(left: &PeerConnection, right: &PeerConnection) -> Result<()> {
    let channel = left.create_channel("x", &ChannelOptions::default())?;
    right
        .set_remote_description(&left.describe().await?)
        .await?;
    left.set_remote_description(&right.describe().await?)
        .await?;
    try_join(trickle(left, right), trickle(right, left)).await?;
    let theirs = right.accept_channel(1 << 20).await?;
    channel.opened().await?;
    channel.send("hello").await?;
    theirs.receive_text().await?;
    Ok(())
}

async fn trickle(from: &PeerConnection, to: &PeerConnection) -> Result<()> {
    let mut candidates = from.candidates();
    while let Some(CandidateEvent::Found(candidate)) = candidates.next().await {
        to.add_ice_candidate(Some(&candidate)).await?;
    }
    Ok(())
}

/// A section that is added when an offer is made and not set yet.
async fn add_beside_an_offer(engines: [Engine; 2], configuration: &Configuration) -> Result<()> {
    let [left, right] = &engines;
    let (left, right) = (left.connect(configuration)?, right.connect(configuration)?);
    left.create_channel("x", &ChannelOptions::default())?;
    let offer = left.create_offer().await?;
    left.add_transceiver(Kind::Audio, &TransceiverInit::default())?;
    left.set_local_description(&offer).await?;
    right.set_remote_description(&offer).await?;
    left.set_remote_description(&right.describe().await?)
        .await?;
    let mut needed = left.negotiation_needed();
    needed.wait_for(|needed| needed).await;
    right
        .set_remote_description(&left.describe().await?)
        .await?;
    assert_eq!(right.transceivers().len(), 1);
    Ok(())
}

/// Connections take their time: a thirty-second of the usual.
fn few() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig {
        cases: usual.cases.div_ceil(32),
        max_shrink_iters: 200,
        ..usual
    }
}

fn sequences() -> impl Strategy<Value = Vec<(bool, Act)>> {
    vec((any::<bool>(), acts()), 0..40)
}

fn worlds_engines(world: &fake::World) -> [Engine; 2] {
    let engine =
        |host| Engine::on_fake(world, fake::HostId(host), Config::alone()).expect("an engine");
    [engine(1), engine(2)]
}

fn on_loopback() -> Configuration {
    Configuration {
        local_addresses: vec![Ipv4Addr::LOCALHOST.into()],
        ..Configuration::default()
    }
}

#[test]
fn what_is_added_beside_an_offer_needs_the_next_on_the_fake() {
    let world = fake::World::new();
    let engines = worlds_engines(&world);
    let outcome = world.run_until(DEADLINE, async move {
        add_beside_an_offer(engines, &Configuration::default()).await
    });
    outcome.expect("in time").expect("it is negotiated");
}

#[tokio::test]
async fn what_is_added_beside_an_offer_needs_the_next_on_native() {
    let engine = Engine::new(Config::alone()).expect("an engine");
    let engines = [engine.clone(), engine];
    let outcome = timeout(DEADLINE, add_beside_an_offer(engines, &on_loopback())).await;
    outcome.expect("in time").expect("it is negotiated");
}

proptest! {
    #[test]
    fn the_fake_answers_whatever_is_asked(acts in sequences()) {
        let world = fake::World::new();
        let engines = worlds_engines(&world);
        let outcome = world.run_until(DEADLINE, async move {
            play(engines, &Configuration::default(), &acts).await
        });
        outcome.unwrap_or_else(|| Err(TestCaseError::fail("it hangs")))?;
    }
}

proptest! {
    #![proptest_config(few())]

    #[test]
    fn native_answers_whatever_is_asked(acts in sequences()) {
        runtime::run(async {
            let engine = Engine::new(Config::alone()).expect("an engine");
            let engines = [engine.clone(), engine.clone()];
            let outcome = timeout(DEADLINE, play(engines, &on_loopback(), &acts)).await;
            engine.close();
            outcome.unwrap_or_else(|_| Err(TestCaseError::fail("it hangs")))
        })?;
    }
}
