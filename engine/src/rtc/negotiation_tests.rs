//! Scripts with a virtual clock: two negotiations over a link that can lose, and peer connections
//! that keep the rules of real ones.

use super::*;

/// A peer connection as far as negotiation goes.
#[derive(Default)]
struct Connection {
    /// There are changes that only an offer makes known.
    is_needed: bool,
    offers_made: u32,
    local_offer: bool,
    remote_offer: bool,
    /// What the other side's last applied description said.
    remote: Option<String>,
    refuses: bool,
}

impl Connection {
    fn run(&mut self, op: &Op, name: &str) -> Result<Option<SessionDescription>, ()> {
        match op {
            Op::Offer => {
                if self.remote_offer {
                    return Err(());
                }
                self.offers_made += 1;
                self.local_offer = true;
                self.is_needed = false;
                let sdp = format!("{name} {}", self.offers_made);
                Ok(Some(SessionDescription {
                    kind: SdpType::Offer,
                    sdp,
                }))
            }
            Op::Answer => {
                assert!(
                    std::mem::take(&mut self.remote_offer),
                    "an answer without an offer"
                );
                let sdp = format!("{name} answers");
                Ok(Some(SessionDescription {
                    kind: SdpType::Answer,
                    sdp,
                }))
            }
            Op::Rollback => {
                self.is_needed |= self.local_offer;
                self.local_offer = false;
                self.remote_offer = false;
                Ok(None)
            }
            Op::SetRemote(_) if self.refuses => Err(()),
            Op::SetRemote(remote) => {
                match remote.kind {
                    SdpType::Offer => {
                        // A real one says after this exchange if something is still needed.
                        assert!(!self.local_offer, "an offer on top of our own");
                        self.remote_offer = true;
                    }
                    SdpType::Answer => {
                        assert!(
                            std::mem::take(&mut self.local_offer),
                            "an answer to nothing"
                        );
                    }
                    SdpType::PrAnswer | SdpType::Rollback => unreachable!("nobody says that"),
                }
                self.remote = Some(remote.sdp.clone());
                Ok(None)
            }
            Op::AddCandidate(_) => {
                assert!(self.remote.is_some(), "a candidate without a description");
                Ok(None)
            }
        }
    }
}

/// As long as the side that was here first waits for the newcomer's first offer.
const FIRST_OFFER_WAIT: Duration = Duration::from_secs(8);

fn is_description(signal: &Signal, kind: SdpType) -> bool {
    matches!(signal, Signal::Description { description, .. } if description.kind == kind)
}

struct Side {
    name: &'static str,
    negotiation: Negotiation,
    connection: Connection,
    /// An operation whose outcome is not there yet.
    running: Option<Op>,
    garbled: u32,
    candidates: u32,
}

impl Side {
    fn deadline(&self) -> Option<Duration> {
        self.negotiation.deadline(self.connection.is_needed)
    }
}

struct Pair {
    left: Side,
    right: Side,
    to_left: VecDeque<Signal>,
    to_right: VecDeque<Signal>,
    now: Duration,
}

impl Pair {
    /// `left` is polite and makes the first offer.
    fn new() -> Self {
        let side = |name, polite, offers_from| Side {
            name,
            negotiation: Negotiation::new(Rules {
                polite,
                offers_from,
                repeats: true,
            }),
            connection: Connection {
                is_needed: offers_from.is_zero(),
                ..Connection::default()
            },
            running: None,
            garbled: 0,
            candidates: 0,
        };
        Self {
            left: side("left", true, Duration::ZERO),
            right: side("right", false, FIRST_OFFER_WAIT),
            to_left: VecDeque::new(),
            to_right: VecDeque::new(),
            now: Duration::ZERO,
        }
    }

    fn collect(&mut self) {
        for (side, wire) in [
            (&mut self.left, &mut self.to_right),
            (&mut self.right, &mut self.to_left),
        ] {
            while let Some(output) = side.negotiation.poll(self.now, side.connection.is_needed) {
                match output {
                    Output::Do(op) => {
                        assert!(side.running.is_none(), "two operations at once");
                        side.candidates += u32::from(matches!(op, Op::AddCandidate(_)));
                        side.running = Some(op);
                    }
                    Output::Say(signal) => wire.push_back(signal),
                    Output::Garbled => side.garbled += 1,
                }
            }
        }
    }

    /// One operation's outcome, or one signal's arrival. `choice` picks which.
    fn step(&mut self, choice: usize) -> bool {
        self.collect();
        let now = self.now;
        for turn in 0..4 {
            match (choice + turn) % 4 {
                0 | 1 => {
                    let left = (choice + turn).is_multiple_of(4);
                    let side = if left {
                        &mut self.left
                    } else {
                        &mut self.right
                    };
                    if let Some(op) = side.running.take() {
                        let outcome = side.connection.run(&op, side.name);
                        side.negotiation.done(outcome, now);
                        self.collect();
                        return true;
                    }
                }
                2 => {
                    if let Some(signal) = self.to_left.pop_front() {
                        self.left.negotiation.signal(signal);
                        self.collect();
                        return true;
                    }
                }
                _ => {
                    if let Some(signal) = self.to_right.pop_front() {
                        self.right.negotiation.signal(signal);
                        self.collect();
                        return true;
                    }
                }
            }
        }
        false
    }

    fn drain(&mut self) {
        for _ in 0..10_000 {
            if !self.step(0) {
                return;
            }
        }
        panic!("the two never come to rest");
    }

    fn pass(&mut self, time: Duration) {
        let end = self.now + time;
        self.drain();
        loop {
            let deadlines = [self.left.deadline(), self.right.deadline()];
            let Some(next) = deadlines
                .into_iter()
                .flatten()
                .min()
                .filter(|at| *at <= end)
            else {
                break;
            };
            self.now = self.now.max(next);
            self.left.negotiation.tick(self.now);
            self.right.negotiation.tick(self.now);
            self.drain();
        }
        self.now = end;
    }

    #[track_caller]
    fn assert_settled(&self) {
        for side in [&self.left, &self.right] {
            assert!(!side.connection.local_offer && !side.connection.remote_offer);
            assert!(side.negotiation.own_offer.is_none() && !side.negotiation.owes_offer);
            assert!(!side.connection.is_needed);
            assert!(side.connection.remote.is_some());
        }
    }
}

#[test]
fn the_newcomer_offers_and_the_other_answers() {
    let mut pair = Pair::new();
    pair.drain();
    assert_eq!(pair.right.connection.remote.as_deref(), Some("left 1"));
    pair.assert_settled();
}

#[test]
fn either_side_renegotiates() {
    let mut pair = Pair::new();
    pair.drain();
    pair.right.connection.is_needed = true;
    pair.drain();
    assert_eq!(pair.left.connection.remote.as_deref(), Some("right 1"));
    pair.left.connection.is_needed = true;
    pair.drain();
    assert_eq!(pair.right.connection.remote.as_deref(), Some("left 2"));
    pair.assert_settled();
}

#[test]
fn offers_that_cross_both_come_through() {
    let mut pair = Pair::new();
    pair.drain();
    pair.left.connection.is_needed = true;
    pair.right.connection.is_needed = true;
    pair.drain();
    pair.assert_settled();
    // The impolite side's stood; the polite side's was made again after it.
    assert_eq!(pair.right.connection.offers_made, 1);
    assert_eq!(pair.right.connection.remote.as_deref(), Some("left 3"));
}

#[test]
fn a_peer_that_does_not_number_its_offers_is_answered_and_answers() {
    let mut pair = Pair::new();
    let unnumbered = |signal: Signal| match signal {
        Signal::Description { description, .. } => Signal::Description {
            id: None,
            description,
        },
        candidate => candidate,
    };
    for round in 0..3 {
        pair.left.connection.is_needed = round != 1;
        pair.right.connection.is_needed = round == 1;
        for _ in 0..50 {
            pair.step(0);
            pair.to_left = pair.to_left.drain(..).map(unnumbered).collect();
            pair.to_right = pair.to_right.drain(..).map(unnumbered).collect();
        }
        pair.assert_settled();
    }
    assert_eq!(pair.right.connection.remote.as_deref(), Some("left 2"));
    assert_eq!(pair.right.connection.offers_made, 1);
}

#[test]
fn signaling_that_loses_nothing_carries_no_offer_twice() {
    let mut alone = Negotiation::new(Rules {
        polite: true,
        offers_from: Duration::ZERO,
        repeats: false,
    });
    let output = alone.poll(Duration::ZERO, true);
    assert_eq!(output, Some(Output::Do(Op::Offer)));
    let offer = SessionDescription {
        kind: SdpType::Offer,
        sdp: "offer".into(),
    };
    alone.done(Ok(Some(offer)), Duration::ZERO);
    assert!(matches!(
        alone.poll(Duration::ZERO, false),
        Some(Output::Say(_))
    ));
    assert_eq!(alone.deadline(false), None);
    alone.tick(RESEND_LONGEST * 2);
    assert_eq!(alone.poll(RESEND_LONGEST * 2, false), None);
}

#[test]
fn a_lost_offer_and_a_lost_answer_are_said_again() {
    let mut pair = Pair::new();
    pair.step(0);
    assert_eq!(
        pair.to_right
            .pop_front()
            .map(|it| is_description(&it, SdpType::Offer)),
        Some(true)
    );
    pair.pass(RESEND_AFTER);
    assert!(pair.right.connection.remote.is_some());
    pair.assert_settled();

    pair.left.connection.is_needed = true;
    while !pair
        .to_left
        .front()
        .is_some_and(|it| is_description(it, SdpType::Answer))
    {
        assert!(pair.step(1));
    }
    pair.to_left.pop_front();
    pair.pass(RESEND_AFTER * 3);
    pair.assert_settled();
    // The offer was answered twice and applied once.
    assert_eq!(pair.right.connection.remote.as_deref(), Some("left 2"));
}

#[test]
fn an_answer_to_an_older_offer_is_dropped() {
    let mut pair = Pair::new();
    pair.drain();
    pair.left.connection.is_needed = true;
    pair.step(0);
    pair.left.negotiation.restart_ice();
    let old = Signal::Description {
        id: Some(1),
        description: SessionDescription {
            kind: SdpType::Answer,
            sdp: "old".into(),
        },
    };
    pair.left.negotiation.signal(old);
    pair.drain();
    pair.assert_settled();
    assert_ne!(pair.left.connection.remote.as_deref(), Some("old"));
}

#[test]
fn a_restart_replaces_an_offer_that_nobody_answers() {
    let mut pair = Pair::new();
    pair.drain();
    pair.left.connection.is_needed = true;
    pair.step(0);
    pair.to_right.clear();
    pair.left.negotiation.restart_ice();
    pair.drain();
    assert_eq!(pair.right.connection.remote.as_deref(), Some("left 3"));
    pair.assert_settled();
}

#[test]
fn nonsense_is_noticed_and_does_not_stop_what_follows() {
    let mut pair = Pair::new();
    pair.drain();
    pair.right.connection.refuses = true;
    pair.left.connection.is_needed = true;
    pair.drain();
    assert_eq!(pair.right.garbled, 1);
    pair.right.connection.refuses = false;
    pair.right.connection.is_needed = true;
    pair.pass(Duration::from_secs(60));
    assert!(
        pair.left
            .connection
            .remote
            .as_deref()
            .is_some_and(|it| it.starts_with("right"))
    );
}

#[test]
fn a_nonsense_answer_is_followed_by_another_offer_later() {
    let mut pair = Pair::new();
    pair.drain();
    pair.left.connection.refuses = true;
    pair.left.connection.is_needed = true;
    pair.drain();
    assert_eq!(pair.left.garbled, 1);
    pair.left.connection.refuses = false;
    let made = pair.left.connection.offers_made;
    pair.pass(RETRY_AFTER);
    assert_eq!(pair.left.connection.offers_made, made + 1);
    pair.assert_settled();
}

#[test]
fn the_side_that_waits_for_the_newcomer_does_not_wait_for_ever() {
    let mut alone = Pair::new().right.negotiation;
    assert_eq!(alone.poll(Duration::ZERO, true), None);
    assert_eq!(alone.deadline(true), Some(FIRST_OFFER_WAIT));
    let output = alone.poll(FIRST_OFFER_WAIT, true);
    assert_eq!(output, Some(Output::Do(Op::Offer)));
}

#[test]
fn any_order_of_needs_steps_and_losses_settles() {
    for seed in 0..2_000_u64 {
        let mut pair = Pair::new();
        let mut random = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut next = |bound: u64| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            (random % bound) as usize
        };
        for _ in 0..60 {
            match next(10) {
                0 => pair.left.connection.is_needed = true,
                1 => pair.right.connection.is_needed = true,
                2 => pair.left.negotiation.restart_ice(),
                3 if next(3) == 0 => drop(pair.to_left.pop_front()),
                4 if next(3) == 0 => drop(pair.to_right.pop_front()),
                _ => drop(pair.step(next(4))),
            }
            pair.collect();
        }
        pair.pass(Duration::from_secs(300));
        pair.assert_settled();
    }
}
