//! The browser's words for states, as ours. What a later browser invents is what comes before
//! everything else.

use web_sys::{
    RtcDataChannelState, RtcIceConnectionState, RtcIceGatheringState, RtcPeerConnectionState,
    RtcRtpTransceiverDirection,
};

use crate::media::Kind;
use crate::peer::{
    ChannelState, ConnectionState, Direction, IceConnectionState, IceGatheringState,
};

pub(super) fn connection(state: RtcPeerConnectionState) -> ConnectionState {
    match state {
        RtcPeerConnectionState::Connecting => ConnectionState::Connecting,
        RtcPeerConnectionState::Connected => ConnectionState::Connected,
        RtcPeerConnectionState::Disconnected => ConnectionState::Disconnected,
        RtcPeerConnectionState::Failed => ConnectionState::Failed,
        RtcPeerConnectionState::Closed => ConnectionState::Closed,
        _ => ConnectionState::New,
    }
}

pub(super) fn ice_connection(state: RtcIceConnectionState) -> IceConnectionState {
    match state {
        RtcIceConnectionState::Checking => IceConnectionState::Checking,
        RtcIceConnectionState::Connected => IceConnectionState::Connected,
        RtcIceConnectionState::Completed => IceConnectionState::Completed,
        RtcIceConnectionState::Disconnected => IceConnectionState::Disconnected,
        RtcIceConnectionState::Failed => IceConnectionState::Failed,
        RtcIceConnectionState::Closed => IceConnectionState::Closed,
        _ => IceConnectionState::New,
    }
}

pub(super) fn ice_gathering(state: RtcIceGatheringState) -> IceGatheringState {
    match state {
        RtcIceGatheringState::Gathering => IceGatheringState::Gathering,
        RtcIceGatheringState::Complete => IceGatheringState::Complete,
        _ => IceGatheringState::New,
    }
}

pub(super) fn channel(state: RtcDataChannelState) -> ChannelState {
    match state {
        RtcDataChannelState::Open => ChannelState::Open,
        RtcDataChannelState::Closing => ChannelState::Closing,
        RtcDataChannelState::Closed => ChannelState::Closed,
        _ => ChannelState::Connecting,
    }
}

pub(super) fn direction(direction: RtcRtpTransceiverDirection) -> Direction {
    match direction {
        RtcRtpTransceiverDirection::Sendrecv => Direction::SendRecv,
        RtcRtpTransceiverDirection::Sendonly => Direction::SendOnly,
        RtcRtpTransceiverDirection::Recvonly => Direction::RecvOnly,
        RtcRtpTransceiverDirection::Stopped => Direction::Stopped,
        _ => Direction::Inactive,
    }
}

pub(super) fn direction_word(direction: Direction) -> &'static str {
    match direction {
        Direction::SendRecv => "sendrecv",
        Direction::SendOnly => "sendonly",
        Direction::RecvOnly => "recvonly",
        Direction::Inactive => "inactive",
        Direction::Stopped => "stopped",
    }
}

pub(super) fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Audio => "audio",
        Kind::Video => "video",
    }
}
