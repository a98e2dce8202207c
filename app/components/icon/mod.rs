use dioxus::prelude::*;

/// The icons, all drawn with a line of 1.5 px on a field of 24 by 24 px.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Icon {
    Back,
    Block,
    Camera,
    CameraOff,
    Chat,
    Check,
    Close,
    Copy,
    Down,
    Eye,
    EyeOff,
    FullScreen,
    Invite,
    Lamp,
    Link,
    Lock,
    Menu,
    Microphone,
    MicrophoneOff,
    More,
    People,
    Phone,
    PhoneDown,
    Scan,
    Screen,
    Send,
    Share,
    Shield,
    Sliders,
    Speaker,
    SpeakerOff,
    Warning,
    ZoomIn,
    ZoomOut,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Self::Back => "M19.5 12H5M11 5.5 4.5 12l6.5 6.5",
            Self::Block => "M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17ZM6 6l12 12",
            Self::Camera => {
                "M3 8a2 2 0 0 1 2-2h8.5a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2ZM15.5 10.5 21 7.5v9l-5.5-3"
            }
            Self::CameraOff => {
                "M3.5 3.5l17 17M6 6H5a2 2 0 0 0-2 2v8a2 2 0 0 0 2 2h8.5a2 2 0 0 0 1.7-1M9.8 6h3.7a2 2 0 0 1 2 2v2.5l5.5-3v9l-2-1.1"
            }
            Self::Chat => {
                "M4 6.5A2.5 2.5 0 0 1 6.5 4h11A2.5 2.5 0 0 1 20 6.5v7a2.5 2.5 0 0 1-2.5 2.5H11l-4.5 4v-4A2.5 2.5 0 0 1 4 13.5Z"
            }
            Self::Check => "M5 12.5 9.8 17 19 7.5",
            Self::Close => "M6 6l12 12M18 6 6 18",
            Self::Copy => {
                "M10 8.5h7.5A1.5 1.5 0 0 1 19 10v9a1.5 1.5 0 0 1-1.5 1.5H10A1.5 1.5 0 0 1 8.5 19v-9A1.5 1.5 0 0 1 10 8.5ZM15.5 8.5V5A1.5 1.5 0 0 0 14 3.5H6.5A1.5 1.5 0 0 0 5 5v9a1.5 1.5 0 0 0 1.5 1.5h2"
            }
            Self::Down => "M6 9.5l6 6 6-6",
            Self::Eye => {
                "M2.5 12C3.8 9.5 7 5.5 12 5.5s8.2 4 9.5 6.5c-1.3 2.5-4.5 6.5-9.5 6.5S3.8 14.5 2.5 12ZM12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6Z"
            }
            Self::EyeOff => {
                "M3.5 3.5l17 17M9.5 5.8a9.6 9.6 0 0 1 2.5-.3c5 0 8.2 4 9.5 6.5a14 14 0 0 1-2.6 3.5M6.3 7.4A14 14 0 0 0 2.5 12c1.3 2.5 4.5 6.5 9.5 6.5a9.4 9.4 0 0 0 4.1-.9M10 10a3 3 0 0 0 4.2 4.2"
            }
            Self::FullScreen => "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
            Self::Invite => {
                "M10 11.5a3.75 3.75 0 1 0 0-7.5 3.75 3.75 0 0 0 0 7.5ZM3 19.5c.5-3.2 3.3-5.2 7-5.2 1.4 0 2.6.25 3.6.75M18 14.5v6M15 17.5h6"
            }
            Self::Lamp => "M8.5 4h7l3.5 8.5H5ZM12 12.5V20M8.5 20h7M16 12.5v2.5",
            Self::Link => {
                "M10 14.5a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7l-1.2 1.2M14 9.5a4 4 0 0 0-5.7 0l-3.1 3.1a4 4 0 0 0 5.7 5.7l1.2-1.2"
            }
            Self::Lock => {
                "M7 10.5h10A1.5 1.5 0 0 1 18.5 12v6.5A1.5 1.5 0 0 1 17 20H7a1.5 1.5 0 0 1-1.5-1.5V12A1.5 1.5 0 0 1 7 10.5ZM8.5 10.5V7.5a3.5 3.5 0 0 1 7 0v3"
            }
            Self::Menu => "M4.5 7h15M4.5 12h15M4.5 17h15",
            Self::Microphone => {
                "M12 3a3 3 0 0 1 3 3v5.5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3ZM5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3"
            }
            Self::MicrophoneOff => {
                "M3.5 3.5l17 17M9 9v2.5a3 3 0 0 0 4.7 2.45M15 11V6a3 3 0 0 0-5.8-1.1M5.5 11.5a6.5 6.5 0 0 0 10.3 5.3M18.2 13.5c.2-.64.3-1.3.3-2M12 18v3"
            }
            Self::More => {
                "M5 11a1 1 0 1 1 0 2 1 1 0 0 1 0-2ZM12 11a1 1 0 1 1 0 2 1 1 0 0 1 0-2ZM19 11a1 1 0 1 1 0 2 1 1 0 0 1 0-2Z"
            }
            Self::People => {
                "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 19.5c.4-3.2 3-5.3 6.5-5.3s6.1 2.1 6.5 5.3M16 4.3a3.5 3.5 0 0 1 0 6.4M18 14.7c2 .7 3.2 2.4 3.5 4.8"
            }
            Self::Phone => {
                "M5 4h3.2l1.6 4.2-2 1.5a11.5 11.5 0 0 0 6.5 6.5l1.5-2L20 15.8V19a1.5 1.5 0 0 1-1.6 1.5A16 16 0 0 1 3.5 5.6 1.5 1.5 0 0 1 5 4Z"
            }
            Self::PhoneDown => {
                "M3 15.2C2.1 12.2 6.6 9 12 9s9.9 3.2 9 6.2c-.2.8-1 1.2-1.8 1l-2.6-.6c-.7-.2-1.1-.8-1.1-1.5v-1.4a11.6 11.6 0 0 0-7 0v1.4c0 .7-.4 1.3-1.1 1.5l-2.6.6c-.8.2-1.6-.2-1.8-1Z"
            }
            Self::Scan => {
                "M4 8.5V6a2 2 0 0 1 2-2h2.5M15.5 4H18a2 2 0 0 1 2 2v2.5M20 15.5V18a2 2 0 0 1-2 2h-2.5M8.5 20H6a2 2 0 0 1-2-2v-2.5M4 12h16"
            }
            Self::Screen => {
                "M4.5 4.5h15A1.5 1.5 0 0 1 21 6v9.5a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 15.5V6a1.5 1.5 0 0 1 1.5-1.5ZM8.5 20.5h7M12 13.5V8M9.5 10.5 12 8l2.5 2.5"
            }
            Self::Send => "M5.5 12 4 4.5 20.5 12 4 19.5ZM5.5 12H12",
            Self::Share => "M12 15V4M8 7.5l4-4 4 4M5 12v6a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2v-6",
            Self::Shield => {
                "M12 3.5 5 6v5.5c0 4.5 2.9 7.6 7 9 4.1-1.4 7-4.5 7-9V6ZM8.8 11.8l2.3 2.3 4.2-4.4"
            }
            Self::Sliders => {
                "M4 7.5h8.5M17.5 7.5H20M15 5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5ZM4 16.5h2.5M11.5 16.5H20M9 14a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5Z"
            }
            Self::Speaker => {
                "M4 9.5v5h3.5l4.5 4v-13l-4.5 4ZM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11"
            }
            Self::SpeakerOff => "M4 9.5v5h3.5l4.5 4v-13l-4.5 4ZM16 9.5l5 5M21 9.5l-5 5",
            Self::Warning => "M12 4.5 3 19.5h18ZM12 10v4.5M12 17v.01",
            Self::ZoomIn => {
                "M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13ZM15.3 15.3 20 20M10.5 7.5v6M7.5 10.5h6"
            }
            Self::ZoomOut => {
                "M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13ZM15.3 15.3 20 20M7.5 10.5h6"
            }
        }
    }
}

/// Shows an icon. It is hidden from screen readers: the element around it has a name of its own.
///
/// It is a function and not a component, as [`face`](super::face::face) is: it has no state, and
/// there are so many icons that components would make the app noticeably larger.
pub fn glyph(icon: Icon, size: u8) -> Element {
    rsx! {
        svg {
            class: "glyph",
            view_box: "0 0 24 24",
            width: "{size}",
            height: "{size}",
            "aria-hidden": "true",
            path { d: icon.path() }
        }
    }
}
