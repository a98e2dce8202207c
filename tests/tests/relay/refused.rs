//! What does not connect, and what is said about it.

use std::net::{Ipv4Addr, UdpSocket};

use parlor_engine::{
    CandidateError, CandidateEvent, ConnectionState, ErrorKind, IceServer, PeerConnection,
};
use parlor_tests::Turn;

use crate::call::{Call, configuration, soon};

/// What is told of the search for ways: never that one was found.
async fn errors(connection: &PeerConnection) -> Vec<CandidateError> {
    let mut candidates = connection.candidates();
    let mut errors = Vec::new();
    loop {
        match soon("the end of candidates", candidates.next()).await {
            Some(CandidateEvent::Error(error)) => errors.push(error),
            Some(CandidateEvent::Complete) => return errors,
            other => panic!("instead of an error: {other:?}"),
        }
    }
}

fn with_wrong_password(mut server: IceServer) -> IceServer {
    server.credential = Some("not the password".to_owned());
    server
}

/// The only error of a server that gives nothing, and the call that waits in vain for it.
async fn refused(server: IceServer) -> (CandidateError, Call) {
    let configuration = configuration(server.clone());
    let call = Call::begin(&configuration, &configuration);
    let mut errors = errors(&call.left).await;
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert_eq!(errors[0].url, server.urls[0]);
    let state = call.left.connection_state().get();
    assert_ne!(state, ConnectionState::Connected);
    (errors.remove(0), call)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_told_over_udp() {
    let turn = Turn::start().await;
    let (error, _call) = refused(with_wrong_password(turn.over_udp())).await;
    // webrtc keeps the server's reason to itself.
    assert_eq!(error.code, 701);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_told_over_tcp() {
    let turn = Turn::start().await;
    let (error, call) = refused(with_wrong_password(turn.over_tcp())).await;
    assert_eq!(error.code, 401, "{}", error.text);
    let mut state = call.left.connection_state();
    let has_ended = |state| matches!(state, ConnectionState::Connected | ConnectionState::Failed);
    let state = soon("the end of trying", state.wait_for(has_ended)).await;
    assert_eq!(state, Some(ConnectionState::Failed));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_nobody_trusts_never_connects() {
    let turn = Turn::start().await;
    let (error, _call) = refused(turn.over_tls()).await;
    assert_eq!(error.code, 701);
    assert_eq!(error.text, "the server's certificate is not trusted");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_not_there_is_told() {
    let mut turn = Turn::start().await;
    turn.kill();
    let (error, _call) = refused(turn.over_tcp()).await;
    assert_eq!(error.code, 701);
    assert_eq!(error.text, "the server was not reached");
}

/// webrtc itself would wait for it without an end.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_never_answers_is_told_over_udp() {
    let silent = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let address = silent.local_addr().expect("an address");
    let server = IceServer {
        urls: vec![format!("turn:{address}?transport=udp")],
        username: Some("parlor".to_owned()),
        credential: Some("parlor".to_owned()),
    };
    let (error, _call) = refused(server).await;
    assert_eq!(error.code, 701);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_url_is_refused_when_it_is_set() {
    let turn = Turn::start().await;
    let call = Call::connected(&configuration(turn.over_tcp())).await;
    let mut wrong = configuration(turn.over_tcp());
    wrong.ice_servers[0]
        .urls
        .push("turns:localhost:0".to_owned());
    let error = call.left.set_configuration(&wrong).await;
    assert_eq!(error.expect_err("refused").kind(), ErrorKind::Invalid);
    let mut wrong = configuration(turn.over_tls());
    wrong.extra_roots = vec![b"no certificate".to_vec()];
    let error = call.left.set_configuration(&wrong).await;
    assert_eq!(error.expect_err("refused").kind(), ErrorKind::Invalid);
    // And nothing has changed.
    call.echoes().await;
}
