//! Media sections: what the engine asks of one (here), what is known of it ([`shared`]), how webrtc is
//! brought to what is wanted ([`making`]), and how we learn what it knows ([`following`]).

mod following;
mod making;
mod shared;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use super::chain::{Live, Op, Shared};
use super::encoded::Source;
use super::send::family;
use super::track::NativeTrack;
use crate::error::{Error, ErrorKind, Result};
use crate::media::Kind;
use crate::peer::{Codec, Direction, Encoding, SendParameters};
use crate::platform::Transceiver;

pub(super) use following::{described, of_track, refresh};
pub(super) use making::make_all;
pub(super) use shared::TransceiverShared;

#[derive(Clone)]
pub(crate) struct NativeTransceiver {
    shared: Arc<TransceiverShared>,
    peer: Arc<Shared>,
    ops: mpsc::WeakUnboundedSender<Op>,
}

impl NativeTransceiver {
    pub(super) fn new(
        shared: Arc<TransceiverShared>,
        peer: Arc<Shared>,
        ops: mpsc::WeakUnboundedSender<Op>,
    ) -> Self {
        Self { shared, peer, ops }
    }

    fn later<F>(&self, act: impl FnOnce(Live, Arc<TransceiverShared>) -> F + Send + 'static)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let shared = self.shared.clone();
        if let Some(ops) = self.ops.upgrade() {
            // A task that is gone has nothing left to do it to.
            let _ = ops.send(Box::new(move |live| Box::pin(act(live, shared))));
        }
    }

    fn check(&self) -> Result<()> {
        if self.shared.is_stopped() || self.peer.is_closed() {
            return Err(Error::closed("media section"));
        }
        Ok(())
    }
}

impl Transceiver for NativeTransceiver {
    type Track = NativeTrack;

    fn kind(&self) -> Kind {
        self.shared.kind
    }

    fn mid(&self) -> Option<String> {
        self.shared.mid()
    }

    fn direction(&self) -> Direction {
        let state = self.shared.state();
        match state.stopped {
            true => Direction::Stopped,
            false => state.direction,
        }
    }

    fn set_direction(&self, direction: Direction) {
        let before = std::mem::replace(&mut self.shared.state().direction, direction);
        if before != direction && self.check().is_ok() {
            self.later(|live, shared| async move { making::direct(&live, &shared).await });
            self.peer.needs_negotiation();
        }
    }

    fn current_direction(&self) -> Option<Direction> {
        let state = self.shared.state();
        match state.stopped {
            true => Some(Direction::Stopped),
            false => state.current,
        }
    }

    fn set_codec_preferences(&self, wished: &[Codec]) -> Result<()> {
        self.check()?;
        let mut preferred = Vec::new();
        for codec in wished {
            let family = family(&codec.mime_type);
            if family.is_empty() {
                let text = format!("{} is not to be had here", codec.mime_type);
                return Err(Error::new(ErrorKind::Invalid, text));
            }
            preferred.extend(family);
        }
        self.later(|live, shared| async move {
            make_all(&live).await;
            let rtc = shared.state().rtc.clone();
            if let Some(rtc) = rtc
                && let Err(error) = rtc.set_codec_preferences(preferred).await
            {
                tracing::warn!(%error, "the preferred codecs were not set");
            }
        });
        self.peer.needs_negotiation();
        Ok(())
    }

    fn stop(&self) {
        if self.shared.is_stopped() {
            return;
        }
        self.shared.end();
        self.later(|_live, shared| async move {
            let rtc = shared.state().rtc.clone();
            if let Some(rtc) = rtc
                && let Err(error) = rtc.stop().await
            {
                tracing::debug!(%error, "a section was not stopped");
            }
        });
        self.peer.needs_negotiation();
    }

    fn receiver_track(&self) -> NativeTrack {
        self.shared.receiver.clone()
    }

    async fn replace_track(&self, track: Option<&NativeTrack>) -> Result<()> {
        self.check()?;
        let source: Option<Arc<Source>> = match track {
            Some(track) => {
                let source = track.source().cloned().ok_or_else(|| {
                    let text = "what another peer sends is not passed on";
                    Error::new(ErrorKind::Unsupported, text)
                })?;
                Some(source)
            }
            None => None,
        };
        let fits = |source: &Arc<Source>| self.shared.outlet().takes(&source.codec);
        if !source.as_ref().is_none_or(fits) {
            let text = "a track of a codec that was not agreed on";
            return Err(Error::new(ErrorKind::Invalid, text));
        }
        self.shared.outlet().feed(source);
        self.later(|live, shared| async move { making::sends_to(&live, &shared) });
        Ok(())
    }

    fn parameters(&self) -> SendParameters {
        SendParameters {
            encodings: match &self.shared.encodings[..] {
                [] => vec![Encoding::default()],
                encodings => encodings.to_vec(),
            },
            degradation_preference: None,
            codecs: self.shared.state().codecs.clone(),
        }
    }

    async fn set_parameters(&self, _parameters: &SendParameters) -> Result<()> {
        let text = "the application encodes by itself, so it alone changes how";
        Err(Error::new(ErrorKind::Unsupported, text))
    }

    fn insert_dtmf(&self, _tones: &str, _duration: Duration, _gap: Duration) -> Result<()> {
        Err(Error::new(ErrorKind::Unsupported, "no tones are sent here"))
    }
}
