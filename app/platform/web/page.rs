use js_sys::{Date, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, KeyboardEvent, StorageEvent};

use super::node::is_field;
use super::{Events, document, page, window};
use crate::platform::{DateStyle, Key};

pub fn origin() -> String {
    window()
        .and_then(|window| window.location().origin().ok())
        .unwrap_or_default()
}

pub fn server() -> String {
    let origin = origin();
    match origin.strip_prefix("http") {
        Some(rest) => format!("ws{rest}/ws"),
        None => origin,
    }
}

pub fn load(key: &str) -> Option<String> {
    window()?.local_storage().ok()??.get_item(key).ok()?
}

pub fn store(key: &str, value: &str) {
    if let Some(Ok(Some(storage))) = window().map(|window| window.local_storage()) {
        let _ = storage.set_item(key, value);
    }
}

pub fn load_for_window(key: &str) -> Option<String> {
    window()?.session_storage().ok()??.get_item(key).ok()?
}

pub fn store_for_window(key: &str, value: &str) {
    if let Some(Ok(Some(storage))) = window().map(|window| window.session_storage()) {
        let _ = storage.set_item(key, value);
    }
}

pub fn remove_stored(key: &str) {
    if let Some(Ok(Some(storage))) = window().map(|window| window.local_storage()) {
        let _ = storage.remove_item(key);
    }
}

pub fn stored_keys(prefix: &str) -> Vec<String> {
    let Some(Ok(Some(storage))) = window().map(|window| window.local_storage()) else {
        return Vec::new();
    };
    let keys = (0..storage.length().unwrap_or(0)).filter_map(|place| storage.key(place).ok()?);
    keys.filter(|key| key.starts_with(prefix)).collect()
}

pub fn folded(text: &str) -> String {
    let text = js_sys::JsString::from(text);
    text.normalize("NFKC").to_lower_case().into()
}

pub fn stored_changes() -> Events<Option<String>> {
    Events::of(&page(), "storage", |event| {
        Some(event.dyn_into::<StorageEvent>().ok()?.key())
    })
}

pub fn languages() -> Vec<String> {
    let Some(window) = window() else {
        return Vec::new();
    };
    window
        .navigator()
        .languages()
        .iter()
        .filter_map(|tag| tag.as_string())
        .collect()
}

pub fn set_language(tag: &str) {
    set_on_root("lang", Some(tag));
}

pub fn set_translatable(is_translatable: bool) {
    set_on_root("translate", (!is_translatable).then_some("no"));
}

pub fn set_theme(theme: Option<&str>) {
    set_on_root("data-theme", theme);
}

fn set_on_root(name: &str, value: Option<&str>) {
    let Some(root) = document().and_then(|document| document.document_element()) else {
        return;
    };
    let _ = match value {
        Some(value) => root.set_attribute(name, value),
        None => root.remove_attribute(name),
    };
}

pub fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

pub async fn copy(text: &str) -> bool {
    // There is no clipboard on a page without https, whatever the types say.
    let Some(window) = window() else { return false };
    let navigator = window.navigator();
    if !has(&navigator, "clipboard") {
        return false;
    }
    JsFuture::from(navigator.clipboard().write_text(text))
        .await
        .is_ok()
}

pub fn can_share() -> bool {
    window().is_some_and(|window| has(&window.navigator(), "share"))
}

pub async fn share(title: &str, link: &str) -> bool {
    let Some(window) = window() else { return false };
    let what = Object::new();
    let _ = Reflect::set(&what, &"title".into(), &title.into());
    let _ = Reflect::set(&what, &"url".into(), &link.into());
    promised(&window.navigator(), "share", &what)
        .await
        .is_some()
}

pub async fn fetch_text(path: &str) -> Option<String> {
    let response = promised(&js_sys::global(), "fetch", &path.into()).await?;
    if !has(&response, "ok") {
        return None;
    }
    promised(&response, "text", &JsValue::UNDEFINED)
        .await?
        .as_string()
}

pub(super) fn has(object: &JsValue, name: &str) -> bool {
    Reflect::get(object, &name.into()).is_ok_and(|value| value.is_truthy())
}

/// Calls a method that some browsers lack, and waits for the promise that it returns.
pub(super) async fn promised(
    object: &JsValue,
    method: &str,
    argument: &JsValue,
) -> Option<JsValue> {
    let function = Reflect::get(object, &method.into())
        .ok()?
        .dyn_into::<Function>()
        .ok()?;
    let promise = function
        .call1(object, argument)
        .ok()?
        .dyn_into::<Promise>()
        .ok()?;
    JsFuture::from(promise).await.ok()
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a time since 1970"
)]
pub fn now() -> u64 {
    Date::now() as u64
}

/// Returns the offset of the local time from UTC at this moment, in minutes.
#[allow(clippy::cast_possible_truncation, reason = "less than a day")]
pub fn utc_offset(at: u64) -> i32 {
    -date(at).get_timezone_offset() as i32
}

#[allow(clippy::cast_precision_loss, reason = "exact for 285,000 years")]
fn date(at: u64) -> Date {
    Date::new(&JsValue::from_f64(at as f64))
}

pub fn format_time(at: u64, language: &str) -> String {
    let options = options(&[("hour", "numeric"), ("minute", "2-digit")]);
    date(at)
        .to_locale_time_string_with_options(language, &options)
        .into()
}

pub fn format_date(at: u64, language: &str, style: DateStyle) -> String {
    let options = match style {
        DateStyle::Short => options(&[("day", "numeric"), ("month", "short")]),
        DateStyle::Long => options(&[("weekday", "long"), ("day", "numeric"), ("month", "long")]),
        DateStyle::Year => options(&[("year", "numeric"), ("day", "numeric"), ("month", "long")]),
    };
    date(at).to_locale_date_string(language, &options).into()
}

fn options(pairs: &[(&str, &str)]) -> Object {
    let options = Object::new();
    for (name, value) in pairs {
        let _ = Reflect::set(&options, &(*name).into(), &(*value).into());
    }
    options
}

pub async fn sleep(milliseconds: u32) {
    let wait = Promise::new(&mut |resolve, _| {
        if let Some(window) = window() {
            let milliseconds = i32::try_from(milliseconds).unwrap_or(i32::MAX);
            let _ = window
                .set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
        }
    });
    let _ = JsFuture::from(wait).await;
}

pub fn keys() -> Events<Key> {
    Events::of(&page(), "keydown", |event| {
        let event = event.dyn_into::<KeyboardEvent>().ok()?;
        let in_field = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .is_some_and(|element| is_field(&element));
        let modified = event.ctrl_key() || event.alt_key() || event.meta_key();
        (!in_field && !modified && !event.repeat()).then(|| Key {
            text: event.key(),
            code: event.code(),
        })
    })
}

pub fn can_choose_speaker() -> bool {
    let element = Reflect::get(&js_sys::global(), &"HTMLMediaElement".into());
    let prototype = element.and_then(|element| Reflect::get(&element, &"prototype".into()));
    prototype.is_ok_and(|prototype| has(&prototype, "setSinkId"))
}

pub fn is_narrower_than(pixels: u32) -> bool {
    let query = format!("(width < {pixels}px)");
    let list = window().and_then(|window| window.match_media(&query).ok().flatten());
    list.is_some_and(|list| list.matches())
}
