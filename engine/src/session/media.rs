//! Our publications: their receivers, and the bounds on each track.

use std::future::poll_fn;
use std::task::Poll;

use parlor_signaling_protocol::PeerId;

use super::Session;
use super::remote_peer::RemotePeer;
use super::send_limits::SendLimits;
use crate::call::{PeerState, TrackInfo};
use crate::media::{BySource, Track, TrackSource};
use crate::peer::{Direction, TransceiverInit};
use crate::platform::{Current, Platform as _};
use crate::room::MediaState;
use crate::rtc::{PeerConnection, Transceiver};

/// Tracks of one stream are played in step: lips with the voice, a film with its sound.
const PERSON: &str = "parlor";
const SCREEN: &str = "parlor-screen";

/// Sources with a media section from the beginning of a call, whether or not they have a track, so
/// that turning a device on needs no negotiation.
const NEGOTIATED_AHEAD: [TrackSource; 2] = [TrackSource::Microphone, TrackSource::Camera];

/// What one peer is sent. When a call is over the publications carry nothing, and stay for the next
/// one, which then needs no negotiation.
#[derive(Default)]
pub(crate) struct Publications(BySource<Option<Publication>>);

/// One source's media section in a connection, and what is in it. Each side has sections of its own,
/// which only send, so two offers that cross never fight over one.
struct Publication {
    sender: Transceiver,
    track: Option<Track>,
    limits: Option<SendLimits>,
}

impl Publications {
    fn open(peer: &RemotePeer) -> crate::Result<Self> {
        let mut publications = Self::default();
        for source in NEGOTIATED_AHEAD {
            publications.0[source] = Some(Publication::open(&peer.connection, source)?);
        }
        Ok(publications)
    }

    fn mid(&self, source: TrackSource) -> Option<String> {
        self.0[source].as_ref()?.sender.mid()
    }
}

impl Publication {
    fn open(connection: &PeerConnection, source: TrackSource) -> crate::Result<Self> {
        let stream = match source {
            TrackSource::Microphone | TrackSource::Camera => PERSON,
            TrackSource::Screen | TrackSource::ScreenAudio => SCREEN,
        };
        let init = TransceiverInit {
            direction: Direction::SendOnly,
            streams: vec![stream.to_owned()],
            send_encodings: Vec::new(),
        };
        Ok(Self {
            sender: connection.add_transceiver(source.kind(), &init)?,
            track: None,
            limits: None,
        })
    }

    /// Brings the publication in line with what it should carry. Operations on one sender keep their
    /// order by themselves.
    fn set(&mut self, track: Option<&Track>, limits: SendLimits, platform: &Current) {
        if self.track.as_ref() != track {
            self.track = track.cloned();
            let (sender, track) = (self.sender.clone(), self.track.clone());
            platform.spawn(async move {
                if let Err(error) = sender.replace_track(track.as_ref()).await {
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

async fn bound(sender: &Transceiver, limits: SendLimits) -> crate::Result<()> {
    let mut parameters = sender.parameters();
    for encoding in &mut parameters.encodings {
        encoding.max_bitrate = Some(limits.bitrate);
        encoding.max_frame_rate = limits.frame_rate.map(f64::from);
        encoding.scale_resolution_down_by = limits.scale_down.map(f64::from);
    }
    parameters.degradation_preference = limits.degradation;
    sender.set_parameters(&parameters).await
}

impl Session {
    /// Sends to those who are in the call with us, and to nobody else.
    pub(super) fn settle_media(&mut self) {
        let receivers = self
            .peers
            .keys()
            .filter(|peer| self.ringing.shares_call(**peer))
            .count();
        let screen = self.tracks[TrackSource::Screen].as_ref();
        let shares_screen = screen.is_some_and(|track| !track.is_ended());
        let now = self.platform.now();
        for (id, peer) in &mut self.peers {
            let shares = self.ringing.shares_call(*id);
            if peer.publications.is_none() && peer.may_send(shares, now) {
                match Publications::open(peer) {
                    Ok(publications) => peer.publications = Some(publications),
                    Err(error) => tracing::warn!(%error, "nothing can be sent"),
                }
            }
            let Some(publications) = &mut peer.publications else {
                continue;
            };
            for (source, track) in self.tracks.iter() {
                let track = track.as_ref().filter(|track| shares && !track.is_ended());
                let publication = &mut publications.0[source];
                if publication.is_none() && track.is_some() {
                    match Publication::open(&peer.connection, source) {
                        Ok(opened) => *publication = Some(opened),
                        Err(error) => tracing::warn!(%error, ?source, "a track cannot be sent"),
                    }
                }
                if let Some(publication) = publication {
                    let limits = SendLimits::of(source, receivers, shares_screen);
                    publication.set(track, limits, &self.platform);
                }
            }
        }
    }

    pub(super) fn apply_mute(&self) {
        if let Some(microphone) = &self.tracks[TrackSource::Microphone] {
            microphone.set_enabled(!self.muted);
        }
    }

    /// Waits until the system mutes, unmutes or ends a track of ours.
    pub(super) fn tracks_changed(&self) -> impl Future<Output = ()> + use<> {
        let tracks = self.tracks.iter().filter_map(|(_, track)| track.as_ref());
        let mut changes: Vec<_> = tracks
            .map(|track| Box::pin(track.changed_from_now()))
            .collect();
        poll_fn(move |cx| {
            let has_changed = changes
                .iter_mut()
                .any(|change| change.as_mut().poll(cx).is_ready());
            if has_changed {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
    }

    /// What this peer may know of what we do.
    pub(super) fn state_for(&self, peer: PeerId) -> PeerState {
        if self.is_blocked(peer) {
            // For whom we blocked we are in the room and do nothing.
            return PeerState::default();
        }
        let published = self.ringing.published();
        let remote = self.peers.get(&peer);
        let publications = remote
            .and_then(|remote| remote.publications.as_ref())
            .filter(|_| self.ringing.shares_call(peer));
        PeerState {
            revision: 0,
            call: published.call,
            rings: published.rings,
            declined: published.declined,
            tracks: BySource::from_fn(|source| TrackInfo {
                state: self.own_state(source),
                mid: publications.and_then(|publications| publications.mid(source)),
            }),
        }
    }

    fn own_state(&self, source: TrackSource) -> MediaState {
        let track = self.tracks[source].as_ref();
        let Some(track) = track.filter(|track| !track.is_ended()) else {
            return match source {
                // It is there, and on with a click.
                TrackSource::Camera => MediaState::Off,
                _ => MediaState::None,
            };
        };
        let is_silenced = source == TrackSource::Microphone && self.muted;
        match is_silenced || track.is_muted() {
            true => MediaState::Off,
            false => MediaState::On,
        }
    }
}
