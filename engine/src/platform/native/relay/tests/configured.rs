use parlor_signaling_protocol::IceServer;

use super::super::Relays;
use crate::error::ErrorKind;
use crate::peer::Configuration;

fn config(urls: &[&str]) -> Configuration {
    Configuration {
        ice_servers: vec![IceServer {
            urls: urls.iter().map(|&url| url.to_owned()).collect(),
            username: Some("somebody".into()),
            credential: Some("secret".into()),
        }],
        ..Configuration::default()
    }
}

fn told(relays: &Relays, config: &Configuration) -> Vec<String> {
    let prepared = relays.prepare(config).unwrap();
    let urls = prepared.servers[0].urls.clone();
    relays.adopt(prepared);
    urls
}

fn is_tunnel(url: &str) -> bool {
    url.starts_with("turn:127.0.0.1:") && url.ends_with("?transport=udp")
}

#[tokio::test]
async fn tcp_and_tls_go_through_tunnels_and_the_rest_stays() {
    let (relays, servers) = Relays::new(&config(&[
        "stun:stun.example",
        "turn:turn.example",
        "turn:turn.example?transport=tcp",
        "turns:turn.example",
        "turns:turn.example:5349?transport=tcp",
        "turns:turn.example?transport=udp",
    ]))
    .unwrap();
    let urls = &servers[0].urls;
    assert_eq!(urls[..2], ["stun:stun.example", "turn:turn.example"]);
    assert!(is_tunnel(&urls[2]) && is_tunnel(&urls[3]));
    assert_ne!(urls[2], urls[3]);
    assert_eq!(urls[3], urls[4], "one server is one tunnel");
    assert_eq!(urls[5], "turns:turn.example?transport=udp");
    assert_eq!(servers[0].username, "somebody");
    assert_eq!(servers[0].credential, "secret");

    relays.gathering();
    assert_eq!(relays.protocol(&urls[2]), Some("tcp"));
    assert_eq!(relays.protocol(&urls[3]), Some("tls"));
    assert_eq!(
        relays.protocol("turn:turn.example:3478?transport=udp"),
        Some("udp")
    );
    assert_eq!(relays.protocol("turn:other:3478?transport=udp"), None);
    assert_eq!(relays.protocol(""), None);
}

#[tokio::test]
async fn servers_that_give_nothing_are_named() {
    let urls = ["turn:a", "turn:b?transport=tcp", "turns:c?transport=udp"];
    let (relays, servers) = Relays::new(&config(&urls)).unwrap();
    let silent = |relays: &Relays| {
        let errors = relays.complete().into_iter();
        errors.map(|error| error.url).collect::<Vec<_>>()
    };
    relays.gathering();
    assert_eq!(silent(&relays), urls);
    relays.gathering();
    relays.gave("turn:A:3478?transport=udp");
    relays.gave(&servers[0].urls[1]);
    assert_eq!(silent(&relays), ["turns:c?transport=udp"]);
    // Each gathering anew; and one that cannot be told apart accuses nobody.
    relays.gathering();
    relays.gave("nonsense");
    assert!(silent(&relays).is_empty());
}

#[tokio::test]
async fn servers_that_stay_keep_their_tunnels_and_those_that_go_lose_them_after_gathering() {
    let both = config(&["turn:a?transport=tcp", "turns:b"]);
    let (relays, servers) = Relays::new(&both).unwrap();
    let (first, second) = (servers[0].urls[0].clone(), servers[0].urls[1].clone());
    relays.gathering();
    let mut other_password = both.clone();
    other_password.ice_servers[0].credential = Some("another".into());
    assert_eq!(
        told(&relays, &other_password),
        [first.clone(), second.clone()]
    );

    let one = config(&["turns:b", "turn:c?transport=tcp"]);
    let now = told(&relays, &one);
    assert_eq!(now[0], second);
    assert_ne!(now[1], first);
    assert_eq!(relays.complete().len(), 2, "the gathering of before ends");
    assert_eq!(
        relays.protocol(&first),
        Some("tcp"),
        "in use until the next"
    );
    relays.gathering();
    assert!(!is_free(&first), "in use until the next is complete");
    relays.complete();
    while !is_free(&first) {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert!(!is_free(&second) && !is_free(&now[1]));

    let mut trusting = one.clone();
    trusting.extra_roots = vec![root()];
    assert_ne!(told(&relays, &trusting)[0], second, "trust is the tunnel's");
}

fn is_free(url: &str) -> bool {
    let url: parlor_signaling_protocol::IceUrl = url.parse().unwrap();
    std::net::UdpSocket::bind((url.host, url.port)).is_ok()
}

fn root() -> Vec<u8> {
    let made = rcgen::generate_simple_self_signed(["b".to_owned()]).unwrap();
    made.cert.der().to_vec()
}

#[tokio::test]
async fn what_is_wrong_is_invalid_and_named() {
    let many: Vec<String> = (0..17).map(|n| format!("turns:host{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for urls in [
        &["turn:a:99999?transport=tcp"][..],
        &["turns:a?transport=sctp"],
        &["turns:-a-"],
        &many,
    ] {
        let error = Relays::new(&config(urls)).err().expect("refused");
        assert_eq!(error.kind(), ErrorKind::Invalid, "{urls:?}");
        assert!(error.message().starts_with("ice_servers[0]: "), "{error}");
    }
    let mut config = config(&["turn:a"]);
    config.extra_roots = vec![root(), b"no certificate".to_vec()];
    let error = Relays::new(&config).err().expect("refused");
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert!(error.message().starts_with("extra_roots[1]: "), "{error}");
}
