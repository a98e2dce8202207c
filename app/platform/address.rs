//! Which room and which server: a window has no address bar, so a link is given at the start.
//! While the program runs, other users of the computer may see it in the list of programs.

use std::cell::RefCell;
use std::sync::LazyLock;

/// Where a server on this computer is, unless somebody chose another port.
const LOCAL: &str = "http://localhost:8460";

static START: LazyLock<Start> = LazyLock::new(|| {
    let server = std::env::var("PARLOR_SERVER").ok();
    Start::of(std::env::args().nth(1).as_deref(), server.as_deref())
});

thread_local! {
    static FRAGMENT: RefCell<String> = RefCell::new(START.fragment.clone());
}

/// What the program was started with.
#[derive(Debug, PartialEq)]
struct Start {
    origin: String,
    fragment: String,
}

impl Start {
    /// `parlor https://parlor.example/#key`; without a link, the server of `PARLOR_SERVER`.
    fn of(link: Option<&str>, server: Option<&str>) -> Self {
        let link = link.unwrap_or_default();
        let (origin, fragment) = link.split_once('#').unwrap_or((link, ""));
        let is_address = |text: &&str| text.starts_with("http://") || text.starts_with("https://");
        let origin = Some(origin).filter(is_address).or(server).unwrap_or(LOCAL);
        Self {
            origin: origin.trim_end_matches('/').to_owned(),
            fragment: fragment.to_owned(),
        }
    }

    fn server(&self) -> String {
        match self.origin.strip_prefix("http") {
            Some(rest) => format!("ws{rest}/ws"),
            None => self.origin.clone(),
        }
    }
}

pub fn origin() -> String {
    START.origin.clone()
}

pub fn server() -> String {
    START.server()
}

pub fn fragment() -> String {
    FRAGMENT.with_borrow(Clone::clone)
}

/// Without a step back: a window has no button for it.
pub fn set_fragment(fragment: &str) {
    FRAGMENT.with_borrow_mut(|kept| fragment.clone_into(kept));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_names_the_server_and_the_room() {
        let start = Start::of(Some("https://a.example/#key/Tea"), Some("http://b.example"));
        assert_eq!(start.server(), "wss://a.example/ws");
        assert_eq!(start.fragment, "key/Tea");
    }

    #[test]
    fn without_a_link_the_server_is_chosen_or_local() {
        let start = Start::of(None, Some("http://b.example:1/"));
        assert_eq!(start.origin, "http://b.example:1");
        assert_eq!(start.server(), "ws://b.example:1/ws");
        assert_eq!(Start::of(None, None).origin, LOCAL);
        let only_key = Start::of(Some("#key"), None);
        assert_eq!(
            (only_key.origin.as_str(), only_key.fragment.as_str()),
            (LOCAL, "key")
        );
    }
}
