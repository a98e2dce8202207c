use dioxus::prelude::*;

use super::lobby::room_name;
use crate::components::button::{Button, Look};
use crate::components::dialog::Dialog;
use crate::components::field::Field;
use crate::components::icon::Icon;
use crate::components::qr::Qr;
use crate::platform::{self, Node};
use crate::route::Invitation;
use crate::t;

/// So long the button says that it worked, in milliseconds.
const SAYS_COPIED: u32 = 3_000;

/// The link to the room, in every way in which it can be given to somebody.
#[component]
pub fn Invite(invitation: Invitation, onclose: EventHandler<()>) -> Element {
    let link = invitation.link(&platform::origin());
    let name = room_name(&invitation);
    rsx! {
        Dialog {
            id: "invite-title",
            title: t!("invite-to", room = &name),
            close_test: "invite-close",
            onclose,
            p { class: "soft small invite-gives", {t!("invite-gives")} }
            Copyable { link: link.clone() }
            Qr { text: link.clone(), label: t!("invite-qr") }
            if platform::can_share() {
                Button {
                    label: t!("share"),
                    icon: Icon::Share,
                    wide: true,
                    onclick: move |_| {
                        let (name, link) = (name.clone(), link.clone());
                        spawn(async move {
                            // Turning back from sharing is no failure.
                            let _ = platform::share(&name, &link).await;
                        });
                    },
                }
            }
            p { class: "soft small invite-gives", {t!("invite-ends")} }
        }
    }
}

#[component]
fn Copyable(link: String) -> Element {
    let mut is_copied = use_signal(|| false);
    let mut field = use_signal(|| None::<Node>);
    let text = link.clone();
    rsx! {
        div { class: "copyable",
            Field {
                id: "invite-link",
                label: t!("invite-link"),
                value: link.clone(),
                most: 1_000,
                kind: "url",
                readonly: true,
                test: "invite-link",
                onnode: move |node| field.set(Some(node)),
                oninput: |_| {},
            }
            Button {
                label: if is_copied() { t!("copied") } else { t!("copy") },
                look: Look::Primary,
                icon: if is_copied() { Icon::Check } else { Icon::Copy },
                test: "invite-copy",
                onclick: move |_| {
                    let text = text.clone();
                    spawn(async move {
                        if platform::copy(&text).await {
                            is_copied.set(true);
                            platform::sleep(SAYS_COPIED).await;
                            is_copied.set(false);
                        } else if let Some(field) = field.peek().as_ref() {
                            // The person can copy it by hand.
                            field.select();
                        }
                    });
                },
            }
            span { class: "visually-hidden", role: "status",
                if is_copied() {
                    {t!("copied")}
                }
            }
        }
    }
}
