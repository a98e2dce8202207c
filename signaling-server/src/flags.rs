//! The flags of the program, checked before anything starts.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use parlor_signaling_protocol::{IceServer, IceUrl, Origin};
use parlor_signaling_server::{Config, DEFAULT_PORT};

/// The longest time for which `--keep-alive` makes sense: no proxy's pool keeps connections longer.
const MAX_KEEP_ALIVE_SECONDS: u64 = 24 * 60 * 60;

/// Introduces Parlor's peers to each other and serves the web app.
///
/// Only this computer can reach the server unless --bind says otherwise. Browsers give camera and
/// microphone to pages from localhost and from https only, so people on other devices need an
/// https proxy in front of the server (which has to pass on the Host header and web sockets).
///
/// RUST_LOG sets what is logged to standard error: error, warn, info (the default), debug, trace.
#[derive(Debug, Parser)]
#[command(name = "parlor-signaling-server", version)]
pub(crate) struct Args {
    /// Address to listen at; 0.0.0.0 or :: opens the server to the network
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    bind: IpAddr,
    /// Port to listen at; 0 takes any that is free
    #[arg(long, default_value_t = DEFAULT_PORT)]
    port: u16,
    /// Folder of the built web app; without it, only signaling is served
    #[arg(long, value_name = "FOLDER")]
    web: Option<PathBuf>,
    /// Address at which others reach the web app, such as https://parlor.example; invitations that
    /// are made on this computer lead there
    #[arg(long, value_name = "URL", value_parser = public_url)]
    public_url: Option<Origin>,
    /// STUN server for the clients, such as stun:stun.example:3478 (repeatable)
    #[arg(long, value_name = "URL", value_parser = stun_url)]
    stun: Vec<String>,
    /// TURN server for the clients, such as turn:turn.example:3478?transport=udp (repeatable)
    #[arg(long, value_name = "URL", value_parser = turn_url, requires_all = ["turn_user", "turn_password"])]
    turn: Vec<String>,
    /// User of the TURN server; every client is told it
    #[arg(long, value_name = "NAME", value_parser = turn_user, requires = "turn")]
    turn_user: Option<String>,
    /// Password of the TURN server; every client is told it
    #[arg(long, value_name = "PASSWORD", value_parser = turn_password, requires = "turn")]
    turn_password: Option<String>,
    /// Foreign origin that may connect, such as https://app.example (repeatable)
    #[arg(long, value_name = "ORIGIN")]
    allow_origin: Vec<Origin>,
    /// How long a connection stays open between two requests; has to be longer than a proxy keeps
    /// its connections to this server
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = Config::default().limits.keep_alive_timeout.as_secs(),
        value_parser = clap::value_parser!(u64).range(1..=MAX_KEEP_ALIVE_SECONDS)
    )]
    keep_alive: u64,
}

impl Args {
    pub(crate) fn into_config(self) -> Config {
        let mut config = Config::new(SocketAddr::new(self.bind, self.port));
        config.web = self.web;
        config.public_url = self.public_url;
        config.allowed_origins = self.allow_origin;
        config.limits.keep_alive_timeout = Duration::from_secs(self.keep_alive);
        if !self.stun.is_empty() {
            config.ice_servers.push(IceServer {
                urls: self.stun,
                ..IceServer::default()
            });
        }
        if !self.turn.is_empty() {
            config.ice_servers.push(IceServer {
                urls: self.turn,
                username: self.turn_user,
                credential: self.turn_password,
            });
        }
        config
    }
}

fn public_url(text: &str) -> Result<Origin, String> {
    const EXAMPLE: &str = "write it as https://parlor.example";
    let origin: Origin = text
        .parse()
        .map_err(|error| format!("{error}; {EXAMPLE}"))?;
    if !origin.is_web() {
        return Err(format!(
            "it does not begin with https:// or http://; {EXAMPLE}"
        ));
    }
    if origin.is_loopback() {
        return Err("it leads every device to itself; name an address that others reach".into());
    }
    Ok(origin)
}

fn stun_url(text: &str) -> Result<String, String> {
    match text.parse::<IceUrl>() {
        Ok(url) if url.is_relay() => {
            Err("a TURN server is named by --turn, --turn-user and --turn-password".into())
        }
        Ok(_) => Ok(text.to_owned()),
        Err(error) => {
            let right = repaired(text, ["stun", "stuns"]);
            let right = right.unwrap_or_else(|| "stun:stun.example:3478".into());
            Err(format!("{error}; write it as {right}"))
        }
    }
}

fn turn_url(text: &str) -> Result<String, String> {
    match text.parse::<IceUrl>() {
        Ok(url) if url.is_relay() => Ok(text.to_owned()),
        Ok(_) => Err("a STUN server is named by --stun".into()),
        Err(error) => {
            let right = repaired(text, ["turn", "turns"]);
            let right = right.unwrap_or_else(|| "turn:turn.example:3478?transport=udp".into());
            Err(format!("{error}; write it as {right}"))
        }
    }
}

/// The URL that was most likely meant, if it can be told. The second of the schemes is that for
/// TLS.
fn repaired(text: &str, [plain, tls]: [&str; 2]) -> Option<String> {
    let rest_after = |scheme: &str| text.strip_prefix(scheme)?.strip_prefix(':');
    let (scheme, rest) = match (rest_after(plain), rest_after(tls)) {
        (Some(rest), _) => (plain, rest),
        (None, Some(rest)) => (tls, rest),
        (None, None) => (plain, text.split_once("://").map_or(text, |(_, rest)| rest)),
    };
    let (authority, query) = rest.split_once('?').unwrap_or((rest, ""));
    let authority = authority.trim_matches('/');
    let (scheme, query) = match query {
        "transport=tls" => (tls, ""),
        "transport=udp" | "transport=tcp" if plain == "turn" => (scheme, query),
        _ => (scheme, ""),
    };
    let hosts = [
        authority.to_owned(),
        format!("{authority}]"),
        format!("[{authority}]"),
    ];
    let mark = if query.is_empty() { "" } else { "?" };
    let mut urls = hosts
        .iter()
        .map(|host| format!("{scheme}:{host}{mark}{query}"));
    urls.find(|url| url.parse::<IceUrl>().is_ok())
}

/// Checks a user by the same rule as the clients.
fn turn_user(text: &str) -> Result<String, String> {
    let server = IceServer {
        urls: vec!["turn:turn.example".into()],
        username: Some(text.into()),
        credential: Some("any".into()),
    };
    match server.check() {
        Ok(()) => Ok(text.to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

fn turn_password(text: &str) -> Result<String, String> {
    match text.is_empty() {
        true => Err("it is empty, and browsers refuse that".into()),
        false => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
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
}
