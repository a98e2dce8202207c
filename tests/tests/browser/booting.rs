//! The page before the app runs, and where it cannot.

use std::time::Duration;

use parlor_tests::{BRIEF, Fault, Part, Person, SOON, Setup, Theme, play};

/// So soon a page says what is missing.
const TOLD: Duration = Duration::from_secs(10);

/// A browser with which one looks at a page that is not whole.
fn impatient() -> Setup {
    Setup {
        waits_for_pages: false,
        ..Setup::default()
    }
}

/// The console tells of files that did not arrive, which is what these tests are about.
fn expects_failures(person: &Person) {
    for words in [
        "Failed to load resource",
        "Failed to fetch",
        "network error",
        "WebAssembly",
        "SyntaxError",
        "500 Internal Server Error",
    ] {
        person.expect_errors(words);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_did_not_arrive_is_named_and_can_be_loaded_again() {
    play(1, async |stage| {
        let ada = stage.person("Ada").await;
        expects_failures(&ada);
        for (part, words) in [
            (Part::Script, "The app’s script is missing."),
            (Part::Module, "A part of the app’s program is missing."),
        ] {
            for fault in [Fault::Refused, Fault::Cut] {
                // Another address each time: what arrived once comes from the browser's cache.
                let way = stage.faulty_way().await;
                way.set(Some((part, fault)));
                ada.open(&way.page()).await;
                ada.wait_for("boot-failed", TOLD).await;
                ada.reads("boot-failed", words, BRIEF).await;
                ada.reads("boot-failed", "Check your connection", BRIEF)
                    .await;
                way.set(None);
                ada.click("boot-again").await;
                ada.wait_for("start-new", SOON).await;
                assert!(!ada.sees_now("boot-failed").await, "{part:?} {fault:?}");
                ada.open("about:blank").await;
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_load_that_hangs_is_told_and_goes_on_by_itself() {
    play(1, async |stage| {
        let ada = stage.person_with("Ada", impatient()).await;
        for (part, words) in [
            (Part::Script, "The app’s script is missing."),
            (Part::Module, "A part of the app’s program is missing."),
        ] {
            // Another address each time: what arrived once comes from the browser's cache.
            let way = stage.faulty_way().await;
            way.set(Some((part, Fault::Stalled)));
            ada.open(&way.page()).await;
            ada.wait_for("boot-stalled", TOLD).await;
            ada.reads("boot-stalled", words, BRIEF).await;
            assert!(ada.sees_now("boot-again").await, "nothing can be done");
            way.go_on();
            ada.wait_for("start-new", SOON).await;
            ada.wait_gone("boot-stalled", BRIEF).await;
            ada.open("about:blank").await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_load_shows_how_far_it_is_and_no_trouble() {
    play(1, async |stage| {
        let ada = stage.person_with("Ada", impatient()).await;
        ada.runs_before_pages(
            "window.__states = new Set();
             window.__progress = [];
             new MutationObserver(() => {
               const state = document.querySelector('#boot')?.dataset.state;
               if (state) __states.add(state);
               const bar = document.querySelector('#boot progress');
               if (bar) __progress.push(bar.value / bar.max);
             }).observe(document, { attributes: true, childList: true, subtree: true });",
        )
        .await;
        let way = stage.faulty_way().await;
        way.set(Some((Part::Module, Fault::Slow)));
        ada.open(&way.page()).await;
        ada.wait_for("start-new", 2 * SOON).await;
        ada.wait_until("the end of it", "__states.has('started')", BRIEF)
            .await;
        let states: Vec<String> = ada.look("return [...__states];").await.expect("states");
        assert_eq!(states, ["quiet", "loading", "started"]);
        let progress: Vec<f64> = ada.look("return __progress;").await.expect("numbers");
        assert!(progress.is_sorted(), "{progress:?}");
        let half = progress.iter().any(|part| (0.3..0.7).contains(part));
        assert!(half, "nothing between: {progress:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_needs_the_boot_script_for_nothing_but_words() {
    play(1, async |stage| {
        let ada = stage.person("Ada").await;
        expects_failures(&ada);
        let way = stage.faulty_way().await;
        way.set(Some((Part::Boot, Fault::Refused)));
        ada.open(&way.page()).await;
        ada.wait_for("start-new", SOON).await;
        let hidden = "getComputedStyle(document.querySelector('#boot')).display === 'none'";
        ada.wait_until("nothing above the app", hidden, BRIEF).await;

        // Without any script, the page's own text comes up.
        ada.runs_before_pages(
            "new MutationObserver((records) => records.forEach(({ addedNodes }) => addedNodes.forEach(
               (node) => { if (node.nodeName === 'SCRIPT') node.type = 'none'; }
             ))).observe(document, { childList: true, subtree: true });",
        )
        .await;
        ada.open("about:blank").await;
        ada.open(&way.page()).await;
        let told = "getComputedStyle(document.querySelector('#boot')).visibility === 'visible' && \
                    document.querySelector('#boot').innerText.includes('Parlor did not load')";
        ada.wait_until("the page's own text", told, TOLD).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_scripts_the_page_asks_for_them() {
    play(1, async |stage| {
        let ada = stage.person("Ada").await;
        ada.turns_scripts_off().await;
        ada.open("/").await;
        let told = "document.querySelector('#boot').innerText.includes('Parlor needs JavaScript')";
        ada.wait_until("the page's own text", told, BRIEF).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_webassembly_the_page_says_so_in_the_persons_language() {
    play(2, async |stage| {
        for (name, language, words) in [
            ("Ada", "en-US", "This browser has no WebAssembly"),
            ("Aki", "ja", "WebAssemblyがない"),
        ] {
            let setup = Setup {
                language,
                ..Setup::default()
            };
            let person = stage.person_with(name, setup).await;
            expects_failures(&person);
            person.runs_before_pages("delete window.WebAssembly;").await;
            person.open("/").await;
            person.wait_for("boot-failed", TOLD).await;
            person.reads("boot-failed", words, BRIEF).await;
            assert!(person.sees_now("boot-again").await, "nothing can be done");
            for theme in [Theme::Light, Theme::Dark] {
                person.set_theme(theme).await;
                person.passes_axe("without WebAssembly").await;
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_stopped_offers_to_load_again() {
    play(1, async |stage| {
        let ada = stage.person("Ada").await;
        ada.expect_errors("unreachable");
        let link = ada.make_room().await;
        // As a panic ends the app: a module that runs `unreachable`.
        let trap = "const bytes = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, \
                    7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0, 11]; \
                    const module = new WebAssembly.Module(new Uint8Array(bytes)); \
                    const { exports } = new WebAssembly.Instance(module); \
                    setTimeout(exports.f); return null;";
        let _: Option<()> = ada.look(trap).await.expect("the page answers");
        ada.wait_for("boot-stopped", BRIEF).await;
        ada.reads("boot-stopped", "Parlor has stopped", BRIEF).await;
        ada.passes_axe("an app that stopped").await;
        ada.click("boot-reload").await;
        ada.wait_for("lobby-name", SOON).await;
        assert!(!ada.sees_now("boot-stopped").await, "still there");
        let address: String = ada.look("return location.href;").await.expect("an address");
        assert_eq!(address, link);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_webrtc_the_page_says_so_before_anybody_enters() {
    play(1, async |stage| {
        let ada = stage.person("Ada").await;
        let link = ada.make_room().await;
        ada.runs_before_pages("delete window.RTCPeerConnection;")
            .await;
        ada.open("/").await;
        ada.wait_for("unsupported-line", SOON).await;
        ada.reads("unsupported-line", "no WebRTC", BRIEF).await;
        ada.open("about:blank").await;
        ada.open(&link).await;
        ada.wait_for("unsupported", SOON).await;
        ada.reads("unsupported", "It has no WebRTC", BRIEF).await;
        let words = "document.body.innerText.includes('https')";
        let blames_address: bool = ada
            .look(&format!("return {words};"))
            .await
            .expect("the page answers");
        assert!(!blames_address, "the address is not what is wrong");
        assert!(
            !ada.sees_now("lobby-enter").await,
            "a door that leads nowhere"
        );
    })
    .await;
}
