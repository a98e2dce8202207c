//! Child processes that end when we do.
//!
//! Every child leads its own process group, so that one signal reaches what it started as well: a
//! cargo that is stopped leaves no rustc behind, a test run no browser. One child runs at a time.

use std::{
    ffi::OsStr,
    io::{BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use crate::error::{Error, Explain, Result, fail};

/// How long a child may take to end after it was asked, before it is killed. Servers close their
/// connections in that time.
const GRACE: Duration = Duration::from_secs(10);

static CURRENT: Mutex<Option<u32>> = Mutex::new(None);
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Passes Ctrl-C, SIGTERM and SIGHUP on to the child; a second one kills it.
pub(crate) fn forward_signals() {
    let installed = ctrlc::set_handler(|| {
        let again = INTERRUPTED.swap(true, Ordering::SeqCst);
        let Some(group) = *CURRENT.lock().unwrap_or_else(PoisonError::into_inner) else {
            std::process::exit(130);
        };
        signal(
            group,
            if again {
                Signal::Kill
            } else {
                Signal::Terminate
            },
        );
        std::thread::spawn(move || {
            std::thread::sleep(GRACE);
            signal(group, Signal::Kill);
        });
    });
    if let Err(error) = installed {
        eprintln!("warning: Ctrl-C will not end running steps: {error}");
    }
}

/// Runs to the end, whatever the exit code.
pub(crate) fn status(command: &mut Command) -> Result<ExitStatus> {
    let status = Running::start(command)?.wait()?;
    if INTERRUPTED.load(Ordering::SeqCst) {
        Err(Error::Interrupted)
    } else {
        Ok(status)
    }
}

/// Runs to the end and passes on what it exited with, also when that is what a signal of ours led to.
pub(crate) fn exit_code(command: &mut Command) -> Result<i32> {
    let status = Running::start(command)?.wait()?;
    match status.code() {
        Some(code) => Ok(code),
        None if INTERRUPTED.load(Ordering::SeqCst) => Err(Error::Interrupted),
        None => fail(format!("{} ended with {status}", name(command))),
    }
}

/// Runs and turns a non-zero exit code into this sentence.
pub(crate) fn run(command: &mut Command, otherwise: &str) -> Result<()> {
    if status(command)?.success() {
        Ok(())
    } else {
        fail(otherwise)
    }
}

/// Runs, shows both outputs line by line and hands every line of them to these two.
pub(crate) fn each_line(
    command: &mut Command,
    each_output: impl FnMut(&str),
    each_error: impl FnMut(&str) + Send,
) -> Result<ExitStatus> {
    let mut running = Running::start(command.stdout(Stdio::piped()).stderr(Stdio::piped()))?;
    let (output, errors) = (running.child.stdout.take(), running.child.stderr.take());
    std::thread::scope(|scope| {
        scope.spawn(|| pass_on(errors, std::io::stderr(), each_error));
        pass_on(output, std::io::stdout(), each_output);
    });
    let status = running.wait()?;
    if INTERRUPTED.load(Ordering::SeqCst) {
        Err(Error::Interrupted)
    } else {
        Ok(status)
    }
}

fn pass_on(from: Option<impl Read>, mut terminal: impl Write, mut each: impl FnMut(&str)) {
    let Some(from) = from else {
        return;
    };
    let mut from = BufReader::new(from);
    let mut line = Vec::new();
    while from
        .read_until(b'\n', &mut line)
        .is_ok_and(|length| length > 0)
    {
        // A closed terminal is no reason to stop the tests.
        let _ = terminal.write_all(&line).and_then(|()| terminal.flush());
        each(String::from_utf8_lossy(&line).trim_end());
        line.clear();
    }
}

/// Standard output of a short command that is not worth showing; `None` if it cannot be run or fails.
pub(crate) fn output(program: impl AsRef<OsStr>, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Where a program is, if PATH has it.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders)
        .map(|folder| {
            folder
                .join(program)
                .with_extension(std::env::consts::EXE_EXTENSION)
        })
        .find(|path| path.is_file())
}

/// Returns the file that an environment variable names, or else the first of these programs that
/// PATH has.
pub(crate) fn find_or_named(programs: &[&str], variable: &str) -> Option<PathBuf> {
    named(variable).or_else(|| programs.iter().find_map(|program| find(program)))
}

/// Returns the file that an environment variable names, if there is one.
pub(crate) fn named(variable: &str) -> Option<PathBuf> {
    let path = std::env::var_os(variable).map(PathBuf::from);
    path.filter(|path| path.is_file())
}

struct Running {
    child: Child,
}

impl Running {
    fn start(command: &mut Command) -> Result<Self> {
        if INTERRUPTED.load(Ordering::SeqCst) {
            return Err(Error::Interrupted);
        }
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let mut current = CURRENT.lock().unwrap_or_else(PoisonError::into_inner);
        let child = command
            .spawn()
            .explain(|| format!("cannot run {}", name(command)))?;
        *current = Some(child.id());
        Ok(Self { child })
    }

    fn wait(mut self) -> Result<ExitStatus> {
        let status = self
            .child
            .wait()
            .explain(|| "cannot wait for a child process".to_owned());
        *CURRENT.lock().unwrap_or_else(PoisonError::into_inner) = None;
        if INTERRUPTED.load(Ordering::SeqCst) {
            signal(self.child.id(), Signal::Kill);
        }
        status
    }
}

fn name(command: &Command) -> String {
    Path::new(command.get_program()).display().to_string()
}

#[derive(Clone, Copy)]
enum Signal {
    Kill,
    Terminate,
}

#[cfg(unix)]
fn signal(group: u32, signal: Signal) {
    use nix::{sys::signal, unistd::Pid};

    let signal = match signal {
        Signal::Kill => signal::Signal::SIGKILL,
        Signal::Terminate => signal::Signal::SIGTERM,
    };
    if let Ok(group) = i32::try_from(group) {
        // It fails when everything in the group has ended already, which is what we want.
        let _ = signal::killpg(Pid::from_raw(group), signal);
    }
}

/// Elsewhere the console passes Ctrl-C to the children by itself; the second one is for the rest.
#[cfg(not(unix))]
fn signal(process: u32, signal: Signal) {
    if let Signal::Kill = signal {
        let _ = Command::new("taskkill")
            .args(["/F", "/T", "/PID", &process.to_string()])
            .output();
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn lines_of_both_outputs_are_told_apart() {
        let (mut output, mut errors) = (Vec::new(), Vec::new());
        let status = each_line(
            Command::new("sh").args(["-c", "echo one; echo two >&2; printf three; exit 4"]),
            |line| output.push(line.to_owned()),
            |line| errors.push(line.to_owned()),
        );
        assert_eq!(status.unwrap().code(), Some(4));
        assert_eq!(output, ["one", "three"]);
        assert_eq!(errors, ["two"]);
    }
}
