//! The functions with which a page measures the engine in a browser.
#![allow(
    unreachable_pub,
    reason = "what is exported is reached from JavaScript"
)]

use std::pin::pin;

use futures_util::future::{Either, select};
use parlor_engine::{Config, Configuration, Engine, Error};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{Pair, receive, send};

fn thrown(error: Error) -> JsValue {
    JsValue::from_str(&error.to_string())
}

/// Makes two connections. Returns the milliseconds until their channel is open.
#[wasm_bindgen]
pub async fn set_up() -> Result<f64, JsValue> {
    let engine = Engine::new(Config::alone()).map_err(thrown)?;
    let start = engine.now();
    let pair = Pair::open(&engine, &Configuration::default()).await;
    let time = engine.now() - start;
    pair.map_err(thrown)?.close();
    Ok(time.as_secs_f64() * 1e3)
}

/// Sends messages of this size for a fixed time. Returns the throughput in Mbit/s.
#[wasm_bindgen]
pub async fn throughput(size: usize) -> Result<f64, JsValue> {
    let engine = Engine::new(Config::alone()).map_err(thrown)?;
    let pair = Pair::open(&engine, &Configuration::default()).await;
    let pair = pair.map_err(thrown)?;
    let sent = pin!(send(pair.from.clone(), size));
    let received = pin!(receive(&pair.to, &engine));
    let rate = match select(received, sent).await {
        Either::Left((rate, _)) => rate,
        Either::Right(((), received)) => received.await,
    };
    pair.close();
    rate.map_err(thrown)
}
