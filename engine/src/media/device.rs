/// A microphone, camera or loudspeaker that the system knows.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Device {
    /// Names the device to [`AudioConstraints::device`](super::AudioConstraints::device) and
    /// [`VideoConstraints::device`](super::VideoConstraints::device). Empty on the web until
    /// permission was given once.
    pub id: String,
    /// What it is.
    pub kind: DeviceKind,
    /// Its name for people; empty on the web until permission was given once.
    pub label: String,
}

/// What a device does.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum DeviceKind {
    /// Takes sound in.
    Microphone,
    /// Takes pictures.
    Camera,
    /// Plays sound.
    Speaker,
}
