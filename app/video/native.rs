use dioxus::prelude::*;
use parlor_engine::Track;

use super::Fit;

/// Reserves the space of a video.
#[component]
pub fn Video(track: Track, mirrored: bool, fit: Fit) -> Element {
    rsx! {
        div { class: "video {fit.class()}", "data-mirrored": "{mirrored}", "data-track": track.id() }
    }
}

/// Shows nothing: the engine plays sound by itself here.
#[component]
pub fn Sound(track: Track, speaker: Option<String>) -> Element {
    let _ = (track, speaker);
    rsx! {}
}

pub fn blocked() -> bool {
    false
}

pub fn allow() {}
