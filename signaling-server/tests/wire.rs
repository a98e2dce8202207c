//! The rules of WebSockets (RFC 6455), byte by byte.

mod common;

use std::time::Duration;

use common::raw::{CLOSE, ENDS, GOES_ON, PING, PONG, Raw, TEXT, TEXT_BEGINS, frame};
use common::{Client, TestServer, hello, in_time};
use parlor_signaling_protocol::{CloseCode, encode, limits};

const PROTOCOL_ERROR: u16 = 1002;
const BAD_UTF8: u16 = 1007;

fn close_payload(code: u16) -> Vec<u8> {
    [&code.to_be_bytes()[..], b"bye"].concat()
}

#[tokio::test]
async fn close_frame_is_answered_with_one_of_the_same_code() {
    let server = TestServer::start().await;
    for code in [1000, 1001] {
        let mut socket = Raw::connect(&server).await;
        socket.send(CLOSE, &close_payload(code)).await;
        assert_eq!(socket.next().await, (CLOSE, close_payload(code)));
        socket.hung_up().await;
    }
    let mut socket = Raw::connect(&server).await;
    socket.send(CLOSE, b"").await;
    assert_eq!(socket.next().await, (CLOSE, Vec::new()));
    socket.hung_up().await;
}

#[tokio::test]
async fn close_frame_is_answered_although_more_data_follows_it() {
    let server = TestServer::start().await;
    let mut socket = Raw::connect(&server).await;
    let more = frame(TEXT, &[b'x'; 2000]);
    let all = [frame(CLOSE, &close_payload(1000)), more].concat();
    socket.send_bytes(&all).await;
    assert_eq!(socket.closed().await, 1000);
    socket.hung_up().await;
}

#[tokio::test]
async fn broken_rules_end_with_a_close_frame_that_says_so() {
    let server = TestServer::start().await;
    let unmasked = [&[TEXT, 2][..], b"{}"].concat();
    let long_ping = frame(PING, &[0; 126]);
    for (what, bytes) in [
        ("an unmasked frame", unmasked),
        ("a reserved opcode", frame(0x83, b"")),
        ("a reserved control opcode", frame(0x8b, b"")),
        ("a reserved bit", frame(TEXT | 0x40, b"{}")),
        ("a ping of 126 bytes", long_ping),
        ("a ping in fragments", frame(PING & 0x7f, b"")),
        ("an end without a beginning", frame(ENDS, b"")),
        ("a close frame with half a code", frame(CLOSE, &[3])),
        (
            "a code that is never sent",
            frame(CLOSE, &close_payload(1005)),
        ),
        (
            "two beginnings",
            [frame(TEXT_BEGINS, b"a"), frame(TEXT, b"b")].concat(),
        ),
    ] {
        let mut socket = Raw::connect(&server).await;
        socket.send_bytes(&bytes).await;
        assert_eq!(socket.closed().await, PROTOCOL_ERROR, "{what}");
        socket.hung_up().await;
    }
}

#[tokio::test]
async fn text_that_is_no_utf8_ends_with_its_own_close_code() {
    let server = TestServer::start().await;
    let in_fragments = [
        frame(TEXT_BEGINS, b"a"),
        frame(GOES_ON, &[0xc3]),
        frame(ENDS, b"a"),
    ];
    for bytes in [frame(TEXT, &[0xff]), in_fragments.concat()] {
        let mut socket = Raw::connect(&server).await;
        socket.send_bytes(&bytes).await;
        assert_eq!(socket.closed().await, BAD_UTF8);
        socket.hung_up().await;
    }
}

#[tokio::test]
async fn session_survives_a_broken_rule() {
    let server = TestServer::start().await;
    let (mut client, _) = Client::join(&server, 1).await;
    let resume = client.resume(1);
    let stream = client.socket.get_mut();
    let unmasked = [TEXT, 0];
    tokio::io::AsyncWriteExt::write_all(stream, &unmasked)
        .await
        .expect("sending");
    assert_eq!(client.closed().await, PROTOCOL_ERROR);
    let mut again = Client::connect(&server, 1).await;
    assert!(again.hello(resume).await.resumed);
}

#[tokio::test]
async fn message_in_fragments_is_a_message() {
    let server = TestServer::start().await;
    let mut socket = Raw::connect(&server).await;
    let text = encode(&hello(None));
    let (start, end) = text.split_at(20);
    socket.send(TEXT_BEGINS, start.as_bytes()).await;
    // Pings may come between fragments.
    socket.send(PING, b"here?").await;
    assert_eq!(socket.next().await, (PONG, b"here?".to_vec()));
    socket.send(GOES_ON, b"").await;
    socket.send(ENDS, end.as_bytes()).await;
    let (first, payload) = socket.next().await;
    let payload = String::from_utf8(payload).expect("text");
    assert_eq!(first, TEXT);
    assert!(payload.contains("welcome"), "{payload}");
}

#[tokio::test]
async fn fragments_of_a_message_end_the_silence() {
    let silence = Duration::from_secs(1);
    let server = TestServer::with(|config| config.limits.silence_timeout = silence).await;
    let mut socket = Raw::connect(&server).await;
    socket.send(TEXT, encode(&hello(None)).as_bytes()).await;
    let (_, welcome) = socket.next().await;
    assert!(welcome.starts_with(b"{\"type\":\"welcome\""));
    let start = tokio::time::Instant::now();
    socket.send(TEXT_BEGINS, b"{\"type\":").await;
    // Time has to pass here: twice as much as the allowed silence.
    let mut every = tokio::time::interval(silence / 10);
    while start.elapsed() < 2 * silence {
        every.tick().await;
        socket.send(GOES_ON, b"").await;
    }
    socket.send(ENDS, b"\"ping\",\"received\":0}").await;
    let (_, pong) = socket.next().await;
    assert_eq!(pong, b"{\"type\":\"pong\",\"received\":0}");
    assert_eq!(socket.closed().await, CloseCode::Silent.code());
}

#[tokio::test]
async fn flood_of_pings_closes_the_socket() {
    let server = TestServer::with(|config| {
        config.limits.message_burst = 10;
        config.limits.messages_per_second = 1;
    })
    .await;
    for kind in [PING, PONG] {
        let mut socket = Raw::connect(&server).await;
        socket.send_bytes(&frame(kind, b"x").repeat(30)).await;
        assert_eq!(socket.closed().await, CloseCode::RateLimited.code());
        socket.hung_up().await;
    }
    // As many as the rate allows are answered.
    let mut socket = Raw::connect(&server).await;
    for _ in 0..10 {
        socket.send(PING, b"x").await;
        assert_eq!(socket.next().await, (PONG, b"x".to_vec()));
    }
    // They took nothing from what messages may use.
    socket.send(TEXT, encode(&hello(None)).as_bytes()).await;
    let (_, welcome) = socket.next().await;
    assert!(welcome.starts_with(b"{\"type\":\"welcome\""));
}

#[tokio::test]
async fn large_frames_are_for_those_who_said_hello() {
    let server = TestServer::start().await;
    let large = vec![b' '; 5 * 1024];
    let mut socket = Raw::connect(&server).await;
    socket.send(TEXT, &large).await;
    assert_eq!(socket.closed().await, CloseCode::FrameTooLarge.code());
    // Nor can fragments hold more.
    let mut socket = Raw::connect(&server).await;
    socket.send(TEXT_BEGINS, &large[..3000]).await;
    socket.send(GOES_ON, &large[..3000]).await;
    assert_eq!(socket.closed().await, CloseCode::FrameTooLarge.code());
    // A long `hello` of a later version is still understood.
    let mut socket = Raw::connect(&server).await;
    let long = "x".repeat(3000);
    let later = format!(r#"{{"type":"hello","version":3,"more":"{long}"}}"#);
    socket.send(TEXT, later.as_bytes()).await;
    let (_, answer) = socket.next().await;
    let answer = String::from_utf8(answer).expect("text");
    assert!(answer.contains("unsupported_version"), "{answer}");
    let mut client = Client::greet(&server, 1).await;
    let text = "x".repeat(limits::MAX_FRAME_BYTES);
    client
        .say_raw(tokio_tungstenite::tungstenite::Message::text(text))
        .await;
    in_time("answer", client.next_error()).await;
}

#[tokio::test]
async fn socket_that_was_not_greeted_is_answered_a_few_times_only() {
    let server = TestServer::with(|config| config.limits.messages_per_second = 1).await;
    let mut socket = Raw::connect(&server).await;
    let ping = frame(TEXT, b"{\"type\":\"ping\",\"received\":0}");
    socket.send_bytes(&ping.repeat(100)).await;
    let mut answers = 0;
    let code = loop {
        match socket.next().await {
            (TEXT, _) => answers += 1,
            (CLOSE, payload) => break u16::from_be_bytes([payload[0], payload[1]]),
            other => panic!("no frame but {other:?}"),
        }
    };
    assert_eq!(code, CloseCode::RateLimited.code());
    assert!(answers <= 36, "{answers}");
    // A greeted socket may say more at once.
    let mut socket = Raw::connect(&server).await;
    socket.send(TEXT, encode(&hello(None)).as_bytes()).await;
    socket.next().await;
    socket.send_bytes(&ping.repeat(100)).await;
    for _ in 0..100 {
        let (_, pong) = socket.next().await;
        assert!(pong.starts_with(b"{\"type\":\"pong\""), "{pong:?}");
    }
}

#[tokio::test]
async fn answers_to_pings_are_sent_although_the_client_reads_late() {
    let server = TestServer::with(|config| {
        config.limits.message_burst = 100_000;
    })
    .await;
    let mut socket = Raw::connect(&server).await;
    // More than the buffers on the way hold, so that the server is blocked at some point.
    let pings = frame(PING, &[b'x'; 125]).repeat(40_000);
    let (mut read, mut write) = socket.stream.split();
    let sending = async {
        use tokio::io::AsyncWriteExt as _;
        write.write_all(&pings).await.expect("sending");
        write
            .write_all(&frame(PING, b"last"))
            .await
            .expect("sending");
    };
    in_time("sending", sending).await;
    let reading = async {
        use tokio::io::AsyncReadExt as _;
        let mut seen = Vec::new();
        while !seen.ends_with(b"last") {
            assert!(read.read_buf(&mut seen).await.expect("an open socket") > 0);
        }
    };
    in_time("the last pong", reading).await;
}
