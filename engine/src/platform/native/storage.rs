use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Small texts in files of their own, below the user's data folder.
pub(super) struct Storage(Option<PathBuf>);

impl Storage {
    /// Where the system says that a program keeps its data; nowhere if it does not say.
    pub(super) fn of_user() -> Self {
        let of = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let data = of("XDG_DATA_HOME").map(PathBuf::from);
        let data = data.or_else(|| of("HOME").map(|home| Path::new(&home).join(".local/share")));
        Self(data.map(|data| data.join("parlor")))
    }

    fn path(&self, name: &str) -> Option<PathBuf> {
        self.0.as_ref().map(|folder| folder.join(name))
    }

    pub(super) fn load(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.path(name)?).ok()
    }

    pub(super) fn store(&self, name: &str, value: &str) {
        let stored = self.path(name).map(|path| write(&path, value));
        match stored {
            Some(Ok(())) => {}
            Some(Err(error)) => tracing::warn!(name, %error, "nothing can be kept"),
            None => tracing::warn!(name, "there is no folder to keep anything in"),
        }
    }
}

/// Whole or not at all: a half-written identity would be a new person. For nobody else's eyes.
fn write(path: &Path, value: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let draft = path.with_extension("new");
    // One of an earlier try may have other rights.
    let _ = fs::remove_file(&draft);
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    file.write_all(value.as_bytes())?;
    file.sync_all()?;
    fs::rename(draft, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_is_read_again_and_nothing_else() {
        let folder = std::env::temp_dir().join(format!("parlor-storage-{}", std::process::id()));
        let storage = Storage(Some(folder.join("below")));
        assert_eq!(storage.load("identity"), None);
        storage.store("identity", "日本");
        storage.store("identity", "newer");
        assert_eq!(storage.load("identity").as_deref(), Some("newer"));
        fs::remove_dir_all(folder).unwrap();
    }
}
