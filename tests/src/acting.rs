//! What hands do: a pointer and a keyboard.

use fantoccini::key::Key;

use crate::browser::Missed;
use crate::person::Person;
use crate::waiting::{SOON, css};

impl Person {
    /// Clicks as a pointer does: what lies over the element is an error.
    pub async fn click(&self, selector: &str) {
        self.eventually(&format!("a click on {selector}"), SOON, async || match self
            .browser()
            .click(&css(selector))
            .await
        {
            Ok(()) => Ok(()),
            Err(Missed::Covered(by)) => {
                let picture = self.picture("covered").await;
                panic!("{}: {selector} is covered: {by} ({picture})", self.name())
            }
            Err(Missed::NotThere(reason)) => Err(reason),
        })
        .await;
    }

    /// Writes into a field after emptying it.
    pub async fn write(&self, selector: &str, text: &str) {
        self.eventually(&format!("writing into {selector}"), SOON, async || {
            self.browser().write(&css(selector), text).await
        })
        .await;
    }

    /// Presses a key where the keyboard's focus is.
    pub async fn press(&self, key: Key) {
        let pressed = self.browser().press(key).await;
        pressed.expect("the key is pressed");
    }
}
