use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::{Error, ErrorKind, Result};
use crate::peer::{IceCandidate, SessionDescription};

/// More candidates than any host has addresses.
const MAX_HELD: usize = 256;
/// Longer than any candidate with all its extensions.
const MAX_CHARS: usize = 2_048;

/// Remote candidates that came before the description that they belong to.
#[derive(Default)]
pub(super) struct Held(Mutex<State>);

#[derive(Default)]
struct State {
    /// What the remote description names, once there is one.
    ufrags: Option<Vec<String>>,
    /// There is a newer one, which is not in force before the answer.
    is_provisional: bool,
    candidates: Vec<IceCandidate>,
}

impl Held {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a candidate's description is there; keeps it otherwise.
    pub(super) fn admits(&self, candidate: &IceCandidate) -> Result<bool> {
        check(candidate)?;
        let mut state = self.lock();
        if state.knows(candidate) {
            return Ok(true);
        }
        if state.candidates.len() >= MAX_HELD {
            let text = "more candidates wait for their description than any host has";
            return Err(Error::new(ErrorKind::Overloaded, text));
        }
        state.candidates.push(candidate.clone());
        Ok(false)
    }

    /// Whether a candidate is of the generation that is in force.
    pub(super) fn is_current(&self, candidate: &IceCandidate) -> bool {
        self.lock().knows(candidate)
    }

    /// A provisional answer was set that is not in force yet. What comes now may belong to it.
    pub(super) fn wait_for_answer(&self) {
        self.lock().is_provisional = true;
    }

    /// A remote description was set; gives what waited for it.
    pub(super) fn described(&self, description: &SessionDescription) -> Vec<IceCandidate> {
        let mut state = self.lock();
        state.is_provisional = false;
        let named = description.sdp.lines();
        let named = named.filter_map(|line| line.strip_prefix("a=ice-ufrag:"));
        state.ufrags = Some(named.map(|ufrag| ufrag.trim_end().to_owned()).collect());
        let candidates = std::mem::take(&mut state.candidates);
        let (known, unknown) = candidates
            .into_iter()
            .partition(|candidate| state.knows(candidate));
        state.candidates = unknown;
        known
    }

    pub(super) fn has_remote(&self) -> bool {
        self.lock().ufrags.is_some()
    }
}

impl State {
    /// Whether the candidate is of the remote description's generation.
    fn knows(&self, candidate: &IceCandidate) -> bool {
        let (Some(ufrags), ufrag) = (&self.ufrags, &candidate.username_fragment) else {
            return false;
        };
        if self.is_provisional {
            return false;
        }
        let is_known = |ufrag| ufrags.is_empty() || ufrags.contains(ufrag);
        // A description that names none says nothing against it.
        ufrag.as_ref().is_none_or(is_known)
    }
}

/// Refuses what no platform takes, also before there is a platform's word on it.
fn check(candidate: &IceCandidate) -> Result<()> {
    let text = &candidate.candidate;
    let attribute = text.strip_prefix("a=").unwrap_or(text);
    let looks_right = text.len() <= MAX_CHARS
        && !text.contains(['\r', '\n'])
        && attribute
            .strip_prefix("candidate:")
            .is_some_and(names_a_way);
    if looks_right {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Invalid, "not an ICE candidate"))
}

/// Foundation, component, transport, priority, address, port, `typ` and the type
/// ([RFC 8839, section 5.1](https://www.rfc-editor.org/rfc/rfc8839#section-5.1)).
fn names_a_way(attribute: &str) -> bool {
    let fields: Vec<_> = attribute.split_whitespace().take(8).collect();
    let [_, component, _, priority, _, port, typ, _] = fields[..] else {
        return false;
    };
    let is_number = |field: &str, most| field.parse::<u32>().is_ok_and(|it| it <= most);
    is_number(component, 256)
        && is_number(priority, u32::MAX)
        && is_number(port, u16::MAX.into())
        && typ == "typ"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::peer::SdpType;

    fn candidate(ufrag: Option<&str>) -> IceCandidate {
        IceCandidate {
            candidate: "candidate:1 1 udp 2130706431 127.0.0.1 5000 typ host".into(),
            sdp_mid: Some("0".into()),
            sdp_m_line_index: None,
            username_fragment: ufrag.map(Into::into),
        }
    }

    fn offer(ufrag: &str) -> SessionDescription {
        SessionDescription {
            kind: SdpType::Offer,
            sdp: format!("v=0\r\na=ice-ufrag:{ufrag}\r\n"),
        }
    }

    #[test]
    fn a_candidate_waits_for_the_description_of_its_generation() {
        let held = Held::default();
        assert!(!held.admits(&candidate(Some("a"))).unwrap());
        assert_eq!(held.described(&offer("a")), [candidate(Some("a"))]);
        assert!(!held.admits(&candidate(Some("b"))).unwrap());
        assert!(held.admits(&candidate(None)).unwrap());
        assert_eq!(held.described(&offer("b")), [candidate(Some("b"))]);
    }

    #[test]
    fn after_a_provisional_answer_all_candidates_wait_for_the_answer() {
        let held = Held::default();
        held.described(&offer("a"));
        held.wait_for_answer();
        for ufrag in [None, Some("a"), Some("b")] {
            assert!(!held.admits(&candidate(ufrag)).unwrap());
        }
        let given = [candidate(None), candidate(Some("b"))];
        assert_eq!(held.described(&offer("b")), given);
        assert!(held.admits(&candidate(None)).unwrap());
    }

    #[test]
    fn nonsense_is_refused_before_there_is_a_description() {
        for text in [
            "nonsense",
            "candidate:",
            "candidate:1 1 udp 1 host 1 typ\r\na=x",
            "candidate:1 1 udp 1 host 1 typ",
            "candidate:1 1 udp x host 1 typ host",
            "candidate:1 1 udp 1 host 65536 typ host",
            "candidate:1 257 udp 1 host 1 typ host",
            "candidate:1 1 udp 1 host 1 kind host",
        ] {
            let nonsense = IceCandidate {
                candidate: text.into(),
                ..candidate(None)
            };
            let error = Held::default().admits(&nonsense).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Invalid, "{text}");
        }
    }

    #[test]
    fn the_end_of_candidates_is_that_of_its_generation() {
        let held = Held::default();
        assert!(!held.is_current(&candidate(None)));
        held.described(&offer("a"));
        assert!(held.is_current(&candidate(None)));
        assert!(held.is_current(&candidate(Some("a"))));
        assert!(!held.is_current(&candidate(Some("b"))));
    }

    #[test]
    fn a_flood_of_candidates_is_refused() {
        let held = Held::default();
        for _ in 0..MAX_HELD {
            held.admits(&candidate(None)).unwrap();
        }
        let error = held.admits(&candidate(None)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Overloaded);
    }
}
