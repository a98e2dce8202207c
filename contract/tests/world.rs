//! What only a made-up world can do to engines: cut their network, slow it down, pull out their
//! devices, and look whether they left anything behind. Time is virtual.

use std::time::Duration;

use futures_util::future::{join, try_join};
use parlor_engine::fake::{Alive, HostId, World};
use parlor_engine::{
    AudioConstraints, CandidateEvent, CandidateKind, ChannelOptions, Config, Configuration,
    ConnectionState, Device, DeviceKind, Engine, Error, ErrorKind, IceServer, IceTransportPolicy,
    Kind, LinkState, PeerConnection, PermissionState, Profile, Room, RoomKey, SEND_HIGH_WATER,
    VideoConstraints,
};

type Result<T, E = Error> = std::result::Result<T, E>;

const LEFT: HostId = HostId(1);
const RIGHT: HostId = HostId(2);
/// Far longer than anything takes.
const LIMIT: Duration = Duration::from_secs(600);

fn engines(world: &World) -> (Engine, Engine) {
    let engine = |host| Engine::on_fake(world, host, Config::alone()).expect("an engine");
    (engine(LEFT), engine(RIGHT))
}

async fn trickle(from: &PeerConnection, to: &PeerConnection) -> Result<()> {
    let mut candidates = from.candidates();
    while let Some(CandidateEvent::Found(candidate)) = candidates.next().await {
        to.add_ice_candidate(Some(&candidate)).await?;
    }
    Ok(())
}

async fn establish(left: &PeerConnection, right: &PeerConnection) -> Result<()> {
    right
        .set_remote_description(&left.describe().await?)
        .await?;
    left.set_remote_description(&right.describe().await?)
        .await?;
    try_join(trickle(left, right), trickle(right, left)).await?;
    is(left, ConnectionState::Connected).await;
    is(right, ConnectionState::Connected).await;
    Ok(())
}

async fn is(connection: &PeerConnection, wanted: ConnectionState) {
    let mut state = connection.connection_state();
    let reached = state.wait_for(|state| state == wanted).await;
    reached.expect("the connection stays open");
}

#[test]
fn a_deadline_passes_in_no_time_and_to_the_point() {
    let world = World::new();
    let (left, _right) = engines(&world);
    let connection = left.connect(&Configuration::default()).unwrap();
    let waiting = async move { is(&connection, ConnectionState::Connected).await };
    assert_eq!(world.run_until(LIMIT, waiting), None);
    assert_eq!((world.now(), left.now()), (LIMIT, LIMIT));
}

#[test]
fn a_connection_outlives_a_short_cut_and_a_restart_mends_a_long_one() {
    let world = World::new();
    let (left, right) = engines(&world);
    let cut = world.clone();
    let outcome = world.run_until(LIMIT, async move {
        let config = Configuration::default();
        let (left, right) = (left.connect(&config)?, right.connect(&config)?);
        let channel = left.create_channel("x", &ChannelOptions::default())?;
        establish(&left, &right).await?;
        let other = right.accept_channel(1 << 20).await?;
        cut.set_cut(LEFT, RIGHT, true);
        is(&left, ConnectionState::Disconnected).await;
        channel.send("during").await?;
        cut.set_cut(LEFT, RIGHT, false);
        assert_eq!(other.receive_text().await?, "during");
        is(&left, ConnectionState::Connected).await;
        cut.set_cut(LEFT, RIGHT, true);
        is(&left, ConnectionState::Failed).await;
        cut.set_cut(LEFT, RIGHT, false);
        left.restart_ice();
        channel.send("after").await?;
        establish(&left, &right).await?;
        assert_eq!(other.receive_text().await?, "after");
        Ok::<_, Error>(())
    });
    outcome.expect("it comes to its end").unwrap();
}

#[test]
fn sending_waits_for_a_slow_line_and_not_longer() {
    let world = World::new();
    world.set_line_rate(1_000_000);
    let (left, right) = engines(&world);
    let outcome = world.run_until(LIMIT, async move {
        let config = Configuration::default();
        let (left, right) = (left.connect(&config)?, right.connect(&config)?);
        let channel = left.create_channel("x", &ChannelOptions::default())?;
        establish(&left, &right).await?;
        channel.opened().await?;
        let other = right.accept_channel(usize::MAX).await?;
        let messages = 64;
        let sending = async {
            for _ in 0..messages {
                channel.send(vec![0_u8; 62_500]).await?;
                assert!(channel.buffered_amount() <= SEND_HIGH_WATER + 62_500);
            }
            Ok::<_, Error>(())
        };
        let receiving = async {
            for _ in 0..messages {
                other.receive().await?;
            }
            Ok(())
        };
        let (sent, received) = join(sending, receiving).await;
        sent.and(received)
    });
    outcome.expect("it comes to its end").unwrap();
    // Each takes half a second.
    let least = Duration::from_secs(32);
    assert!(
        (least..least * 2).contains(&world.now()),
        "{:?}",
        world.now()
    );
}

#[test]
fn relay_alone_shows_no_other_way() {
    let world = World::new();
    let (left, right) = engines(&world);
    let config = Configuration {
        ice_servers: vec![IceServer {
            urls: vec!["turns:relay.example".into()],
            username: Some("somebody".into()),
            credential: Some("secret".into()),
        }],
        ice_transport_policy: IceTransportPolicy::Relay,
        ..Configuration::default()
    };
    let pair = world.run_until(LIMIT, async move {
        let (left, right) = (left.connect(&config)?, right.connect(&config)?);
        let _channel = left.create_channel("x", &ChannelOptions::default())?;
        establish(&left, &right).await?;
        Ok::<_, Error>(left.stats().await?.candidate_pair)
    });
    let pair = pair.expect("it comes to its end").unwrap().unwrap();
    let relay = Some(CandidateKind::Relay);
    assert_eq!((pair.local, pair.remote), (relay, relay));
}

#[test]
fn a_microphone_that_is_pulled_out_is_noticed() {
    let world = World::new();
    let (left, _right) = engines(&world);
    world.plug(
        LEFT,
        Device {
            id: "headset".into(),
            kind: DeviceKind::Microphone,
            label: "Headset".into(),
        },
    );
    let pulled = world.clone();
    let outcome = world.run_until(LIMIT, async move {
        let wish = AudioConstraints {
            device: "headset".to_owned().into(),
            ..AudioConstraints::default()
        };
        let track = left.open_microphone(&wish).await?;
        assert_eq!(track.device().as_deref(), Some("headset"));
        let unplug = async { pulled.unplug(LEFT, "headset") };
        futures_util::join!(track.ended(), left.devices_changed(), unplug);
        let devices = left.devices().await?;
        assert!(devices.iter().all(|device| device.id != "headset"));
        Ok::<_, Error>(())
    });
    outcome.expect("it comes to its end").unwrap();
}

/// Opens both on a world where the person decided or answers so about microphones and cameras;
/// gives how each fared and how often they were asked.
fn opens_both(
    permissions: [PermissionState; 2],
    answers: [PermissionState; 2],
) -> ([Result<(), ErrorKind>; 2], usize) {
    let world = World::new();
    let (left, _right) = engines(&world);
    for (place, kind) in [Kind::Audio, Kind::Video].into_iter().enumerate() {
        world.set_permission(LEFT, kind, permissions[place]);
        world.set_answer(LEFT, kind, answers[place]);
    }
    let opened = world.run_until(LIMIT, async move {
        let (audio, video) = (AudioConstraints::default(), VideoConstraints::default());
        left.open_both(&audio, &video).await
    });
    let (microphone, camera) = opened.expect("it comes to its end");
    let fared = [microphone, camera].map(|it| it.map(drop).map_err(|error| error.kind()));
    (fared, world.questions(LEFT))
}

#[test]
fn who_refuses_is_asked_once() {
    use PermissionState::{Denied, Granted, Prompt};
    let refused = Err(ErrorKind::PermissionDenied);
    let undecided = [Prompt, Prompt];
    let fares = opens_both;
    assert_eq!(fares(undecided, [Granted; 2]), ([Ok(()), Ok(())], 1));
    // For good, for once, and where each has its own answer.
    assert_eq!(fares(undecided, [Denied; 2]), ([refused, refused], 1));
    assert_eq!(fares(undecided, [Prompt; 2]), ([refused, refused], 1));
    assert_eq!(fares(undecided, [Granted, Denied]), ([Ok(()), refused], 1));
    assert_eq!(fares(undecided, [Prompt, Granted]), ([refused, Ok(())], 1));
    assert_eq!(fares([Denied; 2], [Granted; 2]), ([refused, refused], 0));
}

#[test]
fn a_blocked_kind_costs_nobody_the_other_one() {
    use PermissionState::{Denied, Granted, Prompt};
    let refused = Err(ErrorKind::PermissionDenied);
    let yes = [Granted; 2];
    assert_eq!(opens_both([Granted, Denied], yes), ([Ok(()), refused], 0));
    assert_eq!(opens_both([Prompt, Denied], yes), ([Ok(()), refused], 1));
    assert_eq!(opens_both([Denied, Prompt], yes), ([refused, Ok(())], 1));
    let no = [Denied; 2];
    assert_eq!(opens_both([Prompt, Denied], no), ([refused, refused], 1));
    assert_eq!(opens_both([Granted, Prompt], no), ([Ok(()), refused], 1));
}

#[test]
fn nothing_is_left_of_engines_that_were_closed() {
    let world = World::new();
    let (left, right) = engines(&world);
    let engines = (left.clone(), right.clone());
    let opened = world.run_until(LIMIT, async move {
        let config = Configuration::default();
        let mut kept = Vec::new();
        for _ in 0..50 {
            let (one, other) = (left.connect(&config)?, right.connect(&config)?);
            let channel = one.create_channel("x", &ChannelOptions::default())?;
            let microphone = left.open_microphone(&AudioConstraints::default()).await?;
            one.add_track(&microphone, &[]).await?;
            establish(&one, &other).await?;
            channel.opened().await?;
            kept.push((one, other, channel, microphone));
        }
        Ok::<_, Error>(kept)
    });
    let opened = opened.expect("it comes to its end").unwrap();
    let alive = world.alive();
    assert_eq!(
        (alive.connections, alive.channels, alive.captures),
        (100, 100, 50)
    );
    engines.0.close();
    engines.1.close();
    world.pass(Duration::from_secs(1));
    assert_eq!(world.alive(), Alive::default());
    drop(opened);
}

#[test]
fn people_meet_in_a_room_of_a_world() {
    let world = World::new();
    let key = RoomKey::generate();
    let enter = |host, name: &str| {
        let engine = Engine::on_fake(&world, host, Config::new("wss://fake/ws")).unwrap();
        let profile = Profile { name: name.into() };
        let (room, notices) = engine.enter(&key, profile).unwrap();
        (engine, room, notices)
    };
    let (alice, bob) = (enter(LEFT, "Alice"), enter(RIGHT, "Bob"));
    let sees = |room: &Room, wanted| {
        let mut room = room.clone();
        async move {
            loop {
                if room.state().people.iter().any(|it| it.link == wanted) {
                    return;
                }
                assert!(room.changed().await);
            }
        }
    };
    let wait = |link| {
        world
            .run_until(LIMIT, sees(&alice.1, link))
            .expect("it comes to that")
    };
    wait(LinkState::Connected);
    world.set_cut(LEFT, RIGHT, true);
    wait(LinkState::Repairing);
    wait(LinkState::Failed);
    bob.1.post("hello?").unwrap();
    world.set_cut(LEFT, RIGHT, false);
    wait(LinkState::Connected);
    world.pass(Duration::from_secs(1));
    assert_eq!(&*alice.1.state().messages[0].text, "hello?");
    assert_eq!(world.alive().sockets, 2);
    alice.0.close();
    bob.0.close();
    drop((alice, bob));
    world.pass(Duration::from_secs(5));
    assert_eq!(world.alive(), Alive::default());
}

#[test]
fn a_source_is_told_how_much_fits() {
    let world = World::new();
    let (left, right) = engines(&world);
    let slow = world.clone();
    let outcome = world.run_until(LIMIT, async move {
        let config = Configuration::default();
        let (one, other) = (left.connect(&config)?, right.connect(&config)?);
        let codec = parlor_engine::Codec {
            mime_type: "video/VP8".into(),
            clock_rate: 90_000,
            channels: None,
            sdp_fmtp_line: String::new(),
        };
        let source = left.encoded_track(&codec)?;
        assert_eq!(source.kind(), Kind::Video);
        one.add_track(&source, &[]).await?;
        establish(&one, &other).await?;
        slow.set_bitrate(LEFT, 250_000);
        while source.requested().await? != parlor_engine::SourceRequest::Bitrate(250_000) {}
        let stats = one.stats().await?;
        assert_eq!(
            stats.candidate_pair.unwrap().available_outgoing_bitrate,
            Some(250_000)
        );
        Ok::<_, Error>(())
    });
    outcome.expect("it comes to its end").unwrap();
}
