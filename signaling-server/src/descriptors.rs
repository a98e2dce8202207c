//! File descriptors: each connection is one, and the system gives a process only so many.

/// What the server keeps for itself: its listener and runtime, the standard streams, those who are
/// refused while it is full, and what the program around it has open.
#[cfg(unix)]
const RESERVED: u64 = 64;

/// Asks the system for as many as it allows at most, for the whole process. What it gives by itself
/// is meant for programs with few files, 1,024 on most systems.
///
/// # Errors
///
/// What the system says where it refuses. The server can be run with fewer.
#[cfg(unix)]
pub fn raise_limit() -> std::io::Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    /// macOS says that it has no limit, and refuses more than its `OPEN_MAX`.
    const OPEN_MAX: u64 = 10_240;
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let raise_to = |current| setrlimit(Resource::Nofile, Rlimit { current, maximum });
    let result = raise_to(maximum);
    if result.is_err() && current.is_some_and(|current| current < OPEN_MAX) {
        return Ok(raise_to(Some(OPEN_MAX))?);
    }
    Ok(result?)
}

/// Does nothing: here, sockets are no files.
#[cfg(not(unix))]
pub fn raise_limit() -> std::io::Result<()> {
    Ok(())
}

/// How many connections the process can have at its present limit. `None` if nothing limits them.
#[cfg(unix)]
pub(crate) fn max_connections() -> Option<usize> {
    use rustix::process::{Resource, getrlimit};
    let most = getrlimit(Resource::Nofile).current?;
    usize::try_from(most.saturating_sub(RESERVED).max(1)).ok()
}

#[cfg(not(unix))]
pub(crate) fn max_connections() -> Option<usize> {
    None
}
