//! Scripts that look into a page.

/// Before every page: keeps its connections where tests reach them, and writes what its content
/// security policy forbids to its console.
pub(crate) const BEFORE: &str = include_str!("probe.js");

/// The bytes and frames that arrive.
pub(crate) const RECEIVING: &str = include_str!("receiving.js");

/// What the tiles of a call show.
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

/// What was said, oldest first.
pub(crate) const MESSAGES: &str = r#"
return [...document.querySelectorAll('[data-test="chat-message"] .said-text')]
  .map((text) => text.textContent);
"#;
