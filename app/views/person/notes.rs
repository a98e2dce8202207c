//! The notes beside a person's name.

use dioxus::prelude::*;

use crate::components::icon::{Icon, glyph};
use crate::state::people::{Namesake, Restriction, Standing};
use crate::state::session::shown_name;
use crate::state::when;
use crate::t;

/// A sentence about a person's identity.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    pub text: String,
    /// The note is a warning to read before trusting the person.
    pub is_loud: bool,
}

impl Note {
    /// Shows the note.
    pub fn show(&self) -> Element {
        rsx! {
            p {
                class: if self.is_loud { "note loud small" } else { "note soft small" },
                "data-test": if self.is_loud { "person-warning" } else { "person-note" },
                if self.is_loud {
                    {glyph(Icon::Warning, 20)}
                }
                span { "{self.text}" }
            }
        }
    }
}

/// Returns all notes on a person with this name, the most important one first.
pub fn notes(standing: &Standing, name: &str) -> Vec<Note> {
    let name = shown_name(name);
    let calm = |text| Note {
        text,
        is_loud: false,
    };
    let namesake = standing.namesake.map(|namesake| match namesake {
        Namesake::Verified => Note {
            text: t!("person-not-verified", name = &name),
            is_loud: true,
        },
        Namesake::Us => calm(t!("person-our-name")),
        Namesake::Here => calm(t!("person-same-name", name = &name)),
        Namesake::Met(at) => calm(t!(
            "person-other-key",
            name = &name,
            date = when::full_date(at)
        )),
    });
    let renamed = standing
        .was_called
        .as_ref()
        .map(|before| calm(t!("person-renamed", name = shown_name(before))));
    namesake.into_iter().chain(renamed).collect()
}

/// Returns the warning to show wherever this person calls, speaks or writes.
pub fn loud_note(standing: &Standing, name: &str) -> Option<Note> {
    notes(standing, name).into_iter().find(|note| note.is_loud)
}

/// Returns the warning in a few words, for places with little room.
pub fn short_warning(standing: &Standing, name: &str) -> Option<String> {
    (standing.namesake == Some(Namesake::Verified))
        .then(|| t!("person-not-verified-short", name = shown_name(name)))
}

/// Shows the badge of a verified person.
pub fn badge(standing: &Standing) -> Element {
    rsx! {
        if standing.is_verified {
            span { class: "badge", title: t!("person-verified"), "data-test": "verified",
                {glyph(Icon::Shield, 20)}
                span { class: "visually-hidden", {t!("person-verified")} }
            }
        }
    }
}

/// Returns a restriction in words.
pub fn restriction_words(restriction: Restriction) -> Option<String> {
    match restriction {
        Restriction { blocked: true, .. } => Some(t!("person-blocked")),
        Restriction {
            muted: true,
            hidden: true,
            ..
        } => Some(t!("person-muted-hidden")),
        Restriction { muted: true, .. } => Some(t!("person-muted")),
        Restriction { hidden: true, .. } => Some(t!("person-hidden")),
        Restriction { .. } => None,
    }
}

/// Returns a signal that is `true` while the content of a restricted person is shown nevertheless.
/// It is reset when the restriction ends.
pub fn use_unfolded(standing: Memo<Standing>) -> Signal<bool> {
    let mut is_unfolded = use_signal(|| false);
    use_effect(move || {
        if !standing.read().restriction.is_folded() && *is_unfolded.peek() {
            is_unfolded.set(false);
        }
    });
    is_unfolded
}
