use dioxus::prelude::*;
use parlor_engine::Track;

use crate::components::button::{Button, Look, button};
use crate::components::face::{Size, face};
use crate::components::icon::{Icon, glyph};
use crate::components::level::Level;
use crate::t;
use crate::video::{Fit, Video};

/// Somebody in a call: their picture or their face, their name, and how it is with them.
#[component]
pub fn Tile(
    /// The colour that stands for them.
    colour: u8,
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
    /// We compared keys with them.
    #[props(default)]
    verified: bool,
    /// What people must read before they trust this person.
    warning: Option<String>,
    /// What we did about them for ourselves, in words.
    restriction: Option<String>,
    /// Their picture is folded here; `onshow` shows it all the same.
    #[props(default)]
    folded: bool,
    onshow: Option<EventHandler<()>>,
    /// Whether there is something that one can do about them, which `onoptions` opens.
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

/// What one did and can do about somebody, at a corner of their tile.
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
