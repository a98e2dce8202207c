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

use super::message::{Sdp, Signal};
use crate::peer::{IceCandidate, SdpType, SessionDescription};

/// When an offer is said again, doubling each time: a lost one is rare, a slow answer is not.
const RESEND_AFTER: Duration = Duration::from_secs(5);
const RESEND_LONGEST: Duration = Duration::from_secs(40);
/// When an offer is tried again that failed here, or whose answer was nonsense.
const RETRY_AFTER: Duration = Duration::from_secs(2);
/// How long the side that was here first waits for the newcomer's first offer.
const FIRST_OFFER_WAIT: Duration = Duration::from_secs(8);
/// More candidates than any host has addresses; what comes beyond is dropped.
const MAX_HELD: usize = 256;
/// More signals than wait for any honest operation.
const MAX_WAITING: usize = 512;

/// What to do on the peer connection. One at a time; its outcome goes to [`Negotiation::done`].
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Op {
    Offer { restart_ice: bool },
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

#[derive(Debug)]
struct OwnOffer {
    id: u32,
    sdp: String,
    resend_at: Duration,
    pause: Duration,
}

#[derive(Debug)]
pub(crate) struct Negotiation {
    polite: bool,
    /// Offers may be made from then on.
    offer_from: Duration,
    needs_offer: bool,
    restart_ice: bool,
    running: Option<Op>,
    planned: VecDeque<Op>,
    waiting: VecDeque<Signal>,
    own_offer: Option<OwnOffer>,
    last_own_id: u32,
    /// The number of their last offer that was taken, and our answer once it is made.
    their_offer: u32,
    our_answer: Option<String>,
    has_remote: bool,
    held: Vec<Option<IceCandidate>>,
    outputs: VecDeque<Output>,
}

impl Negotiation {
    /// `first` is the side that makes the first offer; the other waits for it.
    pub(crate) fn new(polite: bool, first: bool, now: Duration) -> Self {
        Self {
            polite,
            offer_from: if first { now } else { now + FIRST_OFFER_WAIT },
            needs_offer: first,
            restart_ice: false,
            running: None,
            planned: VecDeque::new(),
            waiting: VecDeque::new(),
            own_offer: None,
            last_own_id: 0,
            their_offer: 0,
            our_answer: None,
            has_remote: false,
            held: Vec::new(),
            outputs: VecDeque::new(),
        }
    }

    pub(crate) fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When [`tick`](Self::tick) has something to do.
    pub(crate) fn deadline(&self) -> Option<Duration> {
        match &self.own_offer {
            Some(offer) => Some(offer.resend_at),
            None if self.needs_offer && self.running.is_none() => Some(self.offer_from),
            None => None,
        }
    }

    pub(crate) fn tick(&mut self, now: Duration) {
        if let Some(offer) = &mut self.own_offer
            && now >= offer.resend_at
        {
            offer.pause = (offer.pause * 2).min(RESEND_LONGEST);
            offer.resend_at = now + offer.pause;
            let again = Signal::Offer {
                id: offer.id,
                sdp: Sdp(offer.sdp.clone()),
            };
            self.outputs.push_back(Output::Say(again));
        }
        self.pump(now);
    }

    /// The peer connection has changes that an offer must make known.
    pub(crate) fn needed(&mut self, now: Duration) {
        self.needs_offer = true;
        self.pump(now);
    }

    /// New ways to each other have to be found.
    pub(crate) fn restart_ice(&mut self, now: Duration) {
        self.restart_ice = true;
        self.needs_offer = true;
        self.pump(now);
    }

    pub(crate) fn local_candidate(&mut self, candidate: Option<IceCandidate>) {
        self.outputs
            .push_back(Output::Say(Signal::Candidate { candidate }));
    }

    /// Takes what the other side said.
    pub(crate) fn said(&mut self, signal: Signal, now: Duration) {
        if self.waiting.len() < MAX_WAITING {
            self.waiting.push_back(signal);
        }
        self.pump(now);
    }

    /// Takes the outcome of the running operation: for offers and answers the local description.
    pub(crate) fn done(&mut self, outcome: Result<Option<SessionDescription>, ()>, now: Duration) {
        let Some(op) = self.running.take() else {
            return;
        };
        match (op, outcome) {
            (Op::Offer { .. }, Ok(Some(offer))) => self.offered(offer.sdp, now),
            (Op::Offer { restart_ice }, _) => {
                self.restart_ice |= restart_ice;
                self.try_again(now);
            }
            (Op::Answer, Ok(Some(answer))) => {
                let signal = Signal::Answer {
                    id: self.their_offer,
                    sdp: Sdp(answer.sdp.clone()),
                };
                self.our_answer = Some(answer.sdp);
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
        self.pump(now);
    }

    fn offered(&mut self, sdp: String, now: Duration) {
        self.last_own_id += 1;
        let id = self.last_own_id;
        self.outputs.push_back(Output::Say(Signal::Offer {
            id,
            sdp: Sdp(sdp.clone()),
        }));
        let (resend_at, pause) = (now + RESEND_AFTER, RESEND_AFTER);
        self.own_offer = Some(OwnOffer {
            id,
            sdp,
            resend_at,
            pause,
        });
    }

    fn try_again(&mut self, now: Duration) {
        self.needs_offer = true;
        self.offer_from = now + RETRY_AFTER;
    }

    fn remote_set(&mut self, kind: SdpType, now: Duration) {
        self.has_remote = true;
        if kind == SdpType::Answer {
            self.own_offer = None;
        }
        self.offer_from = self.offer_from.min(now);
        self.planned
            .extend(self.held.drain(..).map(Op::AddCandidate));
    }

    fn remote_refused(&mut self, kind: SdpType, now: Duration) {
        self.planned.clear();
        self.outputs.push_back(Output::Garbled);
        if kind == SdpType::Answer {
            self.planned.push_back(Op::Rollback);
            self.try_again(now);
        }
    }

    /// Starts the next operation, if none runs.
    fn pump(&mut self, now: Duration) {
        while self.running.is_none() {
            if let Some(op) = self.planned.pop_front() {
                self.run(op);
            } else if let Some(signal) = self.waiting.pop_front() {
                self.take(signal);
            } else if self.may_offer(now) {
                self.needs_offer = false;
                let restart_ice = std::mem::take(&mut self.restart_ice);
                self.run(Op::Offer { restart_ice });
            } else {
                return;
            }
        }
    }

    fn may_offer(&self, now: Duration) -> bool {
        // While an offer is out, only a restart is worth another: it replaces the first.
        self.needs_offer && now >= self.offer_from && (self.own_offer.is_none() || self.restart_ice)
    }

    fn run(&mut self, op: Op) {
        self.running = Some(op.clone());
        self.outputs.push_back(Output::Do(op));
    }

    fn take(&mut self, signal: Signal) {
        match signal {
            Signal::Offer { id, sdp } => self.take_offer(id, sdp),
            Signal::Answer { id, sdp } => {
                if self.own_offer.as_ref().is_some_and(|offer| offer.id == id) {
                    let kind = SdpType::Answer;
                    self.planned
                        .push_back(Op::SetRemote(SessionDescription { kind, sdp: sdp.0 }));
                }
            }
            Signal::Candidate { candidate } if self.has_remote => {
                self.planned.push_back(Op::AddCandidate(candidate));
            }
            Signal::Candidate { candidate } => {
                if self.held.len() < MAX_HELD {
                    self.held.push(candidate);
                }
            }
        }
    }

    fn take_offer(&mut self, id: u32, sdp: Sdp) {
        if id == self.their_offer {
            // Our answer was lost, or is still being made and will be said then.
            if let Some(answer) = &self.our_answer {
                let again = Signal::Answer {
                    id,
                    sdp: Sdp(answer.clone()),
                };
                self.outputs.push_back(Output::Say(again));
            }
            return;
        }
        let crossed = self.own_offer.is_some();
        if id < self.their_offer || (crossed && !self.polite) {
            return;
        }
        if crossed {
            // What our offer said still has to be said, after theirs.
            self.needs_offer = true;
            self.planned.push_back(Op::Rollback);
        }
        self.their_offer = id;
        self.our_answer = None;
        let kind = SdpType::Offer;
        self.planned
            .push_back(Op::SetRemote(SessionDescription { kind, sdp: sdp.0 }));
        self.planned.push_back(Op::Answer);
    }
}

#[cfg(test)]
#[path = "negotiation_tests.rs"]
mod tests;
