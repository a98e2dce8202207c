//! A browser that translates pages.

use crate::person::Person;

/// The translator. Like Chromium's own, it replaces text nodes with `<font>` elements; it marks the
/// texts instead of translating them. It records every later write of the page to a replaced text
/// node, which nobody would see.
const TRANSLATOR: &str = include_str!("translating.js");

impl Person {
    /// Translates, from the next page on, the pages that allow it.
    pub async fn translates_pages(&self) {
        self.runs_before_pages(TRANSLATOR).await;
    }

    /// Fails if the page wrote to a text node that the translation had replaced.
    pub async fn follows_the_translation(&self) {
        let stale: Vec<String> = self.look("return __stale;").await.expect("a translator");
        assert!(stale.is_empty(), "{} does not see {stale:?}", self.name());
    }
}
