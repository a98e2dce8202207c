//! Browsers hide where a device is until a microphone or a camera was allowed.

use parlor_tests::{Addresses, BRIEF, Devices, Person, SOON, Setup, play};

/// Enters with camera and microphone off, so that the browser has nothing to ask.
async fn enter_without_devices(person: &Person) {
    person.click("lobby-mic").await;
    person.click("lobby-camera").await;
    person.enter().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_devices_that_do_not_find_each_other_do_once_the_microphone_is_allowed() {
    play(2, async |stage| {
        let setup = Setup {
            devices: Devices::Asked,
            addresses: Addresses::Hidden,
            ..Setup::default()
        };
        let ada = stage.person_with("Ada", setup).await;
        let ben = stage.person_with("Ben", setup).await;
        let link = ada.make_room().await;
        enter_without_devices(&ada).await;
        ben.arrive(&link).await;
        enter_without_devices(&ben).await;
        for (person, other) in [(&ada, "Ben"), (&ben, "Ada")] {
            person
                .reads("discovery-banner", "allowing the microphone", SOON)
                .await;
            person.reads("discovery-banner", other, BRIEF).await;
        }
        ada.permit("microphone", true).await;
        ada.click("discovery-allow").await;
        ada.meets(&[&ben]).await;
        ben.meets(&[&ada]).await;
        for person in [&ada, &ben] {
            person.wait_gone("discovery-banner", BRIEF).await;
        }
        let is_off = "window.__tracks.every((track) => track.readyState === 'ended')";
        ada.wait_until("a microphone that is off", is_off, BRIEF)
            .await;
        ada.say("found you").await;
        ben.has_messages(&["found you"]).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_microphone_is_explained_with_the_place_to_allow_it() {
    play(2, async |stage| {
        let setup = Setup {
            devices: Devices::Denied,
            addresses: Addresses::Hidden,
            ..Setup::default()
        };
        let ada = stage.person_with("Ada", setup).await;
        let ben = stage.person_with("Ben", setup).await;
        let link = ada.make_room().await;
        ada.enter().await;
        ben.arrive(&link).await;
        ben.enter().await;
        ada.reads(
            "discovery-banner",
            "the symbol at the left of the address",
            SOON,
        )
        .await;
        assert!(!ada.sees_now("discovery-allow").await, "it asks in vain");
    })
    .await;
}
