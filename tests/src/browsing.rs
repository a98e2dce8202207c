//! The browser around the page: its history and its cache.

use crate::person::Person;

impl Person {
    /// Goes one step back in the window's history.
    pub async fn step_back(&self) {
        self.client().back().await.expect("a step back");
    }

    /// Goes one step forward in the window's history.
    pub async fn step_forward(&self) {
        self.client().forward().await.expect("a step forward");
    }

    /// Tells the page that it goes into the browser's cache, without loading another one.
    pub async fn page_goes(&self) {
        self.tell_page("pagehide").await;
    }

    /// Tells the page that it comes back from the browser's cache.
    pub async fn page_comes_back(&self) {
        self.tell_page("pageshow").await;
    }

    async fn tell_page(&self, event: &str) {
        let tell = format!(
            "dispatchEvent(new PageTransitionEvent({event:?}, {{ persisted: true }})); return null;"
        );
        let _: Option<()> = self.look(&tell).await.expect("the page answers");
    }

    /// Returns `true` if the page would ask the person before it is closed now.
    pub async fn is_asked_before_closing(&self) -> bool {
        let ask = "return !dispatchEvent(new Event('beforeunload', { cancelable: true }));";
        self.look(ask).await.expect("the page answers")
    }

    /// Returns the text in the field for messages.
    pub async fn draft(&self) -> String {
        let read = "return document.querySelector('[data-test=chat-input]').value;";
        self.look(read).await.expect("a field for messages")
    }
}
