//! M3, M5, and what no test of the originals covers: media sections and what is sent in them.

use std::time::Duration;

use parlor_engine::{Direction, Encoding, ErrorKind, Kind, TrackEvent, TransceiverInit};

use crate::stage::{behaviour, ensure, establish, negotiate, refused, same, there, track};
use crate::{Behaviour, Outcome, Pair, Reason};

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    behaviour!(
        "M3",
        "an added track shows in the offer, and can be removed",
        adds_and_removes
    ),
    behaviour!(
        "M5",
        "the other side is told of each track once, late ones too, and of its removal",
        tells_of_tracks
    ),
    behaviour!(
        "N10",
        "tracks are replaced while sending, without negotiation",
        replaces
    ),
    behaviour!(
        "N11",
        "how it is sent can be read and changed, and nonsense is refused",
        parameters
    ),
    behaviour!(
        "N12",
        "streams are kept together at the other side",
        keeps_streams
    ),
    behaviour!(
        "N13",
        "who only receives needs to send nothing",
        only_receives
    ),
    behaviour!(
        "N39",
        "a track is sent in the section that it was given to, whichever has none yet",
        sends_where_it_was_told
    ),
    behaviour!(
        "N14",
        "tones can be dialled where the platform can, and are refused elsewhere",
        dials
    ),
    behaviour!(
        "N16",
        "several encodings of one picture are offered where the platform can",
        simulcast
    ),
];

async fn adds_and_removes(pair: Pair) -> Outcome {
    let (left, right) = pair.connections()?;
    let audio = track(&pair.left, Kind::Audio).await?;
    let section = left.add_track(&audio, &["s"]).await?;
    same!(section.kind(), Kind::Audio, "kind");
    same!(section.mid(), None, "no name yet");
    negotiate(&left, &right).await?;
    ensure!(section.mid().is_some(), "the section has no name");
    same!(right.transceivers().len(), 1, "sections at the other side");
    same!(right.transceivers()[0].kind(), Kind::Audio, "their kind");
    same!(
        right.transceivers()[0].mid(),
        section.mid(),
        "the name at both sides"
    );
    left.remove_track(&section).await?;
    ensure!(
        !section.direction().sends(),
        "still sends: {:?}",
        section.direction()
    );
    Ok(())
}

async fn tells_of_tracks(pair: Pair) -> Outcome {
    let (left, right) = pair.connections()?;
    let (audio, video) = (
        track(&pair.left, Kind::Audio).await?,
        track(&pair.left, Kind::Video).await?,
    );
    let section = left.add_track(&audio, &["s"]).await?;
    left.add_track(&video, &["s"]).await?;
    let mut events = right.tracks();
    establish(&left, &right).await?;
    let mut kinds = Vec::new();
    for _ in 0..2 {
        match there(events.next().await, "a track")? {
            TrackEvent::Added(added) => kinds.push(added.track.kind()),
            removed @ TrackEvent::Removed(_) => ensure!(false, "told {removed:?}"),
        }
    }
    ensure!(
        kinds.contains(&Kind::Audio) && kinds.contains(&Kind::Video),
        "{kinds:?}"
    );
    let mut late = right.tracks();
    for _ in 0..2 {
        let event = late.try_next();
        ensure!(
            matches!(event, Some(TrackEvent::Added(_))),
            "told late: {event:?}"
        );
    }
    left.remove_track(&section).await?;
    negotiate(&left, &right).await?;
    match there(events.next().await, "the removal")? {
        TrackEvent::Removed(removed) => same!(removed.track.kind(), Kind::Audio, "removed"),
        added @ TrackEvent::Added(_) => ensure!(false, "told {added:?}"),
    }
    let mut late = right.tracks();
    match late.try_next() {
        Some(TrackEvent::Added(added)) => same!(added.track.kind(), Kind::Video, "what is left"),
        event => ensure!(false, "told late: {event:?}"),
    }
    same!(late.try_next(), None, "no more is left");
    Ok(())
}

async fn replaces(pair: Pair) -> Outcome {
    let (left, right) = pair.connections()?;
    let (one, two) = (
        track(&pair.left, Kind::Audio).await?,
        track(&pair.left, Kind::Audio).await?,
    );
    let section = left.add_track(&one, &[]).await?;
    establish(&left, &right).await?;
    for track in [Some(&two), None, Some(&one)] {
        section.replace_track(track).await?;
        same!(left.negotiation_needed().get(), false, "negotiation");
    }
    let video = track(&pair.left, Kind::Video).await?;
    let result = section.replace_track(Some(&video)).await;
    same!(
        refused(result, "pictures for sound")?.kind(),
        ErrorKind::Invalid,
        "kind"
    );
    Ok(())
}

async fn parameters(pair: Pair) -> Outcome {
    let (left, right) = pair.connections()?;
    let video = track(&pair.left, Kind::Video).await?;
    let section = left.add_track(&video, &[]).await?;
    establish(&left, &right).await?;
    let mut parameters = section.parameters();
    same!(parameters.encodings.len(), 1, "encodings");
    ensure!(!parameters.codecs.is_empty(), "no codec was agreed on");
    ensure!(
        parameters.codecs[0].mime_type.starts_with("video/"),
        "{:?}",
        parameters.codecs
    );
    let mut wrong = parameters.clone();
    wrong.encodings.push(Encoding::default());
    let result = section.set_parameters(&wrong).await;
    same!(
        refused(result, "another encoding")?.kind(),
        ErrorKind::Invalid,
        "kind"
    );
    wrong.encodings.truncate(1);
    wrong.encodings[0].scale_resolution_down_by = Some(0.5);
    let result = section.set_parameters(&wrong).await;
    same!(
        refused(result, "scaling up")?.kind(),
        ErrorKind::Invalid,
        "kind"
    );
    parameters.encodings[0].max_bitrate = Some(200_000);
    parameters.encodings[0].scale_resolution_down_by = Some(2.0);
    let changed = section.set_parameters(&parameters).await;
    if !pair.left.capabilities().encoder_control {
        same!(
            refused(changed, "parameters")?.kind(),
            ErrorKind::Unsupported,
            "kind"
        );
        return Err(Reason::NotPossible(
            "the application encodes by itself (`Capabilities::encoder_control`)",
        ));
    }
    changed?;
    let now = section.parameters().encodings;
    same!(now[0].max_bitrate, Some(200_000), "bit rate");
    same!(now[0].scale_resolution_down_by, Some(2.0), "scale");
    Ok(())
}

async fn keeps_streams(pair: Pair) -> Outcome {
    let (refusing, _) = pair.connections()?;
    for nonsense in ["two words", "", "a:b", &"long".repeat(17)] {
        let init = TransceiverInit {
            streams: vec![nonsense.into()],
            ..TransceiverInit::default()
        };
        let error = refused(
            refusing.add_transceiver(Kind::Audio, &init),
            "a stream's id",
        )?;
        same!(error.kind(), ErrorKind::Invalid, "kind");
    }
    let (left, right) = pair.connections()?;
    for (kind, streams) in [
        (Kind::Audio, &["one"][..]),
        (Kind::Video, &["one"]),
        (Kind::Video, &["two"]),
    ] {
        let track = track(&pair.left, kind).await?;
        let init = TransceiverInit {
            streams: streams.iter().map(|&stream| stream.to_owned()).collect(),
            ..TransceiverInit::default()
        };
        left.add_transceiver(kind, &init)?
            .replace_track(Some(&track))
            .await?;
    }
    let mut events = right.tracks();
    establish(&left, &right).await?;
    let mut streams = Vec::new();
    for _ in 0..3 {
        match there(events.next().await, "a track")? {
            TrackEvent::Added(added) => {
                same!(added.streams.len(), 1, "streams");
                streams.extend(added.streams);
            }
            removed @ TrackEvent::Removed(_) => ensure!(false, "told {removed:?}"),
        }
    }
    ensure!(
        streams[0] == streams[1],
        "the first two belong together: {streams:?}"
    );
    ensure!(streams[0] != streams[2], "the third does not: {streams:?}");
    Ok(())
}

async fn only_receives(pair: Pair) -> Outcome {
    let (viewer, sender) = pair.connections()?;
    let init = TransceiverInit {
        direction: Direction::RecvOnly,
        ..TransceiverInit::default()
    };
    let section = viewer.add_transceiver(Kind::Video, &init)?;
    negotiate(&viewer, &sender).await?;
    let video = track(&pair.right, Kind::Video).await?;
    sender.add_track(&video, &[]).await?;
    same!(sender.transceivers().len(), 1, "their section is used");
    let mut events = viewer.tracks();
    negotiate(&sender, &viewer).await?;
    crate::stage::find_ways(&viewer, &sender).await?;
    match there(events.next().await, "a track")? {
        TrackEvent::Added(added) => {
            same!(added.transceiver, section, "the section");
            same!(added.track.id(), section.receiver_track().id(), "the track");
        }
        removed @ TrackEvent::Removed(_) => ensure!(false, "told {removed:?}"),
    }
    same!(
        section.current_direction(),
        Some(Direction::RecvOnly),
        "ours"
    );
    same!(
        sender.transceivers()[0].current_direction(),
        Some(Direction::SendOnly),
        "theirs"
    );
    Ok(())
}

async fn sends_where_it_was_told(pair: Pair) -> Outcome {
    let (left, right) = pair.connections()?;
    let receives = TransceiverInit {
        direction: Direction::RecvOnly,
        ..TransceiverInit::default()
    };
    let mut sections = Vec::new();
    for _ in 0..3 {
        sections.push(left.add_transceiver(Kind::Video, &receives)?);
    }
    negotiate(&left, &right).await?;
    let mut events = right.tracks();
    let video = track(&pair.left, Kind::Video).await?;
    sections[1].set_direction(Direction::SendRecv);
    sections[1].replace_track(Some(&video)).await?;
    establish(&left, &right).await?;
    let TrackEvent::Added(added) = there(events.next().await, "the track")? else {
        return Err(Reason::Failed("a removal first".into()));
    };
    same!(Some(added.mid), sections[1].mid(), "the section");
    Ok(())
}

async fn dials(pair: Pair) -> Outcome {
    let (left, right) = pair.connections()?;
    let audio = track(&pair.left, Kind::Audio).await?;
    let section = left.add_track(&audio, &[]).await?;
    establish(&left, &right).await?;
    let (tone, gap) = (Duration::from_millis(100), Duration::from_millis(70));
    let result = section.insert_dtmf("12x", tone, gap);
    same!(
        refused(result, "a letter")?.kind(),
        ErrorKind::Invalid,
        "kind"
    );
    let dialled = section.insert_dtmf("12#,A", tone, gap);
    if pair.left.capabilities().dtmf {
        dialled?;
        section.insert_dtmf("", tone, gap)?;
        return Ok(());
    }
    same!(
        refused(dialled, "tones")?.kind(),
        ErrorKind::Unsupported,
        "kind"
    );
    Err(Reason::NotPossible("no tones (`Capabilities::dtmf`)"))
}

async fn simulcast(pair: Pair) -> Outcome {
    let (left, right) = pair.connections()?;
    let encoding = |rid: &str, scale| Encoding {
        rid: Some(rid.into()),
        scale_resolution_down_by: Some(scale),
        ..Encoding::default()
    };
    let init = TransceiverInit {
        direction: Direction::SendOnly,
        send_encodings: vec![encoding("h", 1.0), encoding("l", 4.0)],
        ..TransceiverInit::default()
    };
    let section = left.add_transceiver(Kind::Video, &init);
    if !pair.left.capabilities().simulcast {
        same!(
            refused(section, "two encodings")?.kind(),
            ErrorKind::Unsupported,
            "kind"
        );
        return Err(Reason::NotPossible(
            "one encoding (`Capabilities::simulcast`)",
        ));
    }
    let section = section?;
    for wrong in [["h", "h"], ["h", ""], ["h", "two words"]] {
        let init = TransceiverInit {
            send_encodings: wrong.map(|rid| encoding(rid, 1.0)).to_vec(),
            ..init.clone()
        };
        let error = refused(left.add_transceiver(Kind::Video, &init), "wrong names")?;
        same!(error.kind(), ErrorKind::Invalid, "kind");
    }
    let rids: Vec<_> = section
        .parameters()
        .encodings
        .into_iter()
        .map(|it| it.rid)
        .collect();
    same!(
        rids,
        [Some("h".to_owned()), Some("l".to_owned())],
        "encodings"
    );
    let offer = left.describe().await?;
    ensure!(offer.sdp.contains("simulcast"), "not in the offer");
    right.set_remote_description(&offer).await?;
    Ok(())
}
