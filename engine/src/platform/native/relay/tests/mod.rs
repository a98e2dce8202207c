//! Framing byte by byte, tunnels with real sockets on loopback, and what configurations make of them.

mod configured;
mod framing;
mod pace;
mod tunnel;

/// A STUN message of that type with these attributes.
fn stun(kind: u16, attributes: &[u8]) -> Vec<u8> {
    let mut message = kind.to_be_bytes().to_vec();
    message.extend((attributes.len() as u16).to_be_bytes());
    message.extend([0x21, 0x12, 0xa4, 0x42]);
    message.extend([7; 12]);
    message.extend(attributes);
    message
}

/// Channel data without padding.
fn channel_data(channel: u16, data: &[u8]) -> Vec<u8> {
    let mut message = channel.to_be_bytes().to_vec();
    message.extend((data.len() as u16).to_be_bytes());
    message.extend(data);
    message
}

/// The refusal of a relayed address.
fn refusal(code: u16, reason: &str) -> Vec<u8> {
    let mut value = vec![0, 0, (code / 100) as u8, (code % 100) as u8];
    value.extend(reason.as_bytes());
    let mut attributes = 9_u16.to_be_bytes().to_vec();
    attributes.extend((value.len() as u16).to_be_bytes());
    attributes.extend(&value);
    attributes.resize(attributes.len().next_multiple_of(4), 0);
    stun(0x0113, &attributes)
}
