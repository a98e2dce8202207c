use super::Piece::{Link, Text};
use super::*;

/// Returns only the addresses in a text.
fn links(text: &str) -> Vec<&str> {
    let link = |piece: Piece<'_>| match piece {
        Link(link) => Some(&text[text.find(link)?..][..link.len()]),
        Text(_) => None,
    };
    pieces(text).into_iter().filter_map(link).collect()
}

#[test]
fn addresses_are_links_without_the_sentence_around_them() {
    let found = pieces("See https://a.example/x?y=1. Or (http://b.example)!");
    let expected = [
        Text("See "),
        Link("https://a.example/x?y=1"),
        Text(". Or ("),
        Link("http://b.example"),
        Text(")!"),
    ];
    assert_eq!(found, expected);
    assert_eq!(
        pieces("予定はhttps://a.example/日本。"),
        [Text("予定は"), Link("https://a.example/日本"), Text("。")]
    );
}

#[test]
fn marks_of_any_script_end_an_address() {
    for mark in [
        "！", "？", "。", "、", "』", "」", "）", "］", "】", "…", "，", "．", "：", "；", "”",
        "’", "»", "›", "～", "｡", "،", "؟", "।", "\u{3000}", "\u{A0}", "🎉", "\u{200B}",
        "\u{202E}", "\u{2066}", "\u{200F}", "\u{2028}", "\n",
    ] {
        for address in ["https://a.example", "https://a.example/x"] {
            assert_eq!(links(&format!("{address}{mark}")), [address], "{mark:?}");
            assert_eq!(
                links(&format!("{address}{mark}more")),
                [address],
                "{mark:?}"
            );
        }
    }
}

#[test]
fn the_sentence_goes_on_without_a_space() {
    for words in ["を見て", "で会おう", "カフェ", "에서", "ดู", "ｶﾅ", "見てね"]
    {
        for address in [
            "https://a.example",
            "https://a.example/",
            "https://a.example/x",
            "https://a.example/x?y=z",
        ] {
            assert_eq!(links(&format!("これ{address}{words}")), [address]);
        }
    }
}

#[test]
fn addresses_keep_the_letters_of_their_languages() {
    for address in [
        "https://ja.example/日本",
        "https://日本語.jp/x",
        "https://みんな.みんな/x",
        "https://почта.рф/ящик",
        "https://bücher.example/straße",
        "https://en.example/Michelson–Morley",
        "https://a.example/می‌خواهم",
        "https://ca.example/col·lecció",
    ] {
        assert_eq!(links(address), [address]);
        assert_eq!(links(&format!("（{address}）")), [address]);
    }
}

#[test]
fn brackets_belong_to_an_address_in_pairs() {
    for (text, link) in [
        ("https://a.example/w_(x)", "https://a.example/w_(x)"),
        ("(https://a.example/w_(x))", "https://a.example/w_(x)"),
        ("(see https://a.example/x)", "https://a.example/x"),
        ("[https://a.example/x]", "https://a.example/x"),
        ("[a](https://a.example/x)and", "https://a.example/x"),
        ("https://a.example/?a[0]=1", "https://a.example/?a[0]=1"),
        ("{https://a.example/x}", "https://a.example/x"),
        ("<https://a.example/x>", "https://a.example/x"),
        ("\"https://a.example/x\"and", "https://a.example/x"),
        ("'https://a.example/x'", "https://a.example/x"),
        ("(https://a.example)and", "https://a.example"),
        ("「https://a.example/x」", "https://a.example/x"),
    ] {
        assert_eq!(links(text), [link], "{text}");
    }
}

#[test]
fn the_scheme_may_be_written_large() {
    for link in ["Https://a.example/x", "HTTP://A.EXAMPLE"] {
        assert_eq!(pieces(link), [Link(link)]);
    }
    assert_eq!(links("éhttps://a.example"), ["https://a.example"]);
}

#[test]
fn several_addresses_in_one_text_are_all_found() {
    assert_eq!(
        links("https://a.example,https://b.example/xとhttp://c.example:8080/#y"),
        [
            "https://a.example",
            "https://b.example/x",
            "http://c.example:8080/#y"
        ]
    );
    assert_eq!(links("https://a.example#x"), ["https://a.example#x"]);
    assert_eq!(links("http://localhost:3000"), ["http://localhost:3000"]);
    assert_eq!(links("http://10.0.0.7:8443/x"), ["http://10.0.0.7:8443/x"]);
}

#[test]
fn an_override_can_neither_be_in_a_link_nor_turn_the_text_after_it() {
    let text = "https://example.com/\u{202E}gpj.exe";
    let found = pieces(text);
    assert_eq!(
        found,
        [Link("https://example.com/"), Text("\u{202E}gpj.exe")]
    );
    assert_eq!(without_overrides("\u{202E}gpj.exe\u{202D}"), "gpj.exe");
}

#[test]
fn nothing_else_is_a_link() {
    for text in [
        "javascript:alert(1)",
        "javascript://a.example/%0Aalert(1)",
        "https://",
        "https:///a.example",
        "https://#x",
        "https://を見て",
        "https://。",
        "xhttps://a.example",
        "ftp://a.example",
        "mail@a.example",
        "http",
        "",
    ] {
        assert_eq!(links(text), [""; 0], "{text}");
    }
}

#[test]
fn a_text_full_of_addresses_stays_a_few_elements() {
    let many = "https://a.example ".repeat(1_000);
    assert!(pieces(&many).len() <= 2 * MAX_LINKS + 1);
    for hard in ["h://", "https://", "日", "https://日", "://(", "\u{202E}"] {
        let text = hard.repeat(8_000);
        let whole: String = pieces(&text)
            .iter()
            .map(|piece| match piece {
                Text(text) | Link(text) => *text,
            })
            .collect();
        assert_eq!(whole, text);
    }
}
