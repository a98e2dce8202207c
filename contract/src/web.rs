//! What a page calls to run behaviours in a browser.
#![allow(
    unreachable_pub,
    reason = "what is exported is reached from JavaScript"
)]

use std::panic;

use parlor_engine::{Configuration, Engine};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{Pair, Reason, all};

/// The ids of all behaviours, in order.
#[wasm_bindgen]
pub fn list() -> Vec<String> {
    all().iter().map(|it| it.id.to_owned()).collect()
}

/// What is promised by the behaviour of an id, in one sentence.
#[wasm_bindgen]
pub fn title(id: &str) -> Option<String> {
    let behaviour = all().into_iter().find(|it| it.id == id);
    behaviour.map(|it| it.title.to_owned())
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console, js_name = error)]
    fn complain(text: &str);
}

/// A panic says where it happened, which a stopped module does not.
#[wasm_bindgen(start)]
fn start() {
    panic::set_hook(Box::new(|panic| complain(&panic.to_string())));
}

/// Runs one. Gives an empty text when it passes and the reason when it is not possible here;
/// throws when it fails.
#[wasm_bindgen]
pub async fn run(id: String) -> Result<String, JsValue> {
    let failed = |text: String| JsValue::from_str(&text);
    let behaviour = all().into_iter().find(|it| it.id == id);
    let behaviour = behaviour.ok_or_else(|| failed(format!("no behaviour {id}")))?;
    let engine = || Engine::new(Pair::config()).map_err(|error| failed(error.to_string()));
    let pair = Pair::new(engine()?, engine()?, Configuration::default());
    let outcome = behaviour.run(pair.clone()).await;
    pair.left.close();
    pair.right.close();
    match outcome {
        Ok(()) => Ok(String::new()),
        Err(Reason::NotPossible(why)) => Ok(why.to_owned()),
        Err(Reason::Failed(text)) => Err(failed(text)),
    }
}
