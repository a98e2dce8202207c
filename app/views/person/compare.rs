use dioxus::prelude::*;
use parlor_engine::{Fingerprint, PersonId};

use super::scan::Scan;
use crate::components::button::{Button, Look, button};
use crate::components::icon::{Icon, glyph};
use crate::components::qr::qr;
use crate::i18n::{language, words};
use crate::platform;
use crate::state::people;
use crate::state::session::{Session, shown_name};
use crate::state::verification::Code;
use crate::t;

/// The outcome of a comparison.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Outcome {
    Same,
    Different,
}

/// Shows both people's fingerprints, to compare by eye and ear or with a camera.
#[component]
pub fn Compare(session: Session, person: PersonId, name: String) -> Element {
    let mut outcome = use_signal(|| None::<Outcome>);
    let mut is_scanning = use_signal(|| false);
    let list = use_resource(|| platform::fetch_text(words::file(language())));
    let us = *session.person.read();
    let shown = shown_name(&name);
    let mut decide = move |is_same: bool| {
        people::set_verified(person, &name, is_same);
        outcome.set(Some(if is_same {
            Outcome::Same
        } else {
            Outcome::Different
        }));
        is_scanning.set(false);
    };
    let mut decide_by_code = decide.clone();
    let mut decide_by_hand = decide.clone();
    rsx! {
        p { class: "soft small", {t!("verify-how", name = &shown)} }
        if *list.read() == Some(None) {
            p { class: "small", "data-test": "verify-no-words", {t!("verify-no-words")} }
        }
        {fingerprint("verify-yours", t!("verify-yours"), us, list)}
        {fingerprint("verify-theirs", t!("verify-theirs", name = &shown), person, list)}
        p { class: "soft small", {t!("verify-languages")} }
        div { class: "verify-decisions",
            {button(Button {
                label: t!("verify-same"),
                look: Look::Primary,
                icon: Some(Icon::Check),
                test: Some("verify-same"),
                onclick: Box::new(move |_| decide_by_hand(true)),
                ..Button::default()
            })}
            {button(Button {
                label: t!("verify-different"),
                test: Some("verify-different"),
                onclick: Box::new(move |_| decide(false)),
                ..Button::default()
            })}
        }
        // Below the buttons: above the lists it is out of sight on a phone.
        div { role: "status", class: "verify-outcome", {said(outcome(), &shown)} }
        section { class: "verify-camera",
            h3 { {t!("verify-camera")} }
            p { class: "soft small", {t!("verify-camera-how", name = &shown)} }
            {qr(Code::new(us, person).link(&platform::origin()), t!("verify-qr"))}
            if is_scanning() {
                Scan {
                    onread: move |code: Code| decide_by_code(code.is_for(us) && code.is_from(person)),
                    onclose: move |()| is_scanning.set(false),
                }
            } else if platform::can_read_codes() {
                {button(Button {
                    label: t!("verify-scan", name = &shown),
                    icon: Some(Icon::Scan),
                    wide: true,
                    test: Some("verify-scan"),
                    onclick: Box::new(move |_| is_scanning.set(true)),
                    ..Button::default()
                })}
            }
        }
    }
}

fn said(outcome: Option<Outcome>, name: &str) -> Element {
    match outcome {
        None => rsx! {},
        Some(Outcome::Same) => rsx! {
            p { class: "person-verified", "data-test": "verify-done",
                {glyph(Icon::Shield, 20)}
                span { {t!("verify-done", name = name)} }
            }
        },
        Some(Outcome::Different) => rsx! {
            p { class: "note loud small", "data-test": "verify-failed",
                {glyph(Icon::Warning, 20)}
                span { {t!("verify-failed", name = name)} }
            }
        },
    }
}

/// Shows one person's fingerprint: a word and a number for each group. Both carry the same
/// information; the numbers are there before the words have loaded.
fn fingerprint(
    id: &'static str,
    title: String,
    person: PersonId,
    list: Resource<Option<String>>,
) -> Element {
    let fingerprint = Fingerprint::of(person);
    let words = match &*list.read() {
        Some(Some(list)) => words::words(list, &fingerprint),
        _ => None,
    };
    let words = words.unwrap_or_default();
    let groups = fingerprint.groups().into_iter().enumerate();
    let groups = groups.map(|(place, number)| (words.get(place).cloned(), number));
    rsx! {
        section { class: "fingerprint", "aria-labelledby": id, "data-test": id,
            h3 { id, class: "one-line", bdi { "{title}" } }
            ol {
                for (index , (word , number)) in groups.enumerate() {
                    li { key: "{index}",
                        span { class: "fingerprint-word", {word.unwrap_or_default()} }
                        " "
                        span { class: "soft small figures", "{number:04}" }
                    }
                }
            }
        }
    }
}
