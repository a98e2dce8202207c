//! Media sections, and the tracks that go out in them.

use super::PeerConnection;
use crate::error::Result;
use crate::media::{Kind, Track};
use crate::peer::{Direction, TransceiverInit};
use crate::platform::Peer as _;
use crate::rtc::transceiver::Transceiver;

impl PeerConnection {
    /// Makes a media section. Needs negotiation.
    ///
    /// # Errors
    ///
    /// [`Invalid`](crate::ErrorKind::Invalid) for a stream's id that cannot be told to the other
    /// side; [`Unsupported`](crate::ErrorKind::Unsupported) for several encodings without
    /// [`Capabilities::simulcast`](crate::Capabilities::simulcast).
    pub fn add_transceiver(&self, kind: Kind, init: &TransceiverInit) -> Result<Transceiver> {
        init.check()?;
        let transceiver = self.open_peer()?.add_transceiver(kind, init)?;
        Ok(Transceiver::new(transceiver))
    }

    /// Sends a track, as part of these streams: in a section of the other side's that only receives
    /// so far if there is one, else in a new one. Needs negotiation.
    pub async fn add_track(&self, track: &Track, streams: &[&str]) -> Result<Transceiver> {
        let free = self.transceivers().into_iter().find(|transceiver| {
            transceiver.kind() == track.kind() && transceiver.direction() == Direction::RecvOnly
        });
        let transceiver = match free {
            Some(transceiver) => {
                transceiver.set_direction(Direction::SendRecv);
                transceiver
            }
            None => {
                let streams = streams.iter().map(|&stream| stream.to_owned()).collect();
                let init = TransceiverInit {
                    streams,
                    ..TransceiverInit::default()
                };
                self.add_transceiver(track.kind(), &init)?
            }
        };
        transceiver.replace_track(Some(track)).await?;
        Ok(transceiver)
    }

    /// Sends nothing more in this section. Needs negotiation, after which the other side is told.
    pub async fn remove_track(&self, transceiver: &Transceiver) -> Result<()> {
        self.open_peer()?;
        transceiver.replace_track(None).await?;
        transceiver.set_direction(if transceiver.direction().receives() {
            Direction::RecvOnly
        } else {
            Direction::Inactive
        });
        Ok(())
    }

    /// All media sections, stopped ones left out.
    pub fn transceivers(&self) -> Vec<Transceiver> {
        let transceivers = self.0.peer.transceivers();
        transceivers.into_iter().map(Transceiver::new).collect()
    }
}
