//! A person's actions in Parlor.

use std::time::Duration;

use fantoccini::key::Key;

use crate::person::Person;
use crate::probe;
use crate::waiting::{BRIEF, LONG, SOON};

impl Person {
    /// Makes a room on the start page and stays in its lobby. Returns the room's link.
    pub async fn make_room(&self) -> String {
        self.open("/").await;
        self.click("start-new").await;
        self.wait_for("lobby-name", SOON).await;
        self.browser().address().await.expect("an address")
    }

    /// Makes a room and waits until another person is connected in it. Returns the room's link.
    pub async fn make_room_with(&self, other: &Self) -> String {
        let link = self.make_room().await;
        self.enter().await;
        other.arrive(&link).await;
        other.enter().await;
        self.meets(&[other]).await;
        other.meets(&[self]).await;
        link
    }

    /// Opens an invitation and waits for the lobby.
    pub async fn arrive(&self, link: &str) {
        self.open(link).await;
        self.wait_for("lobby-name", SOON).await;
    }

    /// Goes from the lobby into the room, under this person's name.
    pub async fn enter(&self) {
        self.enter_as(self.name()).await;
    }

    /// Goes from the lobby into the room, under another name.
    pub async fn enter_as(&self, name: &str) {
        self.write("lobby-name", name).await;
        self.click("lobby-enter").await;
        self.wait_for("chat-input", SOON).await;
    }

    /// Waits until each of these people is in the room and connected.
    pub async fn meets(&self, people: &[&Self]) {
        for person in people {
            let name = person.name();
            let item = format!("people-item[data-peer=\"{name}\"][data-link=\"connected\"]");
            self.wait_for(&item, SOON).await;
        }
    }

    /// Calls everybody in the room.
    pub async fn call(&self) {
        self.click("room-call").await;
        self.wait_for("stage", BRIEF).await;
    }

    /// Answers the ringing call, with the camera.
    pub async fn accept(&self) {
        self.wait_for("ring-card", SOON).await;
        self.click("ring-accept-video").await;
        self.wait_for("stage", BRIEF).await;
    }

    /// Leaves the call.
    pub async fn hang_up(&self) {
        self.click("call-leave").await;
        self.wait_gone("stage", BRIEF).await;
    }

    /// Sends a message in the chat.
    pub async fn say(&self, text: &str) {
        self.write("chat-input", text).await;
        self.press(Key::Enter).await;
    }

    /// Returns the messages that the chat shows, oldest first.
    pub async fn messages(&self) -> Result<Vec<String>, String> {
        self.look(probe::MESSAGES).await
    }

    /// Waits until the chat shows exactly these messages.
    pub async fn has_messages(&self, texts: &[&str]) {
        self.has_messages_within(texts, SOON).await;
    }

    /// Waits with another deadline until the chat shows exactly these messages.
    pub async fn has_messages_within(&self, texts: &[&str], within: Duration) {
        self.eventually(&format!("the messages {texts:?}"), within, async || {
            let messages = self.messages().await?;
            if messages == texts {
                Ok(())
            } else {
                Err(format!("there are {messages:?}"))
            }
        })
        .await;
    }

    /// Waits until a call that this person is in, or was called to, is over.
    pub async fn has_no_call(&self) {
        let nothing = "!document.querySelector('[data-test=stage], [data-test=ring-card], \
                       [data-test=outgoing-card], [data-test=call-banner]')";
        self.wait_until("no call at all", nothing, LONG).await;
    }
}
