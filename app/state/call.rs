//! The person's actions on calls, and the effects that calls have by themselves.

use dioxus::prelude::*;
use parlor_engine::{Call, Kind, PeerId, Room, TrackSource};

use super::media::Media;
use super::navigation::{self, View};
use super::screen::{Screen, use_screen};
use super::session::Session;
use super::{returning, settings};
use crate::platform::{self, Ring, Tabs};
use crate::route::Route;

/// The interval at which a window in a call tells the other windows so, in milliseconds.
const BUSY_EVERY: u64 = 3_000;
/// The time within which the other windows learn that a call began or ended, in milliseconds.
const NOTICED_WITHIN: u32 = 500;
const BUSY: &str = "busy";
/// The silence after which a window no longer counts as in a call, in milliseconds.
const BUSY_FOR: u64 = 10_000;

/// Our part in the room's calls.
#[derive(Clone, Copy, PartialEq)]
pub struct Calling {
    pub session: Session,
    pub media: Media,
    pub screen: Screen,
    /// This person is in a call in another window of this device.
    pub is_elsewhere: Signal<bool>,
    /// The person stepped back out of the call, and is asked whether to leave it.
    pub is_asked: Signal<bool>,
    /// The person also wanted to leave the room.
    leaves_room: Signal<bool>,
    /// The time until which to look for a call that was left by mistake, in milliseconds since
    /// 1970.
    returns_until: Signal<Option<u64>>,
}

impl Calling {
    fn room(self) -> Room {
        self.session.room()
    }

    /// Calls everybody, with the devices that were on the last time.
    pub fn start(self) {
        log(self.room().start_call());
        let wanted = settings::peek();
        log(self.room().set_muted(!wanted.microphone_on));
        self.media.open_remembered();
    }

    /// Answers the ringing call, with the microphone and, if wished, the camera.
    pub fn accept(self, with_camera: bool) {
        log(self.room().accept_call());
        log(self.room().set_muted(false));
        if with_camera {
            settings::change(|settings| {
                settings.microphone_on = true;
                settings.camera_on = true;
            });
            self.media.open_remembered();
        } else {
            settings::change(|settings| {
                settings.microphone_on = true;
                settings.camera_on = false;
            });
            self.media.open(Kind::Audio);
        }
    }

    /// Joins the ongoing call.
    pub fn join(self) {
        log(self.room().accept_call());
        log(self.room().set_muted(!settings::peek().microphone_on));
        self.media.open_remembered();
    }

    pub fn decline(self) {
        log(self.room().decline_call());
    }

    pub fn leave(self) {
        let mut leaving = self.session.is_leaving;
        leaving.set(true);
        log(self.room().hang_up());
        self.media.stop();
        self.screen.stop();
    }

    /// Steps back from the room. A call is left only after a question.
    pub fn step_back(mut self) {
        if *self.session.in_call.peek() {
            self.leaves_room.set(true);
            navigation::close(View::Call);
        } else {
            navigation::go(Route::Start);
        }
    }

    /// Stays in the call, as the answer to the question.
    pub fn stay(mut self) {
        self.leaves_room.set(false);
        navigation::open(View::Call);
    }

    /// Leaves the call, as the answer to the question.
    pub fn leave_after_all(mut self) {
        self.leave();
        if self.leaves_room.replace(false) {
            navigation::go(Route::Start);
        }
    }

    /// Returns the caller, unless we are returning to a call.
    pub fn caller(self) -> Option<PeerId> {
        match *self.session.call.read() {
            Call::Incoming { from } if self.returns_until.read().is_none() => Some(from),
            _ => None,
        }
    }

    /// Returns `true` if the person wants to be heard.
    pub fn is_microphone_on(self) -> bool {
        !*self.session.muted.read() && self.media.microphone.read().is_wanted()
    }

    /// Returns `true` if the others hear us, or will as soon as the microphone is open.
    pub fn is_heard(self) -> bool {
        self.is_microphone_on() && !self.media.microphone.read().is_paused()
    }

    pub fn toggle_microphone(self) {
        let is_on = self.is_microphone_on();
        settings::change(|settings| settings.microphone_on = !is_on);
        log(self.room().set_muted(is_on));
        if !is_on && self.media.microphone.peek().track().is_none() {
            self.media.open(Kind::Audio);
        }
    }

    pub fn toggle_camera(self) {
        let is_on = self.media.camera.peek().is_wanted();
        settings::change(|settings| settings.camera_on = !is_on);
        if is_on {
            self.media.close(Kind::Video);
        } else {
            self.media.open(Kind::Video);
        }
    }
}

/// Logs an error of an action on a room. Such an action fails only after the room was left, which
/// does no harm.
fn log(result: parlor_engine::Result<()>) {
    if let Err(error) = result {
        tracing::debug!(%error, "too late");
    }
}

/// Keeps devices, history, ringtone, screen and other windows in step with the call.
pub fn use_calling(session: Session, media: Media) -> Calling {
    let calling = Calling {
        session,
        media,
        screen: use_screen(),
        is_elsewhere: use_signal(|| false),
        is_asked: use_signal(|| false),
        leaves_room: use_signal(|| false),
        returns_until: use_signal(|| None),
    };
    use_tracks(calling);
    use_way_back(calling);
    use_call_view(calling);
    use_question_before_unload(session);
    use_ring(calling);
    use_awake(session);
    use_other_windows(calling);
    use_effect(move || {
        // The call ended by itself: nobody wants the camera any more.
        if !*session.in_call.read() {
            media.stop();
            calling.screen.stop();
        }
    });
    calling
}

/// Sends the tracks of the open devices.
fn use_tracks(calling: Calling) {
    use_effect(move || {
        calling.session.entries.read();
        let track = calling.media.microphone.read().track().cloned();
        log(calling.room().publish(TrackSource::Microphone, track));
    });
    use_effect(move || {
        calling.session.entries.read();
        let track = calling.media.camera.read().track().cloned();
        log(calling.room().publish(TrackSource::Camera, track));
    });
    use_effect(move || {
        calling.session.entries.read();
        let share = calling.screen.share.cloned();
        let (picture, sound) = match share {
            Some(share) => (Some(share.picture), share.sound),
            None => (None, None),
        };
        log(calling.room().publish(TrackSource::Screen, picture));
        log(calling.room().publish(TrackSource::ScreenAudio, sound));
    });
}

/// Returns to a call that was left by mistake, as soon as it is known to be ongoing.
fn use_way_back(calling: Calling) {
    let Calling {
        session,
        mut returns_until,
        ..
    } = calling;
    let mut has_joined = use_hook(|| CopyValue::new(false));
    use_effect(move || returns_until.set(returning::take(&session.invitation().key)));
    use_effect(move || {
        let call = session.call.cloned();
        let Some(until) = returns_until() else { return };
        if call.includes_us() || platform::now() > until {
            returns_until.set(None);
        } else if call != Call::None && !has_joined.replace(true) {
            calling.join();
        }
    });
}

/// Opens a view with an entry of its own in the history for a call, so that a step back asks before
/// the call ends.
fn use_call_view(calling: Calling) {
    let mut is_asked = calling.is_asked;
    let is_open = navigation::use_is_open(View::Call);
    let mut was_in_call = use_hook(|| CopyValue::new(false));
    use_effect(move || {
        let (is_open, in_call) = (is_open(), (calling.session.in_call)());
        let was_in_call = was_in_call.replace(in_call);
        let has_begun = in_call && !was_in_call;
        is_asked.set(in_call && !has_begun && !is_open);
        if has_begun {
            navigation::open(View::Call);
        } else if !in_call && is_open {
            navigation::close(View::Call);
        }
    });
}

/// Makes the browser ask before the window is closed in a call.
fn use_question_before_unload(session: Session) {
    let mut listener = use_signal(|| None);
    use_effect(move || {
        let in_call = (session.in_call)();
        listener.set(in_call.then(platform::ask_before_leaving).flatten());
    });
}

/// Plays the ringtone while a call rings, unless the person turned it off.
fn use_ring(calling: Calling) {
    let mut ring = use_signal(|| None);
    use_effect(move || {
        let rings = calling.caller().is_some() && !settings::current().quiet;
        if rings != ring.peek().is_some() {
            ring.set(if rings { Ring::start() } else { None });
        }
    });
}

/// Keeps the screen on during a call.
fn use_awake(session: Session) {
    let mut awake = use_signal(|| None);
    use_effect(move || {
        awake.set(session.in_call.read().then(platform::stay_awake));
    });
}

/// Tells the other windows of this device that we are in a call, and the engine that they are.
fn use_other_windows(calling: Calling) {
    let Calling {
        session,
        mut is_elsewhere,
        ..
    } = calling;
    use_effect(move || {
        session.entries.read();
        log(session.room().set_busy(is_elsewhere()));
    });
    use_future(move || async move {
        let Some(tabs) = Tabs::open() else { return };
        let mut words = tabs.words();
        let mut was_in_call = false;
        let mut said_at = 0;
        let mut busy_until = 0;
        loop {
            let now = platform::now();
            let in_call = *session.in_call.peek();
            if in_call != was_in_call || (in_call && now > said_at + BUSY_EVERY) {
                tabs.say(if in_call { BUSY } else { "free" });
                (was_in_call, said_at) = (in_call, now);
            }
            let was_busy = busy_until > 0;
            while let Some(word) = words.try_next() {
                busy_until = if word == BUSY { now + BUSY_FOR } else { 0 };
            }
            if busy_until < now {
                busy_until = 0;
            }
            if was_busy != (busy_until > 0) {
                is_elsewhere.set(busy_until > 0);
            }
            platform::sleep(NOTICED_WITHIN).await;
        }
    });
}
