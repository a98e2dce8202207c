//! How a section sends, in the browser's form.

use js_sys::{Array, Object, RangeError};
use wasm_bindgen::{JsCast as _, JsValue};

use super::{js, states};
use crate::error::{Error, ErrorKind, Result};
use crate::media::Kind;
use crate::peer::{Codec, DegradationPreference, Encoding, SendParameters, TransceiverInit};

pub(super) fn transceiver_init(init: &TransceiverInit, streams: &Array) -> Object {
    let dictionary = Object::new();
    let direction = states::direction_word(init.direction);
    js::set(&dictionary, "direction", direction);
    js::set(&dictionary, "streams", streams);
    if !init.send_encodings.is_empty() {
        let encodings = written(&init.send_encodings);
        for (entry, encoding) in encodings.iter().zip(&init.send_encodings) {
            js::set_some(&entry, "rid", encoding.rid.as_deref());
        }
        js::set(&dictionary, "sendEncodings", encodings);
    }
    dictionary
}

/// What can change of an encoding.
const CHANGEABLE: [&str; 4] = [
    "active",
    "maxBitrate",
    "maxFramerate",
    "scaleResolutionDownBy",
];

/// What can change of encodings. What is not wished for is `undefined`, which takes it out.
fn written(encodings: &[Encoding]) -> Array {
    let written = Array::new();
    for encoding in encodings {
        let entry = Object::new();
        let values: [JsValue; 4] = [
            encoding.active.into(),
            encoding.max_bitrate.into(),
            encoding.max_frame_rate.into(),
            encoding.scale_resolution_down_by.into(),
        ];
        for (name, value) in CHANGEABLE.iter().zip(values) {
            js::set(&entry, name, value);
        }
        written.push(&entry);
    }
    written
}

/// What can change of parameters.
pub(super) fn changes(wish: &SendParameters) -> Object {
    let changes = Object::new();
    js::set(&changes, "encodings", written(&wish.encodings));
    let preference = wish
        .degradation_preference
        .map(|preference| match preference {
            DegradationPreference::MaintainFramerate => "maintain-framerate",
            DegradationPreference::MaintainResolution => "maintain-resolution",
            DegradationPreference::Balanced => "balanced",
        });
    js::set(&changes, "degradationPreference", preference);
    changes
}

/// Changes what `getParameters` gave.
pub(super) fn apply(changes: &Object, parameters: &JsValue) -> std::result::Result<(), JsValue> {
    let encodings = array(parameters, "encodings");
    let wished = array(changes, "encodings");
    if encodings.length() != wished.length() {
        return Err(RangeError::new("the number of encodings cannot change").into());
    }
    for (entry, wished) in encodings.iter().zip(wished.iter()) {
        Object::<JsValue>::assign(entry.unchecked_ref(), wished.unchecked_ref());
    }
    let preference = js::get(changes, "degradationPreference");
    js::set(parameters, "degradationPreference", preference);
    Ok(())
}

/// Whether what `getParameters` gave has the changes.
pub(super) fn are_applied(changes: &Object, parameters: &JsValue) -> bool {
    let entries = array(parameters, "encodings");
    let mut pairs = entries.iter().zip(array(changes, "encodings"));
    // What was not wished for may be anything.
    let is_applied = |entry: &JsValue, wished: &JsValue, name| {
        let wish = js::get(wished, name);
        wish.is_undefined() || wish == js::get(entry, name)
    };
    pairs.all(|(entry, wished)| {
        CHANGEABLE
            .iter()
            .all(|name| is_applied(&entry, &wished, name))
    }) && is_applied(parameters, changes, "degradationPreference")
}

/// Reads what `getParameters` gave.
pub(super) fn read(parameters: &JsValue) -> SendParameters {
    let encodings = array(parameters, "encodings");
    let codecs = array(parameters, "codecs");
    let preference = js::text(parameters, "degradationPreference");
    SendParameters {
        encodings: encodings.iter().map(|entry| encoding(&entry)).collect(),
        degradation_preference: match preference.as_deref() {
            Some("maintain-framerate") => Some(DegradationPreference::MaintainFramerate),
            Some("maintain-resolution") => Some(DegradationPreference::MaintainResolution),
            Some("balanced") => Some(DegradationPreference::Balanced),
            _ => None,
        },
        codecs: codecs.iter().filter_map(|entry| codec(&entry)).collect(),
    }
}

fn array(object: &JsValue, name: &str) -> Array {
    js::get(object, name).dyn_into().unwrap_or_default()
}

fn encoding(entry: &JsValue) -> Encoding {
    Encoding {
        rid: js::text(entry, "rid"),
        active: js::get(entry, "active") != JsValue::FALSE,
        max_bitrate: js::number(entry, "maxBitrate").map(|bits| bits as u32),
        max_frame_rate: js::number(entry, "maxFramerate"),
        scale_resolution_down_by: js::number(entry, "scaleResolutionDownBy"),
    }
}

fn codec(entry: &JsValue) -> Option<Codec> {
    Some(Codec {
        mime_type: js::text(entry, "mimeType")?,
        clock_rate: js::number(entry, "clockRate")? as u32,
        channels: js::number(entry, "channels").map(|channels| channels as u16),
        sdp_fmtp_line: js::text(entry, "sdpFmtpLine").unwrap_or_default(),
    })
}

/// The browser's own entries for these codecs, which it wants to the letter: one without
/// parameters stands for all of its kind.
///
/// Repeating what was lost (`rtx`) is no codec to choose, but would not happen without its entry.
pub(super) fn preferred(kind: Kind, codecs: &[Codec]) -> Result<Array> {
    let known = js::capabilities(states::kind_word(kind));
    let known: Vec<_> = array(&known, "codecs")
        .iter()
        .filter_map(|entry| Some((codec(&entry)?, entry)))
        .collect();
    let preferred = Array::new();
    for wish in codecs {
        let before = preferred.length();
        for (codec, entry) in &known {
            if is_met(wish, codec) && !preferred.includes(entry, 0) {
                preferred.push(entry);
            }
        }
        if preferred.length() == before {
            let text = format!("this browser has no codec {}", wish.mime_type);
            return Err(Error::new(ErrorKind::Invalid, text));
        }
    }
    for (codec, entry) in &known {
        let repeats = codec.mime_type.eq_ignore_ascii_case("video/rtx");
        if repeats && !preferred.includes(entry, 0) {
            preferred.push(entry);
        }
    }
    Ok(preferred)
}

fn is_met(wish: &Codec, codec: &Codec) -> bool {
    wish.mime_type.eq_ignore_ascii_case(&codec.mime_type)
        && wish.clock_rate == codec.clock_rate
        && (wish.channels.is_none() || wish.channels == codec.channels)
        && (wish.sdp_fmtp_line.is_empty() || wish.sdp_fmtp_line == codec.sdp_fmtp_line)
}
