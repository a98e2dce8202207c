/// The [negotiation-needed flag](https://www.w3.org/TR/webrtc/#dfn-update-the-negotiation-needed-flag)
/// of a back-end that has to keep it by itself. Each method gives whether to raise the event now.
#[derive(Debug, Default)]
pub(crate) struct Need {
    /// An offer is open, whosever it is.
    negotiating: bool,
    /// Something was changed since the last own offer was made.
    changed: bool,
    /// What was changed before the open own offer, should it be taken back.
    offered: bool,
    raised: bool,
}

impl Need {
    /// Something was changed that only an offer makes known.
    pub(crate) fn change(&mut self) -> bool {
        self.changed = true;
        self.check()
    }

    fn check(&mut self) -> bool {
        let raise = self.changed && !self.negotiating && !self.raised;
        self.raised |= raise;
        raise
    }

    /// Our offer is set.
    pub(crate) fn offered(&mut self) {
        self.negotiating = true;
        self.offered = std::mem::take(&mut self.changed);
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
