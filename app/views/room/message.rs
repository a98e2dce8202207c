use std::rc::Rc;

use dioxus::prelude::*;

use crate::components::button::{Button, Look, button};
use crate::components::face::{Size, face};
use crate::components::icon::{Icon, glyph};
use crate::state::chat::{Line, Piece, Time, pieces, without_overrides};
use crate::state::session::{Session, shown_name};
use crate::state::when;
use crate::t;
use crate::views::person::{badge, short_warning, use_unfolded};

/// Shows the date line above the first message of a day.
pub fn day_line(at: u64) -> Element {
    rsx! {
        p { class: "day", span { {when::day_name(at)} } }
    }
}

/// The messages that one person sent within a minute.
#[component]
pub fn Group(session: Session, lines: Rc<Vec<Line>>) -> Element {
    let author = lines.first().map(|line| (line.person, line.name.clone()));
    let standing = session.use_standing(author);
    let mut is_unfolded = use_unfolded(standing);
    let Some(first) = lines.first() else {
        return rsx! {};
    };
    let name = shown_name(&first.name);
    if first.is_folded && !is_unfolded() {
        return folded(lines.len(), &name, move || is_unfolded.set(true));
    }
    let standing = standing();
    rsx! {
        div { class: if first.is_mine { "group mine" } else { "group" },
            {face(session.colour_of(first.person), &first.name, Size::Middle)}
            p { class: "group-head",
                bdi { class: "group-name one-line", title: "{name}", "{name}" }
                {badge(&standing)}
                {sent_at(first)}
            }
            if let Some(warning) = short_warning(&standing, &first.name) {
                p { class: "group-warning small", "data-test": "message-warning",
                    {glyph(Icon::Warning, 16)}
                    span { "{warning}" }
                }
            }
            for line in lines.iter() {
                {said(line.clone())}
            }
        }
    }
}

/// Shows a line in place of the messages of a hidden or blocked person, with a button to show them.
fn folded(count: usize, name: &str, mut onshow: impl FnMut() + 'static) -> Element {
    rsx! {
        div { class: "group-folded", "data-test": "message-folded",
            p { class: "soft small", {t!("messages-folded", count = count, name = name)} }
            {button(Button {
                label: t!("show-messages"),
                look: Look::Quiet,
                test: Some("message-show"),
                onclick: Box::new(move |_| onshow()),
                ..Button::default()
            })}
        }
    }
}

/// Shows the time at which a message was sent. A time that contradicts others is marked as the time
/// of the author's clock.
fn sent_at(line: &Line) -> Element {
    let by_own_clock = match line.time {
        Time::Agreed { .. } => {
            return rsx! { time { class: "soft figures", {when::time(line.at)} } };
        }
        Time::OwnClock => when::time(line.at),
        Time::OwnDay => when::date_and_time(line.at),
    };
    rsx! {
        time {
            class: "soft figures",
            title: t!("sender-clock-differs"),
            "data-test": "sender-clock",
            {t!("sender-clock", time = by_own_clock)}
        }
    }
}

fn said(line: Line) -> Element {
    rsx! {
        div { class: "said", "data-test": "chat-message", "data-mine": "{line.is_mine}",
            // Other people's languages may be others than those of the app.
            p { class: "said-text", dir: "auto", translate: "yes",
                for (index , piece) in pieces(&line.text).into_iter().enumerate() {
                    match piece {
                        Piece::Text(text) => rsx! {
                            span { key: "{index}", {without_overrides(text)} }
                        },
                        Piece::Link(link) => rsx! {
                            a {
                                key: "{index}",
                                // An address is written from left to right in every language.
                                dir: "ltr",
                                href: link,
                                target: "_blank",
                                rel: "noopener noreferrer",
                                "{link}"
                            }
                        },
                    }
                }
            }
            if line.is_mine {
                {delivered(line.is_waiting)}
            }
        }
        if line.is_contradicted {
            p { class: "contradicted", "data-test": "contradicted",
                {glyph(Icon::Warning, 16)}
                span { {t!("message-contradicted", name = shown_name(&line.name))} }
            }
        }
    }
}

/// Shows the delivery state of a message, in a place of its own, so that nothing moves when it
/// changes.
fn delivered(is_waiting: bool) -> Element {
    let words = if is_waiting {
        t!("message-waiting")
    } else {
        t!("message-delivered")
    };
    rsx! {
        span {
            class: "delivered soft",
            title: "{words}",
            "data-delivery": if is_waiting { "waiting" } else { "delivered" },
            if is_waiting {
                span { class: "waiting-mark", "aria-hidden": "true" }
            } else {
                {glyph(Icon::Check, 16)}
            }
            span { class: "visually-hidden", "{words}" }
        }
    }
}
