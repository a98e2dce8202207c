//! The code that one person shows and another reads with a camera, to compare both their keys.

use parlor_engine::{Fingerprint, PersonId};

/// A link's fragment begins with this, which is no room's key.
const MARK: &str = "verify/";

/// Both fingerprints, as the screen of one of the two sees them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Code {
    /// Of who shows the code.
    pub from: Fingerprint,
    /// Of the person to whom they show it.
    pub to: Fingerprint,
}

impl Code {
    /// What we show to somebody.
    pub fn new(us: PersonId, them: PersonId) -> Self {
        Self {
            from: Fingerprint::of(us),
            to: Fingerprint::of(them),
        }
    }

    /// `None` for the fragment of any other link.
    pub fn from_fragment(fragment: &str) -> Option<Self> {
        let (from, to) = fragment.strip_prefix(MARK)?.split_once('/')?;
        Some(Self {
            from: from.parse().ok()?,
            to: to.parse().ok()?,
        })
    }

    /// Reads what a camera read.
    pub fn from_link(link: &str) -> Option<Self> {
        Self::from_fragment(link.split_once('#')?.1)
    }

    pub fn fragment(&self) -> String {
        format!("{MARK}{}/{}", self.from, self.to)
    }

    /// Opens the app on the device that reads it, whatever program does.
    pub fn link(&self, origin: &str) -> String {
        format!("{origin}/#{}", self.fragment())
    }

    /// Whether it was shown to us.
    pub fn is_for(&self, us: PersonId) -> bool {
        self.to == Fingerprint::of(us)
    }

    /// Whether this person showed it.
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
