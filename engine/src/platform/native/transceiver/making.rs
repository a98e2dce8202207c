use std::sync::Arc;

use rtc::rtp_transceiver::rtp_sender::RtpCodecKind;
use rtc::rtp_transceiver::{RTCRtpTransceiverDirection, RTCRtpTransceiverInit};
use webrtc::media_stream::track_local::TrackLocal;
use webrtc::rtp_transceiver::RtpTransceiver;

use super::shared::TransceiverShared;
use crate::media::Kind;
use crate::peer::Direction;
use crate::platform::native::chain::Live;
use crate::platform::native::send::ordered;

/// Lets webrtc make the sections that it has not made yet, in their order. Not sooner than it has to
/// know them: what a section is made with, its first track brings.
pub(in crate::platform::native) async fn make_all(live: &Live) {
    let all = live.shared.state().transceivers.clone();
    for section in all {
        let is_due = {
            let state = section.state();
            state.rtc.is_none() && !state.stopped
        };
        if is_due {
            make(live, &section).await;
        }
    }
}

async fn make(live: &Live, section: &TransceiverShared) {
    let direction = section.state().direction;
    let init = RTCRtpTransceiverInit {
        direction: theirs(direction),
        streams: section.streams.clone(),
        send_encodings: Vec::new(),
    };
    let connection = &live.connection;
    let made = if direction.sends() {
        let track: Arc<dyn TrackLocal> = section.outlet().track();
        let made = connection.add_transceiver_from_track(track, Some(init));
        made.await
    } else {
        let kind = rtc_kind(section.kind);
        let made = connection.add_transceiver_from_kind(kind, Some(init));
        made.await
    };
    match made {
        Ok(rtc) => {
            if direction.sends() {
                offer_all_codecs(section, &*rtc).await;
            }
            let mut state = section.state();
            state.has_sender = direction.sends();
            state.rtc = Some(rtc);
        }
        Err(error) => tracing::warn!(%error, "a media section cannot be made"),
    }
    sends_to(live, section);
}

/// webrtc offers nothing but the codec of the track that a section is made with.
async fn offer_all_codecs(section: &TransceiverShared, rtc: &dyn RtpTransceiver) {
    let codecs = ordered(section.kind, &section.outlet().codec());
    if let Err(error) = rtc.set_codec_preferences(codecs).await {
        tracing::debug!(%error, "one codec alone is offered");
    }
}

/// What receivers ask for goes to whoever feeds the section.
pub(super) fn sends_to(live: &Live, section: &TransceiverShared) {
    let source = section.outlet().source();
    let requests = source.map(|source| source.requests.clone());
    for ssrc in section.outlet().ssrcs() {
        live.feedback.direct(ssrc, requests.clone());
    }
}

/// Tells webrtc which ways a section goes; one that only received gets a sender first.
pub(super) async fn direct(live: &Live, section: &Arc<TransceiverShared>) {
    make_all(live).await;
    if section.state().direction.sends() {
        give_sender(live, section).await;
    }
    set_direction(section).await;
}

/// webrtc gives a new sender to the first section without one, whichever was meant: those before it
/// get theirs too, and go on as they did.
async fn give_sender(live: &Live, section: &Arc<TransceiverShared>) {
    let place = |it: &TransceiverShared| {
        let state = it.state();
        let rtc = state.rtc.as_ref().filter(|_| !state.has_sender)?;
        Some(rtc.id())
    };
    let Some(wanted) = place(section) else { return };
    let all = live.shared.state().transceivers.clone();
    let of_its_kind = all.into_iter().filter(|it| it.kind == section.kind);
    let mut lacking: Vec<_> = of_its_kind
        .filter_map(|it| Some((place(&it)?, it)))
        .filter(|(place, _)| *place <= wanted)
        .collect();
    lacking.sort_by_key(|(place, _)| *place);
    for (_, it) in lacking {
        let track: Arc<dyn TrackLocal> = it.outlet().track();
        if let Err(error) = live.connection.add_track(track).await {
            tracing::warn!(%error, "nothing can be sent in a section");
            return;
        }
        it.state().has_sender = true;
        let rtc = it.state().rtc.clone();
        if let Some(rtc) = rtc {
            offer_all_codecs(&it, &*rtc).await;
        }
        set_direction(&it).await;
        sends_to(live, &it);
    }
}

async fn set_direction(section: &TransceiverShared) {
    let (rtc, direction) = {
        let state = section.state();
        (state.rtc.clone(), state.direction)
    };
    if let Some(rtc) = rtc
        && let Err(error) = rtc.set_direction(theirs(direction)).await
    {
        tracing::debug!(%error, "a direction was not set");
    }
}

fn rtc_kind(kind: Kind) -> RtpCodecKind {
    match kind {
        Kind::Audio => RtpCodecKind::Audio,
        Kind::Video => RtpCodecKind::Video,
    }
}

fn theirs(direction: Direction) -> RTCRtpTransceiverDirection {
    match direction {
        Direction::SendRecv => RTCRtpTransceiverDirection::Sendrecv,
        Direction::SendOnly => RTCRtpTransceiverDirection::Sendonly,
        Direction::RecvOnly => RTCRtpTransceiverDirection::Recvonly,
        Direction::Inactive | Direction::Stopped => RTCRtpTransceiverDirection::Inactive,
    }
}
