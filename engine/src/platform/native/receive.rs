//! What another peer sends: from packets, which are caught before webrtc can lose the first of
//! them, to frames that somebody reads.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use rtc::rtcp::payload_feedbacks::picture_loss_indication::PictureLossIndication;
use rtc::rtp::packet::Packet;
use tokio::sync::Notify;
use tokio::time::Instant;
use webrtc::media_stream::track_remote::{TrackRemote, TrackRemoteEvent};

use super::assembler::{Assembled, Assembler};
use super::chain::Live;
use super::send::shown;
use super::transceiver;
use crate::error::{Error, Result};
use crate::media::EncodedFrame;

/// Streams whose packets wait until it is known where they belong, and how many of each do.
const MAX_STREAMS: usize = 32;
const MAX_WAITING: usize = 512;
/// Frames that nobody reads for so long are left out, oldest first.
const UNREAD: Duration = Duration::from_secs(2);
/// The same where timestamps are nonsense.
const MAX_UNREAD: usize = 512;
/// And how much memory they take at most: four of the largest frames.
const MAX_UNREAD_BYTES: usize = 16 * 1024 * 1024;
/// Somebody who loses much asks no more often than this for a key frame.
const ASK_AGAIN: Duration = Duration::from_millis(500);

/// Where the packets of each stream go.
#[derive(Default)]
pub(super) struct Router(Mutex<BTreeMap<u32, Stream>>);

enum Stream {
    Waiting(VecDeque<Packet>),
    Known(Weak<Sink>),
}

impl Stream {
    fn is_of_use(&self) -> bool {
        matches!(self, Self::Known(sink) if sink.strong_count() > 0)
    }

    fn leads_to(&self, sink: &Arc<Sink>) -> bool {
        matches!(self, Self::Known(known) if std::ptr::eq(known.as_ptr(), Arc::as_ptr(sink)))
    }
}

impl Router {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<u32, Stream>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn route(&self, packet: &Packet) {
        let ssrc = packet.header.ssrc;
        let mut streams = self.lock();
        if streams.len() >= MAX_STREAMS && !streams.contains_key(&ssrc) {
            streams.retain(|_, stream| stream.is_of_use());
            if streams.len() >= MAX_STREAMS {
                return;
            }
        }
        let stream = streams
            .entry(ssrc)
            .or_insert_with(|| Stream::Waiting(VecDeque::new()));
        match stream {
            Stream::Waiting(packets) if packets.len() < MAX_WAITING => {
                packets.push_back(packet.clone());
            }
            Stream::Waiting(_) => {}
            Stream::Known(sink) => {
                let sink = sink.upgrade();
                drop(streams);
                if let Some(sink) = sink {
                    sink.push(packet.clone());
                }
            }
        }
    }

    fn known(&self, ssrc: u32, sink: &Arc<Sink>) {
        let known = Stream::Known(Arc::downgrade(sink));
        let before = {
            let mut streams = self.lock();
            let before = streams.remove(&ssrc);
            // A section has one stream at a time: the one before is over.
            streams.retain(|_, stream| !stream.leads_to(sink));
            streams.insert(ssrc, known);
            before
        };
        if let Some(Stream::Waiting(packets)) = before {
            for packet in packets {
                sink.push(packet);
            }
        }
    }
}

/// One remote track's frames.
#[derive(Default)]
pub(super) struct Sink {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Default)]
struct State {
    assembler: Option<Assembler>,
    frames: VecDeque<EncodedFrame>,
    /// How large those are together.
    unread: usize,
    /// All that came whole, also those that nobody read.
    whole: u64,
    ended: bool,
    /// Somebody reads, so key frames are worth asking for.
    is_read: bool,
    way_back: Option<(Arc<dyn TrackRemote>, u32)>,
    asked_at: Option<Instant>,
}

impl Sink {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, packet: Packet) {
        let mut state = self.lock();
        let mut assembled = Vec::new();
        if let Some(assembler) = &mut state.assembler {
            assembler.push(packet, &mut assembled);
        }
        let mut is_damaged = false;
        for it in assembled {
            match it {
                Assembled::Frame(frame) => state.keep(frame),
                Assembled::Damaged => is_damaged = true,
            }
        }
        drop(state);
        if is_damaged {
            self.ask_for_key_frame();
        }
        self.changed.notify_waiters();
    }

    pub(super) async fn read(&self) -> Result<EncodedFrame> {
        let is_first = !std::mem::replace(&mut self.lock().is_read, true);
        if is_first {
            self.ask_for_key_frame();
        }
        loop {
            // Made before looking, so that what comes in between is not missed.
            let changed = self.changed.notified();
            {
                let mut state = self.lock();
                if let Some(frame) = state.next() {
                    return Ok(frame);
                }
                if state.ended {
                    return Err(Error::closed("track"));
                }
            }
            changed.await;
        }
    }

    /// How many frames came whole so far.
    pub(super) fn frames(&self) -> u64 {
        self.lock().whole
    }

    pub(super) fn end(&self) {
        self.lock().ended = true;
        self.changed.notify_waiters();
    }

    /// Asks whoever sends video for a frame that needs no earlier one, if somebody reads.
    fn ask_for_key_frame(&self) {
        let (track, ssrc) = {
            let mut state = self.lock();
            let is_video = state
                .assembler
                .as_ref()
                .is_some_and(|it| it.codec().mime_type.starts_with("video/"));
            let is_early = state.asked_at.is_some_and(|at| at.elapsed() < ASK_AGAIN);
            let Some(way_back) = state.way_back.clone() else {
                return;
            };
            if !is_video || !state.is_read || is_early {
                return;
            }
            state.asked_at = Some(Instant::now());
            way_back
        };
        super::runtime::spawn(async move {
            let pli = PictureLossIndication {
                sender_ssrc: 0,
                media_ssrc: ssrc,
            };
            // A connection that is gone sends nothing any more.
            let _ = track.write_rtcp(vec![Box::new(pli)]).await;
        });
    }
}

impl State {
    fn keep(&mut self, frame: EncodedFrame) {
        let newest = frame.timestamp;
        self.whole += 1;
        self.unread += frame.data.len();
        self.frames.push_back(frame);
        while self.frames.len() > MAX_UNREAD
            || self.unread > MAX_UNREAD_BYTES
            || self
                .frames
                .front()
                .is_some_and(|oldest| oldest.timestamp + UNREAD < newest)
        {
            self.next();
        }
    }

    fn next(&mut self) -> Option<EncodedFrame> {
        let frame = self.frames.pop_front()?;
        self.unread -= frame.data.len();
        Some(frame)
    }
}

/// Finds out which section a remote track belongs to, and takes its packets there.
pub(super) async fn attach(live: Live, track: Arc<dyn TrackRemote>) {
    let mut found = None;
    while let Some(event) = track.poll().await {
        let ssrc = match event {
            TrackRemoteEvent::OnRtpPacket(packet) => packet.header.ssrc,
            TrackRemoteEvent::OnEnded => break,
            _ => continue,
        };
        if found == Some(ssrc) {
            continue;
        }
        // Of several encodings one is received, as in browsers: the first that comes.
        let is_another =
            found.is_some() && track.rid(ssrc).await.is_some_and(|rid| !rid.is_empty());
        if is_another {
            continue;
        }
        let Some(transceiver) = transceiver::of_track(&live, &track).await else {
            continue;
        };
        let Some(codec) = track.codec(ssrc).await else {
            continue;
        };
        let sink = transceiver.sink();
        {
            let mut state = sink.lock();
            state.assembler = Some(Assembler::new(shown(&codec)));
            state.way_back = Some((track.clone(), ssrc));
        }
        live.router.known(ssrc, sink);
        sink.ask_for_key_frame();
        transceiver.media_came();
        found = Some(ssrc);
    }
}

#[cfg(test)]
#[path = "receive_tests.rs"]
mod tests;
