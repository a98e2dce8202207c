use parlor_signaling_protocol::{
    ErrorCode, IceServer, LeaveReason, Member, Origin, PeerId, RoomId, Sealed,
};

/// What the driver does for the client.
#[derive(Debug, Eq, PartialEq)]
pub(crate) enum Output {
    /// Open a socket.
    Connect,
    /// Close it, with a code that does not end the session.
    GiveUp,
    Send(String),
    Event(Event),
}

#[derive(Debug, Eq, PartialEq)]
pub(crate) enum Event {
    Online {
        ice_servers: Vec<IceServer>,
        origins: Vec<Origin>,
    },
    Offline,
    Joined {
        room: RoomId,
        members: Vec<Member>,
    },
    Watching {
        room: RoomId,
        members: Vec<Member>,
    },
    PeerJoined {
        room: RoomId,
        member: Member,
    },
    PeerCard {
        room: RoomId,
        member: Member,
    },
    PeerLeft {
        room: RoomId,
        peer: PeerId,
        reason: LeaveReason,
    },
    Relayed {
        room: RoomId,
        from: PeerId,
        payload: Sealed,
    },
    /// With no room: for good, the client has stopped.
    Refused {
        room: Option<RoomId>,
        code: ErrorCode,
    },
}
