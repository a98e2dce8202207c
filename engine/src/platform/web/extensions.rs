//! Header extensions of RTP ([RFC 8285](https://www.rfc-editor.org/rfc/rfc8285)), whose numbers
//! Chromium keeps for a section even when the offer that gave them is taken back.
//!
//! From version 148 on it refuses a crossing offer that gives a number to another extension, and
//! with it everything that comes later. Without the line the extension is not used, and all goes on.

use std::borrow::Cow;
use std::cell::RefCell;

/// What own offers gave numbers to.
#[derive(Default)]
pub(super) struct Extensions(RefCell<Vec<Given>>);

struct Given {
    /// The section's place.
    section: usize,
    number: String,
    extension: String,
}

impl Extensions {
    /// An own offer is set.
    pub(super) fn offered(&self, sdp: &str) {
        let mut given = self.0.borrow_mut();
        for (section, line) in lines(sdp) {
            if let Some((number, extension)) = extension(line) {
                given.push(Given {
                    section,
                    number: number.to_owned(),
                    extension: extension.to_owned(),
                });
            }
        }
    }

    /// What of another's offer can be set.
    pub(super) fn fitting<'a>(&self, sdp: &'a str) -> Cow<'a, str> {
        if self.0.borrow().is_empty() {
            return sdp.into();
        }
        let mut fitting = String::with_capacity(sdp.len());
        for (section, line) in lines(sdp) {
            let fits = extension(line).is_none_or(|given| self.is_free(section, given));
            if fits {
                fitting.push_str(line);
                fitting.push('\n');
            }
        }
        fitting.into()
    }

    fn is_free(&self, section: usize, (number, extension): (&str, &str)) -> bool {
        let given = self.0.borrow();
        let mut same = given
            .iter()
            .filter(|given| given.section == section && given.number == number);
        same.all(|given| given.extension == extension)
    }
}

/// The lines, each with the place of its section; 0 for those before the first.
fn lines(sdp: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut section = 0;
    sdp.split_terminator('\n').map(move |line| {
        section += usize::from(line.starts_with("m="));
        (section, line)
    })
}

/// The number and the name of an `extmap` line.
fn extension(line: &str) -> Option<(&str, &str)> {
    let mut words = line.strip_prefix("a=extmap:")?.split_whitespace();
    let number = words.next()?.split('/').next()?;
    Some((number, words.next()?))
}
