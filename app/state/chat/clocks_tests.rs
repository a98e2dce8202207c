use super::*;

const MINUTE: u64 = 60_000;
const DAY: u64 = 24 * 60 * MINUTE;
const YEAR: u64 = 365 * DAY;
/// The time of the first message.
const START: u64 = 20_000 * DAY + DAY / 2;

fn person(letter: char) -> PersonId {
    // The last of 43 letters has only some of its bits to itself.
    let key = letter.to_string().repeat(42) + "A";
    key.parse().ok().unwrap()
}

/// Returns one message a minute by these people, whose clocks are ahead by this time. `a` is us.
fn talk(people: &str, ahead: impl Fn(char) -> i64) -> Vec<Claim> {
    let claim = |(minute, letter): (usize, char)| Claim {
        person: person(letter),
        at: (START + minute as u64 * MINUTE).saturating_add_signed(ahead(letter)),
        is_ours: letter == 'a',
    };
    people.chars().enumerate().map(claim).collect()
}

/// Writes the verdict on each message: `i` for in order, `.` for agrees, `x` for contradicts.
fn judged(claims: &[Claim], now: u64) -> String {
    let sign = |trust: &Trust| match trust {
        Trust::InOrder => 'i',
        Trust::Agrees => '.',
        Trust::Contradicts => 'x',
    };
    judge(claims, now).iter().map(sign).collect()
}

#[test]
fn clocks_that_agree_are_believed() {
    let claims = talk("abacab", |letter| if letter == 'b' { 40_000 } else { 0 });
    assert_eq!(judged(&claims, START + DAY), "iiiiii");
    // Seconds that go back begin nothing and contradict nothing.
    let claims = talk("abab", |letter| if letter == 'b' { 90_000 } else { 0 });
    assert!(!judged(&claims, START + DAY).contains('x'));
    assert_eq!(judged(&[], START), "");
}

#[test]
fn a_clock_that_is_wrong_contradicts_ours() {
    for wrong in [
        DAY as i64,
        -(DAY as i64),
        YEAR as i64,
        -(YEAR as i64),
        3_600_000,
    ] {
        let claims = talk("ababababab", |letter| if letter == 'b' { wrong } else { 0 });
        for now in [START + 10 * MINUTE, START + 2 * YEAR] {
            assert_eq!(judged(&claims, now), "ixixixixix", "{wrong} at {now}");
        }
    }
}

#[test]
fn a_clock_that_is_ahead_of_ours_is_not_believed_though_we_said_nothing() {
    let claims = talk(
        "bcbcbc",
        |letter| if letter == 'b' { DAY as i64 } else { 0 },
    );
    assert_eq!(judged(&claims, START + 10 * MINUTE), "xixixi");
}

#[test]
fn the_majority_decides_among_others() {
    let claims = talk(
        "bcdbcdbcd",
        |letter| if letter == 'b' { -(DAY as i64) } else { 0 },
    );
    assert_eq!(judged(&claims, START + DAY), "xiixiixii");
    // One against one, and two against two, leave nobody to believe.
    let claims = talk(
        "bcbcbc",
        |letter| if letter == 'b' { -(DAY as i64) } else { 0 },
    );
    assert_eq!(judged(&claims, START + DAY), "xxxxxx");
    let claims = talk(
        "bcdebcde",
        |letter| if letter < 'd' { -(DAY as i64) } else { 0 },
    );
    assert_eq!(judged(&claims, START + DAY), "xxxxxxxx");
    // A majority against us does not change what this device's clock says.
    let claims = talk(
        "bacdebacde",
        |letter| if letter == 'a' { DAY as i64 } else { 0 },
    );
    assert_eq!(judged(&claims, START + 2 * DAY), "xixxxxixxx");
}

#[test]
fn one_message_out_of_place_is_no_proof_against_its_author() {
    // Written before the history came, so that it stands before what was said earlier.
    let mut claims = talk("abcbabcbabcb", |_| 0);
    claims[0].at = START + 2 * DAY;
    assert_eq!(judged(&claims, START + 3 * DAY), "xiiiiiiiiiii");
    // Ours from a moment when our own clock was ahead.
    let mut claims = talk("abab", |_| 0);
    claims[2].at = START + 9 * DAY;
    assert_eq!(judged(&claims, START + DAY), "iixi");
}

#[test]
fn a_wrong_clock_that_talks_most_does_not_win_against_ours() {
    let claims = talk("abbbbbbbbbbaaa", |letter| {
        if letter == 'b' { -(DAY as i64) } else { 0 }
    });
    assert_eq!(judged(&claims, START + DAY), "ixxxxxxxxxxiii");
    let claims = talk("cbbbbbbbbbbccc", |letter| {
        if letter == 'b' { -(DAY as i64) } else { 0 }
    });
    assert_eq!(judged(&claims, START + DAY), "xxxxxxxxxxxxxx");
}

#[test]
fn any_claims_can_be_judged() {
    let ends = [0, u64::MAX, START, u64::MAX - 1, 1];
    let claims: Vec<Claim> = ends
        .iter()
        .map(|&at| Claim {
            person: person('b'),
            at,
            is_ours: false,
        })
        .collect();
    assert_eq!(judge(&claims, START).len(), ends.len());
    assert_eq!(judge(&claims, u64::MAX).len(), ends.len());
    // More people than are compared.
    let names = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let crowd = talk(names, |_| 0);
    assert!(judged(&crowd, START + DAY).starts_with("iii"));
}
