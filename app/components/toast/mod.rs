use dioxus::prelude::*;

use crate::components::button::{Button, Look, button};
use crate::components::icon::Icon;
use crate::platform;
use crate::state::returning;
use crate::state::toasts::{self, Toast, Undo};
use crate::t;

/// The time for which a toast is shown, in milliseconds: long enough to read two lines twice.
const SHOWN_FOR: u32 = 7_000;

/// Shows the toasts. The container is always on the page, so that screen readers announce additions
/// to it.
pub fn toasts() -> Element {
    rsx! {
        div { class: "toasts", role: "status", "aria-live": "polite",
            for toast in toasts::shown() {
                Card { key: "{toast.id}", toast }
            }
        }
    }
}

#[component]
fn Card(toast: Toast) -> Element {
    let id = toast.id;
    let (label, shown_for) = match &toast.undo {
        Some(Undo::ReturnToCall(_)) => (t!("back-to-call"), returning::KEPT_FOR),
        Some(Undo::ForgetRoom(..) | Undo::Restrict(..)) | None => (t!("undo"), SHOWN_FOR),
    };
    use_future(move || async move {
        platform::sleep(shown_for).await;
        toasts::dismiss(id);
    });
    let undo = toast.undo.clone();
    rsx! {
        div { class: "toast", "data-test": "toast",
            p { "{toast.text}" }
            if let Some(undo) = undo {
                {button(Button {
                    label,
                    look: Look::Quiet,
                    test: Some("toast-undo"),
                    onclick: Box::new(move |_| {
                        undo.clone().run();
                        toasts::dismiss(id);
                    }),
                    ..Button::default()
                })}
            }
            {button(Button {
                label: t!("close"),
                look: Look::Quiet,
                icon: Some(Icon::Close),
                round: true,
                onclick: Box::new(move |_| toasts::dismiss(id)),
                ..Button::default()
            })}
        }
    }
}
