use dioxus::prelude::*;
use parlor_engine::Track;

use crate::platform::{self, Node};

/// How often the level is looked at, in milliseconds: as often as an eye follows a ring.
const EVERY: u32 = 100;
/// From this level on somebody speaks, and below the other they stopped: the distance keeps the
/// ring from flickering between words.
const SPEAKS: f32 = 0.45;
const STOPPED: f32 = 0.3;
/// So many looks below that end it.
const PAUSE: u8 = 8;

/// A ring around whatever holds it, that shows how loud a track is. It draws by itself: nothing is
/// rendered again, whatever somebody says.
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

/// Tells when somebody begins and stops to speak.
#[derive(Debug, Default)]
struct Speech {
    speaks: bool,
    silence: u8,
}

impl Speech {
    /// The new state, if this level changed it.
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
