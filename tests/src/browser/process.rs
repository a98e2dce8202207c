//! A browser's processes and its profile.

use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::time::Instant;

/// The time within which all processes of a killed browser must end. A profile that is still in use
/// then stays behind: it fails no test.
const ENDS_WITHIN: Duration = Duration::from_secs(3);
/// The interval between two looks at the processes. Most of them are no children of the tests, so
/// nothing reports their end and the wait has to poll.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

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
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
        // Processes of the browser write until they notice that it is gone: until then the profile
        // cannot be removed, or comes back.
        let end = Instant::now() + ENDS_WITHIN;
        let folder = self.profile.path();
        while (is_used(folder) || !remove(folder)) && Instant::now() < end {
            std::thread::sleep(LOOK_AGAIN);
        }
    }
}

/// Waits for the first line of a process's output that `read` accepts; `None` if the output ends
/// before. The rest is read and thrown away, so that the process never waits for a full pipe.
pub(super) async fn first_line<T>(
    output: impl AsyncRead + Unpin + Send + 'static,
    read: impl Fn(&str) -> Option<T>,
) -> Option<T> {
    let mut lines = BufReader::new(output).lines();
    while let Some(line) = lines.next_line().await.expect("the output is text") {
        if let Some(value) = read(&line) {
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Some(value);
        }
    }
    None
}

/// Returns `true` while a running process has this profile in its command line, as the browser and
/// those of its processes that write to the profile have. Without `/proc`, no process is found.
fn is_used(profile: &Path) -> bool {
    let Ok(processes) = std::fs::read_dir("/proc") else {
        return false;
    };
    let profile = profile.as_os_str().as_bytes();
    processes.flatten().any(|process| {
        // A process that ended has no command line, even if nobody has waited for it.
        let line = std::fs::read(process.path().join("cmdline")).unwrap_or_default();
        line.windows(profile.len()).any(|part| part == profile)
    })
}

/// Removes a folder. Returns `false` if something of it is left.
fn remove(folder: &Path) -> bool {
    match std::fs::remove_dir_all(folder) {
        Ok(()) => true,
        Err(error) => error.kind() == ErrorKind::NotFound,
    }
}
