//! Every main screen on a phone and on a desk, light and dark, in both languages: fit for a
//! screen reader, for a keyboard and for a narrow window, and kept as pictures for people.

use parlor_tests::{Person, SOON, Setup, Theme, artifacts, play};

const PHONE: (u32, u32) = (360, 800);
const DESK: (u32, u32) = (1280, 800);

/// Somebody who looks at everything twice.
struct Critic<'a> {
    person: &'a Person,
    language: &'static str,
}

impl Critic<'_> {
    /// Looks at the screen that is open now, whose main control is given.
    async fn judges(&self, screen: &str, main_control: &str) {
        let folder = artifacts().join("screens");
        std::fs::create_dir_all(&folder).expect("the target folder can be written");
        for (size, width) in [(PHONE, "360"), (DESK, "1280")] {
            let page = format!("{screen}-{width}-{}", self.language);
            self.person.resize(size).await;
            self.person
                .wait_until("the new width", &format!("innerWidth === {width}"), SOON)
                .await;
            // What glides to a new place has arrived two frames after its animations.
            let still = "document.getAnimations().every((one) => one.playState !== 'running' \
                         || one.effect.getTiming().iterations === Infinity)";
            self.person
                .wait_until("a page that is still", still, SOON)
                .await;
            for (theme, name) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
                self.person.set_theme(theme).await;
                self.person
                    .wait_until("a page that is still", still, SOON)
                    .await;
                self.person
                    .screenshot(&folder.join(format!("{page}-{name}.png")))
                    .await;
                self.person.passes_axe(&format!("{page}-{name}")).await;
            }
            self.person.set_theme(Theme::Light).await;
            self.person.can_name_every_control(&page).await;
            self.person.has_all_in_sight(&page).await;
        }
        self.person.gets_with_tab_to(main_control).await;
    }
}

async fn all_screens(language: &'static str, tag: &'static str) {
    play(2, async |stage| {
        let setup = Setup {
            language: tag,
            ..Setup::default()
        };
        let ada = stage.person_with("Ada", setup).await;
        let ben = stage.person("Ben").await;
        let critic = Critic {
            person: &ada,
            language,
        };

        ada.open("/").await;
        ada.wait_for("start-new", SOON).await;
        let speaks = format!("document.documentElement.lang.startsWith({language:?})");
        ada.wait_until("the language", &speaks, SOON).await;
        critic.judges("start", "start-new").await;

        let link = ada.make_room().await;
        ada.wait_for("lobby-preview video", SOON).await;
        critic.judges("lobby", "lobby-enter").await;

        ada.enter().await;
        critic.judges("room-alone", "room-invite").await;
        ada.click("room-invite").await;
        ada.wait_for("invite-link", SOON).await;
        critic.judges("invite", "invite-copy").await;
        ada.click("invite-close").await;

        ben.arrive(&link).await;
        ben.enter().await;
        ada.meets(&[&ben]).await;
        ada.say("Good evening! Shall we talk at eight? https://parlor.example/a-long-address")
            .await;
        ben.say("こんばんは。Eight is fine for me, see you then.")
            .await;
        ada.reads("chat-log", "Eight is fine", SOON).await;
        critic.judges("room-chat", "chat-input").await;

        ada.click("people-item [data-test=\"person-options\"]")
            .await;
        ada.wait_for("person-verify", SOON).await;
        critic.judges("person", "person-block").await;
        ada.click("person-verify").await;
        ada.wait_for("verify-same", SOON).await;
        critic.judges("verify", "verify-different").await;
        ada.click("person-close").await;

        ben.call().await;
        ada.wait_for("ring-card", SOON).await;
        critic.judges("ringing", "ring-accept-video").await;
        ada.click("ring-decline").await;
        ada.has_no_call().await;
        ben.has_no_call().await;

        ada.call().await;
        ben.wait_for("ring-card", SOON).await;
        critic.judges("calling", "outgoing-cancel").await;
        ben.accept().await;
        ada.sees(&[&ben], SOON).await;
        critic.judges("call", "call-leave").await;

        ada.resize(PHONE).await;
        ada.click("call-chat").await;
        ada.wait_for("call-back", SOON).await;
        let picture = artifacts().join(format!("screens/call-chat-360-{language}-light.png"));
        ada.has_all_in_sight("call-chat").await;
        ada.can_name_every_control("call-chat").await;
        ada.passes_axe("call-chat").await;
        ada.screenshot(&picture).await;
        ada.click("call-back").await;
        ada.resize(DESK).await;
        ada.hang_up().await;

        ada.open("about:blank").await;
        ada.open("/#damaged").await;
        ada.wait_for("damaged-link", SOON).await;
        critic.judges("damaged", "damaged-link button").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_screen_is_usable_in_english() {
    all_screens("en", "en-US").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_screen_is_usable_in_japanese() {
    all_screens("ja", "ja").await;
}
