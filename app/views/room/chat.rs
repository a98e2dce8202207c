use dioxus::prelude::*;

use super::Panels;
use super::composer::Composer;
use super::message::{Group, day_line};
use crate::components::button::{Button, Look, button};
use crate::components::icon::{Icon, glyph};
use crate::platform::{self, Node};
use crate::route::Invitation;
use crate::state::chat::{self, Row, SHOWN};
use crate::state::navigation::{self, View};
use crate::state::page;
use crate::state::people;
use crate::state::session::Session;
use crate::state::when;
use crate::t;

/// The chat: the log of messages, and the composer.
#[component]
pub fn Chat(invitation: Invitation, session: Session, panels: Panels) -> Element {
    let log = use_log(session, panels);
    let today = use_today();
    let rows = use_memo(move || {
        let messages = session.lines.read();
        let shown = people::read(|people| {
            let is_folded = |person| people.restriction(person).is_folded();
            chat::lines(&messages.0, log.limit(), platform::now(), is_folded)
        });
        let hidden = messages.0.len() - shown.len();
        (hidden, chat::rows(&shown, today(), when::day))
    });
    use_effect(move || {
        rows.read();
        log.settle();
    });
    let (hidden, rows) = rows();
    // The names of days are relative to it.
    today.read();
    rsx! {
        section { class: "chat", "aria-label": t!("chat"),
            div { class: "chat-scroll", tabindex: "0", "aria-label": t!("messages"), role: "region",
                onmounted: move |event| log.mounted(Node::mounted(&event)),
                onscroll: move |_| log.scrolled(),
                if rows.is_empty() {
                    {empty(session)}
                }
                if hidden > 0 {
                    {button(Button {
                        label: t!("show-earlier"),
                        look: Look::Quiet,
                        onclick: Box::new(move |_| log.show_earlier()),
                        ..Button::default()
                    })}
                }
                div { class: "chat-log", role: "log", "aria-live": "polite", "data-test": "chat-log",
                    for row in rows {
                        match &row {
                            Row::Day { at, .. } => rsx! {
                                div { key: "{row.key()}", {day_line(*at)} }
                            },
                            Row::Group(lines) => rsx! {
                                Group { key: "{row.key()}", session, lines: lines.clone() }
                            },
                        }
                    }
                }
            }
            div { class: "chat-foot",
                if (panels.unread)() > 0 {
                    button {
                        r#type: "button",
                        class: "button chat-new",
                        onclick: move |_| log.to_end(),
                        {glyph(Icon::Down, 20)}
                        {t!("new-messages", count = (panels.unread)())}
                    }
                }
                Composer { session, onsent: move |()| log.to_end() }
            }
        }
    }
}

/// Returns the number of the current day, which changes at midnight: "Today" becomes "Yesterday".
fn use_today() -> Signal<u64> {
    let mut today = use_signal(when::today);
    use_future(move || async move {
        loop {
            when::next_day().await;
            if *today.peek() != when::today() {
                today.set(when::today());
            }
        }
    });
    today
}

/// Shows the text of a room without messages.
fn empty(session: Session) -> Element {
    rsx! {
        div { class: "chat-empty",
            if session.peers.read().is_empty() {
                h2 { {t!("alone-title")} }
                p { {t!("alone-what")} }
                {button(Button {
                    label: t!("invite-somebody"),
                    look: Look::Primary,
                    icon: Some(Icon::Invite),
                    onclick: Box::new(|_| navigation::open(View::Invite)),
                    ..Button::default()
                })}
            } else {
                h2 { {t!("quiet-title")} }
                p { {t!("quiet-what")} }
            }
        }
    }
}

/// The scroll position of the log, which stays at the end unless the reader scrolls up.
#[derive(Clone, Copy, PartialEq)]
struct Log {
    node: Signal<Option<Node>>,
    limit: Signal<usize>,
    is_at_end: Signal<bool>,
    /// The number of messages that were seen.
    seen: Signal<usize>,
    /// The height and the scroll position of the log before earlier messages were added.
    before: Signal<Option<(f64, f64)>>,
    session: Session,
    panels: Panels,
}

fn use_log(session: Session, panels: Panels) -> Log {
    let log = Log {
        node: use_signal(|| None),
        limit: use_signal(|| SHOWN),
        is_at_end: use_signal(|| true),
        seen: use_signal(|| session.lines.peek().0.len()),
        before: use_signal(|| None),
        session,
        panels,
    };
    use_effect(move || {
        // A narrow screen turned to the chat, or back from it.
        panels.chat.read();
        log.settle();
    });
    page::use_visibility_change(move || log.settle());
    log
}

impl Log {
    fn limit(self) -> usize {
        *self.limit.read()
    }

    fn mounted(mut self, node: Option<Node>) {
        self.node.set(node);
        self.settle();
    }

    /// Adjusts the scroll position after a change: the reader stays at the end, or at the same
    /// messages.
    fn settle(mut self) {
        let Some(node) = self.node.peek().clone() else {
            return;
        };
        if let Some((height, top)) = self.before.take() {
            node.scroll_to(node.scroll().height - height + top);
        } else if *self.is_at_end.peek() {
            node.scroll_to(node.scroll().height);
        }
        self.count();
    }

    /// Counts the unread messages. A message is read if it was at the end of the log while the log
    /// and the page were in sight.
    fn count(mut self) {
        let total = self.session.lines.peek().0.len();
        let in_sight = self
            .node
            .peek()
            .as_ref()
            .is_some_and(|node| node.scroll().visible > 0.0);
        if in_sight && platform::is_visible() && *self.is_at_end.peek() {
            self.seen.set(total);
        }
        let lines = self.session.lines.peek();
        let new = lines
            .0
            .iter()
            .skip(*self.seen.peek())
            .filter(|message| !message.mine && !people::restriction(message.person).is_folded())
            .count();
        let mut unread = self.panels.unread;
        if *unread.peek() != new {
            unread.set(new);
        }
    }

    fn scrolled(mut self) {
        let Some(at_end) = self.node.peek().as_ref().map(|node| node.scroll()) else {
            return;
        };
        if at_end.visible > 0.0 && *self.is_at_end.peek() != at_end.is_at_end() {
            self.is_at_end.set(at_end.is_at_end());
        }
        self.count();
    }

    fn show_earlier(mut self) {
        if let Some(scroll) = self.node.peek().as_ref().map(Node::scroll) {
            self.before.set(Some((scroll.height, scroll.top)));
        }
        *self.limit.write() += SHOWN;
    }

    fn to_end(mut self) {
        self.is_at_end.set(true);
        self.settle();
    }
}
