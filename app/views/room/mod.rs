mod chat;
mod composer;
mod header;
mod message;
mod people;

use dioxus::prelude::*;
use parlor_engine::{Call, ServerLink};

use super::call::{LeaveQuestion, Stage, ring_card};
use super::invite::Invite;
use super::person::{PersonCard, Somebody};
use super::trouble::{trouble, unsupported};
use crate::components::banner::banner;
use crate::components::button::{Button, Look, button};
use crate::components::icon::{Icon, glyph};
use crate::platform;
use crate::route::Invitation;
use crate::state::call::{Calling, use_calling};
use crate::state::discovery::{Discovery, Remedy, use_discovery};
use crate::state::media::Media;
use crate::state::navigation::{self, View};
use crate::state::screen::Share;
use crate::state::session::{Session, refusal, room_name, use_session};
use crate::t;

/// The panels of a room, and the part that a narrow screen shows.
#[derive(Clone, Copy, PartialEq)]
pub struct Panels {
    pub people: Memo<bool>,
    pub invite: Memo<bool>,
    /// A narrow screen shows the chat instead of the call.
    pub chat: Memo<bool>,
    /// The number of unread messages.
    pub unread: Signal<usize>,
    /// The person whose card is open.
    pub person: Signal<Option<Somebody>>,
}

/// A room that we are in.
#[component]
pub fn RoomView(invitation: Invitation, media: Media) -> Element {
    match use_session(&invitation) {
        Some(session) => rsx! { Entered { invitation, media, session } },
        None => unsupported(),
    }
}

#[component]
fn Entered(invitation: Invitation, media: Media, session: Session) -> Element {
    let calling = use_calling(session, media);
    let panels = Panels {
        people: navigation::use_is_open(View::People),
        invite: navigation::use_is_open(View::Invite),
        chat: navigation::use_is_open(View::Chat),
        unread: use_signal(|| 0),
        person: use_signal(|| None),
    };
    use_person_view(panels.person);
    let name = room_name(&invitation);
    let discovery = use_discovery(calling);
    use_title(calling, panels, name.clone());
    let (in_call, chat) = (session.in_call, panels.chat);
    if let ServerLink::Refused(code) = *session.server.read() {
        let remedy = t!("refused-remedy");
        return rsx! { {trouble(Icon::Warning, t!("refused-title"), refusal(code), remedy, None)} };
    }
    rsx! {
        div {
            class: "room",
            "data-call": if in_call() { "on" } else { "off" },
            "data-show": if chat() { "chat" } else { "stage" },
            "data-people": "{panels.people}",
            header::Header { name: name.clone(), calling, panels }
            main { class: "room-main",
                {call_banner(calling)}
                {sharing_banner(calling)}
                {discovery_banner(discovery)}
                if in_call() && chat() {
                    button {
                        r#type: "button",
                        class: "back-to-call",
                        "data-test": "call-back",
                        onclick: move |_| navigation::close(View::Chat),
                        {glyph(Icon::Back, 20)}
                        {t!("back-to-call")}
                    }
                }
                div { class: "room-body",
                    if in_call() {
                        Stage { calling, panels }
                    }
                    chat::Chat { invitation: invitation.clone(), session, panels }
                    {people::people(session, panels)}
                    {room_line(calling)}
                    {ring_card(calling, name)}
                }
            }
            if (panels.invite)() {
                Invite { invitation, session, onclose: move |()| navigation::close(View::Invite) }
            }
            if (calling.is_asked)() {
                LeaveQuestion { calling }
            }
            if let Some(who) = panels.person.cloned() {
                PersonCard { session, who, onclose: move |()| panels.person.clone().set(None) }
            }
        }
    }
}

/// Keeps a person's card in step with its view, which has an entry of its own in the history.
fn use_person_view(mut person: Signal<Option<Somebody>>) {
    let is_open = navigation::use_is_open(View::Person);
    use_effect(move || {
        if person.read().is_some() {
            navigation::open(View::Person);
        } else {
            navigation::close(View::Person);
        }
    });
    use_effect(move || {
        let (is_open, has_card) = (is_open(), person.peek().is_some());
        if has_card && !is_open {
            person.set(None);
        } else if is_open && !has_card {
            // A step forward: nobody knows any more whose card it was.
            navigation::close(View::Person);
        }
    });
}

/// Keeps the window's title in step with ringing calls and unread messages.
fn use_title(calling: Calling, panels: Panels, room: String) {
    let session = calling.session;
    use_effect(move || {
        let unread = *panels.unread.read();
        platform::set_title(&match calling.caller() {
            Some(from) => t!("title-ringing", name = session.name_of(from), room = &room),
            _ if unread > 0 => t!("title-unread", count = unread, room = &room),
            _ => t!("title-in", room = &room),
        });
    });
}

/// Shows a banner for a call in the room that we are not in.
fn call_banner(calling: Calling) -> Element {
    let session = calling.session;
    if *session.call.read() != Call::Ongoing {
        return rsx! {};
    }
    let names: Vec<String> = session
        .others
        .read()
        .iter()
        .map(|peer| session.name_of(*peer))
        .collect();
    let text = if names.is_empty() {
        t!("call-ongoing")
    } else {
        t!("call-ongoing-with", names = names.join(", "))
    };
    rsx! {
        {banner(Icon::Phone, text, true, Some("call-banner"), rsx! { {button(Button {
            label: t!("join"),
            look: Look::Primary,
            test: Some("call-banner-join"),
            onclick: Box::new(move |_| calling.join()),
            ..Button::default()
        })} })}
    }
}

/// Shows that we share our screen, what of it and with whom, whichever panel is open.
fn sharing_banner(calling: Calling) -> Element {
    let session = calling.session;
    let Some(what) = calling.screen.share.read().as_ref().map(Share::what) else {
        return rsx! {};
    };
    let others = session.others.read();
    let names: Vec<String> = others.iter().map(|peer| session.name_of(*peer)).collect();
    let text = if names.is_empty() {
        t!("sharing-alone", what = what)
    } else {
        t!("sharing", what = what, names = names.join(", "))
    };
    rsx! {
        {banner(Icon::Screen, text, true, Some("sharing-banner"), rsx! { {button(Button {
            label: t!("share-stop"),
            look: Look::Bad,
            test: Some("sharing-stop"),
            onclick: Box::new(move |_| calling.screen.stop()),
            ..Button::default()
        })} })}
    }
}

/// Shows a banner while people cannot be reached and a permission would help.
fn discovery_banner(discovery: Discovery) -> Element {
    let Some(remedy) = (discovery.remedy)() else {
        return rsx! {};
    };
    let names: Vec<String> = discovery
        .unreached
        .read()
        .iter()
        .map(|peer| discovery.session().name_of(*peer))
        .collect();
    let names = names.join(", ");
    let text = match remedy {
        Remedy::Allow => t!("discovery-allow", names = names),
        Remedy::Unblock => t!("discovery-unblock", names = names),
    };
    rsx! {
        {banner(Icon::Microphone, text, true, Some("discovery-banner"), rsx! {
            if remedy == Remedy::Allow {
                {button(Button {
                    label: t!("allow-microphone"),
                    look: Look::Primary,
                    test: Some("discovery-allow"),
                    onclick: Box::new(move |_| discovery.ask()),
                    ..Button::default()
                })}
            }
        })}
    }
}

/// Shows a line of text for a condition of the whole room. It overlays the room, so that nothing
/// moves.
fn room_line(calling: Calling) -> Element {
    let is_offline = *calling.session.server.read() == ServerLink::Offline;
    let is_elsewhere = (calling.is_elsewhere)() && !(calling.session.in_call)();
    rsx! {
        div { class: "room-line", role: "status",
            if is_offline {
                p { "data-test": "server-line",
                    {glyph(Icon::Warning, 16)}
                    {t!("server-offline")}
                }
            }
            if is_elsewhere {
                p { "data-test": "elsewhere-line",
                    {glyph(Icon::Phone, 16)}
                    {t!("call-elsewhere")}
                }
            }
        }
    }
}
