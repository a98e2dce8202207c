//! What receivers tell of what we send.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rtc::rtcp::reception_report::ReceptionReport;
use rtc::shared::time::SystemInstant;

use super::encoded::Requests;

/// By stream.
pub(super) struct Feedback {
    bitrate: AtomicU64,
    streams: Mutex<BTreeMap<u32, Stream>>,
    /// The clock of our sender reports.
    clock: SystemInstant,
}

/// What is heard of one of our streams.
struct Stream {
    requests: Arc<Requests>,
    report: Option<Report>,
}

/// How a stream arrives, by the other side's last report (RFC 3550, section 6.4).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Report {
    /// 0 to 1.
    pub(super) loss: f64,
    /// In ticks of the codec's clock.
    pub(super) jitter: u32,
    /// Once a report answers one of ours.
    pub(super) round_trip: Option<Duration>,
}

impl Default for Feedback {
    fn default() -> Self {
        Self {
            bitrate: AtomicU64::new(0),
            streams: Mutex::default(),
            clock: SystemInstant::now(tokio::time::Instant::now().into_std()),
        }
    }
}

impl Feedback {
    fn streams(&self) -> MutexGuard<'_, BTreeMap<u32, Stream>> {
        self.streams.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Bits in a second that congestion control believes to fit.
    pub(super) fn bitrate(&self) -> Option<u64> {
        match self.bitrate.load(Ordering::Relaxed) {
            0 => None,
            bitrate => Some(bitrate),
        }
    }

    /// What is asked of this stream goes there from now on.
    pub(super) fn direct(&self, ssrc: u32, requests: Option<Arc<Requests>>) {
        let mut streams = self.streams();
        let report = streams.remove(&ssrc).and_then(|stream| stream.report);
        if let Some(requests) = requests {
            streams.insert(ssrc, Stream { requests, report });
        }
    }

    /// Somebody needs a frame that needs no earlier one.
    pub(super) fn key_frame(&self, ssrc: u32) {
        if let Some(stream) = self.streams().get(&ssrc) {
            stream.requests.key_frame();
        }
    }

    pub(super) fn fits(&self, bitrate: f64) {
        let bitrate = bitrate.max(1.0) as u64;
        if self.bitrate.swap(bitrate, Ordering::Relaxed) == bitrate {
            return;
        }
        for stream in self.streams().values() {
            stream.requests.bitrate(bitrate);
        }
    }

    /// Keeps what the other side reports. webrtc leaves out the round trip, and what comes in the
    /// reports of a side that sends too.
    pub(super) fn reported(&self, reports: &[ReceptionReport], now: Instant) {
        let now = (self.clock.ntp(now) >> 16) as u32;
        let mut streams = self.streams();
        for report in reports {
            if let Some(stream) = streams.get_mut(&report.ssrc) {
                let last = stream.report.and_then(|last| last.round_trip);
                stream.report = Some(Report {
                    loss: f64::from(report.fraction_lost) / 256.0,
                    jitter: report.jitter,
                    round_trip: round_trip(report, now).or(last),
                });
            }
        }
    }

    pub(super) fn report(&self, ssrc: u32) -> Option<Report> {
        self.streams().get(&ssrc)?.report
    }
}

/// The time there and back: since our report went out, without what the other side kept it. All in
/// the middle 32 bits of NTP's time, 1/65536 seconds.
fn round_trip(report: &ReceptionReport, now: u32) -> Option<Duration> {
    const UNITS: u64 = 65_536;
    if report.last_sender_report == 0 {
        return None;
    }
    let away = now.wrapping_sub(report.last_sender_report);
    let units = away.wrapping_sub(report.delay).cast_signed();
    // Rounding makes a short one less than nothing, nonsense far less or far more.
    const MOST: i32 = 60 * 65_536;
    (-655..MOST).contains(&units).then(|| {
        Duration::from_nanos(u64::from(units.max(0).unsigned_abs()) * 1_000_000_000 / UNITS)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u32 = 65_536;

    fn report(ssrc: u32, last_sender_report: u32, delay: u32) -> ReceptionReport {
        ReceptionReport {
            ssrc,
            fraction_lost: 64,
            jitter: 90,
            last_sender_report,
            delay,
            ..ReceptionReport::default()
        }
    }

    #[test]
    fn a_round_trip_is_what_the_other_side_did_not_keep() {
        let now = 10 * SECOND;
        let kept = report(1, 8 * SECOND, SECOND);
        assert_eq!(round_trip(&kept, now), Some(Duration::from_secs(1)));
        assert_eq!(round_trip(&report(1, 0, 0), now), None, "nothing to answer");
        let rounded = report(1, 8 * SECOND, 2 * SECOND + 3);
        assert_eq!(round_trip(&rounded, now), Some(Duration::ZERO));
        for nonsense in [
            report(1, 8 * SECOND, 9 * SECOND),
            report(1, now + SECOND, 0),
        ] {
            assert_eq!(round_trip(&nonsense, now), None);
        }
        // Over the clock's end.
        let wrapped = report(1, u32::MAX - SECOND + 1, 0);
        assert_eq!(round_trip(&wrapped, SECOND), Some(Duration::from_secs(2)));
    }

    #[test]
    fn only_own_streams_are_kept() {
        let feedback = Feedback::default();
        feedback.direct(1, Some(Arc::default()));
        feedback.reported(
            &[report(1, 0, 0), report(2, 0, 0)],
            tokio::time::Instant::now().into_std(),
        );
        let kept = Report {
            loss: 0.25,
            jitter: 90,
            round_trip: None,
        };
        assert_eq!(feedback.report(1), Some(kept));
        assert_eq!(feedback.report(2), None);
        feedback.direct(1, None);
        assert_eq!(feedback.report(1), None);
    }
}
