//! Links that lead nowhere say so.

use parlor_tests::{BRIEF, LONG, SOON, play};

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_link_is_explained_and_leads_back_to_the_start() {
    play(1, async |stage| {
        let ada = stage.person("Ada").await;
        let link = ada.make_room().await;
        let (page, fragment) = link.split_once('#').expect("the key is in the fragment");
        let mut damaged = fragment.to_owned();
        damaged.remove(3);
        ada.open("about:blank").await;
        ada.open(&format!("{page}#{damaged}")).await;
        ada.wait_for("damaged-link", SOON).await;
        ada.reads("damaged-link", "This link is not whole", BRIEF)
            .await;
        ada.click("damaged-link button").await;
        ada.wait_for("start-new", BRIEF).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_link_on_the_start_page_is_explained_and_a_right_one_leads_in() {
    play(1, async |stage| {
        let ada = stage.person("Ada").await;
        let link = ada.make_room().await;
        ada.open("/").await;
        ada.wait_for("start-link", SOON).await;
        let key = link.split_once('#').expect("a fragment").1;
        let shorter = format!("{}/#{}", ada.origin(), &key[1..]);
        for (pasted, words) in [
            ("https://parlor.example/", "This is not a link to a room"),
            (&*shorter, "A part of this link is missing"),
        ] {
            ada.write("start-link", pasted).await;
            ada.click("start-join").await;
            let shown = format!("document.body.innerText.includes({words:?})");
            ada.wait_until(words, &shown, BRIEF).await;
        }
        ada.write("start-link", &format!("Come in: {link} see you"))
            .await;
        ada.click("start-join").await;
        ada.wait_for("lobby-name", SOON).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_invitation_shows_the_link_that_leads_here() {
    play(1, async |stage| {
        let ada = stage.person("Ada").await;
        let link = ada.make_room().await;
        ada.enter().await;
        ada.click("room-invite").await;
        ada.wait_for("invite-link", BRIEF).await;
        let shown: String = ada
            .look("return document.querySelector('[data-test=invite-link]').value")
            .await
            .expect("a field");
        assert_eq!(shown, link);
        ada.click("invite-close").await;
        ada.wait_gone("invite-link", BRIEF).await;
        // Nobody comes in nameless.
        ada.reload().await;
        ada.wait_for("lobby-name", SOON).await;
        ada.write("lobby-name", " ").await;
        ada.click("lobby-enter").await;
        ada.wait_until(
            "the field to ask for a name",
            "document.querySelector('#name-trouble').innerText",
            BRIEF,
        )
        .await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_made_on_the_servers_computer_leads_where_others_reach_it() {
    play(1, async |stage| {
        let ada = stage.person("Ada").await;
        let link = ada.make_room().await;
        let fragment = link.split_once('#').expect("a fragment").1;
        ada.enter().await;
        ada.click("room-invite").await;
        ada.reads("invite-reach", "on this computer only", BRIEF)
            .await;
        let has_code = "document.querySelector('.dialog .qr') !== null";
        let code: bool = ada
            .look(&format!("return {has_code};"))
            .await
            .expect("a page");
        assert!(!code, "a code would lead a phone to itself");

        // The open dialog follows what the server tells.
        for (public, has_note) in [
            ("http://parlor.example", true),
            ("https://parlor.example", false),
        ] {
            stage.kill_server().await;
            stage.start_server_again_as(public).await;
            let shown = format!(
                "document.querySelector('[data-test=invite-link]').value \
                 === '{public}/#{fragment}'"
            );
            ada.wait_until("the link for others", &shown, LONG).await;
            ada.wait_until("a code", has_code, BRIEF).await;
            match has_note {
                true => ada.reads("invite-reach", "https", BRIEF).await,
                false => ada.wait_gone("invite-reach", BRIEF).await,
            }
        }
    })
    .await;
}
