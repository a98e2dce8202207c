use parlor_signaling_protocol::ClientMessage;

/// How many tokens a `join` takes. Its proof takes a hundred times as long to verify as a short
/// message takes to pass on (0.1 ms), and all sockets share the one task that does both; at the
/// ordinary rate, 90 of them could take all its time. 64 rooms, as many as a session may be in, can
/// still be entered at once.
const JOIN_COST: u32 = 8;

/// How many tokens a message takes.
pub(crate) fn cost(message: &ClientMessage) -> u32 {
    match message {
        ClientMessage::Join { .. } => JOIN_COST,
        _ => 1,
    }
}
