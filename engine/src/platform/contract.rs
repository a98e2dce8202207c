//! The contract as a suite: what every back-end must do, in terms of the traits alone.
//!
//! A back-end runs [`all`] with two of its platforms that can reach each other. The behaviours
//! are named after those that the originals' tests pin down.

use std::time::Duration;

use super::{Peer as _, PeerEvent, PeerEvents, Platform, Sender as _, Track as _};
use crate::ErrorKind;
use crate::media::{AudioConstraints, Kind, VideoConstraints};
use crate::peer::{Candidate, ConnectionState, Description, DescriptionKind, PeerConfig};

/// One side, and what it heard so far.
struct Side<P: Platform> {
    peer: P::Peer,
    events: PeerEvents<P>,
    states: Vec<ConnectionState>,
    candidates: Vec<Option<Candidate>>,
    messages: Vec<String>,
    tracks: Vec<(String, Kind)>,
    open: bool,
    closed: bool,
    needed: u32,
}

impl<P: Platform> Side<P> {
    fn open(platform: &P) -> Self {
        let (peer, events) = platform
            .open_peer(&PeerConfig::default())
            .expect("a peer connection");
        Self {
            peer,
            events,
            states: Vec::new(),
            candidates: Vec::new(),
            messages: Vec::new(),
            tracks: Vec::new(),
            open: false,
            closed: false,
            needed: 0,
        }
    }

    /// Takes one event in.
    async fn hear(&mut self) {
        match self.events.recv().await.expect("an event before the end") {
            PeerEvent::Candidate(candidate) => self.candidates.push(candidate),
            PeerEvent::NegotiationNeeded => self.needed += 1,
            PeerEvent::State(state) => self.states.push(state),
            PeerEvent::Track { track, mid } => self.tracks.push((mid, track.kind())),
            PeerEvent::ChannelOpen => self.open = true,
            PeerEvent::ChannelMessage(text) => self.messages.push(text),
            PeerEvent::ChannelClosed => self.closed = true,
        }
    }

    async fn until(&mut self, done: impl Fn(&Self) -> bool) {
        while !done(self) {
            self.hear().await;
        }
    }

    /// Gives the other side all candidates.
    async fn trickle_to(&mut self, other: &P::Peer) {
        self.until(|side| side.candidates.contains(&None)).await;
        for candidate in self.candidates.drain(..) {
            other
                .add_candidate(candidate.as_ref())
                .await
                .expect("a candidate is taken");
        }
    }
}

async fn negotiate<P: Platform>(from: &Side<P>, to: &Side<P>, restart_ice: bool) {
    let offer = from.peer.offer(restart_ice).await.expect("an offer");
    assert_eq!(offer.kind, DescriptionKind::Offer);
    assert!(!offer.sdp.is_empty());
    to.peer
        .set_remote(&offer)
        .await
        .expect("the offer is taken");
    let answer = to.peer.answer().await.expect("an answer");
    assert_eq!(answer.kind, DescriptionKind::Answer);
    from.peer
        .set_remote(&answer)
        .await
        .expect("the answer is taken");
}

async fn connected<P: Platform>(left: &P, right: &P) -> (Side<P>, Side<P>) {
    let (mut left, mut right) = (Side::open(left), Side::open(right));
    negotiate(&left, &right, false).await;
    left.trickle_to(&right.peer).await;
    right.trickle_to(&left.peer).await;
    for side in [&mut left, &mut right] {
        side.until(|side| side.open && side.states.ends_with(&[ConnectionState::Connected]))
            .await;
    }
    (left, right)
}

/// E1, E2, E3, E5: two sides connect, and each says once that it needs to negotiate.
async fn establishes<P: Platform>(left: &P, right: &P) {
    let (left, right) = connected(left, right).await;
    assert_eq!(
        left.states,
        [ConnectionState::Connecting, ConnectionState::Connected]
    );
    assert_eq!((left.needed, right.needed), (1, 1));
}

/// E6, E7: nonsense is refused with its kind, and the connection survives it.
async fn survives_nonsense<P: Platform>(left: &P, right: &P) {
    let (mut one, mut other) = (Side::open(left), Side::open(right));
    for kind in [DescriptionKind::Offer, DescriptionKind::Answer] {
        let nonsense = Description {
            kind,
            sdp: "nonsense".into(),
        };
        let error = one
            .peer
            .set_remote(&nonsense)
            .await
            .expect_err("nonsense is refused");
        assert!(
            matches!(error.kind(), ErrorKind::Invalid | ErrorKind::Closed),
            "{error}"
        );
    }
    negotiate(&one, &other, false).await;
    let nonsense = Candidate {
        candidate: "nonsense".into(),
        mid: None,
        line: Some(0),
        ufrag: None,
    };
    assert!(one.peer.add_candidate(Some(&nonsense)).await.is_err());
    one.trickle_to(&other.peer).await;
    other.trickle_to(&one.peer).await;
    one.until(|side| side.open).await;
}

/// The rollback that neither original tests: an offer is taken back, and the other side's taken.
async fn rolls_back<P: Platform>(left: &P, right: &P) {
    let (one, other) = connected(left, right).await;
    one.peer.offer(false).await.expect("an offer");
    let theirs = other.peer.offer(false).await.expect("an offer");
    one.peer.rollback().await.expect("a rollback");
    one.peer
        .set_remote(&theirs)
        .await
        .expect("the other's offer");
    let answer = one.peer.answer().await.expect("an answer");
    other.peer.set_remote(&answer).await.expect("the answer");
    one.peer
        .rollback()
        .await
        .expect("nothing to take back is no error");
    negotiate(&one, &other, false).await;
}

/// D1, D3: text arrives both ways, all of it, in order.
async fn carries_text_in_order<P: Platform>(left: &P, right: &P) {
    let (mut one, mut other) = connected(left, right).await;
    let sent: Vec<_> = (0..1_000)
        .map(|number| format!("{number} é 日本"))
        .collect();
    for text in &sent {
        one.peer.send(text).expect("the channel is open");
    }
    other.peer.send("back").expect("the channel is open");
    other.until(|side| side.messages.len() == sent.len()).await;
    assert_eq!(other.messages, sent);
    one.until(|side| side.messages == ["back"]).await;
}

/// D6, E10: closing is noticed at the other side, and what is used after it says so.
async fn closes<P: Platform>(left: &P, right: &P) {
    let (one, mut other) = connected(left, right).await;
    one.peer.close();
    one.peer.close();
    assert!(one.peer.send("late").is_err());
    assert!(one.peer.offer(false).await.is_err());
    assert!(one.peer.add_sender(Kind::Audio).is_err());
    other.until(|side| side.closed).await;
    assert!(other.peer.send("nobody").is_err());
}

/// M1 to M5: tracks are enabled, are sent without being negotiated twice, and come with the media
/// section that the sender named.
async fn sends_tracks<P: Platform>(left: &P, right: &P) {
    let (mut one, mut other) = connected(left, right).await;
    let microphone = left
        .open_microphone(&AudioConstraints::default())
        .await
        .expect("a microphone");
    let camera = left
        .open_camera(&VideoConstraints::default())
        .await
        .expect("a camera");
    assert_eq!(
        (microphone.kind(), camera.kind()),
        (Kind::Audio, Kind::Video)
    );
    assert!(microphone.is_enabled());
    microphone.set_enabled(false);
    assert!(!microphone.is_enabled());

    let needed = one.needed;
    let audio = one.peer.add_sender(Kind::Audio).expect("a sender");
    let video = one.peer.add_sender(Kind::Video).expect("a sender");
    assert_eq!(audio.mid(), None);
    one.until(|side| side.needed > needed).await;
    negotiate(&one, &other, false).await;
    other.until(|side| side.tracks.len() == 2).await;
    let named = [(audio.mid(), Kind::Audio), (video.mid(), Kind::Video)];
    for (mid, kind) in named {
        assert!(other.tracks.contains(&(mid.expect("a name"), kind)));
    }
    audio
        .replace(Some(&microphone))
        .await
        .expect("the microphone is sent");
    video
        .replace(Some(&camera))
        .await
        .expect("the camera is sent");
    video.replace(None).await.expect("nothing is sent");

    camera.stop();
    assert!(camera.is_ended());
    camera.ended().await;
}

/// Not tested by either original: ICE restarts and finds the way again.
async fn restarts_ice<P: Platform>(left: &P, right: &P) {
    let (mut one, mut other) = connected(left, right).await;
    negotiate(&one, &other, true).await;
    one.trickle_to(&other.peer).await;
    other.trickle_to(&one.peer).await;
    one.peer.send("after").expect("the channel is still open");
    other.until(|side| side.messages == ["after"]).await;
}

/// Time only goes forward, and a pause is at least as long as asked.
async fn keeps_time<P: Platform>(left: &P, _right: &P) {
    let before = left.now();
    left.sleep(Duration::from_millis(20)).await;
    assert!(left.now() >= before + Duration::from_millis(20));
}

/// What is stored is read again, and nothing else.
async fn keeps_what_is_stored<P: Platform>(left: &P, _right: &P) {
    assert_eq!(left.load("contract"), None);
    left.store("contract", "日本");
    std::future::ready(()).await;
    assert_eq!(left.load("contract").as_deref(), Some("日本"));
}

/// Runs the whole contract, one behaviour after the other.
pub(crate) async fn all<P: Platform>(left: P, right: P) {
    establishes(&left, &right).await;
    survives_nonsense(&left, &right).await;
    rolls_back(&left, &right).await;
    carries_text_in_order(&left, &right).await;
    closes(&left, &right).await;
    sends_tracks(&left, &right).await;
    restarts_ice(&left, &right).await;
    keeps_time(&left, &right).await;
    keeps_what_is_stored(&left, &right).await;
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn the_fake_keeps_the_contract() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::fake::{Fake, HostId, World};

    let world = World::default();
    let (left, right) = (Fake::on(&world, HostId(1)), Fake::on(&world, HostId(2)));
    let done = Arc::new(AtomicBool::new(false));
    let finished = done.clone();
    world.spawn(async move {
        all(left, right).await;
        finished.store(true, Ordering::Relaxed);
    });
    world.pass(Duration::from_secs(60));
    assert!(
        done.load(Ordering::Relaxed),
        "a behaviour never came to its end"
    );
}
