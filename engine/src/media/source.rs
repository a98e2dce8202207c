use std::ops::{Index, IndexMut};

use super::Kind;

/// The source of a track that somebody publishes in a room.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum TrackSource {
    /// The voice.
    Microphone,
    /// The face.
    Camera,
    /// The picture of a shared screen, window or tab.
    Screen,
    /// The sound of what is shared, where the platform captures it.
    ScreenAudio,
}

impl TrackSource {
    /// Every source.
    pub const ALL: [Self; 4] = [
        Self::Microphone,
        Self::Camera,
        Self::Screen,
        Self::ScreenAudio,
    ];

    /// The kind of its tracks.
    pub fn kind(self) -> Kind {
        match self {
            Self::Microphone | Self::ScreenAudio => Kind::Audio,
            Self::Camera | Self::Screen => Kind::Video,
        }
    }

    /// The name that peers give it (`signaling-protocol/PEERS.md`, States).
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Microphone => "microphone",
            Self::Camera => "camera",
            Self::Screen => "screen",
            Self::ScreenAudio => "screen_audio",
        }
    }
}

/// One value for each [`TrackSource`].
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct BySource<T>([T; TrackSource::ALL.len()]);

impl<T> BySource<T> {
    /// Makes each value from its source.
    pub fn from_fn(value: impl FnMut(TrackSource) -> T) -> Self {
        Self(TrackSource::ALL.map(value))
    }

    /// Every source with its value.
    pub fn iter(&self) -> impl Iterator<Item = (TrackSource, &T)> {
        TrackSource::ALL.into_iter().zip(&self.0)
    }
}

impl<T> Index<TrackSource> for BySource<T> {
    type Output = T;

    fn index(&self, source: TrackSource) -> &T {
        // The order of `ALL` is that of the enum.
        &self.0[source as usize]
    }
}

impl<T> IndexMut<TrackSource> for BySource<T> {
    fn index_mut(&mut self, source: TrackSource) -> &mut T {
        &mut self.0[source as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_source_has_its_own_value_and_name() {
        let names = BySource::from_fn(TrackSource::name);
        for (place, source) in TrackSource::ALL.into_iter().enumerate() {
            assert_eq!(names[source], source.name());
            assert_eq!(source as usize, place, "the order of `ALL`");
        }
        let mut distinct: Vec<_> = names.iter().map(|(_, name)| name).collect();
        distinct.dedup();
        assert_eq!(distinct.len(), TrackSource::ALL.len());
    }
}
