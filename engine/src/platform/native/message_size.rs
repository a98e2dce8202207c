//! How large messages may be. webrtc 0.21.1 takes the other side's limit for its own too: it would
//! not receive what is larger than what the other side does. So it is shown our limit in their place,
//! and theirs is kept here.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::chain::Live;
use super::descriptions;
use crate::peer::SessionDescription;
use crate::platform::message_size::{ATTRIBUTE, send_limit};
use crate::rtc::MAX_MESSAGE;

/// The current description and the pending one, of which each may be an offer or an answer.
const KEPT: usize = 4;

/// The largest message that the other side takes.
#[derive(Clone)]
pub(super) struct SendLimit(Arc<AtomicUsize>);

impl Default for SendLimit {
    fn default() -> Self {
        Self(Arc::new(MAX_MESSAGE.into()))
    }
}

impl SendLimit {
    pub(super) fn get(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// Remote descriptions, as they came and as webrtc was given them.
#[derive(Default)]
pub(super) struct Rewritten(VecDeque<(String, String)>);

impl Rewritten {
    /// What webrtc is given of a description.
    pub(super) fn of(&mut self, theirs: &SessionDescription) -> SessionDescription {
        let given = with_our_limit(&theirs.sdp);
        if given != theirs.sdp {
            self.0.retain(|(known, _)| *known != given);
            self.0.truncate(KEPT - 1);
            self.0.push_front((given.clone(), theirs.sdp.clone()));
        }
        SessionDescription {
            kind: theirs.kind,
            sdp: given,
        }
    }

    /// A description as it came.
    pub(super) fn original(&self, given: String) -> String {
        let pair = self.0.iter().find(|(known, _)| *known == given);
        pair.map_or(given, |(_, original)| original.clone())
    }
}

/// Both sides agreed: from now on their limit is that of the description in force.
pub(super) async fn agreed(live: &Live) {
    if let Some(theirs) = descriptions::remote(live).await {
        let limit = &live.shared.send_limit.0;
        limit.store(send_limit(&theirs.sdp), Ordering::Relaxed);
    }
}

fn with_our_limit(sdp: &str) -> String {
    let mut given = String::with_capacity(sdp.len() + 32);
    let mut is_data = false;
    for line in sdp.split_inclusive('\n') {
        if line.starts_with("m=") {
            is_data = line.starts_with("m=application ");
        }
        if is_data && line.starts_with(ATTRIBUTE) {
            continue;
        }
        given.push_str(line);
        // Directly behind the identification, which every section has.
        if is_data && line.starts_with("a=mid:") && line.ends_with('\n') {
            let end = &line[line.trim_end().len()..];
            given.push_str(&format!("{ATTRIBUTE}{MAX_MESSAGE}{end}"));
        }
    }
    given
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::peer::SdpType;

    const HEAD: &str = "v=0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:0\r\n";
    const OURS: &str = "a=max-message-size:262144\r\n";

    fn offer(sdp: String) -> SessionDescription {
        SessionDescription {
            kind: SdpType::Offer,
            sdp,
        }
    }

    #[test]
    fn webrtc_sees_our_limit_and_the_application_theirs() {
        let mut rewritten = Rewritten::default();
        for (lines, rest) in [
            ("a=max-message-size:1000\r\n", ""),
            ("", "m=audio 9 X 0\r\na=mid:1\r\n"),
            ("a=sctp-port:5000\r\na=max-message-size:0\r\n", ""),
        ] {
            let theirs = offer(format!("{HEAD}{lines}{rest}"));
            let given = rewritten.of(&theirs);
            let others = lines
                .split_inclusive('\n')
                .filter(|it| !it.starts_with(ATTRIBUTE));
            let others: String = others.collect();
            assert_eq!(given, offer(format!("{HEAD}{OURS}{others}{rest}")));
            assert_eq!(rewritten.original(given.sdp), theirs.sdp);
        }
        for number in 0..100 {
            rewritten.of(&offer(format!("{HEAD}a=x:{number}\r\n")));
        }
        assert_eq!(rewritten.0.len(), KEPT);
    }

    #[test]
    fn what_has_no_data_stays_as_it_is() {
        for sdp in [
            "",
            "garbage",
            "v=0\r\nm=audio 9 X 0\r\na=mid:0\r\na=max-message-size:1\r\n",
        ] {
            let mut rewritten = Rewritten::default();
            assert_eq!(rewritten.of(&offer(sdp.to_owned())).sdp, sdp);
            assert!(rewritten.0.is_empty());
        }
    }
}
