//! The media that arrives, by the browser's own statistics.

use std::time::Duration;

use serde::Deserialize;
use tokio::time::{Instant, sleep};

use crate::person::Person;
use crate::probe;

/// The media received over one connection so far.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Stream {
    /// The index of the connection among the page's.
    pub connection: usize,
    /// The number of decoded frames.
    pub frames: u64,
    /// The width of the frames in pixels.
    pub width: u32,
    /// The height of the frames in pixels.
    pub height: u32,
    /// The total audio energy, which grows only while there is sound.
    pub energy: f64,
    /// The bytes of media.
    pub bytes: u64,
}

/// The state that the tile of another person shows.
#[derive(Clone, Debug, Deserialize)]
pub struct Picture {
    /// The person's name.
    pub name: String,
    /// The tile shows the person as muted.
    pub muted: bool,
    /// `on` or `off`.
    pub camera: String,
    /// The state of the connection.
    pub link: String,
    /// The video's width in pixels; 0 without a video.
    pub width: u32,
    /// The video's height in pixels.
    pub height: u32,
    /// The number of frames shown.
    pub frames: u64,
}

/// The number of new frames that counts as a moving picture.
const MOVES: u64 = 8;
/// The growth of the audio energy that counts as sound: a beep of the fake microphone adds more,
/// and silence adds nothing.
const HEARD: f64 = 1e-6;

impl Person {
    /// Returns the media received on each open connection.
    pub async fn receiving(&self) -> Result<Vec<Stream>, String> {
        self.look_async(probe::RECEIVING).await
    }

    /// Returns the states that the others' tiles show.
    pub async fn pictures(&self) -> Result<Vec<Picture>, String> {
        self.look(probe::PICTURES).await
    }

    /// Waits until a moving picture of each of these people is shown, and decoded from as many
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

    /// Waits until sound arrives from this number of others.
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

    /// Waits until no frame is decoded for a second and a half.
    pub async fn receives_no_pictures(&self, within: Duration) {
        self.still("no more pictures", within, |old, new| {
            new.frames == old.frames
        })
        .await;
    }

    /// Waits until no sound arrives for a second and a half. The fake microphone beeps more often
    /// than that.
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

    /// Fails if any connection receives no new frames within two seconds, for this time.
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

/// Returns the number of connections for which a condition holds.
fn count(
    before: &[Stream],
    now: &[Stream],
    is_so: impl Fn(Option<&Stream>, &Stream) -> bool,
) -> usize {
    let old = |new: &Stream| before.iter().find(|old| old.connection == new.connection);
    now.iter().filter(|new| is_so(old(new), new)).count()
}

/// Returns `true` for a plausible size: the camera gives 16:9, which a sender may scale but not
/// distort.
fn is_sane(width: u32, height: u32) -> bool {
    let ratio = f64::from(width) / f64::from(height.max(1));
    width >= 160 && (1.7..1.85).contains(&ratio)
}
