use dioxus::prelude::*;

use crate::components::button::{Button, Look, button};
use crate::components::icon::Icon;
use crate::platform::Node;
use crate::t;

/// A card above the page that holds the focus until it is closed.
pub fn dialog(
    id: &'static str,
    title: String,
    close_test: Option<&'static str>,
    onclose: EventHandler<()>,
    children: Element,
) -> Element {
    rsx! {
        dialog {
            class: "dialog",
            "aria-labelledby": id,
            onmounted: move |event| {
                if let Some(node) = Node::mounted(&event) {
                    node.show_modal();
                }
            },
            onkeydown: move |event| {
                if event.key() == Key::Escape {
                    event.prevent_default();
                    onclose.call(());
                }
            },
            // A phone's gesture back closes the dialog in front of the page.
            oncancel: move |event| {
                event.prevent_default();
                onclose.call(());
            },
            // The card covers the dialog, so a click on the dialog itself is one beside the card.
            onclick: move |_| onclose.call(()),
            div { class: "dialog-card", onclick: |event| event.stop_propagation(),
                header { class: "dialog-header",
                    h2 { id, "{title}" }
                    {button(Button {
                        label: t!("close"),
                        look: Look::Quiet,
                        icon: Some(Icon::Close),
                        round: true,
                        test: close_test,
                        onclick: Box::new(move |_| onclose.call(())),
                        ..Button::default()
                    })}
                }
                {children}
            }
        }
    }
}
