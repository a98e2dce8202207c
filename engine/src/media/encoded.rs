use std::time::Duration;

/// One encoded frame of pictures, or one packet's worth of sound.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct EncodedFrame {
    /// What the codec made: for H.264 an access unit in Annex B form (each NAL unit behind
    /// `00 00 00 01`), for Opus one packet.
    pub data: Vec<u8>,
    /// When it is to be shown or played, since a moment of the sender's choice. Received frames
    /// count from the first one. Its ticks are the codec's clock rate.
    pub timestamp: Duration,
    /// How long it is shown or played.
    pub duration: Duration,
    /// Which of a section's [send encodings](crate::TransceiverInit::send_encodings) it is. `None`:
    /// the first, or the only one. A peer that takes one at a time is sent the first alone.
    /// Received frames have none: one encoding of several is received.
    pub rid: Option<String>,
    /// Packets that were missing right before it. Nothing when sent.
    pub lost_before: u16,
}

/// What those who receive an encoded track ask of its source.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum SourceRequest {
    /// The next frame should need no earlier one: somebody came, or lost something (PLI, FIR).
    KeyFrame,
    /// So many bits in a second fit now.
    Bitrate(u64),
}
