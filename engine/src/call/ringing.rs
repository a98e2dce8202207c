//! Sans-IO: the room's one call, as everybody in the room agrees on it.
//!
//! Nobody sends "ring", "accept" or "cancel". Each peer publishes what it does ([`Published`]:
//! the call it is in, whether that call rings, the call it declined), and everybody derives the
//! rest from what the others published last. So messages that cross, come twice or come late
//! cannot leave two sides of different opinions:
//!
//! * a call **is going on** while anybody publishes that they are in it;
//! * it **rings** here while somebody in it says so, and we are not in it and have not declined
//!   it; so cancelling is leaving, and a caller who vanishes stops the ringing too;
//! * two who start at once are in two calls for a moment, and all move to the smaller id.

use std::collections::BTreeMap;
use std::collections::VecDeque;
use std::time::Duration;

use parlor_signaling_protocol::PeerId;

use super::cooldown::Cooldown;
use super::message::{CallId, Declined};
use crate::PersonId;
use crate::notice::{CallOutcome, DeclineReason, Notice};
use crate::room::{Answer, Call};

/// How long a call rings.
pub(crate) const RINGS_FOR: Duration = Duration::from_secs(45);
/// The caller waits this much longer, so that who is rung tells "no answer" before the caller
/// gives up, and does not take that for a call that was cancelled.
pub(crate) const TELLS_WITHIN: Duration = Duration::from_secs(3);
/// How long somebody waits alone in a call whose other side vanished without hanging up: long
/// enough to reload a page, or to come back from a tunnel.
pub(crate) const WAITS_FOR_RETURN: Duration = Duration::from_secs(30);

/// What a peer lets the others know of its part in the call.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Published {
    pub(crate) call: Option<CallId>,
    pub(crate) rings: bool,
    pub(crate) declined: Option<Declined>,
}

#[derive(Debug)]
struct Ours {
    call: CallId,
    rings_until: Option<Duration>,
    /// Since when somebody else was in it with us.
    met_at: Option<Duration>,
    /// We are alone since somebody vanished, and wait until then.
    alone_until: Option<Duration>,
}

#[derive(Debug)]
struct Incoming {
    call: CallId,
    from: PeerId,
    until: Duration,
}

#[derive(Debug, Default)]
pub(crate) struct Ringing {
    ours: Option<Ours>,
    incoming: Option<Incoming>,
    declined: Option<Declined>,
    busy: bool,
    others: BTreeMap<PeerId, Published>,
    persons: BTreeMap<PeerId, PersonId>,
    cooldown: Cooldown,
    notices: VecDeque<Notice>,
}

impl Ringing {
    /// A peer is a person's. Said before anything else of the peer.
    pub(crate) fn meet(&mut self, peer: PeerId, person: PersonId) {
        self.persons.insert(peer, person);
    }

    pub(crate) fn published(&self) -> Published {
        Published {
            call: self.ours.as_ref().map(|ours| ours.call),
            rings: self
                .ours
                .as_ref()
                .is_some_and(|ours| ours.rings_until.is_some()),
            declined: self.declined,
        }
    }

    pub(crate) fn poll_notice(&mut self) -> Option<Notice> {
        self.notices.pop_front()
    }

    /// How the call concerns us.
    pub(crate) fn call(&self) -> Call {
        match (&self.ours, &self.incoming) {
            (
                Some(Ours {
                    met_at: Some(since),
                    ..
                }),
                _,
            ) => Call::Active { since: *since },
            (Some(ours), _) => Call::Outgoing {
                answers: self.answers(ours.call),
            },
            (None, Some(incoming)) => Call::Incoming {
                from: incoming.from,
            },
            (None, None) if self.going_on().is_some() => Call::Ongoing,
            (None, None) => Call::None,
        }
    }

    /// Whether this peer is in the call that we are in, so that media goes between us.
    pub(crate) fn shares_call(&self, peer: PeerId) -> bool {
        self.ours.is_some()
            && self
                .others
                .get(&peer)
                .is_some_and(|other| other.call.is_some())
    }

    pub(crate) fn is_in_call(&self, peer: PeerId) -> bool {
        self.others
            .get(&peer)
            .is_some_and(|other| other.call.is_some())
    }

    pub(crate) fn deadline(&self) -> Option<Duration> {
        let ours = self.ours.as_ref();
        [
            ours.and_then(|ours| ours.rings_until),
            ours.and_then(|ours| ours.alone_until),
            self.incoming.as_ref().map(|incoming| incoming.until),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    pub(crate) fn tick(&mut self, now: Duration) {
        if self
            .incoming
            .as_ref()
            .is_some_and(|incoming| now >= incoming.until)
        {
            self.refuse(DeclineReason::NoAnswer);
            self.end_incoming(CallOutcome::NotAnswered);
        }
        let Some(ours) = &mut self.ours else { return };
        if ours.alone_until.is_some_and(|until| now >= until) {
            return self.leave(CallOutcome::HungUp);
        }
        if ours.rings_until.is_some_and(|until| now >= until) {
            ours.rings_until = None;
            if ours.met_at.is_none() {
                self.leave(CallOutcome::NoAnswer);
            }
        }
    }

    /// Starts a call with this id, or joins the one that is going on.
    pub(crate) fn start(&mut self, id: CallId, now: Duration) {
        if self.ours.is_some() {
            return;
        }
        let going_on = self.going_on();
        self.incoming = None;
        for (peer, other) in &self.others {
            if other.call.is_some()
                && let Some(person) = self.persons.get(peer)
            {
                self.cooldown.accepted(*person);
            }
        }
        self.ours = Some(Ours {
            call: going_on.unwrap_or(id),
            rings_until: going_on.is_none().then_some(now + RINGS_FOR + TELLS_WITHIN),
            met_at: going_on.is_some().then_some(now),
            alone_until: None,
        });
        self.settle(now);
    }

    /// Joins the call that is going on, if there still is one.
    pub(crate) fn accept(&mut self, now: Duration) {
        if let Some(call) = self.going_on() {
            self.start(call, now);
        }
    }

    pub(crate) fn decline(&mut self, now: Duration) {
        if let Some(incoming) = &self.incoming {
            if let Some(person) = self.persons.get(&incoming.from) {
                self.cooldown.declined(*person, now);
            }
            self.refuse(DeclineReason::Declined);
            self.incoming = None;
        }
    }

    pub(crate) fn hang_up(&mut self) {
        self.leave(CallOutcome::HungUp);
    }

    pub(crate) fn set_busy(&mut self, busy: bool, now: Duration) {
        self.busy = busy;
        self.settle(now);
    }

    /// What a peer published last.
    pub(crate) fn peer(&mut self, peer: PeerId, published: Published, now: Duration) {
        let before = self.others.insert(peer, published).unwrap_or_default();
        self.notice_decline(peer, before, published);
        self.settle(now);
        if published.call.is_none() && before.call.is_some() {
            self.end_if_alone(None);
        }
        self.end_if_all_declined();
        self.stop_if_all_answered();
    }

    /// A peer is no longer in the room. Unless it hung up before, it may come back.
    pub(crate) fn gone(&mut self, peer: PeerId, now: Duration) {
        let before = self.others.remove(&peer).unwrap_or_default();
        self.persons.remove(&peer);
        self.settle(now);
        if before.call.is_some() {
            self.end_if_alone(Some(now + WAITS_FOR_RETURN));
        }
        self.end_if_all_declined();
        self.stop_if_all_answered();
    }

    /// Brings our side in line with what the others do.
    fn settle(&mut self, now: Duration) {
        let going_on = self.going_on();
        if let (Some(ours), Some(theirs)) = (&mut self.ours, going_on) {
            ours.call = ours.call.min(theirs);
            ours.met_at.get_or_insert(now);
            ours.alone_until = None;
            return;
        }
        self.settle_incoming(now);
    }

    fn settle_incoming(&mut self, now: Duration) {
        let ringing = self
            .others
            .iter()
            .find_map(|(peer, other)| other.call.filter(|_| other.rings).map(|call| (*peer, call)));
        let going_on = self.going_on();
        match (&mut self.incoming, ringing) {
            (Some(incoming), Some((from, call))) => {
                // Two callers merge into one call; it is still one ringing.
                incoming.call = call;
                if !self.others.contains_key(&incoming.from) {
                    incoming.from = from;
                }
            }
            (Some(_), None) if going_on.is_none() => {
                self.end_incoming(CallOutcome::Missed);
            }
            // The caller's 45 s are over, but others are in the call: ours are not.
            (Some(_), None) => {}
            (None, Some((from, call))) => self.ring(from, call, now),
            (None, None) => {}
        }
    }

    fn ring(&mut self, from: PeerId, call: CallId, now: Duration) {
        if self.ours.is_some() || self.declined.is_some_and(|declined| declined.call == call) {
            return;
        }
        if self.busy {
            self.declined = Some(Declined {
                call,
                reason: DeclineReason::Busy,
            });
            return;
        }
        let person = self.persons.get(&from).copied();
        if person.is_some_and(|person| !self.cooldown.may_ring(person, now)) {
            self.declined = Some(Declined {
                call,
                reason: DeclineReason::Declined,
            });
            return;
        }
        self.incoming = Some(Incoming {
            call,
            from,
            until: now + RINGS_FOR,
        });
    }

    fn refuse(&mut self, reason: DeclineReason) {
        if let Some(incoming) = &self.incoming {
            self.declined = Some(Declined {
                call: incoming.call,
                reason,
            });
        }
    }

    fn end_incoming(&mut self, outcome: CallOutcome) {
        if let Some(incoming) = self.incoming.take() {
            let from = Some(incoming.from);
            self.notices.push_back(Notice::CallEnded { outcome, from });
        }
    }

    fn leave(&mut self, outcome: CallOutcome) {
        if let Some(ours) = self.ours.take() {
            // A call that goes on without us does not ring for who just left it.
            self.declined = Some(Declined {
                call: ours.call,
                reason: DeclineReason::Declined,
            });
            self.notices.push_back(Notice::CallEnded {
                outcome,
                from: None,
            });
        }
    }

    /// Ends our call when the last other went: at once if they hung up, later if they vanished.
    fn end_if_alone(&mut self, at: Option<Duration>) {
        let alone = self.going_on().is_none();
        let Some(ours) = &mut self.ours else { return };
        if !alone || ours.met_at.is_none() {
            return;
        }
        match at {
            Some(at) => ours.alone_until = Some(at),
            None => self.leave(CallOutcome::HungUp),
        }
    }

    fn end_if_all_declined(&mut self) {
        let Some(ours) = &self.ours else { return };
        if ours.met_at.is_some() || self.others.is_empty() {
            return;
        }
        let declined = self
            .answers(ours.call)
            .into_iter()
            .map(|(_, answer)| match answer {
                Answer::Declined(reason) => Some(reason),
                Answer::Ringing => None,
            });
        let Some(reasons) = declined.collect::<Option<Vec<_>>>() else {
            return;
        };
        let nobody_was_there = reasons
            .iter()
            .all(|reason| *reason == DeclineReason::NoAnswer);
        self.leave(if nobody_was_there {
            CallOutcome::NoAnswer
        } else {
            CallOutcome::Declined
        });
    }

    /// Once all who were rung have answered, the call rings nobody who comes later.
    fn stop_if_all_answered(&mut self) {
        let Some(ours) = &mut self.ours else { return };
        let answered = |other: &Published| {
            other.call.is_some() || other.declined.is_some_and(|it| it.call == ours.call)
        };
        if ours.met_at.is_some() && self.others.values().all(answered) {
            ours.rings_until = None;
        }
    }

    fn notice_decline(&mut self, peer: PeerId, before: Published, after: Published) {
        let Some(ours) = &self.ours else { return };
        if after.declined != before.declined
            && let Some(Declined { call, reason }) = after.declined
            && call == ours.call
            && before.call != Some(call)
        {
            self.notices.push_back(Notice::Declined { peer, reason });
        }
    }

    fn answers(&self, call: CallId) -> Vec<(PeerId, Answer)> {
        let answer = |other: &Published| match other.declined {
            Some(declined) if declined.call == call => Answer::Declined(declined.reason),
            _ => Answer::Ringing,
        };
        self.others
            .iter()
            .map(|(peer, other)| (*peer, answer(other)))
            .collect()
    }

    /// The call that others are in.
    fn going_on(&self) -> Option<CallId> {
        self.others.values().filter_map(|other| other.call).min()
    }
}

#[cfg(test)]
#[path = "ringing_tests.rs"]
mod tests;
