//! The screens that others share.

use dioxus::prelude::*;
use parlor_engine::{MediaState, Participant, PeerId, TrackSource};

use crate::components::button::{Button, Look, button};
use crate::components::icon::Icon;
use crate::platform::Node;
use crate::state::people;
use crate::state::session::Session;
use crate::t;
use crate::video::{Fit, Video};

/// The magnifications of a screen, in percent.
const ZOOM: [u16; 4] = [100, 150, 200, 300];

/// Returns the people whose screens are shown.
pub fn use_sharers(session: Session) -> Memo<Vec<PeerId>> {
    use_memo(move || {
        let people = session.people.read();
        let sharers = people.iter().filter(|one| shows_screen(one));
        sharers.map(|one| one.peer).collect()
    })
}

fn shows_screen(one: &Participant) -> bool {
    one.state(TrackSource::Screen) == MediaState::On
        && one.track(TrackSource::Screen).is_some()
        && !people::read(|people| people.restriction(one.person)).is_folded()
}

/// Shows the shared screens, and says whose they are.
pub fn shares(session: Session, sharers: &[PeerId]) -> Element {
    let names: Vec<String> = sharers
        .iter()
        .map(|peer| t!("shared-by", name = session.name_of(*peer)))
        .collect();
    rsx! {
        p { class: "visually-hidden", role: "status", {names.join(", ")} }
        if !sharers.is_empty() {
            div { class: "shares",
                for peer in sharers.iter().copied() {
                    SharedScreen { key: "{peer.to_text()}", session, peer }
                }
            }
        }
    }
}

/// Shows one screen whole, or a part of it magnified, which can be scrolled.
#[component]
fn SharedScreen(session: Session, peer: PeerId) -> Element {
    let participant = session.use_participant(peer);
    let mut node = use_signal(|| None::<Node>);
    let mut zoom = use_signal(|| 0_usize);
    let track = participant().and_then(|one| one.track(TrackSource::Screen).cloned());
    let Some(track) = track else {
        return rsx! {};
    };
    let name = session.name_of(peer);
    let percent = ZOOM[zoom()];
    let is_largest = zoom() + 1 == ZOOM.len();
    rsx! {
        figure {
            class: "share",
            "data-test": "share",
            "data-peer": "{name}",
            "data-zoom": "{percent}",
            onmounted: move |event| node.set(Node::mounted(&event)),
            div {
                class: "share-view",
                tabindex: "0",
                role: "group",
                "aria-label": t!("shared-by", name = &name),
                div { class: "share-picture", style: "width: {percent}%; height: {percent}%",
                    Video { track, mirrored: false, fit: Fit::Contain }
                }
            }
            figcaption { class: "tile-name",
                bdi { class: "one-line", {t!("shared-by", name = &name)} }
            }
            div { class: "tile-options",
                if percent > ZOOM[0] {
                    {option(t!("zoom-out"), Icon::ZoomOut, "share-zoom-out", move || zoom -= 1)}
                }
                if !is_largest {
                    {option(t!("zoom-in"), Icon::ZoomIn, "share-zoom-in", move || zoom += 1)}
                }
                {option(t!("full-screen"), Icon::FullScreen, "share-full", move || {
                    if let Some(node) = node.peek().as_ref() {
                        node.toggle_full_screen();
                    }
                })}
            }
        }
    }
}

fn option(
    label: String,
    icon: Icon,
    test: &'static str,
    mut onclick: impl FnMut() + 'static,
) -> Element {
    button(Button {
        label,
        look: Look::Plain,
        icon: Some(icon),
        round: true,
        test: Some(test),
        onclick: Box::new(move |_| onclick()),
        ..Button::default()
    })
}
