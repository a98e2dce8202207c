//! What the browser throws, as our errors.

use wasm_bindgen::JsValue;

use super::js;
use crate::error::{Error, ErrorKind};

/// Turns what was thrown into an error. `what` says what was attempted.
pub(super) fn thrown(what: &'static str, value: &JsValue) -> Error {
    thrown_in(what, value, ErrorKind::Invalid)
}

/// The same for a thing that answers like that when it was closed.
pub(super) fn thrown_by_closed(what: &'static str, value: &JsValue) -> Error {
    thrown_in(what, value, ErrorKind::Closed)
}

/// `wrong_state` is what a call in the wrong state is: browsers have one name for all reasons.
fn thrown_in(what: &'static str, value: &JsValue, wrong_state: ErrorKind) -> Error {
    let name = js::text(value, "name").unwrap_or_else(|| "unknown".into());
    let error = match js::text(value, "constraint") {
        Some(constraint) if name == "OverconstrainedError" => {
            let text = format!("{what}: no device meets the constraint {constraint:?}");
            Error::new(ErrorKind::DeviceMissing, text)
        }
        _ => Error::new(kind(&name, wrong_state), what),
    };
    let text = js::text(value, "message").or_else(|| value.as_string());
    error.caused_by(format!("{name}: {}", text.unwrap_or_default()))
}

/// By the names of [Web IDL](https://webidl.spec.whatwg.org/#idl-DOMException-error-names) and
/// [Media Capture](https://www.w3.org/TR/mediacapture-streams/#dom-mediadevices-getusermedia); the
/// wrong state (`InvalidStateError`) aside. A list, because a `match` is twice as much to load.
const KINDS: [(&str, ErrorKind); 19] = [
    ("NotAllowedError", ErrorKind::PermissionDenied),
    ("SecurityError", ErrorKind::PermissionDenied),
    ("NotFoundError", ErrorKind::DeviceMissing),
    ("OverconstrainedError", ErrorKind::DeviceMissing),
    ("NotReadableError", ErrorKind::DeviceBusy),
    ("AbortError", ErrorKind::DeviceBusy),
    ("NotSupportedError", ErrorKind::Unsupported),
    ("NetworkError", ErrorKind::Unreachable),
    ("TimeoutError", ErrorKind::Unreachable),
    ("QuotaExceededError", ErrorKind::Overloaded),
    ("SyntaxError", ErrorKind::Invalid),
    ("TypeError", ErrorKind::Invalid),
    ("RangeError", ErrorKind::Invalid),
    ("DataError", ErrorKind::Invalid),
    ("InvalidAccessError", ErrorKind::Invalid),
    ("InvalidCharacterError", ErrorKind::Invalid),
    ("InvalidModificationError", ErrorKind::Invalid),
    ("OperationError", ErrorKind::Invalid),
    ("RTCError", ErrorKind::Invalid),
];

fn kind(name: &str, wrong_state: ErrorKind) -> ErrorKind {
    if name == "InvalidStateError" {
        return wrong_state;
    }
    let known = KINDS.iter().find(|(known, _)| *known == name);
    known.map_or(ErrorKind::Platform, |(_, kind)| *kind)
}
