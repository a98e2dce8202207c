//! What the browser throws, as our errors.

use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::DomException;

use crate::error::{Error, ErrorKind};

/// Turns what was thrown into an error. `what` says what was attempted.
pub(super) fn thrown(what: &'static str, value: &JsValue) -> Error {
    let (name, text) = describe(value);
    Error::new(kind(&name), what).caused_by(format!("{name}: {text}"))
}

fn describe(value: &JsValue) -> (String, String) {
    if let Some(exception) = value.dyn_ref::<DomException>() {
        return (exception.name(), exception.message());
    }
    if let Some(error) = value.dyn_ref::<js_sys::Error>() {
        return (error.name().into(), error.message().into());
    }
    ("unknown".into(), value.as_string().unwrap_or_default())
}

/// By the names of [Web IDL](https://webidl.spec.whatwg.org/#idl-DOMException-error-names) and
/// [Media Capture](https://www.w3.org/TR/mediacapture-streams/#dom-mediadevices-getusermedia).
fn kind(name: &str) -> ErrorKind {
    match name {
        "NotAllowedError" | "SecurityError" => ErrorKind::PermissionDenied,
        "NotFoundError" | "OverconstrainedError" => ErrorKind::DeviceMissing,
        "NotReadableError" | "AbortError" => ErrorKind::DeviceBusy,
        "NotSupportedError" => ErrorKind::Unsupported,
        "InvalidStateError" => ErrorKind::Closed,
        "SyntaxError"
        | "TypeError"
        | "InvalidAccessError"
        | "InvalidModificationError"
        | "RangeError"
        | "OperationError"
        | "RTCError" => ErrorKind::Invalid,
        _ => ErrorKind::Platform,
    }
}
