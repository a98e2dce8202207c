use dioxus::prelude::*;
use parlor_engine::{PersonId, Track};

use crate::components::face::{Size, face};
use crate::components::icon::{Icon, glyph};
use crate::components::level::Level;
use crate::t;
use crate::video::{Fit, Video};

/// Somebody in a call: their picture or their face, their name, and how it is with them.
#[component]
pub fn Tile(
    person: PersonId,
    /// As it is shown.
    name: String,
    /// Whose letters stand where there is no picture, if that is not the name.
    letters: Option<String>,
    picture: Option<Track>,
    sound: Option<Track>,
    muted: bool,
    /// Trouble with the connection, in words.
    trouble: Option<String>,
    /// The stable word for the state of the connection.
    #[props(default = "connected")]
    link: &'static str,
    /// Our own: mirrored and small.
    #[props(default)]
    own: bool,
) -> Element {
    let has_picture = picture.is_some();
    let state = match (muted, has_picture) {
        (true, true) => t!("tile-muted"),
        (true, false) => t!("tile-muted-camera-off"),
        (false, true) => String::new(),
        (false, false) => t!("tile-camera-off"),
    };
    rsx! {
        article {
            class: if own { "tile own" } else { "tile" },
            "aria-label": "{name}",
            "data-test": if own { "own-tile" } else { "tile" },
            "data-peer": "{name}",
            "data-muted": "{muted}",
            "data-camera": if has_picture { "on" } else { "off" },
            "data-link": link,
            if let Some(track) = picture {
                Video { track, mirrored: own, fit: Fit::Cover }
            } else {
                {face(person, letters.as_ref().unwrap_or(&name), Size::Large)}
            }
            if let Some(trouble) = trouble {
                p { class: "tile-trouble", role: "status", "{trouble}" }
            }
            p { class: "tile-name",
                if muted {
                    {glyph(Icon::MicrophoneOff, 16)}
                }
                bdi { class: "one-line", title: "{name}", "{name}" }
                span { class: "visually-hidden", "{state}" }
            }
            Level { track: sound.filter(|_| !muted) }
        }
    }
}
