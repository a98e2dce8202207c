//! Wrong input, floods, and what is left behind.

use futures_util::future::try_join;
use parlor_engine::{
    ChannelOptions, ChannelState, Configuration, ConnectionState, ErrorKind, IceServer, Kind,
    PeerConnection, RtcpMuxPolicy, Signal, TransceiverInit,
};

use crate::stage::{behaviour, ensure, establish, refused, same, there, track};
use crate::{Behaviour, Outcome, Pair};

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    behaviour!(
        "N29",
        "a wrong configuration is refused, with the field's name",
        names_fields
    ),
    behaviour!(
        "N30",
        "what is used after a close says that it is closed",
        says_closed
    ),
    behaviour!(
        "N31",
        "the other side notices a close at once",
        notices_close
    ),
    behaviour!("N32", "dropping the last handle closes", closes_on_drop),
    behaviour!("N33", "signals that are none are refused", refuses_signals),
    behaviour!(
        "N34",
        "closing an engine releases its devices",
        releases_devices
    ),
];

async fn names_fields(pair: Pair) -> Outcome {
    let with = |urls: &[&str], username: Option<&str>| Configuration {
        ice_servers: vec![IceServer {
            urls: urls.iter().map(|&url| url.to_owned()).collect(),
            username: username.map(str::to_owned),
            credential: None,
        }],
        ..pair.configuration.clone()
    };
    let with_password = |url| {
        let mut configuration = with(&[url], Some("somebody"));
        configuration.ice_servers[0].credential = Some("secret".to_owned());
        configuration
    };
    let wrong = [
        with(&[], None),
        with(&["example"], None),
        with(&["http:example"], None),
        with(&["stun:"], None),
        with(&["stun://example"], None),
        with(&["stun:example?transport=udp"], None),
        with(&["stun:[::1"], None),
        with(&["turn:example"], None),
        with(&["turn:example"], Some("somebody")),
        with_password("turn:example:port"),
        with_password("turn:example:65536"),
        with_password("turns:example?transport=sctp"),
    ];
    for configuration in wrong {
        let error = refused(pair.left.connect(&configuration), "a wrong server")?;
        same!(error.kind(), ErrorKind::Invalid, "kind");
        ensure!(
            error.message().starts_with("ice_servers[0]"),
            "names no field: {error}"
        );
    }
    let negotiate = Configuration {
        rtcp_mux_policy: RtcpMuxPolicy::Negotiate,
        ..pair.configuration.clone()
    };
    let error = refused(pair.left.connect(&negotiate), "two ports")?;
    same!(error.kind(), ErrorKind::Unsupported, "kind");
    Ok(())
}

async fn says_closed(pair: Pair) -> Outcome {
    let (left, right) = pair.connections()?;
    let audio = track(&pair.left, Kind::Audio).await?;
    let section = left.add_track(&audio, &[]).await?;
    let channel = left.create_channel("x", &ChannelOptions::default())?;
    establish(&left, &right).await?;
    let offer = there(left.local_description().await, "the offer")?;
    left.close();
    left.close();
    same!(
        left.connection_state().get(),
        ConnectionState::Closed,
        "state"
    );
    let errors = [
        refused(left.create_offer().await, "an offer")?,
        refused(left.set_local_description(&offer).await, "an offer")?,
        refused(left.set_remote_description(&offer).await, "an offer")?,
        refused(left.add_ice_candidate(None).await, "a candidate")?,
        refused(
            left.create_channel("x", &ChannelOptions::default()),
            "a channel",
        )?,
        refused(
            left.add_transceiver(Kind::Audio, &TransceiverInit::default()),
            "a section",
        )?,
        refused(left.add_track(&audio, &[]).await, "a track")?,
        refused(left.remove_track(&section).await, "a removal")?,
        refused(left.stats().await, "a report")?,
        refused(
            left.set_configuration(&pair.configuration).await,
            "a configuration",
        )?,
        refused(left.accept_channel(1).await, "a channel")?,
        refused(channel.send("x").await, "a message")?,
        refused(channel.receive().await, "a message")?,
    ];
    for error in errors {
        same!(error.kind(), ErrorKind::Closed, "kind");
    }
    left.restart_ice();
    same!(channel.state(), ChannelState::Closed, "the channel");
    // Streams come to their end, after what was told before.
    let mut candidates = left.candidates();
    while candidates.next().await.is_some() {}
    Ok(())
}

async fn notices_close(pair: Pair) -> Outcome {
    let it = pair.connected().await?;
    it.left.close();
    // At once: long before a connection that is only silent would be given up.
    same!(
        refused(it.other.receive().await, "a message")?.kind(),
        ErrorKind::Closed,
        "kind"
    );
    same!(it.other.state(), ChannelState::Closed, "state");
    Ok(())
}

async fn closes_on_drop(pair: Pair) -> Outcome {
    let it = pair.connected().await?;
    let (left, channel) = (it.left, it.channel);
    drop(left);
    drop(channel);
    same!(
        refused(it.other.receive().await, "a message")?.kind(),
        ErrorKind::Closed,
        "kind"
    );
    Ok(())
}

async fn refuses_signals(_pair: Pair) -> Outcome {
    let deep = "[".repeat(5_000);
    let nonsense = [
        "",
        "nonsense",
        "[]",
        "{\"description\":1}",
        "{\"description\":{\"type\":\"nonsense\",\"sdp\":\"\"}}",
        "{\"description\":{\"type\":\"offer\"}}",
        "{\"candidate\":{}}",
        "{\"candidate\":{\"candidate\":1}}",
        "{\"candidate\":{\"candidate\":\"x\",\"sdpMLineIndex\":-1}}",
        "{\"candidate\":{\"candidate\":\"x\",\"sdpMLineIndex\":70000}}",
        "{\"other\":1}",
        &deep,
    ];
    for text in nonsense {
        let error = refused(Signal::from_json(text), text)?;
        same!(error.kind(), ErrorKind::Invalid, "kind");
    }
    same!(
        Signal::from_json("{\"candidate\":null}")?,
        Signal::Candidate(None),
        "the end"
    );
    Ok(())
}

async fn releases_devices(pair: Pair) -> Outcome {
    let (audio, video) = try_join(
        track(&pair.left, Kind::Audio),
        track(&pair.left, Kind::Video),
    )
    .await?;
    let (left, right): (PeerConnection, _) = pair.connections()?;
    left.add_track(&audio, &[]).await?;
    left.add_track(&video, &[]).await?;
    establish(&left, &right).await?;
    pair.left.close();
    ensure!(
        audio.is_ended() && video.is_ended(),
        "a device is still open"
    );
    let error = refused(pair.left.encoded_track(&crate::stage::opus()), "a track")?;
    same!(error.kind(), ErrorKind::Closed, "kind");
    Ok(())
}
