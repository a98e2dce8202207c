/// The [negotiation-needed flag](https://www.w3.org/TR/webrtc/#dfn-update-the-negotiation-needed-flag)
/// of a back-end that has to keep it by itself. Each method gives whether to raise the event now.
#[derive(Debug, Default)]
pub(crate) struct Need {
    /// An offer is open, whosever it is.
    negotiating: bool,
    /// Something was changed that no own offer has told yet.
    changed: bool,
    /// And some of that after the last own offer was asked for, so it is not in that.
    late: bool,
    /// What was changed before the open own offer, should it be taken back.
    offered: bool,
    raised: bool,
}

impl Need {
    /// Something was changed that only an offer makes known.
    pub(crate) fn change(&mut self) -> bool {
        self.changed = true;
        self.late = true;
        self.check()
    }

    /// An offer of ours is asked for; it may be set later.
    pub(crate) fn offers(&mut self) {
        self.late = false;
    }

    fn check(&mut self) -> bool {
        let raise = self.changed && !self.negotiating && !self.raised;
        self.raised |= raise;
        raise
    }

    /// Our offer is set.
    pub(crate) fn offered(&mut self) {
        self.negotiating = true;
        self.offered |= self.changed;
        self.changed = self.late;
        self.raised = false;
    }

    /// Theirs is.
    pub(crate) fn was_offered(&mut self) {
        self.negotiating = true;
        self.raised = false;
    }

    /// Offer and answer are there.
    pub(crate) fn agreed(&mut self) -> bool {
        self.negotiating = false;
        self.offered = false;
        self.check()
    }

    /// The open offer was taken back.
    pub(crate) fn rolled_back(&mut self) -> bool {
        self.negotiating = false;
        self.changed |= std::mem::take(&mut self.offered);
        self.check()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_offer_tells_is_not_needed_again() {
        let mut need = Need::default();
        assert!(need.change());
        need.offers();
        need.offered();
        assert!(!need.agreed());
    }

    #[test]
    fn what_is_changed_beside_an_offer_needs_the_next() {
        let mut need = Need::default();
        assert!(need.change());
        need.offers();
        assert!(!need.change());
        need.offered();
        assert!(need.agreed());
        need.offers();
        need.offered();
        assert!(!need.change());
        assert!(need.agreed());
    }

    #[test]
    fn what_was_offered_and_taken_back_is_needed_again() {
        let mut need = Need::default();
        assert!(need.change());
        need.offers();
        need.offered();
        need.offers();
        need.offered();
        assert!(need.rolled_back());
    }
}
