//! Data channels that either side opens, with messages of every size and kind.

use parlor_engine::{ChannelEvent, ChannelOptions, ChannelState, MAX_MESSAGE, Message};

use crate::far::{in_time, meet};

#[tokio::test(flavor = "multi_thread")]
async fn what_the_engine_sends_comes_back_as_it_was() {
    meet(async |far| {
        let channel = far.echo().await;
        let text = |size| Message::Text("é".repeat(size / 2));
        let binary = |size| Message::Binary((0..size).map(|place| place as u8).collect());
        for size in [0, 2, 1_200, 64 * 1024, MAX_MESSAGE] {
            for message in [text(size), binary(size)] {
                channel.send(message.clone()).await.expect("it is sent");
                let back = in_time("an echo", channel.receive()).await;
                assert!(
                    back.expect("it comes back") == message,
                    "{size} bytes came back otherwise"
                );
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_comes_back_whole_and_in_order() {
    const MESSAGES: u32 = 2_000;
    meet(async |far| {
        let channel = far.echo().await;
        let send = async {
            for number in 0..MESSAGES {
                let mut message = number.to_be_bytes().to_vec();
                message.resize(4_000, 0);
                channel.send(message).await.expect("it is sent");
            }
        };
        let receive = async {
            for number in 0..MESSAGES {
                let message = channel.receive_binary().await.expect("it comes back");
                assert_eq!(message[..4], number.to_be_bytes(), "the order");
            }
        };
        in_time("a flood", async { tokio::join!(send, receive) }).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_of_the_pages_is_the_engines_with_all_its_options() {
    meet(async |far| {
        let make = r#"
            const options = { ordered: false, maxRetransmits: 3, protocol: "chess" };
            const channel = far.adopt(far.pc.createDataChannel("theirs", options));
            channel.onopen = () => channel.send("from the page");"#;
        let _: Option<bool> = far.page(make).await;
        let channel = in_time("a channel", far.connection.accept_channel(1 << 20)).await;
        let channel = channel.expect("it comes");
        assert_eq!(channel.label(), "theirs");
        let options = channel.options();
        assert_eq!(options.protocol, "chess");
        // `Capabilities::announced_reliability`: webrtc tells the label and the protocol alone.
        if far.engine.capabilities().announced_reliability {
            assert!(!options.ordered);
            assert_eq!(options.max_retransmits, Some(3));
        }
        let text = in_time("a message", channel.receive_text()).await;
        assert_eq!(text.expect("a text"), "from the page");
        channel.send("from the engine").await.expect("it is sent");
        far.becomes("interop.heard.theirs[0] === 'from the engine'")
            .await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_knows_how_the_engine_made_a_channel() {
    meet(async |far| {
        let options = ChannelOptions {
            ordered: false,
            max_retransmits: Some(7),
            protocol: "draughts".into(),
            ..ChannelOptions::default()
        };
        let channel = far
            .connection
            .create_channel("ours", &options)
            .expect("a channel");
        in_time("an open channel", channel.opened())
            .await
            .expect("it opens");
        far.becomes("interop.channels.ours?.readyState === 'open'")
            .await;
        let seen: (bool, u16, String, u16) = far
            .page(
                "const { ordered, maxRetransmits, protocol, id } = far.channels.ours;
                 return [ordered, maxRetransmits, protocol, id];",
            )
            .await;
        let id = channel.id().expect("an open channel has an id");
        assert_eq!(seen, (false, 7, "draughts".to_owned(), id));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn channels_that_both_agreed_on_need_no_word() {
    meet(async |far| {
        let options = ChannelOptions {
            negotiated: true,
            id: Some(500),
            ..ChannelOptions::default()
        };
        let channel = far
            .connection
            .create_channel("echo", &options)
            .expect("a channel");
        let _: Option<bool> = far
            .page("far.adopt(far.pc.createDataChannel('echo', { negotiated: true, id: 500 }));")
            .await;
        in_time("an open channel", channel.opened())
            .await
            .expect("it opens");
        far.echoes(&channel, "without an announcement").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn either_side_closes_a_channel_for_both() {
    meet(async |far| {
        let ours = far.echo().await;
        far.echoes(&ours, "before").await;
        ours.close();
        far.becomes("interop.channels.echo.readyState === 'closed'")
            .await;

        let _: Option<bool> = far
            .page("far.adopt(far.pc.createDataChannel('theirs'));")
            .await;
        let theirs = in_time("a channel", far.connection.accept_channel(1 << 20)).await;
        let theirs = theirs.expect("it comes");
        let mut events = theirs.events();
        let _: Option<bool> = far
            .page("far.channels.theirs.send('last'); far.channels.theirs.close();")
            .await;
        let closed = async { while events.next().await != Some(ChannelEvent::Closed) {} };
        in_time("a closed channel", closed).await;
        assert_eq!(theirs.state(), ChannelState::Closed);
        // What came before the end is there.
        assert_eq!(theirs.receive_text().await.expect("a message"), "last");
        assert!(
            theirs.receive().await.is_err(),
            "nothing comes after the end"
        );
    })
    .await;
}
