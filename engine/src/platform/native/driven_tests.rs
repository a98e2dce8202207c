use std::future::poll_fn;
use std::io::IoSliceMut;
use std::net::{Ipv4Addr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::task::Poll;
use std::time::Duration;

use webrtc::runtime::{AsyncUdpSocket, RecvMeta, Runtime as _};

use super::{Driven, one};
use crate::platform::native::nonces::tests as nonces;

/// A socket to receive from, and one that sends to it.
fn pair(is_relayed: bool) -> (Arc<dyn AsyncUdpSocket>, UdpSocket) {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    socket.set_nonblocking(true).unwrap();
    let sender = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    sender.connect(socket.local_addr().unwrap()).unwrap();
    let runtime = Driven {
        is_relayed: Arc::new(AtomicBool::new(is_relayed)),
        credentials: nonces::credentials(&[nonces::PASSWORD]),
    };
    (runtime.wrap_udp_socket(socket).unwrap(), sender)
}

/// What comes next, as webrtc asks for it: its length, and how far segments are apart.
async fn received(socket: &dyn AsyncUdpSocket) -> (usize, usize) {
    let mut buffer = [0; 64];
    let mut meta = [RecvMeta::default()];
    let receiving = poll_fn(|cx| {
        let mut bufs = [IoSliceMut::new(&mut buffer)];
        socket.poll_recv(cx, &mut bufs, &mut meta)
    });
    let received = tokio::time::timeout(Duration::from_secs(20), receiving).await;
    assert_eq!(received.expect("woken").unwrap(), 1);
    (meta[0].len, meta[0].stride)
}

/// Asks once, and does not wait.
async fn is_pending(socket: &dyn AsyncUdpSocket) -> bool {
    let mut buffer = [0; 64];
    let mut meta = [RecvMeta::default()];
    poll_fn(|cx| {
        let mut bufs = [IoSliceMut::new(&mut buffer)];
        Poll::Ready(socket.poll_recv(cx, &mut bufs, &mut meta).is_pending())
    })
    .await
}

#[tokio::test]
async fn with_a_relay_a_socket_wakes_once_more_than_it_receives() {
    let (socket, sender) = pair(true);
    assert!(is_pending(&*socket).await);
    for _ in 0..3 {
        sender.send(b"data").unwrap();
        assert_eq!(received(&*socket).await.0, 4);
        // The driver looks for more, does its round, and waits.
        assert!(is_pending(&*socket).await);
        assert_eq!(received(&*socket).await, (0, 1));
        assert!(is_pending(&*socket).await);
        assert!(is_pending(&*socket).await);
    }
    // Also when it waits at once.
    sender.send(b"data").unwrap();
    assert_eq!(received(&*socket).await.0, 4);
    assert_eq!(received(&*socket).await, (0, 1));
}

#[tokio::test]
async fn without_one_it_is_as_it_was() {
    let (socket, sender) = pair(false);
    sender.send(b"data").unwrap();
    assert_eq!(received(&*socket).await.0, 4);
    assert!(is_pending(&*socket).await);
    assert!(is_pending(&*socket).await);
    sender.send(b"more!").unwrap();
    assert_eq!(received(&*socket).await.0, 5);
}

#[tokio::test]
async fn a_socket_repeats_a_request_that_was_refused_for_its_nonce() {
    let (socket, server) = pair(false);
    let address = server.local_addr().unwrap();
    server
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    let hears = || {
        let mut buffer = [0; 1024];
        let length = server.recv(&mut buffer).expect("something is sent");
        buffer[..length].to_vec()
    };
    let send = async |request: &[u8]| {
        let sent = poll_fn(|cx| socket.poll_send(cx, &one(request, address))).await;
        assert_eq!(sent.unwrap(), request.len());
    };
    let first = nonces::request(1, "old", nonces::PASSWORD);
    send(&first).await;
    assert_eq!(hears(), first);
    let refusal = nonces::refusal(1, 438, "new");
    server.send(&refusal).unwrap();
    let mut buffer = [0; 1024];
    let mut meta = [RecvMeta::default()];
    let receiving = poll_fn(|cx| {
        let mut bufs = [IoSliceMut::new(&mut buffer)];
        socket.poll_recv(cx, &mut bufs, &mut meta)
    });
    let received = tokio::time::timeout(Duration::from_secs(20), receiving).await;
    assert_eq!(received.expect("woken").unwrap(), 1);
    assert_eq!(hears(), nonces::request(1, "new", nonces::PASSWORD));
    // webrtc is shown something that means nothing to it.
    assert_eq!(meta[0].len, refusal.len());
    assert_eq!(buffer[..2], [0x00, 0x11]);
    send(&nonces::request(2, "old", nonces::PASSWORD)).await;
    assert_eq!(hears(), nonces::request(2, "new", nonces::PASSWORD));
}
