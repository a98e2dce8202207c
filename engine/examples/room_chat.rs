//! Chats in a room from the command line, with people at any Parlor app.
//!
//! ```sh
//! cargo run -p parlor-engine --example room_chat -- ws://localhost:8460/ws KEY Alice
//! ```
//!
//! `KEY` is what stands behind the `#` of an invitation link, up to the next `/`.

use std::io::Write as _;

use parlor_engine::{Config, Engine, Profile, RoomKey};
use tokio::io::{AsyncBufReadExt as _, BufReader};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [server, key, name] = &words[..] else {
        return Err("say the server's address, the room's key and your name".into());
    };
    let engine = Engine::new(Config::new(server))?;
    let key: RoomKey = key.parse()?;
    let (mut room, _notices) = engine.enter(&key, Profile { name: name.clone() })?;
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    let mut shown = 0;
    loop {
        tokio::select! {
            line = lines.next_line() => match line? {
                Some(line) if line.trim().is_empty() => {}
                Some(line) => room.post(&line)?,
                None => break,
            },
            is_here = room.changed() => if !is_here { break },
        }
        let messages = room.state().messages.clone();
        for message in messages.iter().skip(shown) {
            writeln!(std::io::stdout(), "{}: {}", message.name, message.text)?;
        }
        shown = messages.len();
    }
    room.leave();
    engine.shut_down().await;
    Ok(())
}
