//! A person's actions with pointer and keyboard.

use fantoccini::key::Key;
use serde_json::json;

use crate::browser::Missed;
use crate::person::Person;
use crate::waiting::{SOON, css, quoted};

impl Person {
    /// Clicks as a pointer does: it is an error if another element covers this one.
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

    /// Empties a field and writes into it.
    pub async fn write(&self, selector: &str, text: &str) {
        self.eventually(&format!("writing into {selector}"), SOON, async || {
            self.browser().write(&css(selector), text).await
        })
        .await;
    }

    /// Replaces the text of a field by pasting, within the field's maximum length.
    pub async fn paste(&self, selector: &str, text: &str) {
        let (field, text) = (quoted(&css(selector)), quoted(text));
        let script = format!(
            "const field = document.querySelector({field});
             if (!field) return false;
             field.focus();
             field.select();
             return document.execCommand('insertText', false, {text});"
        );
        self.eventually(
            &format!("pasting into {selector}"),
            SOON,
            async || match self.look(&script).await? {
                true => Ok(()),
                false => Err("the field takes nothing".to_owned()),
            },
        )
        .await;
    }

    /// Presses a key of another keyboard, given by its character and its position.
    pub async fn press_on_keyboard(&self, text: &str, code: &str) {
        for event in ["rawKeyDown", "keyUp"] {
            let key = json!({ "type": event, "key": text, "code": code });
            self.devtools("Input.dispatchKeyEvent", key).await;
        }
    }

    /// Chooses an option of a menu by its text.
    pub async fn choose(&self, selector: &str, option: &str) {
        let script = format!(
            "const menu = document.querySelector({});
             const option = [...(menu?.options ?? [])].find((one) => one.label === {});
             if (!option) return false;
             menu.value = option.value;
             menu.dispatchEvent(new Event('change', {{ bubbles: true }}));
             return true;",
            quoted(&css(selector)),
            quoted(option)
        );
        self.eventually(
            &format!("{option:?} in {selector}"),
            SOON,
            async || match self.look(&script).await {
                Ok(true) => Ok(()),
                Ok(false) => Err("there is no such option".to_owned()),
                Err(error) => Err(error),
            },
        )
        .await;
    }

    /// Presses a key in the focused element.
    pub async fn press(&self, key: Key) {
        let pressed = self.browser().press(key).await;
        pressed.expect("the key is pressed");
    }
}
