//! What we send: to whom, and how much of it.

use std::future::pending;

use futures_util::future::select;
use parlor_signaling_protocol::PeerId;

use super::Session;
use super::link::Link;
use crate::call::{Mids, PeerState};
use crate::media::{Kind, Track};
use crate::peer::{Direction, TransceiverInit};
use crate::platform::{Current, CurrentTransceiver, Peer as _, Platform as _, Transceiver as _};
use crate::room::MediaState;

/// What all pictures together may take of the way out: what most homes have to give.
const VIDEO_BUDGET: u32 = 3_000_000;
/// One picture takes no more than this at 720p.
const VIDEO_MOST: u32 = 2_000_000;
/// A picture below this is not worth sending.
const VIDEO_LEAST: u32 = 150_000;
/// Opus for speech is transparent from here on.
const AUDIO_BITRATE: u32 = 48_000;

/// Ties what we send together, so that the receiver keeps lips and voice in step.
const STREAM: &str = "parlor";

/// Bounds on one sent track.
#[derive(Clone, Copy, Debug, PartialEq)]
struct SendLimits {
    /// Bits in a second.
    bitrate: u32,
    /// Frames in a second; video alone.
    frame_rate: Option<u32>,
    /// By how much width and height are divided; video alone.
    scale_down: Option<f32>,
}

/// What one peer is sent. When a call is over the lanes are empty, and stay for the next one, which
/// then needs no negotiation.
pub(crate) struct Sending {
    microphone: Lane,
    camera: Lane,
}

/// One track's place in a connection, and what is in it. Each side has its own, which only send,
/// so two offers that cross never fight over one.
struct Lane {
    sender: CurrentTransceiver,
    track: Option<Track>,
    limits: Option<SendLimits>,
}

impl Sending {
    fn open(link: &Link) -> crate::Result<Self> {
        let lane = |kind| {
            let init = TransceiverInit {
                direction: Direction::SendOnly,
                streams: vec![STREAM.to_owned()],
                send_encodings: Vec::new(),
            };
            let sender = link.connection().add_transceiver(kind, &init)?;
            Ok(Lane {
                sender,
                track: None,
                limits: None,
            })
        };
        Ok(Self {
            microphone: lane(Kind::Audio)?,
            camera: lane(Kind::Video)?,
        })
    }

    fn mids(&self) -> Mids {
        Mids {
            microphone: self.microphone.sender.mid(),
            camera: self.camera.sender.mid(),
        }
    }
}

impl Lane {
    /// Brings the lane in line with what it should carry. Operations on one sender keep their
    /// order by themselves.
    fn set(&mut self, track: Option<&Track>, limits: SendLimits, platform: &Current) {
        if self.track.as_ref() != track {
            self.track = track.cloned();
            let (sender, track) = (self.sender.clone(), self.track.clone());
            platform.spawn(async move {
                let track = track.as_ref().map(Track::platform);
                if let Err(error) = sender.replace_track(track).await {
                    tracing::warn!(%error, "a track cannot be sent");
                }
            });
        }
        if track.is_some() && self.limits != Some(limits) {
            self.limits = Some(limits);
            let sender = self.sender.clone();
            platform.spawn(async move {
                if let Err(error) = bound(&sender, limits).await {
                    tracing::debug!(%error, "what is sent cannot be bounded");
                }
            });
        }
    }
}

async fn bound(sender: &CurrentTransceiver, limits: SendLimits) -> crate::Result<()> {
    let mut parameters = sender.parameters();
    for encoding in &mut parameters.encodings {
        encoding.max_bitrate = Some(limits.bitrate);
        encoding.max_frame_rate = limits.frame_rate.map(f64::from);
        encoding.scale_resolution_down_by = limits.scale_down.map(f64::from);
    }
    sender.set_parameters(&parameters).await
}

impl Session {
    /// Sends to those who are in the call with us, and to nobody else.
    pub(super) fn settle_media(&mut self) {
        let receivers = self
            .links
            .keys()
            .filter(|peer| self.ringing.shares_call(**peer))
            .count();
        let video = video_limits(receivers);
        let audio = SendLimits {
            bitrate: AUDIO_BITRATE,
            frame_rate: None,
            scale_down: None,
        };
        let now = self.platform.now();
        for (peer, link) in &mut self.links {
            let shares = self.ringing.shares_call(*peer);
            if link.sending.is_none() && link.may_send(shares, now) {
                match Sending::open(link) {
                    Ok(sending) => link.sending = Some(sending),
                    Err(error) => tracing::warn!(%error, "nothing can be sent"),
                }
            }
            let Some(sending) = &mut link.sending else {
                continue;
            };
            let microphone = self.microphone.as_ref().filter(|_| shares);
            let camera = self.camera.as_ref().filter(|_| shares);
            sending.microphone.set(microphone, audio, &self.platform);
            sending.camera.set(camera, video, &self.platform);
        }
    }

    pub(super) fn apply_mute(&self) {
        if let Some(microphone) = &self.microphone {
            microphone.set_enabled(!self.muted);
        }
    }

    /// Waits until the system mutes, unmutes or ends a track of ours.
    pub(super) fn tracks_changed(&self) -> impl Future<Output = ()> + use<> {
        let [microphone, camera] = [&self.microphone, &self.camera].map(|track| {
            let changed = track.as_ref().map(Track::changed_from_now);
            Box::pin(async move {
                match changed {
                    Some(changed) => changed.await,
                    None => pending().await,
                }
            })
        });
        async move {
            select(microphone, camera).await;
        }
    }

    /// What this peer may know of what we do.
    pub(super) fn state_for(&self, peer: PeerId) -> PeerState {
        if self.is_blocked(peer) {
            // For whom we blocked we are in the room and do nothing.
            return PeerState::default();
        }
        let published = self.ringing.published();
        let sending = self.links.get(&peer).and_then(|link| link.sending.as_ref());
        PeerState {
            revision: 0,
            call: published.call,
            rings: published.rings,
            declined: published.declined,
            microphone: match &self.microphone {
                Some(track) if track.is_ended() => MediaState::None,
                Some(track) if self.muted || track.is_muted() => MediaState::Off,
                Some(_) => MediaState::On,
                None => MediaState::None,
            },
            camera: match &self.camera {
                Some(track) if track.is_live() => MediaState::On,
                _ => MediaState::Off,
            },
            mids: sending
                .filter(|_| self.ringing.shares_call(peer))
                .map(Sending::mids)
                .unwrap_or_default(),
        }
    }
}

/// What one picture may take when so many get one. In a mesh each is sent by itself, so the more
/// there are, the smaller each has to be.
fn video_limits(receivers: usize) -> SendLimits {
    let share = VIDEO_BUDGET / receivers.max(1) as u32;
    let (frame_rate, scale_down) = match receivers {
        0..=1 => (30, 1.0),
        2 => (30, 1.5),
        3..=4 => (24, 2.0),
        _ => (20, 3.0),
    };
    SendLimits {
        bitrate: share.clamp(VIDEO_LEAST, VIDEO_MOST),
        frame_rate: Some(frame_rate),
        scale_down: Some(scale_down),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_receivers_never_get_more_and_the_budget_holds() {
        let mut before = video_limits(1);
        assert_eq!(before.bitrate, VIDEO_MOST);
        for receivers in 2..=8 {
            let limits = video_limits(receivers);
            assert!(limits.bitrate <= before.bitrate && limits.scale_down >= before.scale_down);
            assert!(limits.bitrate * receivers as u32 <= VIDEO_BUDGET);
            before = limits;
        }
    }
}
