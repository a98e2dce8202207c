//! What was said, arranged for reading: by day, then by author and minute.

use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use parlor_engine::{ChatMessage, Delivery, PersonId};

/// So many messages are shown at once; earlier ones on request, so many more each time.
pub const SHOWN: usize = 200;
const MINUTE: u64 = 60_000;

/// A message.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Distinguishes it on the screen.
    pub id: String,
    pub person: PersonId,
    pub name: Arc<str>,
    pub text: Arc<str>,
    /// Milliseconds since 1970.
    pub at: u64,
    pub is_mine: bool,
    /// Whether nobody has it yet.
    pub is_waiting: bool,
    /// Whether its author is hidden or blocked here.
    pub is_folded: bool,
}

impl Line {
    pub fn new(message: &ChatMessage, is_folded: bool) -> Self {
        Self {
            id: format!("{}-{}", message.id.author, message.id.number),
            person: message.person,
            name: message.name.clone(),
            text: message.text.clone(),
            at: message.sent_at,
            is_mine: message.mine,
            is_waiting: message.delivery == Delivery::Waiting,
            is_folded,
        }
    }
}

/// A piece of the log.
#[derive(Clone, Debug, PartialEq)]
pub enum Row {
    /// A new day begins.
    Day {
        at: u64,
        /// The message that follows. Clocks differ, so the same day can begin twice.
        before: String,
    },
    /// What one person said within a minute; if it is folded, however long it took them.
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

/// Arranges messages. `day` numbers the days where the person is.
pub fn rows(lines: &[Line], day: impl Fn(u64) -> u64) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut last: Option<&Line> = None;
    let mut group = Vec::new();
    for line in lines {
        let is_new_day = last.is_none_or(|last| day(last.at) != day(line.at));
        if is_new_day || last.is_some_and(|last| !belong_together(last, line)) {
            close(&mut rows, &mut group);
        }
        if is_new_day {
            rows.push(Row::Day {
                at: line.at,
                before: line.id.clone(),
            });
        }
        group.push(line.clone());
        last = Some(line);
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
    // However much somebody writes whom one does not want to read, it takes one line.
    let is_folded = before.is_folded && after.is_folded;
    before.person == after.person
        && (is_folded || before.name == after.name)
        && (is_folded || before.at / MINUTE == after.at / MINUTE)
}

/// A piece of a message's text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Piece<'a> {
    Text(&'a str),
    /// An address that may be opened: `http` and `https`, nothing else.
    Link(&'a str),
}

/// Finds the addresses in a text.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut start = 0;
    while let Some(found) = next_link(text, start) {
        if found.start > start {
            pieces.push(Piece::Text(&text[start..found.start]));
        }
        start = found.end;
        pieces.push(Piece::Link(&text[found]));
    }
    if start < text.len() {
        pieces.push(Piece::Text(&text[start..]));
    }
    pieces
}

fn next_link(text: &str, from: usize) -> Option<Range<usize>> {
    let mut search = from;
    loop {
        let start = search + text[search..].find("http")?;
        let rest = &text[start..];
        let host = rest
            .strip_prefix("https://")
            .or_else(|| rest.strip_prefix("http://"));
        let is_word = !text[..start].ends_with(|c: char| c.is_ascii_alphanumeric());
        if let Some(host) = host.filter(|_| is_word) {
            let length = link_length(rest);
            if length > rest.len() - host.len() {
                return Some(start..start + length);
            }
        }
        search = start + "http".len();
    }
}

/// Where the address ends: before white space, and before the marks that end a sentence.
fn link_length(text: &str) -> usize {
    let ends = |c: char| {
        c.is_whitespace() || matches!(c, '<' | '>' | '"' | '。' | '、' | '「' | '」' | '（' | '）')
    };
    let mut link = &text[..text.find(ends).unwrap_or(text.len())];
    loop {
        let shorter = link.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_']);
        let shorter = match shorter.strip_suffix(')') {
            Some(inner) if !inner.contains('(') => inner,
            _ => shorter,
        };
        if shorter.len() == link.len() {
            return link.len();
        }
        link = shorter;
    }
}

#[cfg(test)]
mod tests;
