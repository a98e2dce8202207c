use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    MediaStream, RtcPeerConnection, RtcRtpTransceiver, RtcRtpTransceiverDirection,
    RtcRtpTransceiverInit,
};

use super::error::thrown;
use super::track::WebTrack;
use crate::error::Result;
use crate::media::Kind;
use crate::peer::SendLimits;
use crate::platform::Sender;

/// A transceiver that only sends. Each side has its own, so two offers that cross never fight
/// over one.
#[derive(Clone)]
pub(crate) struct WebSender(RtcRtpTransceiver);

impl WebSender {
    pub(super) fn add(
        connection: &RtcPeerConnection,
        kind: Kind,
        stream: &MediaStream,
    ) -> Result<Self> {
        let init = RtcRtpTransceiverInit::new();
        init.set_direction(RtcRtpTransceiverDirection::Sendonly);
        init.set_streams(&Array::of1(stream));
        let kind = match kind {
            Kind::Audio => "audio",
            Kind::Video => "video",
        };
        // A closed connection throws here, and the binding does not catch it, so ask before.
        if connection.signaling_state() == web_sys::RtcSignalingState::Closed {
            return Err(crate::Error::closed("peer connection"));
        }
        Ok(Self(
            connection.add_transceiver_with_str_and_init(kind, &init),
        ))
    }
}

impl Sender for WebSender {
    type Track = WebTrack;

    fn mid(&self) -> Option<String> {
        self.0.mid()
    }

    async fn replace(&self, track: Option<&WebTrack>) -> Result<()> {
        let track = track.map(WebTrack::media_stream_track);
        let promise = self.0.sender().replace_track(track.as_ref());
        JsFuture::from(promise)
            .await
            .map_err(|error| thrown("a track to send", &error))?;
        Ok(())
    }

    async fn limit(&self, limits: &SendLimits) -> Result<()> {
        let sender = self.0.sender();
        let parameters = sender.get_parameters();
        let failed = |error: JsValue| thrown("bounds on what is sent", &error);
        let encodings = Reflect::get(&parameters, &"encodings".into()).map_err(failed)?;
        let encoding = encodings
            .dyn_ref::<Array>()
            .map(|encodings| encodings.get(0));
        let Some(encoding) = encoding.filter(JsValue::is_object) else {
            return Ok(());
        };
        // `maxFramerate` has no binding, so all go the same way.
        let set = |name: &str, value: f64| Reflect::set(&encoding, &name.into(), &value.into());
        set("maxBitrate", f64::from(limits.bitrate)).map_err(failed)?;
        if let Some(frame_rate) = limits.frame_rate {
            set("maxFramerate", f64::from(frame_rate)).map_err(failed)?;
        }
        if let Some(scale_down) = limits.scale_down {
            set("scaleResolutionDownBy", f64::from(scale_down)).map_err(failed)?;
        }
        let promise = sender.set_parameters_with_parameters(&parameters);
        JsFuture::from(promise).await.map_err(failed)?;
        Ok(())
    }
}
