//! The messages, arranged for reading: by day, then by author and minute.

mod clocks;
mod links;

use std::rc::Rc;
use std::sync::Arc;

use parlor_engine::{ChatMessage, Delivery, PersonId};

use clocks::{Claim, Trust};
pub use links::{Piece, pieces, without_overrides};

/// The number of messages shown at first, and of the earlier ones that each request adds.
pub const SHOWN: usize = 200;
const MINUTE: u64 = 60_000;

/// A message.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The key of the message among those on the screen.
    pub id: String,
    pub person: PersonId,
    pub name: Arc<str>,
    pub text: Arc<str>,
    /// Milliseconds since 1970, by the author's clock.
    pub at: u64,
    pub time: Time,
    pub is_mine: bool,
    /// Nobody has received the message yet.
    pub is_waiting: bool,
    /// The author sent others another message in its place.
    pub is_contradicted: bool,
    /// The author is hidden or blocked here.
    pub is_folded: bool,
}

/// The form in which the time of a message is shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Time {
    /// The time, on the day that the date line above the message names.
    Agreed {
        /// A new day may begin here.
        is_in_order: bool,
    },
    /// The time of the author's clock, which contradicts others.
    OwnClock,
    /// The time and the date of the author's clock. The date differs from the date line above the
    /// message.
    OwnDay,
}

impl Line {
    fn new(message: &ChatMessage, trust: Trust, is_folded: bool) -> Self {
        Self {
            id: line_id(message),
            person: message.person,
            name: message.name.clone(),
            text: message.text.clone(),
            at: message.sent_at,
            time: match trust {
                Trust::InOrder => Time::Agreed { is_in_order: true },
                Trust::Agrees => Time::Agreed { is_in_order: false },
                Trust::Contradicts => Time::OwnClock,
            },
            is_mine: message.mine,
            is_waiting: message.delivery == Delivery::Waiting,
            is_contradicted: message.is_contradicted,
            is_folded,
        }
    }
}

/// Returns the key of a message on the screen. Two messages that contradict each other have the
/// same author and number, but different texts.
fn line_id(message: &ChatMessage) -> String {
    let id = format!("{}-{}", message.id.author.to_text(), message.id.number);
    if !message.is_contradicted {
        return id;
    }
    // FNV-1a: it has to tell the two apart, no more.
    let bytes = message.text.bytes().chain(message.name.bytes());
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    });
    format!("{id}-{hash:x}-{}", message.sent_at)
}

/// Returns the last `limit` of these messages. `now` is the time on this device.
pub fn lines(
    messages: &[ChatMessage],
    limit: usize,
    now: u64,
    is_folded: impl Fn(PersonId) -> bool,
) -> Vec<Line> {
    let claim = |message: &ChatMessage| Claim {
        person: message.person,
        at: message.sent_at,
        is_ours: message.mine,
    };
    let claims: Vec<Claim> = messages.iter().map(claim).collect();
    let hidden = messages.len().saturating_sub(limit);
    let judged = messages.iter().zip(clocks::judge(&claims, now));
    judged
        .skip(hidden)
        .map(|(message, trust)| Line::new(message, trust, is_folded(message.person)))
        .collect()
}

/// A row of the log.
#[derive(Clone, Debug, PartialEq)]
pub enum Row {
    /// A new day begins.
    Day {
        at: u64,
        /// The message that follows.
        before: String,
    },
    /// The messages that one person sent within a minute or, if they are folded, within any time.
    Group(Rc<Vec<Line>>),
}

impl Row {
    pub fn key(&self) -> String {
        match self {
            Self::Day { before, .. } => format!("day {before}"),
            Self::Group(lines) => lines
                .first()
                .map(|line| line.id.clone())
                .unwrap_or_default(),
        }
    }
}

/// Arranges messages. `day` returns the number of the local day of a time, and `today` is the
/// number of the current day.
///
/// A day begins once, at its first message with a credible time.
pub fn rows(lines: &[Line], today: u64, day: impl Fn(u64) -> u64) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut section = None;
    let mut group: Vec<Line> = Vec::new();
    for line in lines {
        let mut line = line.clone();
        let line_day = day(line.at);
        let is_in_order = line.time == Time::Agreed { is_in_order: true };
        let is_new_day = is_in_order && section.is_none_or(|section| section < line_day);
        if line.time == Time::OwnClock && line_day != section.unwrap_or(today) {
            line.time = Time::OwnDay;
        }
        let is_next = group
            .last()
            .is_some_and(|last| belong_together(last, &line));
        if is_new_day || !is_next {
            close(&mut rows, &mut group);
        }
        if is_new_day {
            section = Some(line_day);
            rows.push(Row::Day {
                at: line.at,
                before: line.id.clone(),
            });
        }
        group.push(line);
    }
    close(&mut rows, &mut group);
    rows
}

fn close(rows: &mut Vec<Row>, group: &mut Vec<Line>) {
    if !group.is_empty() {
        rows.push(Row::Group(Rc::new(std::mem::take(group))));
    }
}

fn belong_together(before: &Line, after: &Line) -> bool {
    let is_agreed = |line: &Line| matches!(line.time, Time::Agreed { .. });
    // However much somebody writes whom one does not want to read, it takes one line.
    let is_folded = before.is_folded && after.is_folded;
    before.person == after.person
        && (is_folded || before.name == after.name)
        && (is_folded || is_agreed(before) == is_agreed(after))
        && (is_folded || before.at / MINUTE == after.at / MINUTE)
}

#[cfg(test)]
mod tests;
