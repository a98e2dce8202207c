use dioxus::prelude::*;

/// One of a few, side by side.
#[component]
pub fn Choice(
    /// Keeps its radio buttons together.
    name: &'static str,
    label: String,
    options: Vec<String>,
    chosen: Option<usize>,
    onchoose: EventHandler<usize>,
) -> Element {
    rsx! {
        fieldset { class: "choice",
            legend { "{label}" }
            div { class: "choice-options",
                for (index , option) in options.into_iter().enumerate() {
                    label { key: "{index}",
                        input {
                            r#type: "radio",
                            name,
                            class: "visually-hidden",
                            checked: chosen == Some(index),
                            onchange: move |_| onchoose.call(index),
                        }
                        span { "{option}" }
                    }
                }
            }
        }
    }
}
