use dioxus::prelude::*;
use parlor_engine::Track;

use crate::platform::{self, Node};

/// The interval between two readings of the level, in milliseconds: short enough for the ring to
/// follow a voice without a visible delay.
const EVERY: u32 = 100;
/// The level from which a person speaks; readings below [`STOPPED`] end the speech. The gap between
/// the two keeps the ring from flickering between words.
const SPEAKS: f32 = 0.45;
const STOPPED: f32 = 0.3;
/// The number of consecutive readings below [`STOPPED`] that end the speech.
const PAUSE: u8 = 8;

/// Draws a ring around its parent element that shows the loudness of a track. It writes to the
/// element directly, so a new level renders nothing again.
#[component]
pub fn Level(track: Option<Track>, test: Option<&'static str>) -> Element {
    let mut node = use_signal(|| None::<Node>);
    let mut current = use_signal(|| None);
    if *current.peek() != track {
        current.set(track);
    }
    use_future(move || async move {
        let mut speech = Speech::default();
        loop {
            let level = current.peek().as_ref().map_or(0.0, Track::level);
            if let Some(node) = node.peek().as_ref() {
                // In percent: whole numbers need less code to be written.
                node.set_css("--level", &format!("{}", (level * 100.0) as u8));
                if let Some(speaks) = speech.heard(level) {
                    node.set_attribute("data-speaking", if speaks { "true" } else { "false" });
                }
            }
            platform::sleep(EVERY).await;
        }
    });
    rsx! {
        span {
            class: "level",
            "aria-hidden": "true",
            "data-test": test,
            onmounted: move |event| node.set(Node::mounted(&event)),
        }
    }
}

/// Detects the beginning and the end of speech.
#[derive(Debug, Default)]
struct Speech {
    speaks: bool,
    silence: u8,
}

impl Speech {
    /// Takes a reading of the level. Returns the new state if the reading changed it.
    fn heard(&mut self, level: f32) -> Option<bool> {
        let before = self.speaks;
        if level >= SPEAKS {
            self.speaks = true;
        }
        self.silence = if level < STOPPED {
            self.silence.saturating_add(1)
        } else {
            0
        };
        if self.silence >= PAUSE {
            self.speaks = false;
        }
        (self.speaks != before).then_some(self.speaks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_between_words_does_not_end_the_speech() {
        let mut speech = Speech::default();
        assert_eq!(speech.heard(0.2), None);
        assert_eq!(speech.heard(0.6), Some(true));
        for _ in 0..PAUSE - 1 {
            assert_eq!(speech.heard(0.1), None);
        }
        assert_eq!(speech.heard(0.4), None);
        for _ in 0..PAUSE - 1 {
            assert_eq!(speech.heard(0.0), None);
        }
        assert_eq!(speech.heard(0.0), Some(false));
    }
}
