//! Chromium as people have it: it hides addresses from pages without a camera, slows hidden pages
//! down, and keeps pages to go back to. The other tests switch all of that off.

use std::time::Duration;

use parlor_tests::{BRIEF, Devices, Person, Program, SOON, Setup, Stage, play};

const PLAIN: Program = Program::PlainChromium;

async fn plain_pair(stage: &mut Stage) -> (Person, Person, String) {
    let setup = Setup {
        program: PLAIN,
        ..Setup::default()
    };
    stage.pair_with(setup, setup).await
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_show_no_addresses_find_each_other() {
    play(2, async |stage| {
        let setup = Setup {
            program: PLAIN,
            devices: Devices::Denied,
            ..Setup::default()
        };
        let (ada, ben, _) = stage.pair_with(setup, setup).await;
        for person in [&ada, &ben] {
            let hosts: Vec<String> = person
                .look(
                    "const sdp = window.__connections[0].localDescription.sdp;
                     return [...sdp.matchAll(/candidate:\\S+ \\d+ \\S+ \\d+ (\\S+) /g)]
                       .map((match) => match[1]);",
                )
                .await
                .expect("the page answers");
            assert!(!hosts.is_empty(), "{person:?} found no way");
            let is_hidden = |host: &String| host.ends_with(".local");
            assert!(hosts.iter().all(is_hidden), "{person:?} shows {hosts:?}");
        }
        ada.say("hidden").await;
        ben.has_messages(&["hidden"]).await;
        ben.say("and found").await;
        ada.has_messages(&["hidden", "and found"]).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_meet_call_chat_reload_and_enter_again() {
    play(2, async |stage| {
        let (ada, ben, link) = plain_pair(stage).await;
        ada.call().await;
        ben.accept().await;
        for (one, other) in [(&ada, &ben), (&ben, &ada)] {
            one.sees(&[other], SOON).await;
            one.hears(1, SOON).await;
        }
        ada.say("one").await;
        ben.has_messages(&["one"]).await;
        ben.reload().await;
        ada.wait_for("call-alone", SOON).await;
        ben.wait_for("lobby-enter", SOON).await;
        ben.click("lobby-enter").await;
        ben.meets(&[&ada]).await;
        ben.wait_for("room-call", SOON).await;
        ben.click("room-call").await;
        for (one, other) in [(&ada, &ben), (&ben, &ada)] {
            one.sees(&[other], SOON).await;
            one.hears(1, SOON).await;
        }
        ben.say("two").await;
        ada.has_messages(&["one", "two"]).await;
        ben.hang_up().await;
        ada.has_no_call().await;
        ben.open("/").await;
        ada.wait_gone("people-item", SOON).await;
        ben.arrive(&link).await;
        ben.enter().await;
        ben.meets(&[&ada]).await;
        ada.meets(&[&ben]).await;
        ben.has_messages(&["one", "two"]).await;
        ada.say("three").await;
        ben.has_messages(&["one", "two", "three"]).await;
    })
    .await;
}

/// Fails unless the browser slows the page's timers down by now.
async fn is_slowed_down(person: &Person) {
    person
        .wait_until("a hidden page", "document.hidden", SOON)
        .await;
    let count = "const done = arguments[arguments.length - 1];
         let ticks = 0;
         const ticking = setInterval(() => (ticks += 1), 50);
         const began = performance.now();
         const end = () => {
           if (performance.now() - began < 3000) return setTimeout(end, 50);
           clearInterval(ticking);
           done(ticks);
         };
         end();";
    person
        .eventually("slow timers", SOON, async || {
            match person.look_async::<u32>(count).await? {
                0..12 => Ok(()),
                ticks => Err(format!("{ticks} ticks in 3 s")),
            }
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_looks_at_something_else_stays_connected_and_can_be_called() {
    const AWAY: Duration = Duration::from_secs(30);
    play(2, async |stage| {
        let (ada, ben, _) = plain_pair(stage).await;
        ada.hide().await;
        is_slowed_down(&ada).await;
        let there = "document.querySelector('[data-test=people-item][data-link=connected]')";
        tokio::join!(
            ben.stays("connected to Ada", there, AWAY),
            ada.stays("connected to Ben", there, AWAY),
        );
        ben.say("are you there?").await;
        ada.has_messages(&["are you there?"]).await;
        ben.call().await;
        ada.wait_for("ring-card", SOON).await;
        ada.show().await;
        ada.accept().await;
        ada.sees(&[&ben], SOON).await;
        ben.sees(&[&ada], SOON).await;
        // In a call, the others see and hear who looks at something else.
        ada.hide().await;
        ada.wait_until("a hidden page", "document.hidden", SOON)
            .await;
        ben.pictures_keep_coming(Duration::from_secs(5)).await;
        ben.hears(1, SOON).await;
        ben.say("in the call").await;
        ada.has_messages(&["are you there?", "in the call"]).await;
        ada.show().await;
        ada.sees(&[&ben], SOON).await;
        ada.hang_up().await;
        ada.wait_gone("stage", BRIEF).await;
        ben.has_no_call().await;
    })
    .await;
}
