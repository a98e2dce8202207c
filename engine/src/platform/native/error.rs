use webrtc::error::Error as RtcError;

use crate::error::{Error, ErrorKind};

/// What the crate says, as ours. `what` says what was attempted.
pub(super) fn failed(what: &'static str, error: RtcError) -> Error {
    let kind = match &error {
        RtcError::ErrConnectionClosed | RtcError::ErrDataChannelClosed => ErrorKind::Closed,
        RtcError::ErrOutboundPacketTooLarge => ErrorKind::Invalid,
        RtcError::ErrSendBufferFull => ErrorKind::Overloaded,
        _ => ErrorKind::Platform,
    };
    Error::new(kind, what).caused_by(error.to_string())
}

/// The same for what the caller gave: whatever the crate has against it, it is wrong.
pub(super) fn refused(what: &'static str, error: RtcError) -> Error {
    match failed(what, error) {
        error if error.kind() == ErrorKind::Platform => {
            Error::new(ErrorKind::Invalid, what).caused_by(error)
        }
        error => error,
    }
}
