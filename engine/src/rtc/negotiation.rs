//! Sans-IO: [perfect negotiation](https://www.w3.org/TR/webrtc/#perfect-negotiation-example)
//! between two peers. Either side may offer at any time; where two offers cross, the polite side
//! takes its own back.
//!
//! One operation runs on the peer connection at a time, and what the other side says waits for
//! it, so there is no moment between an operation and its outcome in which anything could slip
//! in. Offers are numbered and answers say which they answer: a late answer is told from the
//! right one, an offer whose answer was lost is said again, and the answer to it too.

use std::collections::VecDeque;
use std::time::Duration;

use crate::peer::{IceCandidate, SdpType, SessionDescription, Signal};

/// When an offer is said again, doubling each time: a lost one is rare, a slow answer is not.
const RESEND_AFTER: Duration = Duration::from_secs(5);
const RESEND_LONGEST: Duration = Duration::from_secs(40);
/// When an offer is tried again that failed here, or whose answer was nonsense.
const RETRY_AFTER: Duration = Duration::from_secs(2);
/// More signals than wait for any honest operation.
const MAX_WAITING: usize = 512;

/// What to do on the peer connection. One at a time; its outcome goes to [`Negotiation::done`].
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Op {
    Offer,
    Answer,
    Rollback,
    SetRemote(SessionDescription),
    AddCandidate(Option<IceCandidate>),
}

#[derive(Debug, PartialEq)]
pub(crate) enum Output {
    Do(Op),
    Say(Signal),
    /// The other side said something that no peer connection takes.
    Garbled,
}

/// One side's part in the negotiation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    /// This side takes its own offer back where two cross. Exactly one of the two sides does.
    pub(crate) polite: bool,
    /// No offer is made before.
    pub(crate) offers_from: Duration,
    /// The signaling may lose something: an offer without an answer is said again.
    pub(crate) repeats: bool,
}

#[derive(Debug)]
struct OwnOffer {
    id: u32,
    description: SessionDescription,
    resend_at: Duration,
    pause: Duration,
}

#[derive(Debug)]
pub(crate) struct Negotiation {
    rules: Rules,
    /// An offer is due, whether or not the connection says so.
    owes_offer: bool,
    /// The next offer may replace one that has no answer yet.
    replaces_offer: bool,
    running: Option<Op>,
    planned: VecDeque<Op>,
    waiting: VecDeque<Signal>,
    own_offer: Option<OwnOffer>,
    last_own_id: u32,
    /// The number of their last offer that was taken, and our answer once it is made.
    their_offer: Option<u32>,
    our_answer: Option<SessionDescription>,
    /// Their last offer crossed ours, which stands.
    ignores_offer: bool,
    outputs: VecDeque<Output>,
}

impl Negotiation {
    pub(crate) fn new(rules: Rules) -> Self {
        Self {
            rules,
            owes_offer: false,
            replaces_offer: false,
            running: None,
            planned: VecDeque::new(),
            waiting: VecDeque::new(),
            own_offer: None,
            last_own_id: 0,
            their_offer: None,
            our_answer: None,
            ignores_offer: false,
            outputs: VecDeque::new(),
        }
    }

    /// The next thing to do or say. `is_needed`: the connection has changes that only an offer makes
    /// known (`PeerConnection::negotiation_needed`).
    pub(crate) fn poll(&mut self, now: Duration, is_needed: bool) -> Option<Output> {
        loop {
            if let Some(output) = self.outputs.pop_front() {
                return Some(output);
            }
            if self.running.is_some() {
                return None;
            }
            if let Some(op) = self.planned.pop_front() {
                self.run(op);
            } else if let Some(signal) = self.waiting.pop_front() {
                self.take(signal);
            } else if self.may_offer(now, is_needed) {
                self.owes_offer = false;
                self.replaces_offer = false;
                self.run(Op::Offer);
            } else {
                return None;
            }
        }
    }

    /// When [`tick`](Self::tick) and [`poll`](Self::poll) have something to do.
    pub(crate) fn deadline(&self, is_needed: bool) -> Option<Duration> {
        if let Some(offer) = &self.own_offer {
            return self.rules.repeats.then_some(offer.resend_at);
        }
        let is_due = (self.owes_offer || is_needed) && self.running.is_none();
        is_due.then_some(self.rules.offers_from)
    }

    pub(crate) fn tick(&mut self, now: Duration) {
        if let Some(offer) = &mut self.own_offer
            && self.rules.repeats
            && now >= offer.resend_at
        {
            offer.pause = (offer.pause * 2).min(RESEND_LONGEST);
            offer.resend_at = now + offer.pause;
            let again = describe(Some(offer.id), &offer.description);
            self.outputs.push_back(Output::Say(again));
        }
    }

    /// The connection restarts ICE. That is worth an offer also while another one has no answer:
    /// perhaps it has none because nothing arrives.
    pub(crate) fn restart_ice(&mut self) {
        self.replaces_offer = true;
        self.owes_offer = true;
    }

    /// Takes what the other side said.
    pub(crate) fn signal(&mut self, signal: Signal) {
        if self.waiting.len() < MAX_WAITING {
            self.waiting.push_back(signal);
        }
    }

    /// True while a description is made. Candidates that are found meanwhile belong to it, and
    /// the other side needs it first.
    pub(crate) fn is_describing(&self) -> bool {
        matches!(self.running, Some(Op::Offer | Op::Answer))
    }

    /// True if the other side's candidates may be for an offer that is not taken.
    pub(crate) fn ignores_offer(&self) -> bool {
        self.ignores_offer
    }

    pub(crate) fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// Takes the outcome of the running operation: for offers and answers the local description.
    pub(crate) fn done(&mut self, outcome: Result<Option<SessionDescription>, ()>, now: Duration) {
        let Some(op) = self.running.take() else {
            return;
        };
        match (op, outcome) {
            (Op::Offer, Ok(Some(offer))) => self.offered(offer, now),
            (Op::Offer, _) => self.try_again(now),
            (Op::Answer, Ok(Some(answer))) => {
                let signal = describe(self.their_offer, &answer);
                self.our_answer = Some(answer);
                self.outputs.push_back(Output::Say(signal));
            }
            (Op::Answer, _) => {
                self.planned.push_front(Op::Rollback);
                self.outputs.push_back(Output::Garbled);
            }
            (Op::Rollback, _) => self.own_offer = None,
            (Op::SetRemote(remote), Ok(_)) => self.remote_set(remote.kind, now),
            (Op::SetRemote(remote), Err(())) => self.remote_refused(remote.kind, now),
            // A candidate for an offer that was taken back, or a way that we do not know of.
            (Op::AddCandidate(_), _) => {}
        }
    }

    fn offered(&mut self, description: SessionDescription, now: Duration) {
        self.last_own_id += 1;
        let id = self.last_own_id;
        let signal = describe(Some(id), &description);
        self.outputs.push_back(Output::Say(signal));
        self.own_offer = Some(OwnOffer {
            id,
            description,
            resend_at: now + RESEND_AFTER,
            pause: RESEND_AFTER,
        });
    }

    fn try_again(&mut self, now: Duration) {
        self.owes_offer = true;
        self.rules.offers_from = now + RETRY_AFTER;
    }

    fn remote_set(&mut self, kind: SdpType, now: Duration) {
        if kind == SdpType::Answer {
            self.own_offer = None;
        }
        self.rules.offers_from = self.rules.offers_from.min(now);
    }

    fn remote_refused(&mut self, kind: SdpType, now: Duration) {
        self.planned.clear();
        self.outputs.push_back(Output::Garbled);
        if kind == SdpType::Answer {
            self.planned.push_back(Op::Rollback);
            self.try_again(now);
        }
    }

    fn may_offer(&self, now: Duration, is_needed: bool) -> bool {
        (self.owes_offer || is_needed)
            && now >= self.rules.offers_from
            && (self.own_offer.is_none() || self.replaces_offer)
    }

    fn run(&mut self, op: Op) {
        self.running = Some(op.clone());
        self.outputs.push_back(Output::Do(op));
    }

    fn take(&mut self, signal: Signal) {
        match signal {
            Signal::Description { id, description } => match description.kind {
                SdpType::Offer => self.take_offer(id, description),
                SdpType::Answer | SdpType::PrAnswer => {
                    let fits = |offer: &OwnOffer| id.is_none_or(|id| id == offer.id);
                    if self.own_offer.as_ref().is_some_and(fits) {
                        self.planned.push_back(Op::SetRemote(description));
                    }
                }
                SdpType::Rollback => self.planned.push_back(Op::SetRemote(description)),
            },
            Signal::Candidate(candidate) => self.planned.push_back(Op::AddCandidate(candidate)),
        }
    }

    fn take_offer(&mut self, id: Option<u32>, offer: SessionDescription) {
        if id.is_some() && id == self.their_offer {
            // Our answer was lost, or is still being made and will be said then.
            if let Some(answer) = &self.our_answer {
                let again = describe(id, answer);
                self.outputs.push_back(Output::Say(again));
            }
            return;
        }
        if id.is_some() && id < self.their_offer {
            return;
        }
        let crosses = self.own_offer.is_some();
        self.ignores_offer = crosses && !self.rules.polite;
        if self.ignores_offer {
            return;
        }
        if crosses {
            // What our offer said still has to be said, after theirs.
            self.owes_offer = true;
            self.planned.push_back(Op::Rollback);
        }
        self.their_offer = id;
        self.our_answer = None;
        self.planned.push_back(Op::SetRemote(offer));
        self.planned.push_back(Op::Answer);
    }
}

fn describe(id: Option<u32>, description: &SessionDescription) -> Signal {
    Signal::Description {
        id,
        description: description.clone(),
    }
}

#[cfg(test)]
#[path = "negotiation_tests.rs"]
mod tests;
