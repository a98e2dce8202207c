//! Scripts with a virtual clock: rooms of peers who tell each other what they publish, at once,
//! late, or twice.

use super::*;

const ALICE: usize = 0;
const BOB: usize = 1;
const CARLA: usize = 2;

fn peer(number: usize) -> PeerId {
    PeerId::from_bytes([number as u8; 16])
}

fn call(number: u8) -> CallId {
    CallId::from_bytes([number; 8])
}

/// Peers whose published states travel when [`deliver`](Self::deliver) says so.
struct Room {
    peers: Vec<Ringing>,
    now: Duration,
}

impl Room {
    fn of(count: usize) -> Self {
        let mut room = Self {
            peers: (0..count).map(|_| Ringing::default()).collect(),
            now: Duration::ZERO,
        };
        room.converge();
        room
    }

    /// `to` learns what `from` published by now.
    fn deliver(&mut self, from: usize, to: usize) {
        let published = self.peers[from].published();
        self.peers[to].peer(peer(from), published, self.now);
    }

    /// Everybody learns of everybody until nothing changes, everything twice.
    fn converge(&mut self) {
        for _ in 0..6 {
            for from in 0..self.peers.len() {
                for to in (0..self.peers.len()).filter(|to| *to != from) {
                    self.deliver(from, to);
                    self.deliver(from, to);
                }
            }
        }
    }

    fn pass(&mut self, time: Duration) {
        let end = self.now + time;
        while let Some(next) = self.peers.iter().filter_map(Ringing::deadline).min() {
            if next > end {
                break;
            }
            self.now = next;
            self.peers.iter_mut().for_each(|ringing| ringing.tick(next));
            self.converge();
        }
        self.now = end;
    }

    fn start(&mut self, who: usize, id: u8) {
        let now = self.now;
        self.peers[who].start(call(id), now);
    }

    fn accept(&mut self, who: usize) {
        let now = self.now;
        self.peers[who].accept(now);
    }

    fn call(&self, who: usize) -> Call {
        self.peers[who].call()
    }

    fn notices(&mut self, who: usize) -> Vec<Notice> {
        std::iter::from_fn(|| self.peers[who].poll_notice()).collect()
    }

    fn assert_nobody_in_call(&self) {
        for ringing in &self.peers {
            assert_eq!(ringing.call(), Call::None);
        }
    }
}

fn ended(outcome: CallOutcome, from: Option<usize>) -> Notice {
    Notice::CallEnded {
        outcome,
        from: from.map(peer),
    }
}

#[test]
fn rings_and_is_accepted() {
    let mut room = Room::of(2);
    room.start(ALICE, 1);
    room.converge();
    assert_eq!(
        room.call(ALICE),
        Call::Outgoing {
            answers: vec![(peer(BOB), Answer::Ringing)]
        }
    );
    assert_eq!(room.call(BOB), Call::Incoming { from: peer(ALICE) });
    room.now = Duration::from_secs(5);
    room.accept(BOB);
    room.converge();
    for who in [ALICE, BOB] {
        assert_eq!(
            room.call(who),
            Call::Active {
                since: Duration::from_secs(5)
            }
        );
    }
    room.pass(Duration::from_secs(100));
    assert!(matches!(room.call(ALICE), Call::Active { .. }));
}

#[test]
fn hanging_up_ends_it_for_the_last_one_too() {
    let mut room = Room::of(2);
    room.start(ALICE, 1);
    room.converge();
    room.accept(BOB);
    room.converge();
    room.peers[BOB].hang_up();
    room.converge();
    room.assert_nobody_in_call();
    assert_eq!(room.notices(ALICE), [ended(CallOutcome::HungUp, None)]);
}

#[test]
fn a_decline_reaches_the_caller() {
    let mut room = Room::of(2);
    room.start(ALICE, 1);
    room.converge();
    room.peers[BOB].decline(room.now);
    room.converge();
    room.assert_nobody_in_call();
    let reason = DeclineReason::Declined;
    assert_eq!(
        room.notices(ALICE),
        [
            Notice::Declined {
                peer: peer(BOB),
                reason
            },
            ended(CallOutcome::Declined, None)
        ],
    );
    assert_eq!(room.notices(BOB), []);
}

#[test]
fn a_declined_call_does_not_ring_again_but_can_be_joined() {
    let mut room = Room::of(3);
    room.start(ALICE, 1);
    room.converge();
    room.peers[BOB].decline(room.now);
    room.accept(CARLA);
    room.converge();
    assert_eq!(room.call(BOB), Call::Ongoing);
    room.accept(BOB);
    room.converge();
    assert!(matches!(room.call(BOB), Call::Active { .. }));
    assert!(room.peers[BOB].shares_call(peer(CARLA)));
}

#[test]
fn a_cancelled_call_stops_ringing() {
    let mut room = Room::of(2);
    room.start(ALICE, 1);
    room.converge();
    room.peers[ALICE].hang_up();
    room.converge();
    room.assert_nobody_in_call();
    assert_eq!(room.notices(BOB), [ended(CallOutcome::Missed, Some(ALICE))]);
}

#[test]
fn nobody_answers_within_45_seconds() {
    let mut room = Room::of(2);
    room.start(ALICE, 1);
    room.converge();
    room.pass(Duration::from_secs(44));
    assert_eq!(room.call(BOB), Call::Incoming { from: peer(ALICE) });
    room.pass(Duration::from_secs(1));
    room.assert_nobody_in_call();
    assert!(
        room.notices(ALICE)
            .contains(&ended(CallOutcome::NoAnswer, None))
    );
    assert_eq!(
        room.notices(BOB),
        [ended(CallOutcome::NotAnswered, Some(ALICE))]
    );
}

#[test]
fn a_caller_whose_callee_never_tells_gives_up_too() {
    let mut room = Room::of(2);
    room.start(ALICE, 1);
    room.converge();
    room.now = RINGS_FOR + TELLS_WITHIN;
    let now = room.now;
    room.peers[ALICE].tick(now);
    assert_eq!(room.call(ALICE), Call::None);
    assert_eq!(room.notices(ALICE), [ended(CallOutcome::NoAnswer, None)]);
}

#[test]
fn the_third_rings_on_while_two_talk_and_then_stops() {
    let mut room = Room::of(3);
    room.start(ALICE, 1);
    room.converge();
    room.accept(BOB);
    room.converge();
    assert_eq!(room.call(CARLA), Call::Incoming { from: peer(ALICE) });
    room.pass(Duration::from_secs(45));
    assert_eq!(room.call(CARLA), Call::Ongoing);
    assert!(matches!(room.call(ALICE), Call::Active { .. }));
}

#[test]
fn a_call_that_all_have_answered_does_not_ring_who_comes_later() {
    let mut room = Room::of(2);
    room.start(ALICE, 1);
    room.converge();
    room.accept(BOB);
    room.converge();
    room.peers.push(Ringing::default());
    room.converge();
    assert_eq!(room.call(CARLA), Call::Ongoing);
}

#[test]
fn who_is_busy_says_so_and_is_not_rung() {
    let mut room = Room::of(2);
    room.peers[BOB].set_busy(true, Duration::ZERO);
    room.start(ALICE, 1);
    room.converge();
    room.assert_nobody_in_call();
    let reason = DeclineReason::Busy;
    assert!(room.notices(ALICE).contains(&Notice::Declined {
        peer: peer(BOB),
        reason
    }));
}

#[test]
fn two_who_start_at_once_are_in_one_call() {
    let mut room = Room::of(3);
    room.start(ALICE, 9);
    room.start(BOB, 4);
    room.converge();
    assert!(matches!(room.call(ALICE), Call::Active { .. }));
    assert!(matches!(room.call(BOB), Call::Active { .. }));
    assert!(matches!(room.call(CARLA), Call::Incoming { .. }));
    assert_eq!(room.peers[ALICE].published().call, Some(call(4)));
    room.accept(CARLA);
    room.converge();
    let ids: Vec<_> = room
        .peers
        .iter()
        .map(|ringing| ringing.published().call)
        .collect();
    assert_eq!(ids, [Some(call(4)); 3]);
}

#[test]
fn accept_and_cancel_that_cross_end_in_no_call() {
    let mut room = Room::of(2);
    room.start(ALICE, 1);
    room.converge();
    room.accept(BOB);
    room.peers[ALICE].hang_up();
    room.converge();
    room.assert_nobody_in_call();
}

#[test]
fn decline_and_cancel_that_cross_end_in_no_call() {
    let mut room = Room::of(2);
    room.start(ALICE, 1);
    room.converge();
    room.peers[BOB].decline(room.now);
    room.peers[ALICE].hang_up();
    room.converge();
    room.assert_nobody_in_call();
}

#[test]
fn accept_and_no_answer_that_cross_end_in_no_call() {
    let mut room = Room::of(2);
    room.start(ALICE, 1);
    room.converge();
    room.now = RINGS_FOR + TELLS_WITHIN;
    room.accept(BOB);
    let now = room.now;
    room.peers[ALICE].tick(now);
    room.converge();
    room.assert_nobody_in_call();
}

#[test]
fn both_hang_up_at_once() {
    let mut room = Room::of(2);
    room.start(ALICE, 1);
    room.converge();
    room.accept(BOB);
    room.converge();
    room.peers[ALICE].hang_up();
    room.peers[BOB].hang_up();
    room.converge();
    room.assert_nobody_in_call();
}

#[test]
fn who_vanishes_is_waited_for_and_then_the_call_ends() {
    let mut room = Room::of(2);
    room.start(ALICE, 1);
    room.converge();
    room.accept(BOB);
    room.converge();
    room.peers.truncate(1);
    room.peers[ALICE].gone(peer(BOB), Duration::ZERO);
    room.pass(WAITS_FOR_RETURN - Duration::from_secs(1));
    assert!(matches!(room.call(ALICE), Call::Active { .. }));
    room.pass(Duration::from_secs(1));
    assert_eq!(room.call(ALICE), Call::None);
}

#[test]
fn who_comes_back_with_a_new_id_finds_the_call() {
    let mut room = Room::of(2);
    room.start(ALICE, 1);
    room.converge();
    room.accept(BOB);
    room.converge();
    room.peers[ALICE].gone(peer(BOB), Duration::ZERO);
    // Bob's page again, as a new peer.
    room.peers[BOB] = Ringing::default();
    room.peers.push(Ringing::default());
    room.peers.swap(BOB, CARLA);
    let published = room.peers[ALICE].published();
    let now = room.now;
    room.peers[BOB].peer(peer(ALICE), published, now);
    room.accept(BOB);
    let published = room.peers[BOB].published();
    room.peers[ALICE].peer(peer(9), published, now);
    assert!(matches!(room.call(ALICE), Call::Active { .. }));
    assert_eq!(room.peers[ALICE].deadline(), None);
}

#[test]
fn a_caller_who_vanishes_stops_the_ringing() {
    let mut room = Room::of(2);
    room.start(ALICE, 1);
    room.converge();
    room.peers[BOB].gone(peer(ALICE), Duration::ZERO);
    assert_eq!(room.call(BOB), Call::None);
    assert_eq!(room.notices(BOB), [ended(CallOutcome::Missed, Some(ALICE))]);
}

#[test]
fn the_next_call_rings_again_after_a_declined_one() {
    let mut room = Room::of(2);
    room.start(ALICE, 1);
    room.converge();
    room.peers[BOB].decline(room.now);
    room.converge();
    room.start(ALICE, 2);
    room.converge();
    assert_eq!(room.call(BOB), Call::Incoming { from: peer(ALICE) });
}

#[test]
fn every_order_of_four_crossing_acts_ends_in_agreement() {
    // Each act is one person's; between acts any prefix of deliveries may have happened.
    for seed in 0..500_u32 {
        let mut room = Room::of(3);
        let mut random = seed.wrapping_mul(2_654_435_761) | 1;
        let mut next = |bound: u32| {
            random ^= random << 13;
            random ^= random >> 17;
            random ^= random << 5;
            (random % bound) as usize
        };
        for step in 0..40 {
            room.now += Duration::from_millis(next(3_000) as u64);
            let now = room.now;
            let who = next(3);
            match next(8) {
                0 => room.start(who, (step + 1) as u8),
                1 => room.accept(who),
                2 => room.peers[who].decline(room.now),
                3 => room.peers[who].hang_up(),
                4 => room.peers[who].tick(now),
                _ => room.deliver(who, (who + 1 + next(2)) % 3),
            }
        }
        room.converge();
        let calls: Vec<_> = room
            .peers
            .iter()
            .filter_map(|ringing| ringing.published().call)
            .collect();
        assert!(
            calls.windows(2).all(|pair| pair[0] == pair[1]),
            "seed {seed}: {calls:?}"
        );
        // After everybody hangs up, no ringing is left anywhere.
        for who in 0..3 {
            room.peers[who].hang_up();
            room.peers[who].decline(room.now);
        }
        room.converge();
        room.assert_nobody_in_call();
    }
}

#[test]
fn who_was_declined_does_not_ring_again_at_once() {
    let mut ringing = Ringing::default();
    let person = crate::identity::Identity::generate().person();
    let mut now = Duration::ZERO;
    let calls = |number| Published {
        call: Some(call(number)),
        rings: true,
        declined: None,
    };
    let mut rang = Vec::new();
    for number in 0..20 {
        // A new visit each time, as somebody would who wants to get around it.
        let caller = peer(100 + usize::from(number));
        ringing.meet(caller, person);
        ringing.peer(caller, calls(number), now);
        if let Call::Incoming { .. } = ringing.call() {
            rang.push(now.as_secs());
            ringing.decline(now);
        } else {
            assert_eq!(ringing.call(), Call::Ongoing, "it can still be joined");
            let declined = ringing.published().declined;
            assert_eq!(declined.map(|it| it.call), Some(call(number)));
        }
        ringing.gone(caller, now);
        now += Duration::from_secs(10);
    }
    assert_eq!(rang, [0, 10, 40, 100]);
}

#[test]
fn who_was_talked_to_rings_again() {
    let mut ringing = Ringing::default();
    let person = crate::identity::Identity::generate().person();
    ringing.meet(peer(1), person);
    let calls = |number| Published {
        call: Some(call(number)),
        rings: true,
        declined: None,
    };
    let now = Duration::from_secs(1);
    for number in 1..=2 {
        ringing.peer(peer(1), calls(number), now);
        ringing.decline(now);
    }
    ringing.accept(now);
    ringing.hang_up();
    ringing.peer(peer(1), calls(3), now);
    assert_eq!(ringing.call(), Call::Incoming { from: peer(1) });
}

#[test]
fn one_who_calls_and_cancels_without_end_rings_a_few_times() {
    let mut ringing = Ringing::default();
    ringing.meet(peer(1), crate::identity::Identity::generate().person());
    let mut rang = 0;
    for number in 0..50 {
        let now = Duration::from_millis(200 * u64::from(number));
        let (call, rings, declined) = (Some(call(number)), true, None);
        let published = Published {
            call,
            rings,
            declined,
        };
        ringing.peer(peer(1), published, now);
        rang += usize::from(matches!(ringing.call(), Call::Incoming { .. }));
        ringing.peer(peer(1), Published::default(), now);
    }
    assert_eq!(rang, 4);
}

#[test]
fn many_invented_people_ring_a_bounded_number_of_times() {
    let mut ringing = Ringing::default();
    let mut rang = 0;
    for number in 1..=60 {
        let peer = peer(usize::from(number));
        ringing.meet(peer, crate::identity::Identity::generate().person());
        let now = Duration::from_millis(100 * u64::from(number));
        let published = Published {
            call: Some(call(number)),
            rings: true,
            declined: None,
        };
        ringing.peer(peer, published, now);
        rang += usize::from(matches!(ringing.call(), Call::Incoming { .. }));
        ringing.peer(peer, Published::default(), now);
    }
    assert_eq!(rang, 12);
}
