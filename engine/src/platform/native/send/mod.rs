//! Frames on their way into one connection: as RTP, in the form that was agreed on.

mod codecs;
mod layer;

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use bytes::Bytes;
use rtc::media_stream::MediaStreamTrack;
use rtc::rtp_transceiver::rtp_sender::{
    RTCRtpCodecParameters, RTCRtpCodingParameters, RTCRtpEncodingParameters, RtpCodecKind,
};
use webrtc::media_stream::track_local::static_rtp::TrackLocalStaticRTP;

use self::codecs::{H264, OPUS};
use self::layer::{Form, Layer};
use super::encoded::Source;
use crate::media::{EncodedFrame, Kind};
use crate::peer::{Codec, Encoding, OutboundStats};

pub(super) use self::codecs::{codecs, family, known, ordered, shown};

/// One section's way out. webrtc cannot replace a sender's track, so each has the same one for life
/// and what feeds it is replaced.
pub(super) struct Outlet {
    kind: Kind,
    stream_id: String,
    /// One for each encoding, at least one.
    layers: Vec<Layer>,
    /// Made when it is needed: webrtc counts, repeats and reports only what is sent in the codec
    /// that a track is made with.
    track: OnceLock<Arc<TrackLocalStaticRTP>>,
    offered: Mutex<Offered>,
    agreed: Mutex<Agreed>,
    source: Mutex<Option<Arc<Source>>>,
}

/// What the other side takes, by its description.
#[derive(Default)]
pub(super) struct Offered {
    /// MIME types, the one that it likes best first.
    pub(super) codecs: Vec<String>,
    /// Several encodings at a time.
    pub(super) simulcast: bool,
}

/// What both sides agreed on.
#[derive(Default)]
pub(super) struct Agreed {
    pub(super) codecs: Vec<RTCRtpCodecParameters>,
    pub(super) names: Option<Names>,
}

/// How packets say where they belong: header extensions with their numbers (RFC 8852, RFC 8843).
pub(super) struct Names {
    pub(super) mid: (u8, String),
    pub(super) rid: u8,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Outlet {
    pub(super) fn new(kind: Kind, stream_id: String, encodings: &[Encoding]) -> Self {
        let mut layers: Vec<_> = encodings
            .iter()
            .map(|encoding| Layer::new(encoding.rid.clone()))
            .collect();
        if layers.is_empty() {
            layers.push(Layer::new(None));
        }
        Self {
            kind,
            stream_id,
            layers,
            track: OnceLock::new(),
            offered: Mutex::default(),
            agreed: Mutex::default(),
            source: Mutex::default(),
        }
    }

    /// The numbers of its streams.
    pub(super) fn ssrcs(&self) -> impl Iterator<Item = u32> {
        self.layers.iter().map(|layer| layer.ssrc)
    }

    /// The track for webrtc.
    pub(super) fn track(&self) -> Arc<TrackLocalStaticRTP> {
        let make = || Arc::new(TrackLocalStaticRTP::new(self.make_track()));
        self.track.get_or_init(make).clone()
    }

    fn make_track(&self) -> MediaStreamTrack {
        let codec = family(&self.codec()).into_iter().next();
        let codec = codec.map(|codec| codec.rtp_codec).unwrap_or_default();
        let is_named = self.layers.len() > 1;
        let encodings = self.layers.iter().map(|layer| RTCRtpEncodingParameters {
            rtp_coding_parameters: RTCRtpCodingParameters {
                ssrc: Some(layer.ssrc),
                rid: layer.rid.clone().filter(|_| is_named).unwrap_or_default(),
                ..RTCRtpCodingParameters::default()
            },
            active: true,
            codec: codec.clone(),
            ..RTCRtpEncodingParameters::default()
        });
        let kind = match self.kind {
            Kind::Audio => RtpCodecKind::Audio,
            Kind::Video => RtpCodecKind::Video,
        };
        let id = format!("{:08x}", self.layers[0].ssrc);
        let stream = self.stream_id.clone();
        MediaStreamTrack::new(stream, id.clone(), id, kind, encodings.collect())
    }

    pub(super) fn offered(&self, offered: Offered) {
        *lock(&self.offered) = offered;
    }

    /// The codec that is most likely sent: that of what feeds it, or what both sides have.
    pub(super) fn codec(&self) -> String {
        let fed = self.source().map(|source| source.codec.mime_type.clone());
        let offered = &lock(&self.offered).codecs;
        let takes = |codec: &String| {
            offered.is_empty() || offered.iter().any(|it| it.eq_ignore_ascii_case(codec))
        };
        let common = || offered.iter().find(|codec| !family(codec).is_empty());
        fed.filter(takes)
            .or_else(|| common().cloned())
            .unwrap_or_else(|| match self.kind {
                Kind::Audio => OPUS.to_owned(),
                Kind::Video => H264.to_owned(),
            })
    }

    pub(super) fn agree(&self, agreed: Agreed) {
        *lock(&self.agreed) = agreed;
    }

    /// Whether this codec was agreed on, or nothing was yet.
    pub(super) fn takes(&self, codec: &Codec) -> bool {
        let agreed = lock(&self.agreed);
        agreed.codecs.is_empty() || agreed.payload_type(codec).is_some()
    }

    pub(super) fn source(&self) -> Option<Arc<Source>> {
        lock(&self.source).clone()
    }

    /// Takes frames from there from now on, or from nowhere.
    pub(super) fn feed(self: &Arc<Self>, source: Option<Arc<Source>>) {
        if let Some(old) = std::mem::replace(&mut *lock(&self.source), source.clone()) {
            old.detach(self);
        }
        if let Some(source) = source {
            source.attach(self);
        }
    }

    /// Sends a frame, if it is agreed on how; what is not is nobody's to receive.
    pub(super) async fn send(&self, codec: &Codec, frame: &EncodedFrame) {
        let (Some(track), Some(layer)) = (self.track.get(), self.layer(frame.rid.as_deref()))
        else {
            return;
        };
        let form = {
            let agreed = lock(&self.agreed);
            let Some(payload_type) = agreed.payload_type(codec) else {
                return;
            };
            Form {
                codec,
                payload_type,
                extensions: match self.layers.len() {
                    1 => Vec::new(),
                    _ => agreed.extensions(layer),
                },
            }
        };
        layer.send(track, &form, frame).await;
    }

    /// The one of that name, or the first. Who takes one encoding at a time gets the first alone.
    fn layer(&self, rid: Option<&str>) -> Option<&Layer> {
        let first = self.layers.first()?;
        let Some(rid) = rid else { return Some(first) };
        let mut layers = self.layers.iter();
        let named = layers.find(|layer| layer.rid.as_deref() == Some(rid))?;
        let is_first = std::ptr::eq(named, first);
        (is_first || lock(&self.offered).simulcast).then_some(named)
    }

    /// Adds what webrtc does not know.
    pub(super) fn complete(&self, stats: &mut OutboundStats) {
        let mut layers = self.layers.iter();
        let named = layers.find(|layer| stats.rid.is_some() && layer.rid == stats.rid);
        if let Some(layer) = named.or_else(|| self.layers.first())
            && stats.kind == Kind::Video
        {
            layer.complete(stats);
        }
    }
}

impl Agreed {
    fn payload_type(&self, codec: &Codec) -> Option<u8> {
        let is_it = |it: &&RTCRtpCodecParameters| {
            let name = &it.rtp_codec.mime_type;
            name.eq_ignore_ascii_case(&codec.mime_type)
        };
        self.codecs.iter().find(is_it).map(|it| it.payload_type)
    }

    /// Who receives several streams in one section has nothing else to tell them apart by.
    fn extensions(&self, layer: &Layer) -> Vec<(u8, Bytes)> {
        let (Some(names), Some(rid)) = (&self.names, &layer.rid) else {
            return Vec::new();
        };
        let value = |text: &str| Bytes::copy_from_slice(text.as_bytes());
        let (id, mid) = &names.mid;
        vec![(*id, value(mid)), (names.rid, value(rid))]
    }
}
