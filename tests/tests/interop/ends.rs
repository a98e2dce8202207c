//! Hanging up: the other side notices at once.

use std::time::Duration;

use parlor_engine::ConnectionState;
use tokio::time::timeout;

use crate::far::{in_time, meet};

/// Far less than the half minute after which a connection that went silent is given up.
const AT_ONCE: Duration = Duration::from_secs(4);

#[tokio::test(flavor = "multi_thread")]
async fn the_engine_notices_a_page_that_hangs_up() {
    meet(async |far| {
        let channel = far.echo().await;
        far.echoes(&channel, "before").await;
        let mut state = far.connection.connection_state();
        let _: Option<bool> = far.page("far.pc.close();").await;
        let heard = timeout(AT_ONCE, channel.receive()).await;
        assert!(heard.expect("at once").is_err(), "the channel ended");
        // The connection is one that went silent, as the specification has it.
        let silent = state.wait_for(|state| state != ConnectionState::Connected);
        let silent = in_time("the end of the connection", silent).await;
        assert!(silent.is_some(), "it is told");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_notices_an_engine_that_hangs_up() {
    meet(async |far| {
        let channel = far.echo().await;
        far.echoes(&channel, "before").await;
        far.connection.close();
        let is_closed = "interop.channels.echo.readyState === 'closed'";
        far.browser
            .wait_until("a closed channel", is_closed, AT_ONCE)
            .await;
    })
    .await;
}
