use std::fmt::Write as _;

use dioxus::prelude::*;
use qrcodegen::{QrCode, QrCodeEcc};

/// The width of the quiet zone around the code in modules, as the standard requires.
const MARGIN: i32 = 4;

/// Shows a link as a QR code.
pub fn qr(text: String, label: String) -> Element {
    let Some((path, side)) = drawing(&text) else {
        // Too long for any code: the link itself is there.
        return rsx! {};
    };
    rsx! {
        svg {
            class: "qr",
            view_box: "0 0 {side} {side}",
            role: "img",
            "aria-label": label,
            "shape-rendering": "crispEdges",
            path { d: path }
        }
    }
}

/// Returns an SVG path with one rectangle for each run of dark modules, and the side of the
/// drawing.
fn drawing(text: &str) -> Option<(String, i32)> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let run = (x..code.size())
                .take_while(|&x| code.get_module(x, y))
                .count();
            let run = i32::try_from(run).ok()?;
            if run > 0 {
                write!(path, "M{} {}h{run}v1h-{run}z", x + MARGIN, y + MARGIN).ok()?;
            }
            x += run + 1;
        }
    }
    Some((path, code.size() + 2 * MARGIN))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_becomes_a_path_with_a_margin() {
        let (path, side) = drawing("https://parlor.example/#abc").unwrap();
        assert_eq!((side - 2 * MARGIN - 17) % 4, 0);
        // The first finder pattern: seven dark modules from the corner.
        assert!(path.starts_with("M4 4h7v1h-7z"), "{path}");
    }

    #[test]
    fn too_long_a_text_has_no_code() {
        assert!(drawing(&"x".repeat(5_000)).is_none());
    }
}
