use dioxus::prelude::*;
use parlor_engine::MAX_TEXT_CHARS;

use crate::components::button::{Button, Look, button};
use crate::components::icon::Icon;
use crate::platform::{self, Node};
use crate::state::session::{Posted, Session};
use crate::state::{drafts, toasts};
use crate::t;

/// Where one writes.
#[component]
pub fn Composer(session: Session, onsent: EventHandler<()>) -> Element {
    let mut text = use_signal(|| drafts::of(&session.invitation().key));
    use_drop(move || drafts::keep(&session.invitation().key, &text.peek()));
    let mut node = use_signal(|| None::<Node>);
    use_effect(move || {
        text.read();
        if let Some(node) = node.read().as_ref() {
            node.fit_height();
        }
    });
    let mut send = move || {
        let written = text.peek().clone();
        match session.post(&written) {
            Posted::Sent => {
                text.set(String::new());
                onsent.call(());
            }
            Posted::Away => toasts::show(t!("message-not-sent")),
            Posted::Refused => {}
        }
        if let Some(node) = node.peek().as_ref() {
            node.focus();
        }
    };
    rsx! {
        div { class: "composer",
            textarea {
                rows: "1",
                dir: "auto",
                "aria-label": t!("write-message"),
                placeholder: t!("write-message"),
                maxlength: "{MAX_TEXT_CHARS}",
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
    }
}
