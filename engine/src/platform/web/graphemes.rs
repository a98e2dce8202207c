//! The browser's own segmentation of texts, whose tables a page would otherwise have to load.

use js_sys::{Array, JsString};
use wasm_bindgen::prelude::*;

use super::js;

#[wasm_bindgen]
extern "C" {
    /// [ECMA-402, section 19](https://tc39.es/ecma402/#segmenter-objects).
    #[wasm_bindgen(js_namespace = Intl)]
    type Segmenter;

    /// Of graphemes, in the browser's language.
    #[wasm_bindgen(constructor, js_namespace = Intl, catch)]
    fn new() -> Result<Segmenter, JsValue>;

    #[wasm_bindgen(method)]
    fn segment(this: &Segmenter, text: &str) -> JsValue;
}

/// Splits a text into its graphemes. Browsers without `Intl.Segmenter` (Firefox before 125) split it
/// into code points.
pub(crate) fn graphemes(text: &str) -> std::vec::IntoIter<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    for units in lengths(text) {
        rest = split(rest, units, &mut found);
    }
    while !rest.is_empty() {
        rest = split(rest, 1, &mut found);
    }
    found.into_iter()
}

/// Moves the characters that have so many UTF-16 code units to what was found, and gives the others.
fn split<'a>(text: &'a str, units: usize, found: &mut Vec<&'a str>) -> &'a str {
    let mut passed = 0;
    let end = text.char_indices().find(|(_, c)| {
        let is_end = passed >= units.max(1);
        passed += c.len_utf16();
        is_end
    });
    let (grapheme, rest) = text.split_at(end.map_or(text.len(), |(at, _)| at));
    found.push(grapheme);
    rest
}

/// The length of each grapheme in UTF-16 code units.
fn lengths(text: &str) -> Vec<usize> {
    let Ok(segmenter) = Segmenter::new() else {
        return Vec::new();
    };
    let segments = Array::from(&segmenter.segment(text));
    let length = |segment| {
        let text = js::get(&segment, "segment");
        text.dyn_ref::<JsString>()
            .map_or(1, |text| text.length() as usize)
    };
    segments.iter().map(length).collect()
}
