use dioxus::prelude::*;

/// Shows a group of radio buttons, side by side. `name` is the name of the group.
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
