/// What this platform can do. Ask before offering it to a person; what is missing gives
/// [`ErrorKind::Unsupported`](crate::ErrorKind::Unsupported) when it is tried all the same.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub struct Capabilities {
    /// Cameras and microphones.
    pub capture: bool,
    /// [`Engine::open_screen`](crate::Engine::open_screen).
    pub screen: bool,
    /// [`Engine::encoded_track`](crate::Engine::encoded_track) and
    /// [`Track::read`](crate::Track::read): encoded frames in and out.
    pub encoded_frames: bool,
    /// Something flows from a provisional answer on
    /// ([`SdpType::PrAnswer`](crate::SdpType::PrAnswer)). Elsewhere one is kept, with the candidates
    /// that follow it, and the connection begins with the answer.
    pub early_media: bool,
    /// [`Transceiver::insert_dtmf`](crate::Transceiver::insert_dtmf).
    pub dtmf: bool,
    /// More than one encoding of a track at a time. Where the application encodes by itself, it gives
    /// each under its name, with [`EncodedFrame::rid`](crate::EncodedFrame::rid).
    pub simulcast: bool,
    /// Changing a sender's bit rate, frame rate and size while it sends.
    pub encoder_control: bool,
    /// `set_configuration` while connected.
    pub reconfiguration: bool,
    /// [`Configuration::local_addresses`](crate::Configuration::local_addresses).
    pub local_addresses: bool,
    /// `max_retransmits` and `max_packet_life_time` of a channel that the other side opened are
    /// known, and used for what is sent back on it. The `rtc` crate 0.21 drops them
    /// (webrtc-rs/rtc#117).
    pub announced_reliability: bool,
    /// The person's permission can be read without asking for it.
    pub permission_state: bool,
}
