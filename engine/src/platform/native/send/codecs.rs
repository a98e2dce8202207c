//! What can be sent.

use rtc::rtp_transceiver::rtp_sender::{
    RTCPFeedback, RTCRtpCodec, RTCRtpCodecParameters, RtpCodecKind,
};

use crate::media::Kind;
use crate::peer::Codec;

pub(super) const OPUS: &str = "audio/opus";
pub(super) const H264: &str = "video/H264";
pub(super) const VP8: &str = "video/VP8";
const RTX: &str = "video/rtx";

/// The codecs that are offered, the preferred one first. Only what browsers have too.
pub(in crate::platform::native) fn codecs() -> Vec<(RTCRtpCodecParameters, RtpCodecKind)> {
    let codec = |mime_type: &str, clock_rate, channels, fmtp: &str, payload_type| {
        let kind = match mime_type.starts_with("audio/") {
            true => RtpCodecKind::Audio,
            false => RtpCodecKind::Video,
        };
        let is_repair = mime_type == "video/rtx";
        let rtcp_feedback = match kind {
            RtpCodecKind::Video if !is_repair => feedback(),
            _ => Vec::new(),
        };
        let rtp_codec = RTCRtpCodec {
            mime_type: mime_type.to_owned(),
            clock_rate,
            channels,
            sdp_fmtp_line: fmtp.to_owned(),
            rtcp_feedback,
        };
        let parameters = RTCRtpCodecParameters {
            rtp_codec,
            payload_type,
        };
        (parameters, kind)
    };
    let h264 = "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f";
    vec![
        codec(OPUS, 48_000, 2, "minptime=10;useinbandfec=1", 111),
        codec(H264, 90_000, 0, h264, 102),
        codec("video/rtx", 90_000, 0, "apt=102", 103),
        codec(VP8, 90_000, 0, "", 96),
        codec("video/rtx", 90_000, 0, "apt=96", 97),
    ]
}

fn feedback() -> Vec<RTCPFeedback> {
    [("ccm", "fir"), ("nack", ""), ("nack", "pli")]
        .map(|(typ, parameter)| RTCPFeedback {
            typ: typ.to_owned(),
            parameter: parameter.to_owned(),
        })
        .to_vec()
}

/// The codec of this name, in our own form.
pub(in crate::platform::native) fn known(mime_type: &str) -> Option<Codec> {
    let mut known = codecs().into_iter().map(|(codec, _)| codec.rtp_codec);
    let found = known.find(|codec| {
        codec.mime_type.eq_ignore_ascii_case(mime_type) && codec.mime_type != "video/rtx"
    })?;
    Some(shown(&found))
}

pub(in crate::platform::native) fn shown(codec: &RTCRtpCodec) -> Codec {
    Codec {
        mime_type: codec.mime_type.clone(),
        clock_rate: codec.clock_rate,
        channels: Some(codec.channels).filter(|channels| *channels > 0),
        sdp_fmtp_line: codec.sdp_fmtp_line.clone(),
    }
}

/// A codec as it is offered: with the one that repairs it. Nothing for one that is not known.
pub(in crate::platform::native) fn family(mime_type: &str) -> Vec<RTCRtpCodecParameters> {
    let all: Vec<_> = codecs().into_iter().map(|(codec, _)| codec).collect();
    let mut known = all
        .iter()
        .filter(|it| it.rtp_codec.mime_type.eq_ignore_ascii_case(mime_type));
    let Some(codec) = known.next().filter(|_| mime_type != RTX) else {
        return Vec::new();
    };
    let repair = format!("apt={}", codec.payload_type);
    let repairs = all.iter().filter(|it| it.rtp_codec.sdp_fmtp_line == repair);
    std::iter::once(codec).chain(repairs).cloned().collect()
}

/// All codecs of a kind, this one first.
pub(in crate::platform::native) fn ordered(kind: Kind, first: &str) -> Vec<RTCRtpCodecParameters> {
    let names: &[&str] = match kind {
        Kind::Audio => &[OPUS],
        Kind::Video => &[H264, VP8],
    };
    let others = names
        .iter()
        .filter(|name| !name.eq_ignore_ascii_case(first));
    std::iter::once(&first)
        .chain(others)
        .flat_map(|name| family(name))
        .collect()
}
