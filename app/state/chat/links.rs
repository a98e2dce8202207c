//! The addresses in a message.
//!
//! `linkify` finds them. It takes every character outside ASCII for a part of the address, so it
//! gets an ASCII outline of the text. The outline has the same length, and spaces where the text
//! around an address begins.

use std::iter::repeat_n;

use linkify::{Link, LinkFinder, LinkKind};

/// The largest number of links in a message, which is more than a person writes. Further addresses
/// stay text, so that no message fills the page with elements.
const MAX_LINKS: usize = 100;

/// The characters that force a direction on the letters after them: `gpj.exe` would be shown as
/// `exe.jpg`.
const OVERRIDES: [char; 2] = ['\u{202D}', '\u{202E}'];

/// A piece of a message's text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Piece<'a> {
    Text(&'a str),
    /// An address that may be opened: `http` and `https`, nothing else.
    Link(&'a str),
}

/// Finds the addresses in a text.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let outline = outline(text);
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url]);
    let mut pieces = Vec::new();
    let mut start = 0;
    for link in finder.links(&outline).filter(is_web).take(MAX_LINKS) {
        if link.start() > start {
            pieces.push(Piece::Text(&text[start..link.start()]));
        }
        start = link.end();
        pieces.push(Piece::Link(&text[link.start()..link.end()]));
    }
    if start < text.len() {
        pieces.push(Piece::Text(&text[start..]));
    }
    pieces
}

/// Removes the overrides from a text, so that every letter has the direction of its script.
pub fn without_overrides(text: &str) -> String {
    text.replace(OVERRIDES, "")
}

fn is_web(link: &Link<'_>) -> bool {
    let Some((scheme, rest)) = link.as_str().split_once("://") else {
        return false;
    };
    let is_web = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
    is_web && rest.starts_with(|c: char| c.is_ascii_alphanumeric())
}

/// The part of a text that the outline has reached.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Part {
    Words,
    /// The host of an address, which begins at this place.
    Host(usize),
    Path,
}

/// Writes the text in ASCII: letters of an address as `x`, everything that cannot belong to an
/// address as spaces, each as long as it was.
fn outline(text: &str) -> String {
    let mut outline = String::with_capacity(text.len());
    let mut part = Part::Words;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = if c.is_ascii() {
            part = push_ascii(&mut outline, c, part);
            1
        } else {
            let (length, is_kept) = match (part, kind(c)) {
                (Part::Words, _) | (_, Kind::Mark) => (c.len_utf8(), false),
                (_, Kind::Letter) => (c.len_utf8(), true),
                (_, Kind::Han | Kind::Unspaced) => {
                    let run = unspaced_run(rest);
                    (run.len(), belongs(run, text, outline.len(), part))
                }
            };
            outline.extend(repeat_n(if is_kept { 'x' } else { ' ' }, length));
            if !is_kept {
                part = Part::Words;
            }
            length
        };
        rest = &rest[length..];
    }
    outline
}

fn push_ascii(outline: &mut String, c: char, part: Part) -> Part {
    let (shown, next) = match (part, c) {
        (_, '"' | '<' | '>' | '`' | '|') => (c, Part::Words),
        _ if c.is_ascii_control() || c == ' ' => (' ', Part::Words),
        // What a host cannot contain ends the address there, rather than making it none.
        (Part::Host(_), '(' | ')' | ',' | ';' | '\'' | '*' | '!') => (' ', Part::Words),
        // A fragment may follow the host without a slash.
        (Part::Host(_), '/' | '?' | '#') => (if c == '#' { '/' } else { c }, Part::Path),
        _ => (c, part),
    };
    outline.push(shown);
    if part == Part::Words && outline.ends_with("://") {
        return Part::Host(outline.len());
    }
    next
}

/// Returns `true` if a run of letters of a script without spaces belongs to the address before it.
/// It does in a host name that has no other letters (`日本語.jp`), and as a whole segment of Chinese
/// characters (`/日本/`); any other run continues the sentence around the address. Browsers copy such
/// letters percent-encoded.
fn belongs(run: &str, text: &str, start: usize, part: Part) -> bool {
    let (before, after) = (&text[..start], &text[start + run.len()..]);
    if let Part::Host(host_start) = part {
        let host = &before[host_start..];
        if host.is_empty() {
            return after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-');
        }
        if !host.contains(|c: char| c.is_ascii_alphanumeric()) {
            return true;
        }
    }
    let is_part = before.ends_with(['/', '.', '=']);
    is_part && run.chars().all(|c| kind(c) == Kind::Han)
}

fn unspaced_run(text: &str) -> &str {
    let end = text.find(|c: char| c.is_ascii() || !matches!(kind(c), Kind::Han | Kind::Unspaced));
    &text[..end.unwrap_or(text.len())]
}

/// The kind of a character outside ASCII, for finding the end of an address.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    /// A letter of a script that puts spaces between words, or a sign inside of words.
    Letter,
    /// A Chinese character, in whichever language.
    Han,
    /// A letter of another script that is written without spaces, or joins particles to a word.
    Unspaced,
    /// Punctuation, a symbol, or an invisible character.
    Mark,
}

/// Classifies a character by ranges of Unicode blocks. They are exact enough here, and far smaller
/// than Unicode's own tables.
fn kind(c: char) -> Kind {
    match c {
        'ª' | 'µ' | '·' | 'º' => Kind::Letter,
        '\u{80}'..='\u{BF}' | '×' | '÷' => Kind::Mark,
        // Greek, Armenian, Hebrew, Arabic and Devanagari punctuation, and an Arabic direction mark.
        '\u{37E}' | '\u{589}' | '\u{5BE}' | '\u{5C0}' | '\u{5C3}' | '\u{60C}' | '\u{61B}'
        | '\u{61C}' | '\u{61F}' | '\u{6D4}' | '\u{964}' | '\u{965}' | '\u{180E}' => Kind::Mark,
        // Thai to Burmese, Hangul's parts, Khmer.
        '\u{E00}'..='\u{109F}' | '\u{1100}'..='\u{11FF}' | '\u{1780}'..='\u{17FF}' => {
            Kind::Unspaced
        }
        // Joiners inside of words, and dashes.
        '\u{200C}' | '\u{200D}' | '\u{2010}'..='\u{2015}' => Kind::Letter,
        '\u{2000}'..='\u{2BFF}' | '\u{2E00}'..='\u{2E7F}' => Kind::Mark,
        '々' | '〆' | '〇' | '\u{2E80}'..='\u{2FFF}' | '\u{3400}'..='\u{4DBF}' => Kind::Han,
        '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}' => Kind::Han,
        '\u{3000}'..='\u{3040}' | '\u{3200}'..='\u{33FF}' | '\u{E000}'..='\u{F8FF}' => Kind::Mark,
        // Kana, Bopomofo, Hangul.
        '\u{3041}'..='\u{31FF}' | '\u{AC00}'..='\u{D7FF}' => Kind::Unspaced,
        '\u{FE00}'..='\u{FE6F}' | '\u{FEFF}' => Kind::Mark,
        // Full-width digits and letters, half-width kana and Hangul.
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '\u{FF66}'..='\u{FFDC}' => Kind::Unspaced,
        '\u{FF00}'..='\u{FFFF}' | '\u{1F000}'..='\u{1FFFF}' | '\u{E0000}'.. => Kind::Mark,
        _ => Kind::Letter,
    }
}

#[cfg(test)]
#[path = "links_tests.rs"]
mod tests;
