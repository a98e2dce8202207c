use dioxus::prelude::*;
use parlor_engine::PersonId;

use super::{Somebody, badge, notes, restriction_words};
use crate::components::button::{Button, Look, button};
use crate::components::face::{Size, face};
use crate::components::icon::Icon;
use crate::state::people::{self, Restriction, Standing};
use crate::state::session::{Session, shown_name};
use crate::state::when;
use crate::t;

/// Shows the facts that are known about a person, and the actions on them.
pub fn about(
    session: Session,
    who: &Somebody,
    name: &str,
    onverify: impl FnMut() + 'static,
) -> Element {
    let person = who.person;
    let standing = session.standing(person, name);
    rsx! {
        div { class: "person-about",
            {face(session.colour_of(person), name, Size::Large)}
            div { class: "person-facts",
                if standing.is_verified {
                    p { class: "person-verified", {badge(&standing)} span { {t!("person-verified")} } }
                }
                p { class: "soft small",
                    {standing.met.map_or_else(|| t!("person-new"), |at| t!("person-met", date = when::full_date(at)))}
                }
                if let Some(words) = restriction_words(standing.restriction) {
                    p { class: "soft small", "{words}" }
                }
            }
        }
        for (index , note) in notes(&standing, name).into_iter().enumerate() {
            div { key: "{index}", {note.show()} }
        }
        {verification(person, name, &standing, onverify)}
        div { class: "person-actions", {actions(person, name, standing.restriction)} }
    }
}

fn verification(
    person: PersonId,
    name: &str,
    standing: &Standing,
    mut onverify: impl FnMut() + 'static,
) -> Element {
    let is_verified = standing.is_verified;
    let name = name.to_owned();
    rsx! {
        div { class: "person-action",
            {button(Button {
                label: if is_verified { t!("verify-again") } else { t!("verify") },
                look: if is_verified { Look::Plain } else { Look::Primary },
                icon: Some(Icon::Shield),
                wide: true,
                test: Some("person-verify"),
                onclick: Box::new(move |_| onverify()),
                ..Button::default()
            })}
            if is_verified {
                {button(Button {
                    label: t!("verify-undo"),
                    look: Look::Quiet,
                    wide: true,
                    test: Some("person-unverify"),
                    onclick: Box::new(move |_| people::set_verified(person, &name, false)),
                    ..Button::default()
                })}
            } else {
                p { class: "soft small", {t!("verify-why")} }
            }
        }
    }
}

/// Shows the buttons that mute, hide and block a person, or undo that.
fn actions(person: PersonId, name: &str, now: Restriction) -> Element {
    let shown = shown_name(name);
    let change = |restriction| {
        let name = name.to_owned();
        Box::new(move |_| people::restrict(person, &name, restriction))
            as Box<dyn FnMut(MouseEvent)>
    };
    let blocks = {
        let (name, shown) = (name.to_owned(), shown.clone());
        Box::new(move |_| people::block(person, &name, &shown)) as Box<dyn FnMut(MouseEvent)>
    };
    let unblocked = Restriction {
        blocked: false,
        ..now
    };
    let muted = Restriction {
        muted: !now.muted,
        ..now
    };
    let hidden = Restriction {
        hidden: !now.hidden,
        ..now
    };
    let is_blocked = now.blocked;
    rsx! {
        if !is_blocked {
            {action(
                if now.muted { t!("person-unmute") } else { t!("person-mute") },
                if now.muted { Icon::Speaker } else { Icon::SpeakerOff },
                t!("person-mute-what", name = &shown),
                "person-mute",
                change(muted),
            )}
            {action(
                if now.hidden { t!("person-unhide") } else { t!("person-hide") },
                if now.hidden { Icon::Eye } else { Icon::EyeOff },
                t!("person-hide-what", name = &shown),
                "person-hide",
                change(hidden),
            )}
        }
        {action(
            if is_blocked { t!("person-unblock") } else { t!("person-block") },
            Icon::Block,
            t!("person-block-what", name = &shown),
            "person-block",
            if is_blocked { change(unblocked) } else { blocks },
        )}
    }
}

fn action(
    label: String,
    icon: Icon,
    what: String,
    test: &'static str,
    onclick: Box<dyn FnMut(MouseEvent)>,
) -> Element {
    rsx! {
        div { class: "person-action",
            {button(Button {
                label,
                icon: Some(icon),
                wide: true,
                test: Some(test),
                onclick,
                ..Button::default()
            })}
            p { class: "soft small", "{what}" }
        }
    }
}
