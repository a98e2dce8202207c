//! Reads QR codes in front of a camera, where the browser has the [Shape Detection
//! API](https://wicg.github.io/shape-detection-api/): Chromium on phones and Macs.

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};

use super::Node;
use super::page::{has, promised};

const DETECTOR: &str = "BarcodeDetector";

pub fn can_read_codes() -> bool {
    has(&js_sys::global(), DETECTOR)
}

pub async fn read_code(node: &Node) -> Option<String> {
    let video = node.video()?;
    let found = promised(&detector()?, "detect", &video).await?;
    let first = found.dyn_ref::<Array>()?.get(0);
    Reflect::get(&first, &"rawValue".into()).ok()?.as_string()
}

fn detector() -> Option<JsValue> {
    let class = Reflect::get(&js_sys::global(), &DETECTOR.into()).ok()?;
    let options = Object::new();
    let formats = Array::of1(&"qr_code".into());
    Reflect::set(&options, &"formats".into(), &formats).ok()?;
    Reflect::construct(class.dyn_ref::<Function>()?, &Array::of1(&options)).ok()
}
