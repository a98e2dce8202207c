use std::cell::RefCell;
use std::collections::HashMap;
use std::marker::PhantomData;
use std::time::{SystemTime, UNIX_EPOCH};

use dioxus::prelude::{KeyboardEvent, MountedEvent};

use super::{DateStyle, Key, Scroll};

thread_local! {
    static STORED: RefCell<HashMap<String, String>> = RefCell::default();
    static FRAGMENT: RefCell<String> = RefCell::default();
}

pub fn origin() -> String {
    "http://localhost".to_owned()
}

pub fn server() -> String {
    "ws://localhost/ws".to_owned()
}

pub fn fragment() -> String {
    FRAGMENT.with_borrow(Clone::clone)
}

pub fn set_fragment(fragment: &str) {
    FRAGMENT.with_borrow_mut(|kept| fragment.clone_into(kept));
}

pub fn fragment_changes() -> Events<()> {
    Events::never()
}

pub fn history_entry() -> String {
    String::new()
}

pub fn push_history_entry(_entry: &str) {}

pub fn go_back(_entries: u32) {}

pub fn load(key: &str) -> Option<String> {
    STORED.with_borrow(|stored| stored.get(key).cloned())
}

pub fn store(key: &str, value: &str) {
    STORED.with_borrow_mut(|stored| stored.insert(key.to_owned(), value.to_owned()));
}

pub fn load_for_window(_key: &str) -> Option<String> {
    None
}

pub fn store_for_window(_key: &str, _value: &str) {}

pub fn remove_stored(key: &str) {
    STORED.with_borrow_mut(|stored| stored.remove(key));
}

pub fn stored_keys(prefix: &str) -> Vec<String> {
    STORED.with_borrow(|stored| {
        let keys = stored.keys().filter(|key| key.starts_with(prefix));
        keys.cloned().collect()
    })
}

pub fn stored_changes() -> Events<Option<String>> {
    Events::never()
}

pub fn returns() -> Events<()> {
    Events::never()
}

/// Folds case and the full-width forms of ASCII, without Unicode's tables.
pub fn folded(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        other => other,
    };
    text.chars().map(narrow).collect::<String>().to_lowercase()
}

#[allow(clippy::unused_async, reason = "other platforms wait")]
pub async fn fetch_text(_path: &str) -> Option<String> {
    None
}

pub fn can_read_codes() -> bool {
    false
}

#[allow(clippy::unused_async, reason = "other platforms wait")]
pub async fn read_code(_node: &Node) -> Option<String> {
    None
}

pub fn languages() -> Vec<String> {
    std::env::var("LANG").into_iter().collect()
}

pub fn set_language(_tag: &str) {}

pub fn set_translatable(_is_translatable: bool) {}

pub fn set_theme(_theme: Option<&str>) {}

pub fn set_title(_title: &str) {}

#[allow(clippy::unused_async, reason = "other platforms wait")]
pub async fn copy(_text: &str) -> bool {
    false
}

pub fn can_share() -> bool {
    false
}

#[allow(clippy::unused_async, reason = "other platforms wait")]
pub async fn share(_title: &str, _link: &str) -> bool {
    false
}

pub fn now() -> u64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

pub fn utc_offset(_at: u64) -> i32 {
    0
}

pub fn format_time(at: u64, _language: &str) -> String {
    let minutes = at / 60_000;
    format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60)
}

pub fn format_date(at: u64, _language: &str, _style: DateStyle) -> String {
    format!("day {}", at / 86_400_000)
}

pub async fn sleep(_milliseconds: u32) {
    std::future::pending::<()>().await;
}

#[derive(Debug)]
pub struct Listener;

pub fn on_leave(_action: impl Fn() + 'static) -> Option<Listener> {
    None
}

pub fn ask_before_leaving() -> Option<Listener> {
    None
}

pub fn is_visible() -> bool {
    true
}

pub fn visibility_changes() -> Events<()> {
    Events::never()
}

pub fn is_narrower_than(_pixels: u32) -> bool {
    false
}

pub fn keys() -> Events<Key> {
    Events::never()
}

pub fn is_composing(event: &KeyboardEvent) -> bool {
    event.is_composing()
}

pub fn is_typing() -> bool {
    false
}

#[derive(Debug)]
pub struct Awake;

pub fn stay_awake() -> Awake {
    Awake
}

#[derive(Debug)]
pub struct Ring;

impl Ring {
    pub fn start() -> Option<Self> {
        None
    }
}

#[derive(Debug)]
pub struct Tabs;

impl Tabs {
    pub fn open() -> Option<Self> {
        None
    }

    pub fn say(&self, _word: &str) {}

    pub fn words(&self) -> Events<String> {
        Events::never()
    }
}

pub fn can_choose_speaker() -> bool {
    false
}

#[derive(Clone, Debug, PartialEq)]
pub struct Node;

impl Node {
    pub fn mounted(_event: &MountedEvent) -> Option<Self> {
        None
    }

    pub fn set_css(&self, _property: &str, _value: &str) {}

    pub fn set_attribute(&self, _name: &str, _value: &str) {}

    pub fn focus(&self) {}

    pub fn select(&self) {}

    pub fn scroll(&self) -> Scroll {
        Scroll::default()
    }

    pub fn scroll_to(&self, _top: f64) {}

    pub fn fit_height(&self) {}

    pub fn show_modal(&self) {}

    pub fn toggle_full_screen(&self) {}
}

/// A stream of events, which has none here.
#[derive(Debug)]
pub struct Events<T>(PhantomData<T>);

#[allow(clippy::needless_pass_by_ref_mut, reason = "other platforms change")]
impl<T> Events<T> {
    fn never() -> Self {
        Self(PhantomData)
    }

    pub async fn next(&mut self) -> Option<T> {
        std::future::pending().await
    }

    pub fn try_next(&mut self) -> Option<T> {
        None
    }
}
