//! The times of earlier runs, in a file in the target folder: where cargo has to begin anew, these do
//! too.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::project::Project;

/// The last time of each step that ended well.
#[derive(Debug)]
pub(super) struct Memory {
    /// `None` before it is known which checkout this is: then nothing is kept.
    file: Option<PathBuf>,
    times: BTreeMap<String, Duration>,
}

impl Memory {
    pub(super) const fn new() -> Self {
        Self {
            file: None,
            times: BTreeMap::new(),
        }
    }

    pub(super) fn read(project: &Project) -> Self {
        Self::at(&project.target.join("xtask-times.tsv"))
    }

    fn at(file: &Path) -> Self {
        let text = fs::read_to_string(file).unwrap_or_default();
        Self {
            file: Some(file.to_owned()),
            times: text.lines().filter_map(parse).collect(),
        }
    }

    pub(super) fn of(&self, step: &str) -> Option<Duration> {
        self.times.get(step).copied()
    }

    pub(super) fn keep(&mut self, step: &str, took: Duration) {
        self.times.insert(step.to_owned(), took);
    }

    /// Without a place to write to, the next run just says less.
    pub(super) fn write(&self) {
        let Some(file) = &self.file else {
            return;
        };
        let line = |(step, took): (&String, &Duration)| format!("{}\t{step}\n", took.as_secs());
        let _ = fs::write(file, self.times.iter().map(line).collect::<String>());
    }
}

fn parse(line: &str) -> Option<(String, Duration)> {
    let (seconds, step) = line.split_once('\t')?;
    Some((step.to_owned(), Duration::from_secs(seconds.parse().ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_outlive_the_program_and_broken_lines_are_nothing() {
        let file = std::env::temp_dir().join(format!("parlor-times-{}", std::process::id()));
        let mut memory = Memory::at(&file);
        assert_eq!(memory.of("clippy"), None);
        memory.keep("clippy", Duration::from_secs(102));
        memory.write();
        assert_eq!(
            Memory::at(&file).of("clippy"),
            Some(Duration::from_secs(102))
        );
        fs::write(&file, "soon\tclippy\n\n7\tdoc\n").unwrap();
        let memory = Memory::at(&file);
        assert_eq!(memory.of("clippy"), None);
        assert_eq!(memory.of("doc"), Some(Duration::from_secs(7)));
        fs::remove_file(&file).unwrap();
    }
}
