//! What kind of browser somebody has.

use std::path::Path;

use fantoccini::wd::Capabilities;
use serde_json::{Value, json};

use crate::waiting::quoted;
use crate::{place, probe};

/// Somebody's browser and what is plugged into it.
#[derive(Clone, Copy, Debug)]
pub struct Setup {
    /// The browser.
    pub program: Program,
    /// Camera and microphone.
    pub devices: Devices,
    /// What the browser asks pages for, such as `en-US` or `ja`.
    pub language: &'static str,
    /// The visible part of the page, in pixels.
    pub size: (u32, u32),
    /// What the system says about colors.
    pub theme: Theme,
    /// Whether the page's connections tell the truth.
    pub honesty: Honesty,
    /// Whether the page's connections are kept within reach of the tests. Where they are measured,
    /// that would keep them from being let go of.
    pub is_watched: bool,
    /// Turns the back/forward cache on, which keeps pages that were left. The driver turns it off
    /// otherwise.
    pub keeps_pages: bool,
    /// Hiding of this device's addresses.
    pub addresses: Addresses,
    /// Whether whoever opens a page waits until all of it is there. Some pages never are.
    pub waits_for_pages: bool,
}

impl Setup {
    /// What most tests need.
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

/// Which browser somebody has.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Program {
    /// Chromium, made fit for tests: quiet, and the same in the background.
    Chromium,
    /// Chromium as people have it: it hides addresses, slows hidden pages down, and keeps pages to
    /// go back to.
    PlainChromium,
    /// Firefox, on loopback too.
    Firefox,
}

/// What a page gets when it asks for a camera and a microphone.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Devices {
    /// A made-up picture that moves, and a beep every half second.
    Working,
    /// There are some, and the person said no.
    Denied,
    /// A microphone, no camera.
    NoCamera,
    /// Neither.
    None,
    /// Both, and another program has them.
    Busy,
    /// Both, and the person closes the question without an answer.
    Refused,
    /// Several of each, and permissions that can be changed ([`Person::permit`](crate::Person)).
    Several,
    /// Both, and the browser's question is open until [`Person::permit`](crate::Person::permit).
    Asked,
}

/// Hiding of a device's addresses from the others in a room.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Addresses {
    /// Everybody learns them.
    Shown,
    /// Nobody learns them before a microphone or a camera was allowed, as in browsers with their
    /// defaults. A name stands in for an address, and this network resolves no such name.
    Hidden,
}

/// What the page says of connections to its peers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Honesty {
    /// The truth.
    Honest,
    /// Nonsense instead of every session description.
    NonsenseDescriptions,
    /// Nonsense instead of every candidate.
    NonsenseCandidates,
}

/// What the system says about colors.
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

/// What a Chromium needs that is driven, in a container, without a screen.
const DRIVEN: [&str; 5] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
];

/// For most tests: quiet, on this machine only, and never slowed down in the background.
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

/// What chromedriver would switch off by itself.
const PLAIN: [&str; 2] = [
    "disable-background-timer-throttling",
    "disable-backgrounding-occluded-windows",
];

/// Ten pictures a second are enough to see that they move, and leave some of a small machine's
/// time to its other browsers.
const MADE_UP_DEVICES: &str = "--use-fake-device-for-media-stream=fps=10";
const SEVERAL: &str = "--use-fake-device-for-media-stream=fps=10,device-count=3";
const NO_CAMERA: &str = "--use-fake-device-for-media-stream=device-count=0";
const ALWAYS_YES: &str = "--use-fake-ui-for-media-stream";
const BLOCK: u8 = 2;
/// With peers that find each other without multicast DNS.
const SHOWS_ADDRESSES: &str = "--disable-features=WebRtcHideLocalIpsWithMdns";

/// For a Firefox that is driven: made-up devices, peers on loopback, sound without a click, no
/// question before a page in a call is left, which would wait for an answer, and nothing that it
/// would ask of the network by itself.
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
    /// What runs before every page, besides the probe.
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

    /// The preferences of a Firefox, with their values in JavaScript.
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
