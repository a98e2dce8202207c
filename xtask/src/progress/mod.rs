//! The steps of a command: each is announced when it begins, and a table at the end has their times.
//!
//! Steps are kept for the whole program, as children are (`process`): they begin in places that have
//! nothing else in common. One runs at a time, apart from those inside of it.

mod memory;
mod table;

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use crate::{error::Result, project::Project};
use memory::Memory;
use table::Row;

static RUN: Mutex<Run> = Mutex::new(Run {
    rows: Vec::new(),
    open: 0,
    memory: Memory::new(),
});

struct Run {
    rows: Vec<Row>,
    /// The number of steps that have begun and not ended: each but the first is inside of another.
    open: usize,
    memory: Memory,
}

/// Reads how long the steps took in earlier runs.
pub(crate) fn start(project: &Project) {
    current().memory = Memory::read(project);
}

/// Runs a step that takes a moment.
pub(crate) fn quick<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("xtask: {name}");
    Part::begin(name).run(work)
}

/// Runs a step that may take minutes, and says how long it took the last time.
pub(crate) fn long<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let last = current().memory.of(name);
    match last {
        Some(last) if last >= Duration::from_secs(1) => {
            eprintln!("xtask: {name} ({} the last time)", table::time(last));
        }
        Some(_) => eprintln!("xtask: {name}"),
        None => eprintln!("xtask: {name} (for the first time here: it may take minutes)"),
    }
    let part = Part::begin(name);
    let since = part.since;
    let outcome = part.run(work);
    if outcome.is_ok() {
        current().memory.keep(name, since.elapsed());
    }
    outcome
}

/// Prints the times of the steps that have ended since the last time, if there are any.
pub(crate) fn report() {
    let mut run = current();
    run.memory.write();
    eprint!("{}", table::render(&run.rows));
    run.rows.clear();
}

/// A step that runs, until it is dropped. Nothing announces it: its program does that.
#[derive(Debug)]
pub(crate) struct Part {
    row: usize,
    since: Instant,
}

impl Part {
    pub(crate) fn begin(name: &str) -> Self {
        let mut run = current();
        let depth = run.open;
        run.open += 1;
        run.rows.push(Row::new(name, depth));
        Self {
            row: run.rows.len() - 1,
            since: now(),
        }
    }

    fn run<T>(self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let outcome = work();
        current().rows[self.row].has_failed = outcome.is_err();
        outcome
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        let mut run = current();
        run.open -= 1;
        run.rows[self.row].took = self.since.elapsed();
    }
}

fn current() -> MutexGuard<'static, Run> {
    RUN.lock().unwrap_or_else(PoisonError::into_inner)
}

#[expect(
    clippy::disallowed_methods,
    reason = "real steps take real time, and no browser runs this"
)]
fn now() -> Instant {
    Instant::now()
}
