//! Sharing our screen in a call.

use dioxus::core::{Runtime, current_scope_id};
use dioxus::prelude::*;
use parlor_engine::{DisplaySurface, Error, ErrorKind, ScreenConstraints, Track};

use super::media::{Opened, detached};
use super::{engine, page, toasts};
use crate::t;

/// The frame rate that is asked for, which a film needs. What stands still is sent more seldom.
const FRAME_RATE: f64 = 30.0;

/// Our screen, shared or not. It lives as long as the component that made it.
#[derive(Clone, Copy, PartialEq)]
pub struct Screen {
    pub share: Signal<Option<Share>>,
    /// The browser asks the person what to share.
    is_asking: Signal<bool>,
    /// The component that made this value. Its scope runs the requests, which therefore outlive the
    /// button that started them.
    owner: ScopeId,
}

/// A shared screen, window or tab.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    pub picture: Track,
    /// Its sound, where the browser offers it and the person wished it.
    pub sound: Option<Track>,
}

impl Share {
    /// Says what is shared, for a sentence.
    pub fn what(&self) -> String {
        match self.picture.settings().display_surface {
            Some(DisplaySurface::Monitor) => t!("sharing-monitor"),
            Some(DisplaySurface::Window) => t!("sharing-window"),
            Some(DisplaySurface::Browser) => t!("sharing-tab"),
            None => t!("sharing-screen"),
        }
    }

    fn stop(&self) {
        self.picture.stop();
        if let Some(sound) = &self.sound {
            sound.stop();
        }
    }
}

/// Returns `true` if this platform can share a screen.
pub fn is_possible() -> bool {
    engine::get().is_some_and(|engine| engine.capabilities().screen)
}

/// Creates a screen that is not shared, and ends its sharing with the component.
pub fn use_screen() -> Screen {
    let screen = Screen {
        share: use_signal(|| None),
        is_asking: use_signal(|| false),
        owner: current_scope_id(),
    };
    page::use_leave(move || screen.stop());
    use_drop(move || screen.stop());
    screen
}

impl Screen {
    /// Starts or stops sharing. Browsers let the person choose only right after an action of theirs.
    pub fn toggle(self) {
        if self.share.peek().is_some() {
            self.stop();
        } else if !*self.is_asking.peek() {
            Runtime::current().in_scope(self.owner, || {
                spawn(self.start());
            });
        }
    }

    async fn start(mut self) {
        self.is_asking.set(true);
        let opened = detached::<Opened>(async {
            let wish = ScreenConstraints {
                frame_rate: FRAME_RATE.into(),
                audio: true,
            };
            Some(match engine::get()?.open_screen(&wish).await {
                Ok((picture, sound)) => (sound.map(Ok), Some(Ok(picture))),
                Err(error) => (None, Some(Err(error))),
            })
        });
        let (sound, picture) = opened.await.unwrap_or_default();
        match picture {
            Some(Ok(picture)) => {
                let sound = sound.and_then(Result::ok);
                self.opened(Share { picture, sound });
            }
            Some(Err(error)) => tell(&error),
            None => {}
        }
        self.is_asking.set(false);
    }

    fn opened(mut self, share: Share) {
        if *self.is_asking.peek() {
            self.share.set(Some(share.clone()));
            spawn(self.follow(share));
        } else {
            // The call ended while the person was choosing.
            share.stop();
        }
    }

    /// The browser's own bar and a window that is closed end the sharing too.
    async fn follow(self, share: Share) {
        share.picture.ended().await;
        if self.share.peek().as_ref() == Some(&share) {
            self.stop();
        }
    }

    pub fn stop(mut self) {
        self.is_asking.set(false);
        if let Some(share) = self.share.take() {
            share.stop();
        }
    }
}

fn tell(error: &Error) {
    tracing::info!(%error, "a screen is not shared");
    // The person chose nothing, and knows it.
    if error.kind() != ErrorKind::PermissionDenied {
        toasts::show(t!("screen-failed"));
    }
}
