//! Echo over a data channel, with signaling of your own.
//!
//! Both sides are in this one program; between two programs, `carry` is where your own transport
//! goes: a WebSocket, a file, a phone call.
//!
//! ```sh
//! cargo run -p parlor-engine --example echo
//! ```

use parlor_engine::{ChannelOptions, Config, Configuration, Engine, Negotiator, Result, Signal};

#[tokio::main]
async fn main() -> Result<()> {
    let engine = Engine::new(Config::alone())?;
    let (caller, callee) = (
        engine.connect(&Configuration::default())?,
        engine.connect(&Configuration::default())?,
    );
    let (one, other) = (
        Negotiator::new(caller.clone(), false),
        Negotiator::new(callee.clone(), true),
    );
    tokio::spawn(carry(one.clone(), other.clone()));
    tokio::spawn(carry(other, one));

    tokio::spawn(async move {
        let channel = callee.accept_channel(1 << 20).await?;
        while let Ok(message) = channel.receive().await {
            channel.send(message).await?;
        }
        Ok::<_, parlor_engine::Error>(())
    });

    let channel = caller.create_channel("echo", &ChannelOptions::default())?;
    channel.opened().await?;
    for text in ["hello", "こんにちは"] {
        channel.send(text).await?;
        show(&channel.receive_text().await?);
    }
    engine.shut_down().await;
    Ok(())
}

/// Takes what one side has to tell to the other, as JSON.
async fn carry(from: Negotiator, to: Negotiator) -> Result<()> {
    while let Some(signal) = from.next().await {
        let on_the_wire = signal?.to_json();
        to.take(Signal::from_json(&on_the_wire)?).await?;
    }
    Ok(())
}

#[allow(clippy::disallowed_macros, reason = "an example talks to the terminal")]
fn show(text: &str) {
    println!("{text}");
}
