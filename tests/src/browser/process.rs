//! A browser's processes and its profile.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tempfile::TempDir;

const REMOVALS: usize = 60;
/// After so many looks it does not come back.
const STAYS_ABSENT: usize = 8;
const BETWEEN_REMOVALS: Duration = Duration::from_millis(50);

/// Creates an empty folder for a browser's profile.
pub(super) fn profile() -> TempDir {
    TempDir::with_prefix("parlor-test-").expect("a folder for the profile")
}

/// A running browser. It ends with this value, and its profile is removed.
#[derive(Debug)]
pub(super) struct Process {
    id: u32,
    is_killed: AtomicBool,
    /// Removed on drop.
    profile: TempDir,
}

impl Process {
    pub(super) fn new(id: u32, profile: TempDir) -> Self {
        Self {
            id,
            is_killed: AtomicBool::new(false),
            profile,
        }
    }

    /// Ends the browser as a power cut would: without notice to anybody.
    pub(super) fn kill(&self) {
        // Later its id may be that of another process.
        if self.is_killed.swap(true, Ordering::Relaxed) {
            return;
        }
        // Its pages and services end with it: they lose the pipe to it.
        let killed = Command::new("kill")
            .args(["-KILL", &self.id.to_string()])
            .stderr(Stdio::null())
            .status();
        killed.expect("there is a kill program");
    }

    fn folder(&self) -> &Path {
        self.profile.path()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
        // Processes of the browser write until they notice that it is gone: the folder cannot be
        // removed then, or comes back.
        let mut absent = 0;
        for _ in 0..REMOVALS {
            let _ = std::fs::remove_dir_all(self.folder());
            absent = if self.folder().exists() {
                0
            } else {
                absent + 1
            };
            if absent == STAYS_ABSENT {
                return;
            }
            std::thread::sleep(BETWEEN_REMOVALS);
        }
    }
}
