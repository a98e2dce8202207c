use dioxus::prelude::*;
use parlor_engine::{MAX_TEXT, graphemes};

use crate::components::button::{Button, Look, button};
use crate::components::icon::Icon;
use crate::platform::{self, Node};
use crate::state::session::{Posted, Session};
use crate::state::{drafts, page, toasts};
use crate::t;

/// The remaining length from which the composer shows it, in characters.
const NEARLY_FULL: usize = 200;

/// The field for a message, and the button that sends it.
#[component]
pub fn Composer(session: Session, onsent: EventHandler<()>) -> Element {
    let mut text = use_signal(|| drafts::of(&session.invitation().key));
    use_drop(move || drafts::keep(&session.invitation().key, &text.peek()));
    page::use_leave(move || drafts::keep_for_window(&session.invitation().key, &text.peek()));
    let mut node = use_signal(|| None::<Node>);
    use_effect(move || {
        text.read();
        if let Some(node) = node.read().as_ref() {
            node.fit_height();
        }
    });
    let length = Length::of(&text.read());
    let mut send = move || {
        let written = text.peek().clone();
        match session.post(&written) {
            Posted::Sent => {
                text.set(String::new());
                onsent.call(());
            }
            Posted::Away => toasts::show(t!("message-not-sent")),
            // A text that is too long stays, to be shortened: it says so below.
            Posted::Refused => {}
        }
        if let Some(node) = node.peek().as_ref() {
            node.focus();
        }
    };
    let is_too_long = matches!(length, Length::TooLong(_));
    rsx! {
        div { class: "composer",
            textarea {
                rows: "1",
                dir: "auto",
                "aria-label": t!("write-message"),
                "aria-describedby": "message-length",
                "aria-invalid": is_too_long.then_some("true"),
                placeholder: t!("write-message"),
                enterkeyhint: "send",
                value: text(),
                "data-test": "chat-input",
                onmounted: move |event| node.set(Node::mounted(&event)),
                oninput: move |event| text.set(event.value()),
                onkeydown: move |event| {
                    let is_plain = event.modifiers().is_empty();
                    if event.key() == Key::Enter && is_plain && !platform::is_composing(&event) {
                        event.prevent_default();
                        send();
                    }
                },
            }
            {button(Button {
                label: t!("send"),
                look: Look::Primary,
                icon: Some(Icon::Send),
                round: true,
                test: Some("chat-send"),
                onclick: Box::new(move |_| send()),
                ..Button::default()
            })}
        }
        {message_length(length)}
    }
}

/// The length of a text, compared with the longest message.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Length {
    Fits,
    /// The text fits, and at most [`NEARLY_FULL`] characters are left: this number of them.
    NearlyFull(usize),
    /// The text exceeds the limit by this number of characters.
    TooLong(usize),
}

impl Length {
    fn of(text: &str) -> Self {
        // As the engine sends it.
        let text = text.trim();
        let excess = MAX_TEXT.excess(text);
        if excess > 0 {
            return Self::TooLong(excess);
        }
        if text.len() + NEARLY_FULL < MAX_TEXT.graphemes {
            return Self::Fits;
        }
        match MAX_TEXT.graphemes.saturating_sub(graphemes(text).count()) {
            left @ 0..=NEARLY_FULL => Self::NearlyFull(left),
            _ => Self::Fits,
        }
    }
}

fn message_length(length: Length) -> Element {
    rsx! {
        p {
            id: "message-length",
            class: if matches!(length, Length::TooLong(_)) { "message-length too-long" } else { "message-length" },
            role: "status",
            "data-test": "message-length",
            match length {
                Length::Fits => rsx! {},
                Length::NearlyFull(left) => rsx! {
                    // Screen readers hear no number with each letter.
                    span { "aria-hidden": "true", {t!("message-left", count = left)} }
                },
                Length::TooLong(excess) => rsx! {
                    {t!("message-too-long", count = excess)}
                },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_is_told_when_it_matters() {
        assert_eq!(Length::of(""), Length::Fits);
        assert_eq!(Length::of(&"x".repeat(3_799)), Length::Fits);
        assert_eq!(Length::of(&"🇯🇵".repeat(3_799)), Length::Fits);
        assert_eq!(Length::of(&"🇯🇵".repeat(3_800)), Length::NearlyFull(200));
        assert_eq!(Length::of(&"x".repeat(4_000)), Length::NearlyFull(0));
        assert_eq!(
            Length::of(&format!(" {}\n", "x".repeat(4_000))),
            Length::NearlyFull(0)
        );
        assert_eq!(Length::of(&"x".repeat(5_003)), Length::TooLong(1_003));
    }
}
