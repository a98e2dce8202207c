use parlor_engine::Origin;

/// The devices on which a link works.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reach {
    /// Every device.
    All,
    /// Every device, but without camera and microphone, which browsers give to pages with https
    /// alone.
    WithoutMedia,
    /// The device on which the link was made: another device would look for the server on itself.
    ThisDevice,
}

/// Returns the origin for a link, and the devices on which it works: the page's origin, unless the
/// page came from this computer itself; then the best origin that the server knows.
pub fn origin_for_link(page: &str, known: &[Origin]) -> (String, Reach) {
    let Ok(own) = page.parse::<Origin>() else {
        // Nothing is known about a page without an address.
        return (page.to_owned(), Reach::All);
    };
    let others = known.iter().find(|origin| !origin.is_loopback());
    let origin = match others {
        Some(other) if own.is_loopback() => other,
        _ => &own,
    };
    let reach = match origin {
        _ if origin.is_loopback() => Reach::ThisDevice,
        _ if origin.is_https() => Reach::All,
        _ => Reach::WithoutMedia,
    };
    (origin.to_string(), reach)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(page: &str, known: &[&str]) -> (String, Reach) {
        let known: Vec<Origin> = known.iter().map(|text| text.parse().unwrap()).collect();
        origin_for_link(page, &known)
    }

    #[test]
    fn page_from_this_computer_uses_the_address_that_others_reach() {
        for page in [
            "http://localhost:8460",
            "http://127.0.0.1:8460",
            "http://[::1]:8460",
        ] {
            let public = ("https://parlor.example".to_owned(), Reach::All);
            let known = ["https://parlor.example", "http://192.0.2.7:8460"];
            assert_eq!(chosen(page, &known), public);
            let network = ("http://192.0.2.7:8460".to_owned(), Reach::WithoutMedia);
            assert_eq!(chosen(page, &["http://192.0.2.7:8460"]), network);
            assert_eq!(chosen(page, &[]), (page.to_owned(), Reach::ThisDevice));
            let no_use = ["http://localhost:9000"];
            assert_eq!(chosen(page, &no_use), (page.to_owned(), Reach::ThisDevice));
        }
    }

    #[test]
    fn page_from_elsewhere_keeps_its_own_address() {
        let known = ["https://parlor.example"];
        for (page, reach) in [
            ("https://other.example", Reach::All),
            ("https://other.example:8443", Reach::All),
            ("http://192.0.2.7:8460", Reach::WithoutMedia),
            ("null", Reach::All),
        ] {
            assert_eq!(chosen(page, &known), (page.to_owned(), reach));
        }
    }
}
