//! The setup of a person's browser.

use std::path::Path;

use fantoccini::wd::Capabilities;
use serde_json::{Value, json};

use crate::waiting::quoted;
use crate::{place, probe};

/// A person's browser and devices.
#[derive(Clone, Copy, Debug)]
pub struct Setup {
    /// The browser.
    pub program: Program,
    /// The camera and the microphone.
    pub devices: Devices,
    /// The language that the browser requests, such as `en-US` or `ja`.
    pub language: &'static str,
    /// The size of the visible part of the page, in pixels.
    pub size: (u32, u32),
    /// The system's color scheme.
    pub theme: Theme,
    /// The honesty of the page's connections.
    pub honesty: Honesty,
    /// The probe holds the page's connections for the tests. A test that measures memory turns this
    /// off, since a held connection is never collected.
    pub is_watched: bool,
    /// Turns on the back/forward cache, which the driver turns off by default.
    pub keeps_pages: bool,
    /// The visibility of this device's addresses.
    pub addresses: Addresses,
    /// Opening a page waits until it has loaded completely. Some pages never do.
    pub waits_for_pages: bool,
}

impl Setup {
    /// The setup that most tests need.
    pub const DEFAULT: Self = Self {
        program: Program::Chromium,
        devices: Devices::Working,
        language: "en-US",
        size: (1280, 800),
        theme: Theme::Light,
        honesty: Honesty::Honest,
        is_watched: true,
        keeps_pages: false,
        addresses: Addresses::Shown,
        waits_for_pages: true,
    };
}

impl Default for Setup {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// The browser of a person.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Program {
    /// Chromium with flags for tests: without network traffic of its own, and not slowed down in
    /// the background.
    Chromium,
    /// Chromium with its defaults: it hides addresses, slows hidden pages down, and caches pages
    /// for steps back.
    PlainChromium,
    /// Firefox, which also connects on loopback.
    Firefox,
}

/// The result of a request for a camera and a microphone.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Devices {
    /// A fake moving picture, and a beep every half second.
    Working,
    /// Both exist, and the person has denied permission.
    Denied,
    /// A microphone exists, but no camera.
    NoCamera,
    /// Neither exists.
    None,
    /// Both exist, and another program occupies them.
    Busy,
    /// Both exist, and the person dismisses the question.
    Refused,
    /// Several of each exist, and [`Person::permit`](crate::Person::permit) changes the
    /// permissions.
    Several,
    /// Both exist, and the browser's question is open until
    /// [`Person::permit`](crate::Person::permit).
    Asked,
}

/// The visibility of a device's addresses for the others in a room.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Addresses {
    /// Everybody learns the addresses.
    Shown,
    /// Nobody learns the addresses before a microphone or a camera was allowed, as in browsers with
    /// their defaults. A name replaces each address, and this network resolves no such name.
    Hidden,
}

/// The honesty of a page in its signals to peers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Honesty {
    /// The page's signals are true.
    Honest,
    /// The page sends nonsense instead of every session description.
    NonsenseDescriptions,
    /// The page sends nonsense instead of every candidate.
    NonsenseCandidates,
}

/// The system's color scheme.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Theme {
    #[allow(missing_docs)]
    Light,
    #[allow(missing_docs)]
    Dark,
}

impl Theme {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// The flags that a driven Chromium needs in a container without a screen.
const DRIVEN: [&str; 5] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
];

/// The flags for most tests: no network traffic of its own, this machine only, and no slowing down
/// in the background.
const ARGUMENTS: [&str; 10] = [
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--allow-loopback-in-peer-connection",
    "--window-size=1280,900",
];

/// The default flags of chromedriver that [`Program::PlainChromium`] goes without.
const PLAIN: [&str; 2] = [
    "disable-background-timer-throttling",
    "disable-backgrounding-occluded-windows",
];

/// The flag for fake devices. Ten frames a second are enough to see motion, and leave time of a
/// small machine to the other browsers.
const MADE_UP_DEVICES: &str = "--use-fake-device-for-media-stream=fps=10";
const SEVERAL: &str = "--use-fake-device-for-media-stream=fps=10,device-count=3";
const NO_CAMERA: &str = "--use-fake-device-for-media-stream=device-count=0";
const ALWAYS_YES: &str = "--use-fake-ui-for-media-stream";
const BLOCK: u8 = 2;
/// The flag that shows addresses, so that peers find each other without multicast DNS.
const SHOWS_ADDRESSES: &str = "--disable-features=WebRtcHideLocalIpsWithMdns";

/// The preferences of a driven Firefox: fake devices, peers on loopback, sound without a click, no
/// question before a page in a call is left, which would wait for an answer, and no network traffic
/// of its own.
const FIREFOX: [(&str, &str); 15] = [
    ("media.navigator.streams.fake", "true"),
    ("media.peerconnection.ice.loopback", "true"),
    ("media.peerconnection.ice.obfuscate_host_addresses", "false"),
    ("media.autoplay.default", "0"),
    ("dom.disable_beforeunload", "true"),
    ("app.normandy.enabled", "false"),
    ("app.update.disabledForTesting", "true"),
    ("browser.safebrowsing.malware.enabled", "false"),
    ("browser.safebrowsing.phishing.enabled", "false"),
    ("browser.shell.checkDefaultBrowser", "false"),
    ("datareporting.policy.dataSubmissionEnabled", "false"),
    ("extensions.update.enabled", "false"),
    ("media.gmp-manager.updateEnabled", "false"),
    ("network.captive-portal-service.enabled", "false"),
    ("network.connectivity-service.enabled", "false"),
];

impl Setup {
    /// Returns the script that runs before every page, with the probe.
    pub(crate) fn before(&self) -> String {
        if !self.is_watched {
            return String::new();
        }
        let devices = match self.devices {
            Devices::None => "window.__devices = 'none';",
            Devices::Busy => "window.__devices = 'busy';",
            Devices::Refused => "window.__devices = 'refused';",
            Devices::Working
            | Devices::Denied
            | Devices::NoCamera
            | Devices::Several
            | Devices::Asked => "",
        };
        let honesty = match self.honesty {
            Honesty::Honest => "",
            Honesty::NonsenseDescriptions => "window.__lies = 'descriptions';",
            Honesty::NonsenseCandidates => "window.__lies = 'candidates';",
        };
        let addresses = match self.addresses {
            Addresses::Shown => "",
            Addresses::Hidden => "window.__multicast = false;",
        };
        format!("{devices}{honesty}{addresses}{}", probe::BEFORE)
    }

    /// Returns the preferences of a Firefox, with their values in JavaScript.
    pub(crate) fn preferences(&self) -> Vec<(&'static str, String)> {
        assert_ne!(
            self.devices,
            Devices::NoCamera,
            "Firefox makes up both devices or none"
        );
        let mut preferences: Vec<_> = FIREFOX
            .map(|(name, value)| (name, value.to_owned()))
            .to_vec();
        let is_dark = self.theme == Theme::Dark;
        preferences.extend([
            ("intl.accept_languages", quoted(self.language)),
            // 0 is dark and 1 is light.
            (
                "layout.css.prefers-color-scheme.content-override",
                i32::from(!is_dark).to_string(),
            ),
        ]);
        match self.devices {
            Devices::Denied => preferences.extend([
                ("permissions.default.camera", BLOCK.to_string()),
                ("permissions.default.microphone", BLOCK.to_string()),
            ]),
            _ => preferences.push(("media.navigator.permission.disabled", "true".to_owned())),
        }
        preferences
    }

    pub(crate) fn capabilities(&self, profile: &Path) -> Capabilities {
        let mut arguments: Vec<String> = DRIVEN.map(str::to_owned).to_vec();
        let kept: &[&str] = match self.program {
            Program::PlainChromium => &PLAIN,
            _ => {
                arguments.extend(ARGUMENTS.map(str::to_owned));
                &[]
            }
        };
        arguments.push(format!("--user-data-dir={}", profile.display()));
        if self.addresses == Addresses::Shown && self.program == Program::Chromium {
            arguments.push(SHOWS_ADDRESSES.to_owned());
        }
        let mut not_given = kept.to_vec();
        if self.keeps_pages {
            not_given.push("disable-back-forward-cache");
        }
        let mut preferences = json!({ "intl.accept_languages": self.language });
        match self.devices {
            Devices::Working => arguments.extend([MADE_UP_DEVICES, ALWAYS_YES].map(str::to_owned)),
            Devices::NoCamera => arguments.extend([NO_CAMERA, ALWAYS_YES].map(str::to_owned)),
            // What browsers cannot be started with is made up before the page: `before`.
            Devices::None | Devices::Busy | Devices::Refused => {
                arguments.extend([MADE_UP_DEVICES, ALWAYS_YES].map(str::to_owned));
            }
            Devices::Asked => arguments.push(MADE_UP_DEVICES.to_owned()),
            // Who always says yes says so against the permission too.
            Devices::Several => arguments.push(SEVERAL.to_owned()),
            Devices::Denied => {
                arguments.push(MADE_UP_DEVICES.to_owned());
                for device in ["camera", "mic"] {
                    preferences
                        [format!("profile.default_content_setting_values.media_stream_{device}")] =
                        json!(BLOCK);
                }
            }
        }
        let capabilities = json!({
            "browserName": "chrome",
            "pageLoadStrategy": if self.waits_for_pages { "normal" } else { "none" },
            "goog:loggingPrefs": { "browser": "ALL" },
            "goog:chromeOptions": {
                "binary": place::program("PARLOR_CHROMIUM", "/usr/bin/chromium"),
                "args": arguments,
                "prefs": preferences,
                "excludeSwitches": not_given,
            },
        });
        match capabilities {
            Value::Object(map) => map,
            _ => unreachable!("an object was written above"),
        }
    }
}
