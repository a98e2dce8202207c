use dioxus::prelude::*;
use parlor_engine::Track;

use crate::components::button::{Button, Look, button};
use crate::components::face::{Size, face};
use crate::components::icon::{Icon, glyph};
use crate::components::level::Level;
use crate::t;
use crate::video::{Fit, Video};

/// Shows a person in a call: their video or their face, their name, and the state of their devices
/// and their connection.
#[component]
pub fn Tile(
    /// The person's colour.
    colour: u8,
    /// The name as it is displayed.
    name: String,
    /// The name from which the initials are taken, if it is not `name`.
    letters: Option<String>,
    picture: Option<Track>,
    sound: Option<Track>,
    muted: bool,
    /// A message about a problem with the connection.
    trouble: Option<String>,
    /// The state of the connection as a fixed word, for the style sheet and the tests.
    #[props(default = "connected")]
    link: &'static str,
    /// The tile is our own: mirrored and small.
    #[props(default)]
    own: bool,
    /// We verified the person's key.
    #[props(default)]
    verified: bool,
    /// A warning to read before trusting this person.
    warning: Option<String>,
    /// The restriction that we set on the person, in words.
    restriction: Option<String>,
    /// A restriction hides the video; `onshow` reveals it.
    #[props(default)]
    folded: bool,
    onshow: Option<EventHandler<()>>,
    /// Shows a button for further options, which calls `onoptions`.
    #[props(default)]
    has_options: bool,
    onoptions: Option<EventHandler<()>>,
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
                {face(colour, letters.as_ref().unwrap_or(&name), Size::Large)}
            }
            if trouble.is_some() || warning.is_some() {
                div { class: "tile-trouble", role: "status",
                    if let Some(warning) = warning {
                        p { class: "tile-warning", "data-test": "tile-warning",
                            {glyph(Icon::Warning, 16)}
                            "{warning}"
                        }
                    }
                    if let Some(trouble) = trouble {
                        p { "{trouble}" }
                    }
                }
            }
            {options(&name, restriction, onshow.filter(|_| folded), onoptions.filter(|_| has_options))}
            p { class: "tile-name",
                if muted {
                    {glyph(Icon::MicrophoneOff, 16)}
                }
                bdi { class: "one-line", title: "{name}", "{name}" }
                if verified {
                    span { class: "badge", title: t!("person-verified"),
                        {glyph(Icon::Shield, 16)}
                        span { class: "visually-hidden", {t!("person-verified")} }
                    }
                }
                span { class: "visually-hidden", "{state}" }
            }
            Level { track: sound.filter(|_| !muted) }
        }
    }
}

/// Shows the restriction of a person and the buttons for options, in a corner of the tile.
fn options(
    name: &str,
    restriction: Option<String>,
    onshow: Option<EventHandler<()>>,
    onoptions: Option<EventHandler<()>>,
) -> Element {
    let label = t!("person-options", name = name);
    rsx! {
        div { class: "tile-options",
            if let Some(restriction) = restriction {
                span { class: "tile-restriction one-line", "{restriction}" }
            }
            if let Some(onshow) = onshow {
                {button(Button {
                    label: t!("show-picture"),
                    look: Look::Plain,
                    icon: Some(Icon::Eye),
                    round: true,
                    test: Some("tile-show"),
                    onclick: Box::new(move |_| onshow.call(())),
                    ..Button::default()
                })}
            }
            if let Some(onoptions) = onoptions {
                {button(Button {
                    label,
                    look: Look::Plain,
                    icon: Some(Icon::More),
                    round: true,
                    test: Some("tile-options"),
                    onclick: Box::new(move |_| onoptions.call(())),
                    ..Button::default()
                })}
            }
        }
    }
}
