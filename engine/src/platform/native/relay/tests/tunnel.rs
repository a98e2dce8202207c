use std::future::Future;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use parlor_signaling_protocol::{IceScheme, IceTransport, IceUrl};
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer, ServerName};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

use super::super::stream::{NOT_REACHED, Server};
use super::super::tunnel::{Fault, Tunnel};
use super::{channel_data, refusal, stun};
use crate::platform::native::tls;

const DEADLINE: Duration = Duration::from_secs(20);
/// Between two looks at something that has no event.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    match timeout(DEADLINE, future).await {
        Ok(value) => value,
        Err(_) => panic!("waited in vain for {what}"),
    }
}

async fn listener() -> TcpListener {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap()
}

fn server(listener: &TcpListener, transport: IceTransport) -> Server {
    Server {
        url: IceUrl {
            scheme: IceScheme::Turn,
            host: "127.0.0.1".into(),
            port: listener.local_addr().unwrap().port(),
            transport,
        },
        tls: None,
        local_addresses: Vec::new(),
    }
}

fn over_tls(listener: &TcpListener, roots: &[Vec<u8>], name: &str) -> Server {
    let name = ServerName::try_from(name.to_owned()).unwrap();
    Server {
        tls: Some((tls::trusting(roots).unwrap(), name)),
        ..server(listener, IceTransport::Tls)
    }
}

/// A TURN client as webrtc is one: a socket that talks to the tunnel.
struct Client(UdpSocket);

impl Client {
    async fn of(tunnel: &Tunnel) -> Self {
        Self::at(Ipv4Addr::LOCALHOST.into(), tunnel).await
    }

    async fn at(address: IpAddr, tunnel: &Tunnel) -> Self {
        let socket = UdpSocket::bind((address, 0)).await.unwrap();
        socket.connect(tunnel.address()).await.unwrap();
        Self(socket)
    }

    async fn say(&self, datagram: &[u8]) {
        self.0.send(datagram).await.unwrap();
    }

    async fn hears(&self) -> Vec<u8> {
        let mut buffer = [0; 2048];
        let length = soon("an answer", self.0.recv(&mut buffer)).await.unwrap();
        buffer[..length].to_vec()
    }

    /// Says something again, as TURN clients do, until the server has a stream.
    async fn knock(&self, listener: &TcpListener) -> TcpStream {
        let datagram = stun(0x0003, &[]);
        let knocking = async {
            loop {
                self.say(&datagram).await;
                if let Ok(accepted) = timeout(LOOK_AGAIN * 5, listener.accept()).await {
                    return accepted.unwrap().0;
                }
            }
        };
        soon("a stream", knocking).await
    }
}

async fn fault(tunnel: &Tunnel) -> Fault {
    let told = async {
        loop {
            if let Some(fault) = tunnel.word.get() {
                return fault;
            }
            sleep(LOOK_AGAIN).await;
        }
    };
    soon("a fault", told).await
}

async fn ends(stream: &mut TcpStream) {
    let mut rest = Vec::new();
    // A reset is an end too.
    let _ = soon("the stream's end", stream.read_to_end(&mut rest)).await;
}

#[tokio::test]
async fn messages_pass_both_ways_and_are_padded_on_the_stream_alone() {
    let listener = listener().await;
    let tunnel = Tunnel::open(server(&listener, IceTransport::Tcp)).unwrap();
    let client = Client::of(&tunnel).await;
    let data = channel_data(0x4000, b"12345");
    client.say(&data).await;
    let (mut stream, _) = soon("a stream", listener.accept()).await.unwrap();
    let mut bytes = [0; 12];
    soon("bytes", stream.read_exact(&mut bytes)).await.unwrap();
    assert_eq!(bytes[..9], data);
    // What is no message is left out.
    client.say(b"nonsense").await;
    let request = stun(0x0003, &[3; 4]);
    client.say(&request).await;
    let mut bytes = [0; 24];
    soon("bytes", stream.read_exact(&mut bytes)).await.unwrap();
    assert_eq!(bytes[..], request);

    let mut answer = channel_data(0x4000, b"abcdef");
    answer.extend([0; 2]);
    answer.extend(stun(0x0103, &[]));
    let (one, other) = answer.split_at(7);
    stream.write_all(one).await.unwrap();
    stream.write_all(other).await.unwrap();
    assert_eq!(client.hears().await, channel_data(0x4000, b"abcdef"));
    assert_eq!(client.hears().await, stun(0x0103, &[]));
}

#[tokio::test]
async fn each_client_has_a_stream_of_its_own() {
    let listener = listener().await;
    let tunnel = Tunnel::open(server(&listener, IceTransport::Tcp)).unwrap();
    let (one, other) = (Client::of(&tunnel).await, Client::of(&tunnel).await);
    let mut first = one.knock(&listener).await;
    let mut second = other.knock(&listener).await;
    first
        .write_all(&channel_data(0x4000, b"for1"))
        .await
        .unwrap();
    second
        .write_all(&channel_data(0x4000, b"for2"))
        .await
        .unwrap();
    assert_eq!(one.hears().await, channel_data(0x4000, b"for1"));
    assert_eq!(other.hears().await, channel_data(0x4000, b"for2"));
}

#[tokio::test]
async fn only_the_addresses_that_may_be_used_are() {
    let listener = listener().await;
    let allowed: IpAddr = Ipv4Addr::new(127, 0, 0, 2).into();
    let tunnel = Tunnel::open(Server {
        local_addresses: vec![allowed],
        ..server(&listener, IceTransport::Tcp)
    })
    .unwrap();
    let stranger = Client::of(&tunnel).await;
    stranger.say(&stun(0x0003, &[])).await;
    let client = Client::at(allowed, &tunnel).await;
    client.say(&stun(0x0003, &[])).await;
    let (_stream, from) = soon("a stream", listener.accept()).await.unwrap();
    assert_eq!(from.ip(), allowed);
}

#[tokio::test]
async fn a_stream_that_the_server_ends_is_made_anew() {
    let listener = listener().await;
    let tunnel = Tunnel::open(server(&listener, IceTransport::Tcp)).unwrap();
    let client = Client::of(&tunnel).await;
    drop(client.knock(&listener).await);
    let mut stream = client.knock(&listener).await;
    stream.write_all(&stun(0x0103, &[])).await.unwrap();
    assert_eq!(client.hears().await, stun(0x0103, &[]));
}

#[tokio::test]
async fn garbage_ends_the_stream_and_nothing_else() {
    let listener = listener().await;
    let tunnel = Tunnel::open(server(&listener, IceTransport::Tcp)).unwrap();
    let client = Client::of(&tunnel).await;
    let mut stream = client.knock(&listener).await;
    stream
        .write_all(b"\x15\x03\x01\x00\x02\x02\x46")
        .await
        .unwrap();
    ends(&mut stream).await;
    let mut stream = client.knock(&listener).await;
    stream.write_all(&stun(0x0103, &[])).await.unwrap();
    assert_eq!(client.hears().await, stun(0x0103, &[]));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_of_and_tried_again() {
    let gone = listener().await;
    let address = gone.local_addr().unwrap();
    let tunnel = Tunnel::open(server(&gone, IceTransport::Tcp)).unwrap();
    drop(gone);
    let client = Client::of(&tunnel).await;
    client.say(&stun(0x0003, &[])).await;
    let (code, text) = fault(&tunnel).await;
    assert_eq!((code, &*text), (NOT_REACHED, "the server was not reached"));
    let listener = TcpListener::bind(address).await.unwrap();
    client.knock(&listener).await;
}

#[tokio::test]
async fn what_the_server_says_of_an_allocation_is_known() {
    let listener = listener().await;
    let tunnel = Tunnel::open(server(&listener, IceTransport::Tcp)).unwrap();
    let client = Client::of(&tunnel).await;
    let mut stream = client.knock(&listener).await;
    let refused = refusal(486, "Allocation Quota Reached");
    stream.write_all(&refused).await.unwrap();
    assert_eq!(client.hears().await, refused);
    assert_eq!(
        tunnel.word.get(),
        Some((486, "Allocation Quota Reached".to_owned()))
    );
    stream.write_all(&stun(0x0103, &[])).await.unwrap();
    client.hears().await;
    assert_eq!(tunnel.word.get(), None);
}

#[tokio::test]
async fn a_server_that_never_answers_the_handshake_is_given_up() {
    let listener = listener().await;
    let tunnel = Tunnel::open(over_tls(&listener, &[], "127.0.0.1")).unwrap();
    let client = Client::of(&tunnel).await;
    let mut stream = client.knock(&listener).await;
    let (code, text) = fault(&tunnel).await;
    assert_eq!(code, NOT_REACHED);
    assert_eq!(text, "the server was not reached in time");
    ends(&mut stream).await;
}

#[tokio::test]
async fn dropping_a_tunnel_ends_its_streams_and_frees_its_port() {
    let listener = listener().await;
    let tunnel = Tunnel::open(server(&listener, IceTransport::Tcp)).unwrap();
    let client = Client::of(&tunnel).await;
    let mut stream = client.knock(&listener).await;
    let address = tunnel.address();
    drop(tunnel);
    ends(&mut stream).await;
    let freed = async {
        while UdpSocket::bind(address).await.is_err() {
            sleep(LOOK_AGAIN).await;
        }
    };
    soon("the port", freed).await;
}

/// A certificate for this name, and what takes connections with it.
fn certified(name: &str) -> (Vec<u8>, TlsAcceptor) {
    let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    let certificate = made.cert.der().to_vec();
    let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(certificate.clone())], key.into())
        .unwrap();
    (certificate, TlsAcceptor::from(Arc::new(config)))
}

#[tokio::test]
async fn a_certificate_of_a_root_that_is_trusted_is_taken() {
    let listener = listener().await;
    let (root, acceptor) = certified("localhost");
    let tunnel = Tunnel::open(over_tls(&listener, &[root], "localhost")).unwrap();
    let client = Client::of(&tunnel).await;
    let request = stun(0x0003, &[]);
    client.say(&request).await;
    let (stream, _) = soon("a stream", listener.accept()).await.unwrap();
    let mut stream = soon("TLS", acceptor.accept(stream)).await.unwrap();
    let mut bytes = [0; 20];
    soon("bytes", stream.read_exact(&mut bytes)).await.unwrap();
    assert_eq!(bytes[..], request);
    stream.write_all(&stun(0x0103, &[])).await.unwrap();
    stream.flush().await.unwrap();
    assert_eq!(client.hears().await, stun(0x0103, &[]));
}

#[tokio::test]
async fn a_certificate_of_nobody_or_of_another_name_is_not() {
    let listener = listener().await;
    let (root, acceptor) = certified("localhost");
    let unknown = over_tls(&listener, &[], "localhost");
    let misnamed = over_tls(&listener, &[root], "turn.example");
    for server in [unknown, misnamed] {
        let tunnel = Tunnel::open(server).unwrap();
        let client = Client::of(&tunnel).await;
        client.say(&stun(0x0003, &[])).await;
        let (stream, _) = soon("a stream", listener.accept()).await.unwrap();
        let accepted = soon("the end of TLS", acceptor.accept(stream)).await;
        // TLS 1.3 lets the server think for a moment that all is well.
        if let Ok(mut stream) = accepted {
            let mut bytes = Vec::new();
            let read = soon("the stream's end", stream.read_to_end(&mut bytes)).await;
            assert!(read.is_err() && bytes.is_empty(), "{bytes:x?} came through");
        }
        let (code, text) = fault(&tunnel).await;
        assert_eq!(code, NOT_REACHED);
        assert_eq!(text, "the server's certificate is not trusted");
    }
}
