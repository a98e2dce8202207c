//! Compares the engine as wasm with the browser's `RTCPeerConnection`, in one page in Chromium.

use std::path::PathBuf;

use parlor_bench::{
    Comparison, HIGH_WATER, LOW_WATER, MEASURED, PAUSE, SET_UP_GOAL, SIZES, THROUGHPUT_GOAL,
    WARM_UP, WEB_ROUNDS, WEB_SET_UPS,
};
use parlor_tests::{Person, SOON, Setup, play_on};
use serde::de::DeserializeOwned;

const IS_READY: &str = "window.engine && window.bare";

pub(crate) fn compare() -> Vec<Comparison> {
    let mut all = Vec::new();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(play_on(site(), 1, async |stage| {
        let setup = Setup {
            is_watched: false,
            ..Setup::default()
        };
        let browser = stage.person_with("Browser", setup).await;
        open(&browser).await;
        all.push(set_ups(&browser).await);
        open(&browser).await;
        all.extend(throughputs(&browser).await);
    }));
    all
}

fn site() -> PathBuf {
    let folder = std::env::var_os("PARLOR_WEB_BENCH");
    let folder = folder.expect("PARLOR_WEB_BENCH is set: `cargo xtask bench web` builds the page");
    folder.into()
}

/// Opens a page that no measurement has used yet.
async fn open(browser: &Person) {
    browser.open("/").await;
    browser.wait_until("the page", IS_READY, SOON).await;
}

async fn set_ups(browser: &Person) -> Comparison {
    eprintln!("web: {WEB_SET_UPS} set-ups");
    let mut set_up = Comparison::new("web: set-up", "ms", SET_UP_GOAL);
    let measure = format!("bare.set_ups({WEB_SET_UPS}, {})", PAUSE.as_millis());
    let pairs: Vec<(f64, f64)> = outcome(browser, &measure).await;
    for (bare, engine) in pairs {
        set_up.add(bare, engine);
    }
    set_up
}

async fn throughputs(browser: &Person) -> [Comparison; SIZES.len()] {
    let mut all = SIZES.map(|size| {
        let what = format!("web: messages of {size} bytes");
        Comparison::new(what, "Mbit/s", THROUGHPUT_GOAL)
    });
    let plan = format!(
        "{{ warm_up: {}, measured: {}, low: {LOW_WATER}, high: {HIGH_WATER} }}",
        WARM_UP.as_millis(),
        MEASURED.as_millis(),
    );
    for round in 0..WEB_ROUNDS {
        eprintln!("web: round {} of {WEB_ROUNDS}", round + 1);
        for (comparison, size) in all.iter_mut().zip(SIZES) {
            let bare = async || outcome(browser, &format!("bare.throughput({size}, {plan})")).await;
            let engine = async || outcome(browser, &format!("engine.throughput({size})")).await;
            // Each is first every other time.
            let (bare, engine) = if round % 2 == 0 {
                (bare().await, engine().await)
            } else {
                let engine = engine().await;
                (bare().await, engine)
            };
            comparison.add(bare, engine);
        }
    }
    all
}

/// Waits for a promise of the page and returns its value.
async fn outcome<T: DeserializeOwned>(browser: &Person, promise: &str) -> T {
    let script = format!(
        "const done = arguments[arguments.length - 1];
         {promise}.then((value) => done({{ Ok: value }}), (error) => done({{ Err: `${{error}}` }}));"
    );
    let outcome: Result<T, String> = browser.look_async(&script).await.expect("an answer");
    outcome.unwrap_or_else(|error| panic!("{promise}: {error}"))
}
