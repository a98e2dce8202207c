mod reach;

use dioxus::prelude::*;

use self::reach::{Reach, origin_for_link};
use crate::components::button::{Button, Look, button};
use crate::components::dialog::dialog;
use crate::components::field::{Field, field};
use crate::components::icon::{Icon, glyph};
use crate::components::qr::qr;
use crate::platform::{self, Node};
use crate::route::Invitation;
use crate::state::session::{Session, room_name};
use crate::t;

/// The time for which the button confirms the copy, in milliseconds.
const SAYS_COPIED: u32 = 3_000;

/// Shows the link to the room, with every way to pass it on.
#[component]
pub fn Invite(invitation: Invitation, session: Session, onclose: EventHandler<()>) -> Element {
    let (origin, reach) = origin_for_link(&platform::origin(), &session.server_origins());
    let link = invitation.link(&origin);
    let is_for_others = reach != Reach::ThisDevice;
    let name = room_name(&invitation);
    rsx! {
        {dialog("invite-title", t!("invite-to", room = &name), Some("invite-close"), onclose, rsx! { p { class: "soft small invite-gives", {t!("invite-gives")} }
            {copyable(link.clone())}
            {reach_note(reach)}
            if is_for_others {
                {qr(link.clone(), t!("invite-qr"))}
            }
            if is_for_others && platform::can_share() {
                {button(Button {
                    label: t!("share"),
                    icon: Some(Icon::Share),
                    wide: true,
                    onclick: Box::new(move |_| {
                        let (name, link) = (name.clone(), link.clone());
                        spawn(async move {
                            // Turning back from sharing is no failure.
                            let _ = platform::share(&name, &link).await;
                        });
                    }),
                    ..Button::default()
                })}
            }
            p { class: "soft small invite-gives", {t!("invite-ends")} } })}
    }
}

/// Shows a note if the link does not work, or not completely, on other devices.
fn reach_note(reach: Reach) -> Element {
    let text = match reach {
        Reach::All => return rsx! {},
        Reach::WithoutMedia => t!("invite-without-https"),
        Reach::ThisDevice => t!("invite-this-computer"),
    };
    rsx! {
        div { class: "invite-reach", "data-test": "invite-reach",
            {glyph(Icon::Warning, 20)}
            p { {unbroken_options(&text)} }
        }
    }
}

/// Shows a text whose command line options, such as `--bind`, end at a space and are never broken
/// into two lines.
fn unbroken_options(text: &str) -> Element {
    let (start, options) = text.split_once("--").unwrap_or((text, ""));
    let options = options.split("--").filter(|option| !option.is_empty());
    rsx! {
        "{start}"
        for option in options {
            {
                let (name, rest) = option.split_at(option.find(' ').unwrap_or(option.len()));
                rsx! { span { class: "figures", "--{name}" } "{rest}" }
            }
        }
    }
}

fn copyable(link: String) -> Element {
    let mut is_copied = use_signal(|| false);
    let mut input = use_signal(|| None::<Node>);
    let text = link.clone();
    rsx! {
        div { class: "copyable",
            {field(Field {
                id: "invite-link",
                label: t!("invite-link"),
                value: link,
                readonly: true,
                test: Some("invite-link"),
                onnode: Some(Box::new(move |node| input.set(Some(node)))),
                oninput: Box::new(|_| {}),
                ..Field::default()
            })}
            {button(Button {
                label: if is_copied() { t!("copied") } else { t!("copy") },
                look: Look::Primary,
                icon: Some(if is_copied() { Icon::Check } else { Icon::Copy }),
                test: Some("invite-copy"),
                onclick: Box::new(move |_| {
                    let text = text.clone();
                    spawn(async move {
                        if platform::copy(&text).await {
                            is_copied.set(true);
                            platform::sleep(SAYS_COPIED).await;
                            is_copied.set(false);
                        } else if let Some(input) = input.peek().as_ref() {
                            // The person can copy it by hand.
                            input.select();
                        }
                    });
                }),
                ..Button::default()
            })}
            span { class: "visually-hidden", role: "status",
                if is_copied() {
                    {t!("copied")}
                }
            }
        }
    }
}
