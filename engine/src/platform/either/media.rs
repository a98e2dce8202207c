use std::time::Duration;

use super::{EitherTrack, EitherTransceiver};
use crate::error::{Error, ErrorKind, Result};
use crate::media::{EncodedFrame, Kind, SourceRequest, TrackSettings};
use crate::peer::{Codec, Direction, SendParameters};
use crate::platform::{Track, Transceiver};

fn mixed<T>() -> Result<T> {
    let text = "a track of another platform";
    Err(Error::new(ErrorKind::Invalid, text))
}

impl Transceiver for EitherTransceiver {
    type Track = EitherTrack;

    fn kind(&self) -> Kind {
        ask!(self, it => it.kind())
    }

    fn mid(&self) -> Option<String> {
        ask!(self, it => it.mid())
    }

    fn direction(&self) -> Direction {
        ask!(self, it => it.direction())
    }

    fn set_direction(&self, direction: Direction) {
        ask!(self, it => it.set_direction(direction));
    }

    fn current_direction(&self) -> Option<Direction> {
        ask!(self, it => it.current_direction())
    }

    fn set_codec_preferences(&self, codecs: &[Codec]) -> Result<()> {
        ask!(self, it => it.set_codec_preferences(codecs))
    }

    fn stop(&self) {
        ask!(self, it => it.stop());
    }

    fn receiver_track(&self) -> EitherTrack {
        match self {
            Self::Native(it) => EitherTrack::Native(it.receiver_track()),
            Self::Fake(it) => EitherTrack::Fake(it.receiver_track()),
        }
    }

    async fn replace_track(&self, track: Option<&EitherTrack>) -> Result<()> {
        match (self, track) {
            (Self::Native(it), Some(EitherTrack::Native(track))) => {
                it.replace_track(Some(track)).await
            }
            (Self::Fake(it), Some(EitherTrack::Fake(track))) => it.replace_track(Some(track)).await,
            (Self::Native(it), None) => it.replace_track(None).await,
            (Self::Fake(it), None) => it.replace_track(None).await,
            _ => mixed(),
        }
    }

    fn parameters(&self) -> SendParameters {
        ask!(self, it => it.parameters())
    }

    async fn set_parameters(&self, parameters: &SendParameters) -> Result<()> {
        ask!(self, it => it.set_parameters(parameters).await)
    }

    fn insert_dtmf(&self, tones: &str, duration: Duration, gap: Duration) -> Result<()> {
        ask!(self, it => it.insert_dtmf(tones, duration, gap))
    }
}

impl Track for EitherTrack {
    fn id(&self) -> String {
        ask!(self, it => it.id())
    }

    fn kind(&self) -> Kind {
        ask!(self, it => it.kind())
    }

    fn label(&self) -> String {
        ask!(self, it => it.label())
    }

    fn device(&self) -> Option<String> {
        ask!(self, it => it.device())
    }

    fn settings(&self) -> TrackSettings {
        ask!(self, it => it.settings())
    }

    fn is_enabled(&self) -> bool {
        ask!(self, it => it.is_enabled())
    }

    fn set_enabled(&self, enabled: bool) {
        ask!(self, it => it.set_enabled(enabled));
    }

    fn is_muted(&self) -> bool {
        ask!(self, it => it.is_muted())
    }

    async fn changed(&self) {
        ask!(self, it => it.changed().await);
    }

    fn is_ended(&self) -> bool {
        ask!(self, it => it.is_ended())
    }

    async fn ended(&self) {
        ask!(self, it => it.ended().await);
    }

    fn level(&self) -> f32 {
        ask!(self, it => it.level())
    }

    fn stop(&self) {
        ask!(self, it => it.stop());
    }

    async fn write(&self, frame: EncodedFrame) -> Result<()> {
        ask!(self, it => it.write(frame).await)
    }

    async fn requested(&self) -> Result<SourceRequest> {
        ask!(self, it => it.requested().await)
    }

    async fn read(&self) -> Result<EncodedFrame> {
        ask!(self, it => it.read().await)
    }
}
