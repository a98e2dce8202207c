use dioxus::prelude::*;

use crate::platform::{Node, is_composing};

/// A line of text to fill in, with its label, a hint, and what is wrong with it.
#[component]
pub fn Field(
    /// Names it on the page.
    id: &'static str,
    label: String,
    value: String,
    hint: Option<String>,
    trouble: Option<String>,
    placeholder: Option<String>,
    autocomplete: Option<&'static str>,
    #[props(default = 200)] most: usize,
    #[props(default = "text")] kind: &'static str,
    /// To look at and to copy.
    #[props(default)]
    readonly: bool,
    test: Option<&'static str>,
    /// Gives the element to whoever wants to focus it.
    onnode: Option<EventHandler<Node>>,
    oninput: EventHandler<String>,
    /// When it is left with another text.
    onchange: Option<EventHandler<String>>,
    /// The Enter key, when it does not belong to an input method.
    onenter: Option<EventHandler<()>>,
) -> Element {
    let notes = [(&hint, "hint"), (&trouble, "trouble")];
    let described = notes.iter().filter(|(note, _)| note.is_some());
    let described = described
        .map(|(_, name)| format!("{id}-{name}"))
        .collect::<Vec<_>>()
        .join(" ");
    let is_wrong = trouble.is_some().then_some("true");
    rsx! {
        div { class: "field",
            label { r#for: id, "{label}" }
            input {
                id,
                r#type: kind,
                dir: "auto",
                value,
                placeholder,
                readonly,
                autocomplete: autocomplete.unwrap_or("off"),
                maxlength: "{most}",
                "aria-describedby": (!described.is_empty()).then_some(described),
                "aria-invalid": is_wrong,
                "data-test": test,
                onmounted: move |event| {
                    if let (Some(onnode), Some(node)) = (onnode, Node::mounted(&event)) {
                        onnode.call(node);
                    }
                },
                oninput: move |event| oninput.call(event.value()),
                onchange: move |event| {
                    if let Some(onchange) = onchange {
                        onchange.call(event.value());
                    }
                },
                onkeydown: move |event| {
                    if event.key() == Key::Enter && !is_composing(&event) && let Some(onenter) = onenter {
                        event.prevent_default();
                        onenter.call(());
                    }
                },
            }
            if let Some(hint) = hint {
                p { id: "{id}-hint", class: "field-hint", "{hint}" }
            }
            p { id: "{id}-trouble", class: "field-trouble", role: "alert",
                if let Some(trouble) = trouble {
                    "{trouble}"
                }
            }
        }
    }
}
