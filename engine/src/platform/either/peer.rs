use super::{Either, EitherChannel, EitherPeer, EitherTrack, EitherTransceiver};
use crate::error::Result;
use crate::media::Kind;
use crate::peer::{
    ChannelOptions, ChannelState, Configuration, IceCandidate, Message, SessionDescription,
    StatsReport, TransceiverInit,
};
use crate::platform::fake::Fake;
use crate::platform::native::Native;
use crate::platform::{Channel, ChannelEvents, Peer, PeerEvent, PeerEvents, Platform, emitter};

/// Events of one of the two, as events of either.
pub(super) fn events<P: Platform>(
    of_one: PeerEvents<P>,
    convert: fn(PeerEvent<P>) -> PeerEvent<Either>,
) -> PeerEvents<Either> {
    let (emitter, emitted) = emitter();
    of_one.taken_by(move |event| match event {
        Some(event) => emitter.emit(convert(event)),
        None => emitter.end(),
    });
    emitted
}

/// An event of one of the two, as one of either.
macro_rules! convert {
    ($name:ident, $from:ty, $side:ident) => {
        pub(super) fn $name(event: PeerEvent<$from>) -> PeerEvent<Either> {
            match event {
                PeerEvent::Candidate(it) => PeerEvent::Candidate(it),
                PeerEvent::CandidateError(it) => PeerEvent::CandidateError(it),
                PeerEvent::NegotiationNeeded => PeerEvent::NegotiationNeeded,
                PeerEvent::Connection(it) => PeerEvent::Connection(it),
                PeerEvent::IceConnection(it) => PeerEvent::IceConnection(it),
                PeerEvent::IceGathering(it) => PeerEvent::IceGathering(it),
                PeerEvent::Track {
                    transceiver,
                    track,
                    streams,
                } => PeerEvent::Track {
                    transceiver: EitherTransceiver::$side(transceiver),
                    track: EitherTrack::$side(track),
                    streams,
                },
                PeerEvent::Channel(channel, events) => {
                    PeerEvent::Channel(EitherChannel::$side(channel), events)
                }
            }
        }
    };
}

convert!(of_native, Native, Native);
convert!(of_fake, Fake, Fake);

impl Peer<Either> for EitherPeer {
    async fn create_offer(&self) -> Result<SessionDescription> {
        ask!(self, it => it.create_offer().await)
    }

    async fn create_answer(&self) -> Result<SessionDescription> {
        ask!(self, it => it.create_answer().await)
    }

    async fn set_local(&self, description: &SessionDescription) -> Result<()> {
        ask!(self, it => it.set_local(description).await)
    }

    async fn describe(&self) -> Result<SessionDescription> {
        ask!(self, it => it.describe().await)
    }

    async fn set_remote(&self, description: &SessionDescription) -> Result<()> {
        ask!(self, it => it.set_remote(description).await)
    }

    async fn rollback(&self) -> Result<()> {
        ask!(self, it => it.rollback().await)
    }

    async fn local_description(&self) -> Option<SessionDescription> {
        ask!(self, it => it.local_description().await)
    }

    async fn remote_description(&self) -> Option<SessionDescription> {
        ask!(self, it => it.remote_description().await)
    }

    async fn add_candidate(&self, candidate: Option<&IceCandidate>) -> Result<()> {
        ask!(self, it => it.add_candidate(candidate).await)
    }

    fn restart_ice(&self) {
        ask!(self, it => it.restart_ice());
    }

    async fn set_configuration(&self, config: &Configuration) -> Result<()> {
        ask!(self, it => it.set_configuration(config).await)
    }

    fn create_channel(
        &self,
        label: &str,
        options: &ChannelOptions,
    ) -> Result<(EitherChannel, ChannelEvents)> {
        Ok(match self {
            Self::Native(it) => {
                let (channel, events) = it.create_channel(label, options)?;
                (EitherChannel::Native(channel), events)
            }
            Self::Fake(it) => {
                let (channel, events) = it.create_channel(label, options)?;
                (EitherChannel::Fake(channel), events)
            }
        })
    }

    fn add_transceiver(&self, kind: Kind, init: &TransceiverInit) -> Result<EitherTransceiver> {
        wrap!(self, EitherTransceiver, it => it.add_transceiver(kind, init))
    }

    fn transceivers(&self) -> Vec<EitherTransceiver> {
        match self {
            Self::Native(it) => {
                let all = it.transceivers().into_iter();
                all.map(EitherTransceiver::Native).collect()
            }
            Self::Fake(it) => {
                let all = it.transceivers().into_iter();
                all.map(EitherTransceiver::Fake).collect()
            }
        }
    }

    async fn stats(&self) -> Result<StatsReport> {
        ask!(self, it => it.stats().await)
    }

    fn close(&self) {
        ask!(self, it => it.close());
    }
}

impl Channel for EitherChannel {
    fn label(&self) -> String {
        ask!(self, it => it.label())
    }

    fn options(&self) -> ChannelOptions {
        ask!(self, it => it.options())
    }

    fn id(&self) -> Option<u16> {
        ask!(self, it => it.id())
    }

    fn state(&self) -> ChannelState {
        ask!(self, it => it.state())
    }

    fn buffered_amount(&self) -> u64 {
        ask!(self, it => it.buffered_amount())
    }

    fn set_buffered_amount_low_threshold(&self, bytes: u64) {
        ask!(self, it => it.set_buffered_amount_low_threshold(bytes));
    }

    fn send(&self, message: Message) -> Result<()> {
        ask!(self, it => it.send(message))
    }

    fn close(&self) {
        ask!(self, it => it.close());
    }
}
