//! A browser that translates pages.

use crate::person::Person;

/// The translator: as Chromium's own, it puts `<font>` elements in the places of text nodes. Its
/// language has a mark instead of other words. It keeps what the page then writes to a text node
/// that is not on the page: nobody sees that.
const TRANSLATOR: &str = include_str!("translating.js");

impl Person {
    /// From the next page on, the browser translates pages that let it.
    pub async fn translates_pages(&self) {
        self.runs_before_pages(TRANSLATOR).await;
    }

    /// Fails if the page wrote something to a place that a translation took away.
    pub async fn follows_the_translation(&self) {
        let stale: Vec<String> = self.look("return __stale;").await.expect("a translator");
        assert!(stale.is_empty(), "{} does not see {stale:?}", self.name());
    }
}
