//! Texts in files, one for each name, for systems where a program has a folder of its own.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// A folder of texts.
#[derive(Debug)]
pub struct Kept(PathBuf);

impl Kept {
    pub fn in_folder(folder: PathBuf) -> Self {
        Self(folder)
    }

    pub fn load(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.0.join(name)).ok()
    }

    /// Replaces the file as a whole, so that a crash leaves the text from before.
    pub fn store(&self, name: &str, text: &str) -> io::Result<()> {
        make_folder(&self.0)?;
        let draft = self.0.join(format!("{name}.new"));
        let mut file = create(&draft)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(draft, self.0.join(name))
    }
}

/// What is kept has the keys of rooms in it: other users of the computer must not read it.
#[cfg(unix)]
fn make_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;

    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

#[cfg(unix)]
fn create(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;

    let mut options = File::options();
    options.write(true).create(true).truncate(true).mode(0o600);
    options.open(path)
}

/// Elsewhere the folders of a user are closed to others already.
#[cfg(not(unix))]
fn make_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

#[cfg(not(unix))]
fn create(path: &Path) -> io::Result<File> {
    File::create(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder that goes with the test.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Self {
            let folder = format!("parlor-kept-{name}-{}", std::process::id());
            Self(std::env::temp_dir().join(folder))
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_text_is_there_again_and_replaced_as_a_whole() {
        let scratch = Scratch::new("again");
        let kept = Kept::in_folder(scratch.0.join("below"));
        assert_eq!(kept.load("settings"), None);
        kept.store("settings", "a longer text\nと").unwrap();
        kept.store("settings", "short").unwrap();
        let later = Kept::in_folder(scratch.0.join("below"));
        assert_eq!(later.load("settings").as_deref(), Some("short"));
        assert_eq!(later.load("rooms"), None);
    }

    #[cfg(unix)]
    #[test]
    fn other_users_cannot_read_it() {
        use std::os::unix::fs::PermissionsExt as _;

        let scratch = Scratch::new("mode");
        let kept = Kept::in_folder(scratch.0.clone());
        kept.store("rooms", "a key").unwrap();
        for path in [scratch.0.clone(), scratch.0.join("rooms")] {
            let mode = fs::metadata(path).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0);
        }
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_an_error() {
        let scratch = Scratch::new("error");
        fs::write(&scratch.0, "a file").unwrap();
        let kept = Kept::in_folder(scratch.0.join("below"));
        assert!(kept.store("settings", "text").is_err());
        fs::remove_file(&scratch.0).unwrap();
    }
}
