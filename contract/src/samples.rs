//! R1 to R3 and what belongs to them: encoded frames in and out.

use std::time::Duration;

use futures_util::future::{join, try_join};
use parlor_engine::{
    Codec, EncodedFrame, ErrorKind, Kind, PeerConnection, SourceRequest, Track, TrackEvent,
};

use crate::stage::{behaviour, ensure, establish, h264, opus, refused, same, there, track};
use crate::{Behaviour, Outcome, Pair, Reason};

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    behaviour!(
        "R1",
        "an encoded packet of sound arrives as it was written",
        audio
    ),
    behaviour!(
        "R2",
        "an encoded frame of pictures arrives as it was written",
        video
    ),
    behaviour!("R3", "encoded packets arrive in order", in_order),
    behaviour!(
        "N17",
        "who receives can make the source send a key frame",
        asks_for_key_frame
    ),
    behaviour!(
        "N18",
        "a track of a device takes no frames, and an own one gives none",
        refuses
    ),
];

const STEP: Duration = Duration::from_millis(20);

struct Line {
    source: Track,
    sink: Track,
    _connections: (PeerConnection, PeerConnection),
}

async fn line(pair: &Pair, codec: Codec) -> Result<Line, Reason> {
    if !pair.left.capabilities().encoded_frames {
        return Err(Reason::NotPossible(
            "the browser encodes by itself (`Capabilities::encoded_frames`)",
        ));
    }
    let (left, right) = pair.connections()?;
    let source = pair.left.encoded_track(&codec)?;
    left.add_track(&source, &["s"]).await?;
    let mut events = right.tracks();
    establish(&left, &right).await?;
    let TrackEvent::Added(added) = there(events.next().await, "the track")? else {
        return Err(Reason::Failed("a removal first".into()));
    };
    Ok(Line {
        source,
        sink: added.track,
        _connections: (left, right),
    })
}

fn frame(number: u32, data: &[u8]) -> EncodedFrame {
    EncodedFrame {
        data: data.to_vec(),
        timestamp: STEP * number,
        duration: STEP,
        rid: None,
        lost_before: 0,
    }
}

async fn audio(pair: Pair) -> Outcome {
    let line = line(&pair, opus()).await?;
    let payload = [0xfc, 1, 2, 3, 4, 5, 6, 7];
    let write = async {
        // The reader needs the beginning of the next packet to know that one is whole.
        line.source.write(frame(0, &payload)).await?;
        line.source.write(frame(1, &payload)).await
    };
    let (written, read) = join(write, line.sink.read()).await;
    written?;
    let read = read?;
    same!(read.data, payload, "bytes");
    same!(read.lost_before, 0, "lost");
    Ok(())
}

/// An access unit with a key frame, large enough for several packets, in Annex B form.
fn access_unit(size: usize) -> Vec<u8> {
    let mut data = vec![0, 0, 0, 1, 0x67, 0x42, 0xe0, 0x1f, 0xda, 0x01, 0x40, 0x16];
    data.extend_from_slice(&[0, 0, 0, 1, 0x68, 0xce, 0x3c, 0x80]);
    data.extend_from_slice(&[0, 0, 0, 1, 0x65]);
    // No three zeros in a row, which would look like another start code.
    data.extend((0..size).map(|place| (place % 250) as u8 + 1));
    data
}

async fn video(pair: Pair) -> Outcome {
    let line = line(&pair, h264()).await?;
    let unit = access_unit(5_000);
    let write = async {
        line.source.write(frame(0, &unit)).await?;
        line.source.write(frame(1, &access_unit(10))).await
    };
    let (written, read) = join(write, line.sink.read()).await;
    written?;
    let read = read?;
    ensure!(
        read.data == unit,
        "{} bytes came as {}",
        unit.len(),
        read.data.len()
    );
    Ok(())
}

async fn in_order(pair: Pair) -> Outcome {
    let line = line(&pair, opus()).await?;
    let write = async {
        for number in 0..=10 {
            line.source
                .write(frame(number, &[0xfc, number as u8]))
                .await?;
        }
        Ok::<_, parlor_engine::Error>(())
    };
    let read = async {
        let mut read = Vec::new();
        for _ in 0..10 {
            read.push(line.sink.read().await?);
        }
        Ok(read)
    };
    let ((), frames) = try_join(write, read).await?;
    for (number, frame) in (0_u32..).zip(&frames) {
        same!(frame.data, [0xfc, number as u8], "order");
        same!(frame.timestamp, STEP * number, "time");
    }
    Ok(())
}

async fn asks_for_key_frame(pair: Pair) -> Outcome {
    let line = line(&pair, h264()).await?;
    let write = async {
        for number in 0..3 {
            line.source.write(frame(number, &access_unit(100))).await?;
        }
        Ok::<_, parlor_engine::Error>(())
    };
    let asked = async {
        // Once for who comes, and once more for who begins to read.
        for _ in 0..2 {
            while line.source.requested().await? != SourceRequest::KeyFrame {}
        }
        Ok(())
    };
    let (wrote, read) = join(try_join(write, asked), line.sink.read()).await;
    wrote?;
    read?;
    Ok(())
}

async fn refuses(pair: Pair) -> Outcome {
    let capabilities = pair.left.capabilities();
    if !capabilities.encoded_frames {
        let error = refused(pair.left.encoded_track(&opus()), "an encoded track")?;
        same!(error.kind(), ErrorKind::Unsupported, "kind");
    }
    if capabilities.capture {
        let device = track(&pair.left, Kind::Audio).await?;
        let error = refused(device.write(frame(0, &[1])).await, "a frame")?;
        same!(error.kind(), ErrorKind::Unsupported, "kind");
    }
    if capabilities.encoded_frames {
        let own = pair.left.encoded_track(&opus())?;
        same!(
            refused(own.read().await, "a frame")?.kind(),
            ErrorKind::Unsupported,
            "kind"
        );
        same!(
            refused(own.write(frame(0, &[])).await, "nothing")?.kind(),
            ErrorKind::Invalid,
            "kind"
        );
        own.stop();
        same!(
            refused(own.write(frame(0, &[1])).await, "late")?.kind(),
            ErrorKind::Closed,
            "kind"
        );
        let nonsense = Codec {
            mime_type: "video/nonsense".into(),
            ..h264()
        };
        let error = refused(pair.left.encoded_track(&nonsense), "a nonsense codec")?;
        same!(error.kind(), ErrorKind::Unsupported, "kind");
    }
    Ok(())
}
