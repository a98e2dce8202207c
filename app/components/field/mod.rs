use dioxus::prelude::*;
use parlor_engine::TextLimit;

use crate::platform::{Node, is_composing};
use crate::t;

/// A line of text to fill in, with its label, a hint, and what is wrong with it.
pub struct Field {
    /// The `id` attribute of the input element.
    pub id: &'static str,
    pub label: String,
    pub value: String,
    pub hint: Option<String>,
    pub trouble: Option<String>,
    pub placeholder: Option<String>,
    pub autocomplete: Option<&'static str>,
    /// The longest allowed text. A longer one stays in the field, which shows a message; the caller
    /// decides whether to accept it.
    pub limit: Option<TextLimit>,
    /// The text can be selected and copied, but not edited.
    pub readonly: bool,
    pub test: Option<&'static str>,
    /// Receives the input element once it is mounted, so that the caller can focus it.
    pub onnode: Option<Box<dyn FnMut(Node)>>,
    pub oninput: Box<dyn FnMut(String)>,
    /// Runs when the input loses the focus with a changed text.
    pub onchange: Option<Box<dyn FnMut(String)>>,
    /// Runs when the Enter key is pressed, unless an input method takes the key.
    pub onenter: Option<Box<dyn FnMut(())>>,
}

impl Default for Field {
    fn default() -> Self {
        Self {
            id: "",
            label: String::new(),
            value: String::new(),
            hint: None,
            trouble: None,
            placeholder: None,
            autocomplete: None,
            limit: None,
            readonly: false,
            test: None,
            onnode: None,
            oninput: Box::new(|_| {}),
            onchange: None,
            onenter: None,
        }
    }
}

/// Shows a field. It is a function for the same reason as [`button`](super::button::button).
pub fn field(field: Field) -> Element {
    let Field {
        id,
        label,
        value,
        hint,
        trouble,
        placeholder,
        autocomplete,
        limit,
        ..
    } = field;
    let trouble = too_long(&value, limit).or(trouble);
    let Field {
        readonly,
        test,
        mut onnode,
        mut oninput,
        mut onchange,
        mut onenter,
        ..
    } = field;
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
                r#type: "text",
                dir: "auto",
                value,
                placeholder,
                readonly,
                autocomplete: autocomplete.unwrap_or("off"),
                "aria-describedby": (!described.is_empty()).then_some(described),
                "aria-invalid": is_wrong,
                "data-test": test,
                onmounted: move |event| {
                    if let (Some(onnode), Some(node)) = (&mut onnode, Node::mounted(&event)) {
                        onnode(node);
                    }
                },
                oninput: move |event| oninput(event.value()),
                onchange: move |event| {
                    if let Some(onchange) = &mut onchange {
                        onchange(event.value());
                    }
                },
                onkeydown: move |event| {
                    if event.key() == Key::Enter && !is_composing(&event) && let Some(onenter) = &mut onenter {
                        event.prevent_default();
                        onenter(());
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

fn too_long(value: &str, limit: Option<TextLimit>) -> Option<String> {
    let excess = limit?.excess(value.trim());
    (excess > 0).then(|| t!("text-too-long", count = excess))
}
