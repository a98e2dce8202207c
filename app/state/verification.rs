//! The code that one person shows and another reads with a camera, to compare both their keys.

use parlor_engine::{Fingerprint, PersonId};

/// The start of a code's fragment, which is no room's key.
const MARK: &str = "verify/";

/// The fingerprints of two people, as the screen of one of them shows them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Code {
    /// The fingerprint of the person who shows the code.
    pub from: Fingerprint,
    /// The fingerprint of the person to whom the code is shown.
    pub to: Fingerprint,
}

impl Code {
    /// Returns the code that we show to a person.
    pub fn new(us: PersonId, them: PersonId) -> Self {
        Self {
            from: Fingerprint::of(us),
            to: Fingerprint::of(them),
        }
    }

    /// Parses the fragment of a link. Returns `None` for any other link.
    pub fn from_fragment(fragment: &str) -> Option<Self> {
        let (from, to) = fragment.strip_prefix(MARK)?.split_once('/')?;
        Some(Self {
            from: from.parse().ok()?,
            to: to.parse().ok()?,
        })
    }

    /// Parses the link that a camera read.
    pub fn from_link(link: &str) -> Option<Self> {
        Self::from_fragment(link.split_once('#')?.1)
    }

    pub fn fragment(&self) -> String {
        format!("{MARK}{}/{}", self.from, self.to)
    }

    /// Returns the code as a link, which opens the app whichever program reads it.
    pub fn link(&self, origin: &str) -> String {
        format!("{origin}/#{}", self.fragment())
    }

    /// Returns `true` if the code was shown to us.
    pub fn is_for(&self, us: PersonId) -> bool {
        self.to == Fingerprint::of(us)
    }

    /// Returns `true` if this person showed the code.
    pub fn is_from(&self, them: PersonId) -> bool {
        self.from == Fingerprint::of(them)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route::{Invitation, Route};

    fn person(letter: &str) -> PersonId {
        format!("{}A", letter.repeat(42)).parse().ok().unwrap()
    }

    #[test]
    fn a_code_is_read_on_the_other_side() {
        let (ada, ben, mallory) = (person("a"), person("b"), person("m"));
        let code = Code::from_link(&Code::new(ada, ben).link("https://parlor.example")).unwrap();
        assert!(code.is_for(ben) && code.is_from(ada));
        assert!(!code.is_for(ada) && !code.is_from(ben));
        // Somebody stands between the two: Ada's screen has another key for Ben than Ben has.
        let code = Code::new(ada, mallory);
        assert!(!code.is_for(ben));
    }

    #[test]
    fn a_code_is_told_from_an_invitation() {
        let code = Code::new(person("a"), person("b"));
        assert_eq!(Route::from_fragment(&code.fragment()), Route::Verify(code));
        for other in [
            "verify/",
            "verify/a/b",
            "verify",
            &Invitation::new("verify/").fragment(),
        ] {
            assert_eq!(Code::from_fragment(other), None, "{other}");
        }
        assert_eq!(Code::from_link("https://parlor.example/"), None);
        assert_eq!(Route::from_fragment("verify/a/b"), Route::Damaged);
    }
}
