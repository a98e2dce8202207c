//! What media arrives, by the browser's own count.

use std::time::Duration;

use serde::Deserialize;
use tokio::time::{Instant, sleep};

use crate::person::Person;
use crate::probe;

/// What came over one connection so far.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Stream {
    /// Which of the page's connections.
    pub connection: usize,
    /// Pictures decoded.
    pub frames: u64,
    /// Their width in pixels.
    pub width: u32,
    /// Their height in pixels.
    pub height: u32,
    /// Loudness summed up: it grows only while there is sound.
    pub energy: f64,
    /// Bytes of media.
    pub bytes: u64,
}

/// What a tile of somebody else shows.
#[derive(Clone, Debug, Deserialize)]
pub struct Picture {
    /// Whose it is.
    pub name: String,
    /// Whether it says that they are not heard.
    pub muted: bool,
    /// `on` or `off`.
    pub camera: String,
    /// How it says the connection is.
    pub link: String,
    /// The picture's width in pixels, 0 for none.
    pub width: u32,
    /// Its height.
    pub height: u32,
    /// Pictures shown.
    pub frames: u64,
}

/// So many pictures more are a picture that moves.
const MOVES: u64 = 8;
/// A beep of the made-up microphone adds more than this; silence adds nothing.
const HEARD: f64 = 1e-6;

impl Person {
    /// What arrives on each connection that is up.
    pub async fn receiving(&self) -> Result<Vec<Stream>, String> {
        self.look_async(probe::RECEIVING).await
    }

    /// What the tiles show.
    pub async fn pictures(&self) -> Result<Vec<Picture>, String> {
        self.look(probe::PICTURES).await
    }

    /// Waits until a moving picture of each of these people is shown and decoded, from as many
    /// connections.
    pub async fn sees(&self, people: &[&Self], within: Duration) {
        let names: Vec<&str> = people.iter().map(|person| person.name()).collect();
        let before = self.receiving().await.unwrap_or_default();
        let shown = self.pictures().await.unwrap_or_default();
        let what = format!("moving pictures of {names:?}");
        self.eventually(&what, within, async || {
            let (now, tiles) = (self.receiving().await?, self.pictures().await?);
            let moving = count(&before, &now, |old, new| {
                new.frames >= old.map_or(0, |old| old.frames) + MOVES
                    && is_sane(new.width, new.height)
            });
            let all_shown = names.iter().all(|name| {
                let frames = shown
                    .iter()
                    .find(|tile| tile.name == *name)
                    .map_or(0, |tile| tile.frames);
                tiles.iter().any(|tile| {
                    // A tile that is made anew counts from nothing.
                    let base = if tile.frames < frames { 0 } else { frames };
                    tile.name == *name
                        && tile.camera == "on"
                        && tile.frames >= base + MOVES
                        && is_sane(tile.width, tile.height)
                })
            });
            if moving >= names.len() && all_shown && tiles.len() == names.len() {
                Ok(())
            } else {
                Err(format!("{now:?}, {tiles:?}"))
            }
        })
        .await;
    }

    /// Waits until sound arrives from so many others.
    pub async fn hears(&self, others: usize, within: Duration) {
        let before = self.receiving().await.unwrap_or_default();
        self.eventually(&format!("sound of {others}"), within, async || {
            let now = self.receiving().await?;
            let heard = count(&before, &now, |old, new| {
                new.energy > old.map_or(0.0, |old| old.energy) + HEARD
            });
            if heard >= others {
                Ok(())
            } else {
                Err(format!("{now:?}"))
            }
        })
        .await;
    }

    /// Waits until nothing more is decoded: neither pictures nor, if asked for, sound, for a
    /// second and a half.
    pub async fn receives_no_pictures(&self, within: Duration) {
        self.still("no more pictures", within, |old, new| {
            new.frames == old.frames
        })
        .await;
    }

    /// The same for sound: the made-up microphone beeps more often than this looks.
    pub async fn receives_silence(&self, within: Duration) {
        self.still("silence", within, |old, new| {
            new.energy <= old.energy + HEARD
        })
        .await;
    }

    async fn still(&self, what: &str, within: Duration, same: impl Fn(&Stream, &Stream) -> bool) {
        const LOOKS_FOR: Duration = Duration::from_millis(1_500);
        self.eventually(what, within, async || {
            let before = self.receiving().await?;
            sleep(LOOKS_FOR).await;
            let now = self.receiving().await?;
            let is_still = !now.is_empty()
                && count(&before, &now, |old, new| {
                    old.is_some_and(|old| same(old, new))
                }) == now.len();
            if is_still {
                Ok(())
            } else {
                Err(format!("{before:?}, then {now:?}"))
            }
        })
        .await;
    }

    /// For so long, pictures keep coming on every connection in every second.
    pub async fn pictures_keep_coming(&self, during: Duration) {
        let end = Instant::now() + during;
        while Instant::now() < end {
            let before = self.receiving().await.expect("the page answers");
            assert!(!before.is_empty(), "{} receives nothing", self.name());
            self.eventually("pictures that go on", Duration::from_secs(2), async || {
                let now = self.receiving().await?;
                let grown = count(&before, &now, |old, new| {
                    old.is_some_and(|old| new.frames > old.frames + 2)
                });
                if grown == before.len() {
                    Ok(())
                } else {
                    Err(format!("{before:?}, then {now:?}"))
                }
            })
            .await;
        }
    }
}

/// On how many connections it is so.
fn count(
    before: &[Stream],
    now: &[Stream],
    is_so: impl Fn(Option<&Stream>, &Stream) -> bool,
) -> usize {
    let old = |new: &Stream| before.iter().find(|old| old.connection == new.connection);
    now.iter().filter(|new| is_so(old(new), new)).count()
}

/// The camera gives 16:9; a sender may make it smaller, never bend it.
fn is_sane(width: u32, height: u32) -> bool {
    let ratio = f64::from(width) / f64::from(height.max(1));
    width >= 160 && (1.7..1.85).contains(&ratio)
}
