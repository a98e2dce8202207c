//! The tools themselves: a test that cannot fail tells nothing.

use parlor_tests::play;

#[tokio::test(flavor = "multi_thread")]
#[should_panic(expected = "pages complained")]
async fn an_error_on_the_console_fails_a_play() {
    play(1, async |stage| {
        let ada = stage.person("Ada").await;
        ada.make_room().await;
        let _: Option<()> = ada
            .look("console.error('on purpose'); return null;")
            .await
            .expect("a page");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[should_panic(expected = "pages complained")]
async fn what_the_content_security_policy_forbids_fails_a_play() {
    play(1, async |stage| {
        let ada = stage.person("Ada").await;
        ada.make_room().await;
        let forbidden = "const script = document.createElement('script'); \
                         script.textContent = 'window.gotcha = true'; \
                         document.head.append(script); return window.gotcha ?? null;";
        let ran: Option<bool> = ada.look(forbidden).await.expect("a page");
        assert_eq!(ran, None, "the policy let it through");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[should_panic(expected = "without a name")]
async fn a_button_without_a_name_is_noticed() {
    play(1, async |stage| {
        let ada = stage.person("Ada").await;
        ada.make_room().await;
        let nameless = "document.body.append(document.createElement('button')); return null;";
        let _: Option<()> = ada.look(nameless).await.expect("a page");
        ada.can_name_every_control("a page with a nameless button")
            .await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[should_panic(expected = "out of sight")]
async fn a_page_wider_than_its_window_is_noticed() {
    play(1, async |stage| {
        let ada = stage.person("Ada").await;
        ada.make_room().await;
        ada.resize((360, 800)).await;
        let wide = "document.querySelector('button').style.minWidth = '500px'; return null;";
        let _: Option<()> = ada.look(wide).await.expect("a page");
        ada.has_all_in_sight("a page with a wide button").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[should_panic(expected = "axe found")]
async fn a_button_whose_name_is_not_what_it_shows_is_noticed() {
    play(1, async |stage| {
        let ada = stage.person("Ada").await;
        ada.make_room().await;
        ada.passes_axe("an unharmed page").await;
        let other = "document.querySelector('[data-test=lobby-enter]').ariaLabel = 'Cancel'; \
                     return null;";
        let _: Option<()> = ada.look(other).await.expect("a page");
        ada.passes_axe("a page whose button has another name").await;
    })
    .await;
}
