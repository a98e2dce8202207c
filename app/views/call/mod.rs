mod controls;
mod grid;
mod leaving;
mod outgoing;
mod ring;
mod shares;
mod shortcut;

use dioxus::prelude::*;
use parlor_engine::{Call, MediaState, PeerId, TrackSource};

pub use leaving::LeaveQuestion;
pub use ring::ring_card;

use self::controls::controls;
use self::grid::Grid;
use self::outgoing::outgoing;
use self::shares::{shares, use_sharers};
use self::shortcut::Shortcut;
use super::person::{Somebody, restriction_words, short_warning, use_unfolded};
use super::room::Panels;
use crate::components::button::{Button, Look, button};
use crate::components::icon::Icon;
use crate::components::tile::Tile;
use crate::platform::{self, Node};
use crate::state::call::Calling;
use crate::state::people;
use crate::state::session::{Session, link_state, link_words, picture_of, shown_name};
use crate::state::{screen, settings};
use crate::t;
use crate::video::{self, Sound};

/// The time without activity after which the controls fade, in milliseconds.
const FADES_AFTER: u64 = 3_000;

/// The call: the tiles of everybody in it, and the controls.
#[component]
pub fn Stage(calling: Calling, panels: Panels) -> Element {
    let session = calling.session;
    let mut touched = use_signal(platform::now);
    let quiet = use_quiet(touched);
    use_shortcuts(calling);
    let sharers = use_sharers(session);
    let is_shared = !sharers.read().is_empty();
    let is_outgoing = matches!(*session.call.read(), Call::Outgoing { .. });
    rsx! {
        section {
            class: "stage",
            "aria-label": t!("call"),
            "data-test": "stage",
            "data-quiet": "{quiet}",
            "data-shares": "{is_shared}",
            onpointermove: move |_| touched.set(platform::now()),
            onpointerdown: move |_| touched.set(platform::now()),
            onkeydown: move |_| touched.set(platform::now()),
            div { class: "stage-body",
                {shares(session, &sharers.read())}
                Tiles { calling, panels, is_strip: is_shared }
            }
            if is_outgoing {
                {outgoing(calling)}
            }
            {alone(session)}
            {sounds(session)}
            {controls(calling, panels)}
        }
    }
}

/// Shows a message while nobody else is in the call: the others lost their page or their network,
/// and may come back.
fn alone(session: Session) -> Element {
    let is_alone =
        matches!(*session.call.read(), Call::Active { .. }) && session.others.read().is_empty();
    rsx! {
        div { class: "outgoing alone", role: "status",
            if is_alone {
                h2 { "data-test": "call-alone", {t!("call-alone")} }
                p { {t!("call-alone-what")} }
            }
        }
    }
}

/// Returns a signal that is `true` after [`FADES_AFTER`] without activity. It is written only when
/// it changes.
fn use_quiet(touched: Signal<u64>) -> Signal<bool> {
    let mut quiet = use_signal(|| false);
    use_future(move || async move {
        loop {
            platform::sleep(250).await;
            let is_quiet = platform::now().saturating_sub(*touched.peek()) > FADES_AFTER;
            if *quiet.peek() != is_quiet {
                quiet.set(is_quiet);
            }
        }
    });
    quiet
}

/// Handles the keys M, V and S, which the buttons' tooltips name, outside text fields.
fn use_shortcuts(calling: Calling) {
    use_future(move || async move {
        let mut keys = platform::keys();
        while let Some(key) = keys.next().await {
            match Shortcut::of(&key.text, &key.code) {
                Some(Shortcut::Microphone) => calling.toggle_microphone(),
                Some(Shortcut::Camera) => calling.toggle_camera(),
                Some(Shortcut::Screen) if screen::is_possible() => calling.screen.toggle(),
                Some(Shortcut::Screen) => {}
                None => {}
            }
        }
    });
}

/// Shows the tiles of the others, as large as all of them fit: in the whole stage, or in a strip
/// beside a shared screen.
#[component]
fn Tiles(calling: Calling, panels: Panels, is_strip: ReadSignal<bool>) -> Element {
    let session = calling.session;
    let peers = session.others;
    let mut node = use_signal(|| None::<Node>);
    let mut room = use_signal(|| (0.0, 0.0));
    let place = OwnPlace::of(peers.read().len(), room().0, is_strip());
    use_effect(move || {
        let (width, height) = room();
        let place = OwnPlace::of(peers.read().len(), width, is_strip());
        let own = usize::from(place == OwnPlace::Grid);
        let grid = Grid::best(peers.read().len() + own, width, height);
        if let Some(node) = node.read().as_ref() {
            node.set_css("--tile-width", &format!("{}px", grid.width as u32));
            node.set_css("--tile-height", &format!("{}px", grid.height as u32));
        }
    });
    rsx! {
        div {
            class: "tiles",
            "data-own": place.name(),
            onmounted: move |event| node.set(Node::mounted(&event)),
            onresize: move |event| {
                if let Ok(size) = event.get_content_box_size()
                    && *room.peek() != (size.width, size.height)
                {
                    room.set((size.width, size.height));
                }
            },
            for peer in peers() {
                PeerTile { key: "{peer.to_text()}", session, panels, peer }
            }
            {own_tile(calling)}
        }
    }
}

/// The position of our own tile, chosen so that it covers nobody.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum OwnPlace {
    /// In a corner of the only other tile.
    Corner,
    /// Beside the controls, in a wide window.
    Bar,
    /// Among the others, in a narrow window.
    Grid,
}

impl OwnPlace {
    /// The width in pixels from which there is space beside the controls.
    const WIDE: f64 = 700.0;

    fn of(others: usize, width: f64, is_strip: bool) -> Self {
        match others {
            _ if is_strip => Self::Grid,
            0 | 1 => Self::Corner,
            _ if width < Self::WIDE => Self::Grid,
            _ => Self::Bar,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Corner => "corner",
            Self::Bar => "bar",
            Self::Grid => "grid",
        }
    }
}

#[component]
fn PeerTile(session: Session, panels: Panels, peer: PeerId) -> Element {
    let participant = session.use_participant(peer);
    let who = participant().map(|one| (one.person, one.name));
    let standing = session.use_standing(who);
    let mut is_unfolded = use_unfolded(standing);
    let Some(participant) = participant() else {
        return rsx! {};
    };
    let person = participant.person;
    let standing = standing();
    let is_folded = standing.restriction.is_folded() && !is_unfolded();
    let who = Somebody {
        person,
        name: participant.name.to_string(),
    };
    rsx! {
        Tile {
            colour: session.colour_of(person),
            name: shown_name(&participant.name),
            picture: picture_of(&participant).filter(|_| !is_folded),
            sound: participant.track(TrackSource::Microphone).cloned(),
            muted: participant.state(TrackSource::Microphone) != MediaState::On,
            trouble: link_words(participant.link),
            link: link_state(participant.link),
            verified: standing.is_verified,
            warning: short_warning(&standing, &participant.name),
            restriction: restriction_words(standing.restriction),
            folded: is_folded,
            // Not for another window of our own.
            has_options: person != *session.person.read(),
            onshow: move |()| is_unfolded.set(true),
            onoptions: move |()| panels.person.clone().set(Some(who.clone())),
        }
    }
}

fn own_tile(calling: Calling) -> Element {
    let person = *calling.session.person.read();
    let media = calling.media;
    rsx! {
        Tile {
            colour: calling.session.colour_of(person),
            name: t!("you"),
            letters: calling.session.name.read().to_string(),
            picture: media.camera.read().picture().cloned(),
            sound: media.microphone.read().track().cloned(),
            muted: !calling.is_heard(),
            own: true,
        }
    }
}

/// Plays everybody's sound, whichever tiles are on the screen.
fn sounds(session: Session) -> Element {
    let speaker = settings::current().speaker;
    let people = session.people.read();
    let heard = people
        .iter()
        .filter(|one| !people::read(|people| people.restriction(one.person)).is_silent())
        .flat_map(|one| {
            let sources = [TrackSource::Microphone, TrackSource::ScreenAudio];
            sources.map(|source| (one.peer, source, one.track(source).cloned()))
        })
        .filter_map(|(peer, source, track)| Some((peer, source, track?)));
    rsx! {
        for (peer , source , track) in heard {
            Sound { key: "{peer.to_text()}{source:?}", track, speaker: speaker.clone() }
        }
        if video::blocked() {
            div { class: "stage-blocked",
                {button(Button {
                    label: t!("tap-to-hear"),
                    look: Look::Primary,
                    icon: Some(Icon::Speaker),
                    onclick: Box::new(|_| video::allow()),
                    ..Button::default()
                })}
            }
        }
    }
}
