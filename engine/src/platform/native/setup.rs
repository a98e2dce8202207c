//! Which side is the client of DTLS. It is agreed on once and stays so for as long as the connection
//! does (RFC 8842, section 5.5). rtc 0.21.1 answers every offer with the role that it would take in
//! the first answer, which browsers refuse ("Failed to set SSL role"); the code before the rewrite
//! did the like (webrtc-rs/webrtc#753).

use super::sections::attribute;

const ATTRIBUTE: &str = "a=setup:";

/// What was agreed on: our own value of the attribute.
#[derive(Default)]
pub(super) struct Setup(Option<&'static str>);

impl Setup {
    /// An answer with the role that was agreed on.
    pub(super) fn corrected(&self, answer: &str) -> String {
        let Some(role) = self.0 else {
            return answer.to_owned();
        };
        let lines = answer.split_inclusive('\n').map(|line| {
            let end = &line[line.trim_end().len()..];
            match line.starts_with(ATTRIBUTE) {
                true => format!("{ATTRIBUTE}{role}{end}"),
                false => line.to_owned(),
            }
        });
        lines.collect()
    }

    /// Our answer was set.
    pub(super) fn answered(&mut self, answer: &str) {
        self.agree(match attribute(answer, ATTRIBUTE) {
            Some("passive") => "passive",
            _ => "active",
        });
    }

    /// Theirs was.
    pub(super) fn was_answered(&mut self, answer: &str) {
        self.agree(match attribute(answer, ATTRIBUTE) {
            Some("passive") => "active",
            _ => "passive",
        });
    }

    fn agree(&mut self, role: &'static str) {
        self.0.get_or_insert(role);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = "v=0\r\nm=audio 9 X 1\r\na=setup:active\r\na=mid:0\r\n\
                          m=video 9 X 2\r\na=setup:active\r\n";

    #[test]
    fn the_first_answer_stays_as_it_is() {
        let mut setup = Setup::default();
        assert_eq!(setup.corrected(ANSWER), ANSWER);
        setup.answered(ANSWER);
        assert_eq!(setup.corrected(ANSWER), ANSWER);
    }

    #[test]
    fn who_was_answered_first_keeps_the_other_role() {
        let mut setup = Setup::default();
        setup.was_answered(ANSWER);
        assert_eq!(setup.corrected(ANSWER), ANSWER.replace("active", "passive"));
        // What comes later changes nothing.
        setup.was_answered("a=setup:passive\r\n");
        assert!(setup.corrected(ANSWER).contains("passive"));
    }
}
