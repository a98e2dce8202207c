use percent_encoding::AsciiSet;

use super::*;

#[test]
fn a_link_survives_the_round_trip() {
    for name in [
        "Kitchen table",
        "こたつの間",
        "a/b#c%20 & ü",
        "Tea.",
        "Is it tea?!",
        "_tea_",
        "茶・「緑」",
        "👨‍👩‍👧‍👦 🇯🇵",
        "%23",
        "",
    ] {
        let invitation = Invitation::new(name);
        let link = invitation.link("https://parlor.example");
        assert!(link.is_ascii(), "{link}");
        assert_eq!(invitation.name, name);
        assert_eq!(Invitation::from_link(&link), Ok(invitation.clone()));
        assert_eq!(
            Route::from_fragment(&invitation.fragment()),
            Route::Room(invitation)
        );
    }
}

#[test]
fn an_invitation_is_found_in_any_text_around_it() {
    for name in ["Tea", "Kitchen table", "こたつの間", ""] {
        let invitation = Invitation::new(name);
        let link = invitation.link("https://a.example");
        let fragment = invitation.fragment();
        for text in [
            format!("Come in: {link} see you"),
            format!("こちらです：{link}に来てください。"),
            format!("({link})"),
            format!("[{link}]"),
            format!("<{link}>"),
            format!("{{{link}}}"),
            format!("「{link}」"),
            format!("『{link}』へ"),
            format!("（{link}）"),
            format!("【{link}】"),
            format!("\"{link}\""),
            format!("'{link}'"),
            format!("“{link}”"),
            format!("‘{link}’"),
            format!("«{link}»"),
            format!("`{link}`"),
            format!("*{link}*"),
            format!("_{link}_"),
            format!("[Tea]({link})."),
            format!("{link}."),
            format!("{link}..."),
            format!("{link}…"),
            format!("{link}。"),
            format!("{link}、"),
            format!("{link}！"),
            format!("{link}!"),
            format!("{link}?"),
            format!("{link}, and"),
            format!("{link};"),
            format!("{link}\u{200B}"),
            format!("{link}を見て"),
            format!("Room #1 is at {link}"),
            format!("#parlor {link} #tea"),
            format!("100% {link}"),
            format!("{link}?utm_source=mail&fbclid=1"),
            format!("{link}&utm_source=mail"),
            format!("{link}?utm=1#top"),
            format!("https://a.example/?utm_source=mail#{fragment}"),
            format!("https://a.example/index.html#{fragment}"),
            format!("https://a.example/%23{fragment}"),
            format!("https://a.example/＃{fragment}"),
            format!("a.example/#{fragment}"),
            format!("#{fragment}"),
            format!("「{fragment}」"),
            fragment.clone(),
            format!("{} {link}", "x".repeat(1_200)),
        ] {
            assert_eq!(
                Invitation::from_link(&text),
                Ok(invitation.clone()),
                "{text}"
            );
        }
    }
}

#[test]
fn an_invitation_is_found_inside_of_another_link() {
    for name in ["Tea", "こたつの間", "100% tea", ""] {
        let invitation = Invitation::new(name);
        let link = invitation.link("https://a.example");
        // As JavaScript's `encodeURIComponent` does it, and as thoroughly as can be.
        const COMMON: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');
        for set in [COMMON, NON_ALPHANUMERIC] {
            let escaped = utf8_percent_encode(&link, set);
            let text = format!("https://b.example/out?u={escaped}&h=1");
            let found = Invitation::from_link(&text);
            assert_eq!(found, Ok(invitation.clone()), "{text}");
        }
    }
}

#[test]
fn a_link_that_was_shown_unescaped_keeps_its_name() {
    let invitation = Invitation::new("こたつの間");
    let link = format!("https://a.example/#{}/こたつの間", invitation.key);
    for text in [
        link.clone(),
        format!("「{link}」"),
        format!("{link}。"),
        format!("{link}\u{3000}です"),
    ] {
        assert_eq!(
            Invitation::from_link(&text),
            Ok(invitation.clone()),
            "{text}"
        );
    }
}

#[test]
fn marks_behind_an_address_are_no_part_of_a_name() {
    let invitation = Invitation::new("Tea");
    for mark in [".", ")", "?utm_source=mail", "&x=1", "!", "_"] {
        let fragment = format!("{}{mark}", invitation.fragment());
        assert_eq!(
            Route::from_fragment(&fragment),
            Route::Room(invitation.clone()),
            "{mark}"
        );
    }
}

#[test]
fn a_damaged_link_is_told_from_no_link() {
    let mut link = Invitation::new("").link("https://a.example");
    link.pop();
    for damaged in [
        &link,
        "https://a.example/#",
        "https://a.example/#abc",
        "https://a.example/%23abc/Tea",
        &link["https://a.example/".len()..],
        &format!("#tea {link}"),
    ] {
        assert_eq!(
            Invitation::from_link(damaged),
            Err(LinkError::Damaged),
            "{damaged}"
        );
    }
    for text in [
        "https://a.example/",
        "See you at #teatime",
        "100%23",
        "hello",
        "。",
    ] {
        assert_eq!(
            Invitation::from_link(text),
            Err(LinkError::NotALink),
            "{text}"
        );
    }
    assert_eq!(Invitation::from_link("  "), Err(LinkError::Empty));
    assert_eq!(Route::from_fragment("#abc"), Route::Damaged);
    assert_eq!(Route::from_fragment(""), Route::Start);
    assert_eq!(Route::from_fragment("#"), Route::Start);
}

#[test]
fn names_are_one_short_line_of_whole_characters() {
    let invitation = Invitation::new(&format!(" a\n\u{202E}b{} ", "x".repeat(100)));
    assert_eq!(invitation.name, format!("ab{}", "x".repeat(58)));
    let families = Invitation::new(&"👨‍👩‍👧‍👦".repeat(30));
    assert_eq!(families.name, "👨‍👩‍👧‍👦".repeat(9));
}
