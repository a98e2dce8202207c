//! Wishes about devices, in the browser's form.

use js_sys::Object;
use wasm_bindgen::JsValue;

use super::js;
use crate::media::{
    AudioConstraints, Constraint, DisplaySurface, FacingMode, ResizeMode, ScreenConstraints,
    VideoConstraints,
};

pub(super) fn audio(wish: &AudioConstraints) -> Object {
    let constraints = Object::new();
    let set = |name, values| constrain(&constraints, name, values);
    set("deviceId", values(&wish.device, |id| id.as_str().into()));
    let switch = |wish: &Constraint<bool>| values(wish, |on| (*on).into());
    set("echoCancellation", switch(&wish.echo_cancellation));
    set("noiseSuppression", switch(&wish.noise_suppression));
    set("autoGainControl", switch(&wish.auto_gain_control));
    set("channelCount", whole(&wish.channel_count));
    set("sampleRate", whole(&wish.sample_rate));
    set("sampleSize", whole(&wish.sample_size));
    let latency = values(&wish.latency, |time| time.as_secs_f64().into());
    set("latency", latency);
    constraints
}

pub(super) fn video(wish: &VideoConstraints) -> Object {
    let constraints = Object::new();
    let set = |name, values| constrain(&constraints, name, values);
    set("deviceId", values(&wish.device, |id| id.as_str().into()));
    set("width", whole(&wish.width));
    set("height", whole(&wish.height));
    set("frameRate", number(&wish.frame_rate));
    set("aspectRatio", number(&wish.aspect_ratio));
    let facing = values(&wish.facing_mode, |mode| facing_word(*mode).into());
    set("facingMode", facing);
    let resize = values(&wish.resize_mode, |mode| resize_word(*mode).into());
    set("resizeMode", resize);
    constraints
}

/// Browsers refuse to be told `exact` and `min` about a screen, which has no frames of its own
/// while nothing moves on it. The most that there may be is taken.
pub(super) fn display_surface(settings: &JsValue) -> Option<DisplaySurface> {
    match js::text(settings, "displaySurface")?.as_str() {
        "monitor" => Some(DisplaySurface::Monitor),
        "window" => Some(DisplaySurface::Window),
        "browser" => Some(DisplaySurface::Browser),
        _ => None,
    }
}

pub(super) fn screen(wish: &ScreenConstraints) -> Object {
    let rate = &wish.frame_rate;
    let wished = Constraint {
        ideal: rate.exact.or(rate.ideal).or(rate.min),
        max: rate.exact.or(rate.max),
        ..Constraint::default()
    };
    let picture = Object::new();
    constrain(&picture, "frameRate", number(&wished));
    let constraints = Object::new();
    js::set(&constraints, "video", picture);
    js::set(&constraints, "audio", wish.audio);
    constraints
}

/// `ideal`, `exact`, `min` and `max`.
type Values = [Option<JsValue>; 4];

fn values<T>(wish: &Constraint<T>, value: fn(&T) -> JsValue) -> Values {
    [&wish.ideal, &wish.exact, &wish.min, &wish.max].map(|wished| wished.as_ref().map(value))
}

fn whole(wish: &Constraint<u32>) -> Values {
    values(wish, |number| (*number).into())
}

fn number(wish: &Constraint<f64>) -> Values {
    values(wish, |number| (*number).into())
}

fn constrain(constraints: &Object, name: &str, values: Values) {
    let constraint = Object::new();
    for (name, value) in ["ideal", "exact", "min", "max"].into_iter().zip(values) {
        js::set_some(&constraint, name, value);
    }
    js::set(constraints, name, constraint);
}

fn facing_word(mode: FacingMode) -> &'static str {
    match mode {
        FacingMode::User => "user",
        FacingMode::Environment => "environment",
        FacingMode::Left => "left",
        FacingMode::Right => "right",
    }
}

fn resize_word(mode: ResizeMode) -> &'static str {
    match mode {
        ResizeMode::None => "none",
        ResizeMode::CropAndScale => "crop-and-scale",
    }
}

/// Out of a track's settings.
pub(super) fn facing_mode(settings: &JsValue) -> Option<FacingMode> {
    match js::text(settings, "facingMode")?.as_str() {
        "user" => Some(FacingMode::User),
        "environment" => Some(FacingMode::Environment),
        "left" => Some(FacingMode::Left),
        "right" => Some(FacingMode::Right),
        _ => None,
    }
}

/// Out of a track's settings.
pub(super) fn resize_mode(settings: &JsValue) -> Option<ResizeMode> {
    match js::text(settings, "resizeMode")?.as_str() {
        "none" => Some(ResizeMode::None),
        "crop-and-scale" => Some(ResizeMode::CropAndScale),
        _ => None,
    }
}
