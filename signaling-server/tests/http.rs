//! The web app, its headers, and who may open a web socket.

mod common;

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use common::http::{get, request};
use common::{TestServer, in_time};
use parlor_signaling_protocol::IceServer;
use parlor_signaling_server::{Config, Limits, Server};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

const HASHED: &str = "parlor-0123456789abcdef";

/// A folder like the build's, removed at the end.
struct WebFolder(PathBuf);

impl WebFolder {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("parlor-web-{}-{count}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(folder.join("web/assets")).expect("a folder");
        let files = [
            ("web/index.html", "<p>app</p>"),
            ("web/index.html.br", "brotli app"),
            ("web/index.html.gz", "gzip app"),
            (&format!("web/{HASHED}.wasm"), "wasm"),
            (&format!("web/{HASHED}.wasm.br"), "brotli wasm"),
            ("web/assets/main.css", "p{}"),
            ("web/assets/en.ftl", "hello = Hello"),
            ("web/manifest.webmanifest", "{}"),
            ("web/icon.png", "png"),
            ("web/alone.gz", "an archive"),
            ("web/.secret", "hidden"),
            ("outside.txt", "outside"),
        ];
        for (name, text) in files {
            fs::write(folder.join(name), text).expect("a file");
        }
        Self(folder)
    }

    async fn serve(&self) -> TestServer {
        TestServer::with(|config| config.web = Some(self.0.join("web"))).await
    }
}

impl Drop for WebFolder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn files_have_their_types() {
    let folder = WebFolder::new();
    let server = folder.serve().await;
    let wasm = format!("/{HASHED}.wasm");
    for (path, mime, body) in [
        ("/", "text/html; charset=utf-8", "<p>app</p>"),
        ("/index.html", "text/html; charset=utf-8", "<p>app</p>"),
        (&wasm, "application/wasm", "wasm"),
        ("/assets/main.css", "text/css; charset=utf-8", "p{}"),
        (
            "/assets/en.ftl",
            "text/plain; charset=utf-8",
            "hello = Hello",
        ),
        ("/manifest.webmanifest", "application/manifest+json", "{}"),
        ("/icon.png", "image/png", "png"),
        ("/alone.gz", "application/octet-stream", "an archive"),
        ("/?room=x", "text/html; charset=utf-8", "<p>app</p>"),
    ] {
        let reply = get(&server, path).await;
        assert_eq!(reply.status, 200, "{path}");
        assert_eq!(reply.header("content-type"), Some(mime), "{path}");
        assert_eq!(reply.body, body, "{path}");
    }
}

#[tokio::test]
async fn packed_forms_are_chosen_by_what_the_client_takes() {
    let folder = WebFolder::new();
    let server = folder.serve().await;
    for (accepted, encoding, body) in [
        ("gzip, deflate, br", Some("br"), "brotli app"),
        ("gzip", Some("gzip"), "gzip app"),
        ("gzip, br;q=0", Some("gzip"), "gzip app"),
        ("br;q=0.5", Some("br"), "brotli app"),
        ("*", Some("br"), "brotli app"),
        ("*, br;q=0.0", Some("gzip"), "gzip app"),
        ("BR", Some("br"), "brotli app"),
        ("gzip, br;Q=0", Some("gzip"), "gzip app"),
        ("gzip;Q=0.0, br; Q=0", None, "<p>app</p>"),
        ("identity", None, "<p>app</p>"),
        ("broken;q=x, zstd", None, "<p>app</p>"),
    ] {
        let header = format!("Accept-Encoding: {accepted}\r\n");
        let reply = request(&server, "GET /", &header).await;
        assert_eq!(reply.header("content-encoding"), encoding, "{accepted}");
        assert_eq!(reply.body, body, "{accepted}");
        assert_eq!(reply.header("vary"), Some("accept-encoding"));
        let mime = reply.header("content-type");
        assert_eq!(mime, Some("text/html; charset=utf-8"));
    }
}

#[tokio::test]
async fn hashed_names_are_kept_and_others_asked_for() {
    let folder = WebFolder::new();
    let server = folder.serve().await;
    let hashed = get(&server, &format!("/{HASHED}.wasm")).await;
    let caching = hashed.header("cache-control");
    assert_eq!(caching, Some("public, max-age=31536000, immutable"));
    let page = get(&server, "/").await;
    assert_eq!(page.header("cache-control"), Some("no-cache"));
    let etag = page.header("etag").expect("an etag").to_owned();
    for known in [etag.clone(), format!("\"other\", W/{etag}"), "*".into()] {
        let header = format!("If-None-Match: {known}\r\n");
        let again = request(&server, "GET /", &header).await;
        assert_eq!(again.status, 304);
        assert_eq!(again.body, "");
        assert_eq!(again.header("etag"), Some(&*etag));
        assert!(again.header("content-security-policy").is_some());
    }
    // The packed form is another representation, with another tag.
    let header = format!("If-None-Match: {etag}\r\nAccept-Encoding: br\r\n");
    assert_eq!(request(&server, "GET /", &header).await.status, 200);
}

#[tokio::test]
async fn head_is_get_without_its_body() {
    let folder = WebFolder::new();
    let server = folder.serve().await;
    let reply = request(&server, "HEAD /", "").await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-length"), Some("10"));
    assert_eq!(reply.body, "");
}

#[tokio::test]
async fn nothing_outside_the_folder_is_served() {
    let folder = WebFolder::new();
    let server = folder.serve().await;
    for path in [
        "/../outside.txt",
        "/assets/../../outside.txt",
        "/%2e%2e/outside.txt",
        "/..%2foutside.txt",
        "//outside.txt",
        "/.secret",
        "/index.html.br",
        "/assets",
        "/assets/",
        "/nothing",
    ] {
        let reply = get(&server, path).await;
        assert_eq!(reply.status, 404, "{path}");
        assert_eq!(reply.body, "not found\n");
    }
}

#[tokio::test]
async fn every_answer_has_the_security_headers() {
    let folder = WebFolder::new();
    let server = folder.serve().await;
    for (line, status) in [
        ("GET /", 200),
        ("GET /health", 200),
        ("GET /nothing", 404),
        ("POST /", 405),
        ("GET /ws", 426),
    ] {
        let reply = request(&server, line, "").await;
        assert_eq!(reply.status, status, "{line}");
        let policy = reply.header("content-security-policy").expect("a policy");
        for part in [
            "default-src 'self'",
            "script-src 'self' 'wasm-unsafe-eval';",
            "frame-ancestors 'none'",
            "object-src 'none'",
        ] {
            assert!(policy.contains(part), "{line}: {policy}");
        }
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            (
                "permissions-policy",
                "camera=(self), microphone=(self), display-capture=(self)",
            ),
        ] {
            assert_eq!(reply.header(name), Some(value), "{line}");
        }
    }
}

#[tokio::test]
async fn server_without_the_app_says_so_and_is_healthy() {
    let server = TestServer::start().await;
    assert!(get(&server, "/").await.body.contains("without the web app"));
    assert_eq!(get(&server, "/index.html").await.status, 404);
    let health = get(&server, "/health").await;
    assert_eq!((health.status, &*health.body), (200, "ok"));
    let posted = request(&server, "POST /health", "Content-Length: 0\r\n").await;
    assert_eq!(posted.status, 405);
    assert_eq!(posted.header("allow"), Some("GET, HEAD"));
}

#[tokio::test]
async fn folder_without_an_index_is_refused() {
    let mut config = Config::new(([127, 0, 0, 1], 0).into());
    let folder = WebFolder::new();
    config.web = Some(folder.0.join("web/assets"));
    let error = Server::bind(config).await;
    assert!(
        error
            .expect_err("no index")
            .to_string()
            .contains("index.html")
    );
}

/// The status of an attempt to open the web socket as a page would.
async fn open_socket(server: &TestServer, host: &str, origin: Option<&str>) -> u16 {
    let mut stream = TcpStream::connect(server.addr).await.expect("a connection");
    let origin_line = origin.map_or_else(String::new, |o| format!("Origin: {o}\r\n"));
    let request = format!(
        "GET /ws HTTP/1.1\r\nHost: {host}\r\nConnection: keep-alive, Upgrade\r\n\
         Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{origin_line}\r\n"
    );
    stream.write_all(request.as_bytes()).await.expect("sending");
    let mut start = [0; 12];
    in_time("reply", stream.read_exact(&mut start))
        .await
        .expect("a reply");
    let start = String::from_utf8_lossy(&start);
    let status = start.strip_prefix("HTTP/1.1 ").expect("a status line");
    status.parse().expect("a status")
}

#[tokio::test]
async fn configuration_that_clients_could_not_use_is_refused() {
    async fn refused(change: impl FnOnce(&mut Config)) -> String {
        let mut config = Config::new(([127, 0, 0, 1], 0).into());
        change(&mut config);
        let error = Server::bind(config).await;
        error.expect_err("a wrong one").to_string()
    }
    let stun = |url: &str| IceServer {
        urls: vec![url.into()],
        ..IceServer::default()
    };
    let servers = vec![stun("stun:a"), stun("stun:a?transport=udp")];
    let error = refused(|config| config.ice_servers = servers).await;
    assert!(error.starts_with("ice_servers[1]: "), "{error}");
    let error = refused(|config| config.ice_servers = vec![stun("stun:a"); 33]).await;
    assert!(error.contains("more than 32"), "{error}");
    let origin = "wss://a".parse().expect("an origin");
    let error = refused(|config| config.public_url = Some(origin)).await;
    assert!(error.starts_with("public_url"), "{error}");
}

#[tokio::test]
async fn foreign_pages_may_not_open_the_socket() {
    let server = TestServer::with(|config| {
        let allowed = "https://app.example".parse().expect("an origin");
        config.allowed_origins = vec![allowed];
        config.public_url = Some("https://parlor.example".parse().expect("an origin"));
    })
    .await;
    let own = server.addr.to_string();
    let own_origin = format!("http://{own}");
    for (host, origin, status) in [
        (&*own, None, 101),
        (&own, Some(&*own_origin), 101),
        (&own, Some("https://app.example"), 101),
        (&own, Some("https://parlor.example"), 101),
        (&own, Some("https://evil.example"), 403),
        (&own, Some("http://app.example"), 403),
        (&own, Some("https://app.example.evil.example"), 403),
        (&own, Some("null"), 403),
        ("name:443", Some("https://name"), 101),
        ("name:80", Some("http://name"), 101),
        ("name", Some("https://name:443"), 101),
        ("name", Some("http://name:80"), 101),
        ("name:8443", Some("https://name"), 403),
    ] {
        let got = open_socket(&server, host, origin).await;
        assert_eq!(got, status, "{origin:?} at {host}");
    }
}

#[tokio::test]
async fn slow_request_is_cut_off() {
    let server = TestServer::with(|config| {
        config.limits.request_timeout = Duration::from_millis(50);
    })
    .await;
    for start in ["", "GET / HT"] {
        let mut stream = TcpStream::connect(server.addr).await.expect("a connection");
        stream.write_all(start.as_bytes()).await.expect("sending");
        let mut rest = Vec::new();
        // Hyper may say 408 or nothing; what counts is that it hangs up.
        let _ = in_time("end", stream.read_to_end(&mut rest)).await;
    }
}

/// Lets this much time pass, with requests that the server answers.
async fn pass(server: &TestServer, time: Duration) {
    let start = tokio::time::Instant::now();
    while start.elapsed() < time {
        assert_eq!(get(server, "/health").await.status, 200);
    }
}

/// Asks for the health over a connection that stays, and reads the whole answer.
async fn ask_again(stream: &mut TcpStream) -> std::io::Result<String> {
    stream
        .write_all(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        .await?;
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\nok") {
        if in_time("answer", stream.read_buf(&mut answer)).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

#[tokio::test]
async fn idle_connection_outlives_the_limit_for_a_first_request() {
    let request_timeout = Duration::from_millis(50);
    let server = TestServer::with(|config| {
        config.limits.request_timeout = request_timeout;
        config.limits.keep_alive_timeout = common::DEADLINE;
    })
    .await;
    let mut stream = TcpStream::connect(server.addr).await.expect("a connection");
    for _ in 0..3 {
        let answer = ask_again(&mut stream)
            .await
            .expect("the connection is open");
        assert!(!answer.contains("connection: close"), "{answer}");
        pass(&server, 3 * request_timeout).await;
    }
}

#[tokio::test]
async fn idle_connection_is_closed_after_its_own_limit() {
    let server = TestServer::with(|config| {
        config.limits.request_timeout = common::DEADLINE;
        config.limits.keep_alive_timeout = Duration::from_millis(50);
    })
    .await;
    let mut stream = TcpStream::connect(server.addr).await.expect("a connection");
    ask_again(&mut stream).await.expect("an answer");
    let mut rest = Vec::new();
    let end = in_time("end", stream.read_to_end(&mut rest)).await;
    assert_eq!(end.expect("a clean end"), 0);
}

#[tokio::test]
async fn old_connection_says_that_it_is_closed_so_that_no_request_is_lost() {
    let server = TestServer::with(|config| config.limits.http_timeout = Duration::ZERO).await;
    let mut stream = TcpStream::connect(server.addr).await.expect("a connection");
    let answer = ask_again(&mut stream).await.expect("an answer");
    assert!(answer.contains("connection: close"), "{answer}");
    let mut rest = Vec::new();
    let end = in_time("end", stream.read_to_end(&mut rest)).await;
    assert_eq!(end.expect("a clean end"), 0);
}

/// More than the system buffers for two sockets.
const LARGE: usize = 32 * 1024 * 1024;

/// The end of a large file.
const END: &[u8] = b"the end";

/// A server with a large file, and a client that asked for it and has not read the answer yet.
async fn slow_download(change: impl FnOnce(&mut Limits)) -> (TestServer, TcpStream) {
    let folder = WebFolder::new();
    let large = [&vec![b'x'; LARGE], END].concat();
    fs::write(folder.0.join("web/large.png"), large).expect("a file");
    let server = TestServer::with(|config| {
        config.web = Some(folder.0.join("web"));
        change(&mut config.limits);
    })
    .await;
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(8 * 1024).expect("a size");
    let mut stream = socket.connect(server.addr).await.expect("a connection");
    // Without `Connection: close`, so that the server is ready for another request afterwards.
    let request = format!("GET /large.png HTTP/1.1\r\nHost: {}\r\n\r\n", server.addr);
    stream.write_all(request.as_bytes()).await.expect("sending");
    (server, stream)
}

#[tokio::test]
async fn slow_download_is_not_taken_for_an_idle_connection() {
    let limit = Duration::from_millis(50);
    let (server, mut stream) = slow_download(|limits| {
        limits.request_timeout = limit;
        limits.keep_alive_timeout = limit;
    })
    .await;
    pass(&server, 5 * limit).await;
    let mut answer = Vec::new();
    let download = async {
        while !answer.ends_with(END) && stream.read_buf(&mut answer).await.is_ok_and(|n| n > 0) {}
    };
    in_time("download", download).await;
    assert!(answer.ends_with(END), "cut off after {}", answer.len());
}

/// Whether there is a place for a connection.
async fn takes_connections(server: &TestServer) -> bool {
    get(server, "/nothing").await.status == 404
}

#[tokio::test]
async fn download_that_is_never_read_is_cut_off() {
    let (server, mut stream) = slow_download(|limits| {
        limits.keep_alive_timeout = Duration::from_millis(50);
        limits.http_timeout = Duration::from_millis(50);
        limits.max_connections = 1;
    })
    .await;
    // The place of the one connection is free again before anything was read.
    let free = async { while !takes_connections(&server).await {} };
    in_time("free place", free).await;
    let mut read = Vec::new();
    let _ = in_time("end", stream.read_to_end(&mut read)).await;
    assert!(read.len() < LARGE, "cut off");
}
