use super::*;

fn parsed(args: &[&str]) -> Result<Config, String> {
    let args = ["parlor-signaling-server"].iter().chain(args);
    match Args::try_parse_from(args) {
        Ok(args) => Ok(args.into_config()),
        Err(error) => Err(error.to_string()),
    }
}

fn refused(flag: &str, value: &str) -> String {
    let turn = ["--turn-user", "user", "--turn-password", "secret"];
    let rest = if flag == "--turn" { &turn[..] } else { &[] };
    let args = [&[flag, value][..], rest].concat();
    let error = parsed(&args).expect_err(value);
    assert!(error.contains(&format!("for '{flag} <")), "{error}");
    error
}

#[test]
fn wrong_ice_url_is_refused_with_the_flag_and_the_right_form() {
    for (flag, value, right) in [
        ("--stun", "stun.example:3478", "stun:stun.example:3478"),
        ("--stun", "stun.example", "stun:stun.example"),
        (
            "--stun",
            "stun:localhost:3478?transport=udp",
            "stun:localhost:3478",
        ),
        ("--stun", "stun://stun.example", "stun:stun.example"),
        ("--stun", "https://stun.example/", "stun:stun.example"),
        ("--stun", "stun:[::1", "stun:[::1]"),
        ("--stun", "stuns:2001:db8::1", "stuns:[2001:db8::1]"),
        (
            "--stun",
            "stun:stun.example:99999",
            "stun:stun.example:3478",
        ),
        ("--stun", "", "stun:stun.example:3478"),
        (
            "--turn",
            "turn:turn.example?transport=tls",
            "turns:turn.example",
        ),
        (
            "--turn",
            "turn://a:80?transport=tcp",
            "turn:a:80?transport=tcp",
        ),
        ("--turn", "turn.example:3478", "turn:turn.example:3478"),
        ("--turn", "turn:a b", "turn:turn.example:3478?transport=udp"),
    ] {
        let error = refused(flag, value);
        assert!(
            error.contains(&format!("; write it as {right}\n")),
            "{error}"
        );
    }
    assert!(refused("--stun", "turn:turn.example").contains("named by --turn"));
    assert!(refused("--turn", "stun:stun.example").contains("named by --stun"));
}

#[test]
fn turn_user_that_browsers_refuse_is_refused_here() {
    let with = |user: &str, password: &str| {
        let args = ["--turn", "turn:a", "--turn-user", user];
        parsed(&[&args[..], &["--turn-password", password][..]].concat())
    };
    let config = with("user", "secret").expect("a right one");
    assert_eq!(config.ice_servers[0].check(), Ok(()));
    for user in ["", &"u".repeat(509)] {
        let error = with(user, "secret").expect_err("a wrong user");
        assert!(error.contains("for '--turn-user <NAME>'"), "{error}");
    }
    let error = with("user", "").expect_err("an empty password");
    assert!(
        error.contains("for '--turn-password <PASSWORD>'"),
        "{error}"
    );
    let error = parsed(&["--turn", "turn:a"]).expect_err("no user");
    assert!(error.contains("--turn-user <NAME>"), "{error}");
}

#[test]
fn public_url_is_the_origin_of_a_page_that_others_reach() {
    let config = parsed(&["--public-url", "https://Parlor.example:443/"]).expect("right");
    let origin = config.public_url.expect("an origin");
    assert_eq!(origin.to_string(), "https://parlor.example");
    for (value, word) in [
        ("parlor.example", "write it as https://"),
        ("wss://parlor.example", "https:// or http://"),
        ("https://parlor.example/chat", "something follows"),
        ("https://parlor.example:x", "port"),
        ("http://localhost:8460", "to itself"),
        ("http://127.0.0.1:8460", "to itself"),
    ] {
        let error = refused("--public-url", value);
        assert!(error.contains(word), "{error}");
    }
}

#[test]
fn allowed_origin_is_an_origin() {
    let config = parsed(&["--allow-origin", "https://app.example/"]).expect("right");
    assert_eq!(config.allowed_origins[0].to_string(), "https://app.example");
    refused("--allow-origin", "app.example");
    refused("--allow-origin", "https://app.example/page");
}

#[test]
fn keep_alive_is_longer_than_any_usual_pool_keeps_connections() {
    let config = parsed(&[]).expect("no flags");
    assert!(config.limits.keep_alive_timeout > Duration::from_secs(120));
    let config = parsed(&["--keep-alive", "620"]).expect("right");
    assert_eq!(config.limits.keep_alive_timeout, Duration::from_secs(620));
    refused("--keep-alive", "0");
    refused("--keep-alive", "86401");
}

#[test]
fn limits_of_connections_are_flags() {
    let limits = parsed(&[]).expect("no flags").limits;
    let usual = Limits::default();
    assert_eq!(limits.max_connections, usual.max_connections);
    assert_eq!(
        limits.max_connections_per_address,
        usual.max_connections_per_address
    );
    assert_eq!(limits.handshakes_per_second, usual.handshakes_per_second);
    let args = ["--max-connections", "20000"];
    let more = ["--connections-per-address", "7"];
    let rate = ["--handshakes-per-second", "3"];
    let limits = parsed(&[args, more, rate].concat()).expect("right").limits;
    assert_eq!(limits.max_connections, 20_000);
    assert_eq!(limits.max_sessions, 20_000);
    assert_eq!(limits.max_connections_per_address, 7);
    assert_eq!(limits.handshakes_per_second, 3);
    for flag in [args[0], more[0], rate[0]] {
        refused(flag, "0");
    }
}
