use dioxus::prelude::*;
use parlor_engine::{Answer, Call, DeclineReason, PeerId};

use crate::components::button::{Button, Look, button};
use crate::components::face::{Size, face};
use crate::components::icon::Icon;
use crate::state::call::Calling;
use crate::state::session::{Session, shown_name};
use crate::t;

/// Shows our call before anybody has joined it: the people whom it rings, and their answers.
pub fn outgoing(calling: Calling) -> Element {
    let session = calling.session;
    let Call::Outgoing { answers } = session.call.cloned() else {
        return rsx! {};
    };
    let is_alone = answers.is_empty();
    rsx! {
        div { class: "outgoing", role: "status", "data-test": "outgoing-card",
            h2 { if is_alone { {t!("calling-nobody")} } else { {t!("calling")} } }
            if is_alone {
                p { {t!("calling-nobody-what")} }
            }
            ul {
                for (peer , answer) in answers {
                    {rung(session, peer, answer)}
                }
            }
            {button(Button {
                label: t!("cancel-call"),
                look: Look::Bad,
                icon: Some(Icon::PhoneDown),
                test: Some("outgoing-cancel"),
                onclick: Box::new(move |_| calling.leave()),
                ..Button::default()
            })}
        }
    }
}

fn rung(session: Session, peer: PeerId, answer: Answer) -> Element {
    let Some(participant) = session.participant(peer) else {
        return rsx! {};
    };
    let (state, words) = match answer {
        Answer::Ringing => ("ringing", t!("answer-ringing")),
        Answer::Declined(DeclineReason::Declined) => ("declined", t!("answer-declined")),
        Answer::Declined(DeclineReason::Busy) => ("busy", t!("answer-busy")),
        Answer::Declined(DeclineReason::NoAnswer) => ("no-answer", t!("answer-none")),
    };
    rsx! {
        li { class: "rung", "data-answer": state,
            {face(session.colour_of(participant.person), &participant.name, Size::Middle)}
            bdi { class: "one-line", {shown_name(&participant.name)} }
            span { class: "soft small", "{words}" }
        }
    }
}
