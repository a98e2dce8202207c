use dioxus::prelude::*;

/// Shows one of a few, side by side. The name keeps its radio buttons together.
pub fn choice(
    name: &'static str,
    label: &str,
    options: Vec<String>,
    chosen: Option<usize>,
    onchoose: fn(usize),
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
                            onchange: move |_| onchoose(index),
                        }
                        span { "{option}" }
                    }
                }
            }
        }
    }
}
