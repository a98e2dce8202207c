//! Where an application's encoded frames come in.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tokio::sync::Notify;

use super::send::{Outlet, known};
use crate::error::{Error, ErrorKind, Result};
use crate::media::{EncodedFrame, Kind, SourceRequest};
use crate::peer::Codec;

/// A track's frames on their way to everybody whom it is sent to.
pub(super) struct Source {
    /// [`Track::id`](crate::Track::id) of its track.
    pub(super) track: String,
    pub(super) codec: Codec,
    outlets: Mutex<Vec<Weak<Outlet>>>,
    pub(super) requests: Arc<Requests>,
}

impl Source {
    pub(super) fn new(track: String, codec: &Codec) -> Result<Self> {
        let Some(codec) = known(&codec.mime_type) else {
            let text = format!("{} is not sent here", codec.mime_type);
            return Err(Error::new(ErrorKind::Unsupported, text));
        };
        Ok(Self {
            track,
            codec,
            outlets: Mutex::default(),
            requests: Arc::default(),
        })
    }

    pub(super) fn kind(&self) -> Kind {
        match self.codec.mime_type.starts_with("audio/") {
            true => Kind::Audio,
            false => Kind::Video,
        }
    }

    fn outlets(&self) -> MutexGuard<'_, Vec<Weak<Outlet>>> {
        self.outlets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn attach(&self, outlet: &Arc<Outlet>) {
        let mut outlets = self.outlets();
        outlets.retain(|known| known.strong_count() > 0 && !known.ptr_eq(&Arc::downgrade(outlet)));
        outlets.push(Arc::downgrade(outlet));
        drop(outlets);
        // Whoever comes has seen nothing yet.
        self.requests.key_frame();
    }

    pub(super) fn detach(&self, outlet: &Arc<Outlet>) {
        let outlet = Arc::downgrade(outlet);
        self.outlets().retain(|known| !known.ptr_eq(&outlet));
    }

    pub(super) async fn write(&self, frame: EncodedFrame) {
        let outlets: Vec<_> = self.outlets().iter().filter_map(Weak::upgrade).collect();
        for outlet in outlets {
            outlet.send(&self.codec, &frame).await;
        }
    }

    pub(super) async fn requested(&self) -> Result<SourceRequest> {
        self.requests.next().await
    }

    pub(super) fn end(&self) {
        self.requests.end();
        self.outlets().clear();
    }
}

/// What receivers ask of a source. Only the newest of each kind waits.
#[derive(Default)]
pub(super) struct Requests {
    state: Mutex<Asked>,
    changed: Notify,
}

#[derive(Default)]
struct Asked {
    key_frame: bool,
    bitrate: Option<u64>,
    ended: bool,
}

impl Requests {
    fn change(&self, change: impl FnOnce(&mut Asked)) {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_waiters();
    }

    pub(super) fn key_frame(&self) {
        self.change(|asked| asked.key_frame = true);
    }

    pub(super) fn bitrate(&self, bitrate: u64) {
        self.change(|asked| asked.bitrate = Some(bitrate));
    }

    fn end(&self) {
        self.change(|asked| asked.ended = true);
    }

    async fn next(&self) -> Result<SourceRequest> {
        loop {
            // Made before looking, so that what comes in between is not missed.
            let changed = self.changed.notified();
            {
                let mut asked = self.state.lock().unwrap_or_else(PoisonError::into_inner);
                if std::mem::take(&mut asked.key_frame) {
                    return Ok(SourceRequest::KeyFrame);
                }
                if let Some(bitrate) = asked.bitrate.take() {
                    return Ok(SourceRequest::Bitrate(bitrate));
                }
                if asked.ended {
                    return Err(Error::closed("track"));
                }
            }
            changed.await;
        }
    }
}
