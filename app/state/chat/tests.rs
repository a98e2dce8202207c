use parlor_engine::{MessageId, PeerId};

use super::*;

const DAY: u64 = 24 * 60 * MINUTE;

const TODAY: u64 = 3;

/// Returns the same key for everybody, so that only the names differ.
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
        time: Time::Agreed { is_in_order: true },
        is_mine: false,
        is_waiting: false,
        is_contradicted: false,
        is_folded: false,
    }
}

/// Writes each day as `D`, and each group as the ids of its messages.
fn arranged(lines: &[Line]) -> Vec<String> {
    let row = |row: &Row| match row {
        Row::Day { .. } => "D".to_owned(),
        Row::Group(lines) => lines.iter().map(|line| line.id.as_str()).collect(),
    };
    let rows = rows(lines, TODAY, |at| at / DAY);
    rows.iter().map(row).collect()
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
fn a_clock_that_contradicts_others_begins_no_day_and_shows_its_own() {
    let doubted = |id, at| Line {
        time: Time::OwnClock,
        ..line(id, "Bo", at)
    };
    let lines = [
        doubted(1, TODAY * DAY),
        line(2, "Anna", 2 * DAY),
        doubted(3, 2 * DAY),
        doubted(4, TODAY * DAY),
        line(5, "Anna", 2 * DAY + 1),
        doubted(6, TODAY * DAY),
        line(7, "Anna", TODAY * DAY),
        doubted(8, TODAY * DAY),
    ];
    assert_eq!(
        arranged(&lines),
        ["1", "D", "2", "3", "4", "5", "6", "D", "7", "8"]
    );
    let times: Vec<Time> = rows(&lines, TODAY, |at| at / DAY)
        .iter()
        .filter_map(|row| match row {
            Row::Group(lines) => Some(lines[0].time),
            Row::Day { .. } => None,
        })
        .collect();
    let agreed = Time::Agreed { is_in_order: true };
    let (clock, day) = (Time::OwnClock, Time::OwnDay);
    assert_eq!(
        times,
        [clock, agreed, clock, day, agreed, day, agreed, clock]
    );
}

#[test]
fn one_clock_that_is_a_day_off_leaves_one_date_line() {
    let (anna, bo) = (person(), "C".repeat(42) + "A");
    let bo: PersonId = bo.parse().ok().unwrap();
    for off in [DAY, 400 * DAY] {
        let now = 20_000 * DAY;
        let message = |number: u64| {
            let is_bo = number % 2 == 1;
            ChatMessage {
                id: MessageId {
                    author: PeerId::from_bytes([u8::from(is_bo); 16]),
                    number,
                },
                person: if is_bo { bo } else { anna },
                name: "".into(),
                text: "".into(),
                sent_at: now + number - if is_bo { off } else { 0 },
                mine: !is_bo,
                delivery: Delivery::Delivered,
                is_contradicted: false,
            }
        };
        let messages: Vec<_> = (0..10).map(message).collect();
        let lines = lines(&messages, SHOWN, now, |_| false);
        let rows = rows(&lines, now / DAY, |at| at / DAY);
        let days = rows.iter().filter(|row| matches!(row, Row::Day { .. }));
        assert_eq!(days.count(), 1);
        assert!(matches!(rows[0], Row::Day { at, .. } if at == now));
    }
}
