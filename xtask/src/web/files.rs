//! Reading and writing with errors that name the file.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::error::{Explain, Result};

pub(crate) fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).explain(|| format!("cannot read {}", path.display()))
}

pub(crate) fn read_text(path: &Path) -> Result<String> {
    fs::read_to_string(path).explain(|| format!("cannot read {}", path.display()))
}

/// Makes the folder of the file too.
pub(crate) fn write(path: &Path, content: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).explain(|| format!("cannot make {}", folder.display()))?;
    }
    fs::write(path, content).explain(|| format!("cannot write {}", path.display()))
}

/// Every file below a folder, sorted; none where there is no such folder.
pub(crate) fn below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if folder.is_dir() {
        collect(folder, &mut found)?;
    }
    found.sort();
    Ok(found)
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    let what = || format!("cannot list {}", folder.display());
    for entry in fs::read_dir(folder).explain(what)? {
        let path = entry.explain(what)?.path();
        if path.is_dir() {
            collect(&path, found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}
