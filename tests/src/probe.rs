//! Scripts that look into a page.

/// Runs before every page: makes its connections accessible to the tests, and logs the violations
/// of its content security policy.
pub(crate) const BEFORE: &str = include_str!("probe.js");

/// Returns the bytes and frames that arrive.
pub(crate) const RECEIVING: &str = include_str!("receiving.js");

/// Returns the states that the tiles of a call show.
pub(crate) const PICTURES: &str = r#"
return [...document.querySelectorAll('[data-test="tile"]')].map((tile) => {
  const video = tile.querySelector("video");
  return {
    name: tile.dataset.peer,
    muted: tile.dataset.muted === "true",
    camera: tile.dataset.camera,
    link: tile.dataset.link,
    width: video?.videoWidth ?? 0,
    height: video?.videoHeight ?? 0,
    // Firefox counts the second, and of streams not the first.
    frames: video?.getVideoPlaybackQuality().totalVideoFrames || video?.mozPaintedFrames || 0,
  };
});
"#;

/// Returns the messages of the chat, oldest first.
pub(crate) const MESSAGES: &str = r#"
return [...document.querySelectorAll('[data-test="chat-message"] .said-text')]
  .map((text) => text.textContent);
"#;
