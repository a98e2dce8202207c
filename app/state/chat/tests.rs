use super::*;

const DAY: u64 = 24 * 60 * MINUTE;

/// People are told apart by their key; one for all makes the name decide.
fn person() -> PersonId {
    "A".repeat(43).parse().ok().unwrap()
}

fn line(id: u32, name: &str, at: u64) -> Line {
    Line {
        id: id.to_string(),
        person: person(),
        name: name.into(),
        text: "text".into(),
        at,
        is_mine: false,
        is_waiting: false,
        is_folded: false,
    }
}

/// Days as `D`, groups as the ids in them.
fn arranged(lines: &[Line]) -> Vec<String> {
    let row = |row: &Row| match row {
        Row::Day { .. } => "D".to_owned(),
        Row::Group(lines) => lines.iter().map(|line| line.id.as_str()).collect(),
    };
    rows(lines, |at| at / DAY).iter().map(row).collect()
}

#[test]
fn messages_are_grouped_by_author_and_minute() {
    let lines = [
        line(1, "Anna", DAY),
        line(2, "Anna", DAY + 59_000),
        line(3, "Bo", DAY + 59_500),
        line(4, "Bo", DAY + MINUTE),
        line(5, "Anna", DAY + MINUTE),
    ];
    assert_eq!(arranged(&lines), ["D", "12", "3", "4", "5"]);
}

#[test]
fn what_is_folded_is_one_group_until_somebody_else_writes() {
    let folded = |id, at| Line {
        is_folded: true,
        ..line(id, &format!("name {id}"), at)
    };
    let mut other = line(4, "Bo", DAY + 2 * MINUTE);
    other.person = format!("B{}", "A".repeat(42)).parse().ok().unwrap();
    let lines = [
        folded(1, DAY),
        folded(2, DAY + MINUTE),
        folded(3, DAY + 2 * MINUTE),
        other,
        folded(5, DAY + 3 * MINUTE),
    ];
    assert_eq!(arranged(&lines), ["D", "123", "4", "5"]);
}

#[test]
fn a_new_day_begins_with_its_date() {
    let lines = [
        line(1, "Anna", DAY - 1),
        line(2, "Anna", DAY),
        line(3, "Anna", 3 * DAY),
    ];
    assert_eq!(arranged(&lines), ["D", "1", "D", "2", "D", "3"]);
    assert_eq!(arranged(&[]), [""; 0]);
}

#[test]
fn addresses_are_links_without_the_sentence_around_them() {
    use Piece::{Link, Text};
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
        pieces("https://a.example/w_(x)"),
        [Link("https://a.example/w_(x)")]
    );
    assert_eq!(
        pieces("予定はhttps://a.example/日本。"),
        [Text("予定は"), Link("https://a.example/日本"), Text("。")]
    );
}

#[test]
fn nothing_else_is_a_link() {
    for text in [
        "javascript:alert(1)",
        "https://",
        "xhttps://a.example",
        "ftp://a.example",
        "http",
        "",
    ] {
        assert!(
            !pieces(text)
                .iter()
                .any(|piece| matches!(piece, Piece::Link(_))),
            "{text}"
        );
    }
}
