//! The codecs of the fake. Nothing encodes or decodes: they are agreed on, and told.

use crate::media::Kind;
use crate::peer::Codec;

const H264: &str = "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f";

/// All of a kind, the usual one first.
pub(super) fn all(kind: Kind) -> Vec<Codec> {
    let codec = |mime_type: &str, clock_rate, channels, sdp_fmtp_line: &str| Codec {
        mime_type: mime_type.into(),
        clock_rate,
        channels,
        sdp_fmtp_line: sdp_fmtp_line.into(),
    };
    match kind {
        Kind::Audio => vec![
            codec("audio/opus", 48_000, Some(2), "minptime=10;useinbandfec=1"),
            codec("audio/PCMU", 8_000, Some(1), ""),
        ],
        Kind::Video => vec![
            codec("video/H264", 90_000, None, H264),
            codec("video/VP8", 90_000, None, ""),
        ],
    }
}

/// The fake's form of a codec, and what it is for.
pub(super) fn find(mime_type: &str) -> Option<(Kind, Codec)> {
    [Kind::Audio, Kind::Video].into_iter().find_map(|kind| {
        let codec = all(kind).into_iter().find(|it| is(it, mime_type))?;
        Some((kind, codec))
    })
}

pub(super) fn is(codec: &Codec, mime_type: &str) -> bool {
    codec.mime_type.eq_ignore_ascii_case(mime_type)
}
