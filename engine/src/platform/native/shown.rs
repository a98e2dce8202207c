use crate::peer::{SdpType, SessionDescription};

/// Own descriptions as they were shown, and as webrtc made them: it sets only what it made, to the
/// letter.
#[derive(Default)]
pub(super) struct Shown {
    offer: Option<Pair>,
    answer: Option<Pair>,
}

struct Pair {
    shown: String,
    made: String,
}

impl Shown {
    /// Gives what is shown of a description.
    pub(super) fn keep(&mut self, made: SessionDescription, shown: String) -> SessionDescription {
        let pair = Pair {
            shown: shown.clone(),
            made: made.sdp,
        };
        match made.kind {
            SdpType::Offer => self.offer = Some(pair),
            _ => self.answer = Some(pair),
        }
        SessionDescription {
            kind: made.kind,
            sdp: shown,
        }
    }

    /// What webrtc made, if this is what was shown of it.
    pub(super) fn made(&self, description: &SessionDescription) -> SessionDescription {
        let pair = match description.kind {
            SdpType::Offer => &self.offer,
            _ => &self.answer,
        };
        let pair = pair.as_ref().filter(|pair| pair.shown == description.sdp);
        SessionDescription {
            kind: description.kind,
            sdp: pair.map_or(&description.sdp, |pair| &pair.made).clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn description(kind: SdpType, sdp: &str) -> SessionDescription {
        SessionDescription {
            kind,
            sdp: sdp.to_owned(),
        }
    }

    #[test]
    fn what_was_shown_is_set_as_it_was_made() {
        let mut shown = Shown::default();
        let made = description(SdpType::Offer, "made");
        let given = shown.keep(made.clone(), "shown".to_owned());
        assert_eq!(given, description(SdpType::Offer, "shown"));
        assert_eq!(shown.made(&given), made);
        for other in [
            description(SdpType::Offer, "something else"),
            description(SdpType::Answer, "shown"),
        ] {
            assert_eq!(shown.made(&other), other);
        }
    }
}
