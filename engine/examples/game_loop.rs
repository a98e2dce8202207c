//! A game's loop over a channel that loses rather than waits: each side says where it is many times
//! a second, and only the newest word counts.
//!
//! ```sh
//! cargo run -p parlor-engine --example game_loop
//! ```

use std::time::Duration;

use parlor_engine::{
    ChannelOptions, Config, Configuration, DataChannel, Engine, Negotiator, Result,
};

const TICK: Duration = Duration::from_millis(16);
const TICKS: u32 = 60;

#[tokio::main]
async fn main() -> Result<()> {
    let engine = Engine::new(Config::alone())?;
    let (left, right) = (
        engine.connect(&Configuration::default())?,
        engine.connect(&Configuration::default())?,
    );
    // Both sides make the channel, so neither has to wait for the other to announce it.
    let options = ChannelOptions {
        ordered: false,
        max_retransmits: Some(0),
        negotiated: true,
        id: Some(1),
        ..ChannelOptions::default()
    };
    let channels = (
        left.create_channel("game", &options)?,
        right.create_channel("game", &options)?,
    );
    let (one, other) = (Negotiator::new(left, false), Negotiator::new(right, true));
    tokio::spawn(carry(one.clone(), other.clone()));
    tokio::spawn(carry(other, one));

    let (seen, theirs) = tokio::try_join!(play(channels.0), play(channels.1))?;
    show(&format!(
        "each side saw the other move: {seen} and {theirs} of {TICKS} times"
    ));
    engine.shut_down().await;
    Ok(())
}

/// Moves for a while; gives how often the other side's newer position came.
async fn play(channel: DataChannel) -> Result<u32> {
    channel.opened().await?;
    let (mut seen, mut newest) = (0, 0);
    let mut clock = tokio::time::interval(TICK);
    for tick in 1..=TICKS {
        clock.tick().await;
        // A position that finds no room is not worth keeping: the next one is newer.
        let _ = channel.try_send(tick.to_be_bytes().to_vec());
        while let Some(bytes) = channel.try_receive_binary() {
            let position = bytes.try_into().map_or(0, u32::from_be_bytes);
            if position > newest {
                (newest, seen) = (position, seen + 1);
            }
        }
    }
    Ok(seen)
}

async fn carry(from: Negotiator, to: Negotiator) -> Result<()> {
    while let Some(signal) = from.next().await {
        to.take(signal?).await?;
    }
    Ok(())
}

#[allow(clippy::disallowed_macros, reason = "an example talks to the terminal")]
fn show(text: &str) {
    println!("{text}");
}
