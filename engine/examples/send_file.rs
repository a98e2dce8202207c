//! Sends a file from one computer to another. No server: two lines are copied by hand.
//!
//! ```sh
//! cargo run -p parlor-engine --example send_file -- send picture.jpg   # prints line 1
//! cargo run -p parlor-engine --example send_file -- receive got.jpg    # takes line 1, prints line 2
//! ```
//!
//! Then the first one takes line 2.

use std::io::{BufRead as _, Write as _};
use std::time::Duration;

use parlor_engine::{
    ChannelOptions, Chunked, Config, Configuration, Engine, PeerConnection, SessionDescription,
};

/// A file larger than this is refused by who receives.
const LARGEST: usize = 1 << 30;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

#[tokio::main]
async fn main() -> Result<()> {
    let mut words = std::env::args().skip(1);
    let usage = "say `send FILE` or `receive FILE`";
    let (role, path) = (words.next().ok_or(usage)?, words.next().ok_or(usage)?);
    let engine = Engine::new(Config::alone())?;
    let connection = engine.connect(&Configuration::default())?;
    match role.as_str() {
        "send" => send(connection, &std::fs::read(path)?).await?,
        "receive" => std::fs::write(path, receive(connection).await?)?,
        _ => return Err(usage.into()),
    }
    engine.shut_down().await;
    Ok(())
}

async fn send(connection: PeerConnection, file: &[u8]) -> Result<()> {
    let channel = connection.create_channel("file", &ChannelOptions::default())?;
    say(&described(&connection).await?)?;
    connection.set_remote_description(&hear()?).await?;
    channel.opened().await?;
    Chunked::new(channel.clone(), 0)?.send(file).await?;
    // The other side says when it has all of it.
    channel.receive_text().await?;
    Ok(())
}

async fn receive(connection: PeerConnection) -> Result<Vec<u8>> {
    connection.set_remote_description(&hear()?).await?;
    say(&described(&connection).await?)?;
    let channel = connection.accept_channel(1 << 24).await?;
    let file = Chunked::new(channel.clone(), LARGEST)?.receive().await?;
    channel.send("got it").await?;
    // Until the other side hangs up: what was sent last has to go out.
    let _ = channel.receive().await;
    Ok(file)
}

/// An own description with all candidates in it.
async fn described(connection: &PeerConnection) -> Result<SessionDescription> {
    let description = connection.describe().await?;
    // What was found until then is enough to try with.
    let _ = connection.gathered(Duration::from_secs(5)).await;
    Ok(connection.local_description().await.unwrap_or(description))
}

fn say(description: &SessionDescription) -> Result<()> {
    writeln!(std::io::stdout(), "{}", description.to_json())?;
    Ok(())
}

fn hear() -> Result<SessionDescription> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(SessionDescription::from_json(line.trim())?)
}
