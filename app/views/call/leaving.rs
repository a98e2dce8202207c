use dioxus::prelude::*;

use crate::components::button::{Button, Look, button};
use crate::components::dialog::dialog;
use crate::components::icon::Icon;
use crate::state::call::Calling;
use crate::t;

/// Asks before a step back ends a call. The call goes on meanwhile.
#[component]
pub fn LeaveQuestion(calling: Calling) -> Element {
    let onclose = use_callback(move |()| calling.stay());
    dialog(
        "leave-title",
        t!("leave-question"),
        None,
        onclose,
        rsx! {
            p { "data-test": "leave-question", {t!("leave-question-what")} }
            div { class: "leave-answers",
                {button(Button {
                    label: t!("stay-in-call"),
                    look: Look::Primary,
                    wide: true,
                    test: Some("leave-stay"),
                    onclick: Box::new(move |_| calling.stay()),
                    ..Button::default()
                })}
                {button(Button {
                    label: t!("leave-call"),
                    look: Look::Bad,
                    icon: Some(Icon::PhoneDown),
                    wide: true,
                    test: Some("leave-anyway"),
                    onclick: Box::new(move |_| calling.leave_after_all()),
                    ..Button::default()
                })}
            }
        },
    )
}
