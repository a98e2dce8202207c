use std::sync::Arc;

use rtc::rtp_transceiver::RTCRtpTransceiverDirection;
use rtc::rtp_transceiver::rtp_sender::RTCRtpHeaderExtensionParameters;
use webrtc::media_stream::track_remote::TrackRemote;
use webrtc::rtp_transceiver::RtpTransceiver;

use super::NativeTransceiver;
use super::shared::TransceiverShared;
use crate::peer::{Direction, TransceiverInit};
use crate::platform::PeerEvent;
use crate::platform::native::chain::Live;
use crate::platform::native::sections::Section;
use crate::platform::native::send::{Agreed, Names, Offered, shown};

/// Header extensions, as they are called in descriptions.
const MID: &str = "urn:ietf:params:rtp-hdrext:sdes:mid";
const RID: &str = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";

/// Brings what is known in line with webrtc: sections that the other side made are new to us, and
/// those of an offer that was taken back are gone.
pub(in crate::platform::native) async fn refresh(live: &Live, sections: &[Section]) {
    let all = live.connection.get_transceivers().await;
    let mut fresh = Vec::new();
    for rtc in &all {
        let is_known = live.shared.state().transceivers.iter().any(|ours| {
            let state = ours.state();
            state
                .rtc
                .as_ref()
                .is_some_and(|known| known.id() == rtc.id())
        });
        if !is_known && let Some(theirs) = made_by_them(rtc, sections).await {
            fresh.push(theirs);
        }
    }
    // webrtc gives them in no order.
    fresh.sort_by_key(|ours| ours.mid().and_then(|mid| mid.parse::<u32>().ok()));
    let ours = {
        let mut state = live.shared.state();
        state.transceivers.retain(|ours| {
            let ours = ours.state();
            let is_there =
                |known: &Arc<dyn RtpTransceiver>| all.iter().any(|rtc| rtc.id() == known.id());
            ours.rtc.as_ref().is_none_or(is_there)
        });
        state.transceivers.extend(fresh);
        state.transceivers.clone()
    };
    for transceiver in ours {
        transceiver.refresh().await;
    }
}

/// webrtc does not tell what a section carries before something comes out of it, as it did not
/// before the rewrite (webrtc-rs/webrtc#390); the description that made the section does.
async fn made_by_them(
    rtc: &Arc<dyn RtpTransceiver>,
    sections: &[Section],
) -> Option<Arc<TransceiverShared>> {
    let mid = rtc.mid().await.ok().flatten()?;
    let kind = sections.iter().find(|section| section.mid == mid)?.kind?;
    let init = TransceiverInit {
        direction: Direction::RecvOnly,
        ..TransceiverInit::default()
    };
    let shared = TransceiverShared::new(kind, &init);
    {
        let mut state = shared.state();
        state.rtc = Some(rtc.clone());
        state.mid = Some(mid);
    }
    Some(Arc::new(shared))
}

/// Tells the engine what the other side's description says of who sends.
pub(in crate::platform::native) fn described(live: &Live, sections: &[Section]) {
    let transceivers = live.shared.state().transceivers.clone();
    for section in sections {
        let ours = transceivers
            .iter()
            .find(|it| it.state().mid.as_deref() == Some(&section.mid));
        let Some(ours) = ours else { continue };
        if let Some(streams) = ours.described(section) {
            live.shared.emit(PeerEvent::Track {
                transceiver: NativeTransceiver::new(
                    ours.clone(),
                    live.shared.clone(),
                    live.ops.clone(),
                ),
                track: ours.receiver.clone(),
                streams,
            });
        }
    }
}

/// The section that a remote track of webrtc's comes out of.
pub(in crate::platform::native) async fn of_track(
    live: &Live,
    track: &Arc<dyn TrackRemote>,
) -> Option<Arc<TransceiverShared>> {
    let transceivers = live.shared.state().transceivers.clone();
    for transceiver in transceivers {
        let rtc = transceiver.state().rtc.clone();
        if let Some(rtc) = rtc
            && let Ok(Some(receiver)) = rtc.receiver().await
            && std::ptr::addr_eq(Arc::as_ptr(receiver.track()), Arc::as_ptr(track))
        {
            return Some(transceiver);
        }
    }
    None
}

impl TransceiverShared {
    /// Learns what webrtc knows after a description was set.
    async fn refresh(&self) {
        let rtc = self.state().rtc.clone();
        let Some(rtc) = rtc else { return };
        let mid = rtc.mid().await.ok().flatten().filter(|mid| !mid.is_empty());
        let current = rtc.current_direction().await.ok().and_then(known);
        let mut agreed = Agreed::default();
        if mid.is_some()
            && let Ok(Some(sender)) = rtc.sender().await
            && let Ok(parameters) = sender.get_parameters().await
        {
            let parameters = parameters.rtp_parameters;
            agreed.names = mid
                .clone()
                .and_then(|mid| names(&parameters.header_extensions, mid));
            agreed.codecs = parameters.codecs;
        }
        let mut state = self.state();
        state.mid = mid;
        state.current = current;
        let media = agreed.codecs.iter().map(|codec| shown(&codec.rtp_codec));
        state.codecs = media
            .filter(|codec| codec.mime_type != "video/rtx")
            .collect();
        drop(state);
        if current.is_some() {
            self.outlet().agree(agreed);
        }
    }

    /// Compares what the other side says that it sends with what the engine was told.
    fn described(self: &Arc<Self>, section: &Section) -> Option<Vec<String>> {
        let mut state = self.state();
        let sends = section.sends() && !state.stopped;
        let is_new = sends && !state.announced;
        state.announced = sends;
        drop(state);
        self.outlet().offered(Offered {
            codecs: section.codecs(),
            simulcast: section.takes_simulcast,
        });
        if !sends {
            self.receiver.set_muted(true);
        }
        is_new.then(|| section.streams.clone())
    }
}

/// The header extensions that name a packet's section and encoding, if both were agreed on.
fn names(agreed: &[RTCRtpHeaderExtensionParameters], mid: String) -> Option<Names> {
    let number = |uri| {
        let extension = agreed.iter().find(|it| it.uri == uri)?;
        u8::try_from(extension.id).ok()
    };
    Some(Names {
        mid: (number(MID)?, mid),
        rid: number(RID)?,
    })
}

fn known(direction: RTCRtpTransceiverDirection) -> Option<Direction> {
    match direction {
        RTCRtpTransceiverDirection::Sendrecv => Some(Direction::SendRecv),
        RTCRtpTransceiverDirection::Sendonly => Some(Direction::SendOnly),
        RTCRtpTransceiverDirection::Recvonly => Some(Direction::RecvOnly),
        RTCRtpTransceiverDirection::Inactive => Some(Direction::Inactive),
        _ => None,
    }
}
