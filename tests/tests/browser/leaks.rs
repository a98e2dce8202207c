//! What was opened and closed leaves nothing behind in a page.

use std::time::Duration;

use parlor_tests::{Person, SOON, contract_site, play_on};

/// Behaviours that open two connections each: with data, with sound and pictures of devices, and
/// with handles that are dropped and never closed.
const BEHAVIOURS: [&str; 3] = ["I3", "M1", "N32"];
/// 204 connections.
const ROUNDS: usize = 34;
/// What caches and pools need to fill up.
const WARM_UP: usize = 4;

/// Room for what a browser keeps of its own accord: code that was compiled meanwhile, strings.
/// The descriptions of one connection alone have 10 kB, which would make 2 MB in all.
const SLACK: u64 = 500_000;

const ROUND: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_connections_leave_nothing_behind() {
    play_on(contract_site(), 1, async |stage| {
        let browser = stage.person("Browser").await;
        browser.open("/").await;
        browser
            .wait_until("the contract's module", "window.run && window.memory", SOON)
            .await;
        for _ in 0..WARM_UP {
            round(&browser).await;
        }
        nothing_is_open(&browser).await;
        let (before, memory_before) = (browser.holds().await, memory(&browser).await);
        for _ in 0..ROUNDS {
            round(&browser).await;
        }
        nothing_is_open(&browser).await;
        let (after, memory_after) = (browser.holds().await, memory(&browser).await);
        assert!(
            after.heap < before.heap + SLACK,
            "objects: {before:?} became {after:?}"
        );
        assert!(
            after.listeners <= before.listeners,
            "listeners: {before:?} became {after:?}"
        );
        assert_eq!(memory_after, memory_before, "bytes of the module's memory");
    })
    .await;
}

async fn round(browser: &Person) {
    for id in BEHAVIOURS {
        let script = format!(
            "const done = arguments[arguments.length - 1];
             setTimeout(() => done('it takes too long'), {});
             run({id:?}).then((why) => done(why), (error) => done(String(error)));",
            ROUND.as_millis()
        );
        let outcome: String = browser.look_async(&script).await.expect("an outcome");
        assert_eq!(outcome, "", "{id}");
    }
    // The probe's own lists are not what is looked for here.
    let forget = "__connections.length = 0; __tracks.length = 0;";
    let _: Option<bool> = browser.look(forget).await.expect("the page answers");
}

async fn nothing_is_open(browser: &Person) {
    for class in [
        "RTCPeerConnection",
        "RTCDataChannel",
        "RTCRtpTransceiver",
        "MediaStreamTrack",
    ] {
        browser
            .eventually(&format!("no {class} at all"), SOON, async || match browser
                .alive(class)
                .await
            {
                0 => Ok(()),
                left => Err(format!("{left} are alive")),
            })
            .await;
    }
}

/// Bytes that the module has taken. They never get fewer, so this is the most it ever needed.
async fn memory(browser: &Person) -> u64 {
    let size = browser.look("return memory.buffer.byteLength;").await;
    size.expect("a number")
}
