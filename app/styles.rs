//! Which style sheets the app has. The build script joins them for windows of its own, xtask for the
//! web.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// In the order in which they apply: tokens first, then those of each component and view by path.
pub(crate) fn sheets(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut sheets = Vec::new();
    for folder in ["app/components", "app/views"] {
        collect(&root.join(folder), &mut sheets)?;
    }
    sheets.sort();
    sheets.insert(0, root.join("assets/main.css"));
    Ok(sheets)
}

fn collect(folder: &Path, sheets: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, sheets)?;
        } else if path.ends_with("style.css") {
            sheets.push(path);
        }
    }
    Ok(())
}
