//! File descriptors: each connection is one, and the system gives a process only so many.

/// Descriptors that are not for admitted connections: the listener, the runtime, the standard streams,
/// the connections that are refused, and the files of the program around the server.
#[cfg(unix)]
const RESERVED: u64 = 64;

/// Raises the process's limit of open files to the most that the system allows. The usual limit is
/// meant for programs with few files: 1,024 on most systems.
///
/// # Errors
///
/// The system's own error if it refuses. The server runs with fewer connections then.
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
