//! The web app, held in memory: requests are looked up in a table and never reach the disk.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;
use std::{fs, io};

use tokio_tungstenite::tungstenite::Bytes;

/// The most that is held. The app has a few megabytes; more than this is the wrong folder.
const MAX_TOTAL_BYTES: u64 = 256 * 1024 * 1024;

/// How deep folders may nest.
const MAX_DEPTH: usize = 8;

/// One file, ready to send.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) mime: &'static str,
    /// Whether its name changes with its content, so that nobody has to ask for it again.
    pub(crate) is_immutable: bool,
    pub(crate) plain: Variant,
    pub(crate) gzip: Option<Variant>,
    pub(crate) brotli: Option<Variant>,
}

/// The content in one encoding.
#[derive(Clone, Debug)]
pub(crate) struct Variant {
    pub(crate) bytes: Bytes,
    pub(crate) etag: String,
}

impl Variant {
    fn new(bytes: Vec<u8>) -> Self {
        let mut hasher = DefaultHasher::new();
        bytes.hash(&mut hasher);
        Self {
            etag: format!("\"{:016x}\"", hasher.finish()),
            bytes: bytes.into(),
        }
    }
}

/// All files by the path of their address.
#[derive(Debug, Default)]
pub(crate) struct Files(HashMap<String, File>);

impl Files {
    /// Reads a folder.
    pub(crate) fn load(folder: &Path) -> io::Result<Self> {
        let mut found = HashMap::new();
        let mut left = MAX_TOTAL_BYTES;
        collect(folder, "", MAX_DEPTH, &mut left, &mut found)?;
        if !found.contains_key("/index.html") {
            let message = format!("{} holds no index.html", folder.display());
            return Err(io::Error::new(io::ErrorKind::NotFound, message));
        }
        let mut files = HashMap::new();
        let names = found.keys().filter(|name| !is_packed(name, &found));
        for name in names.cloned().collect::<Vec<_>>() {
            let gzip = found.remove(&format!("{name}.gz")).map(Variant::new);
            let brotli = found.remove(&format!("{name}.br")).map(Variant::new);
            if let Some(bytes) = found.remove(&name) {
                let file = File {
                    mime: mime(&name),
                    is_immutable: has_hash(&name),
                    plain: Variant::new(bytes),
                    gzip,
                    brotli,
                };
                files.insert(name, file);
            }
        }
        Ok(Self(files))
    }

    /// The file at a path, without any decoding: the app's names need none.
    pub(crate) fn get(&self, path: &str) -> Option<&File> {
        let path = if path == "/" { "/index.html" } else { path };
        self.0.get(path)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn collect(
    folder: &Path,
    prefix: &str,
    depth: usize,
    left: &mut u64,
    found: &mut HashMap<String, Vec<u8>>,
) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        // Hidden files are nobody's business, but for the one folder that is meant to be read.
        let Some(name) = name.to_str() else { continue };
        if name.starts_with('.') && name != ".well-known" {
            continue;
        }
        let path = format!("{prefix}/{name}");
        // Follows links to files, as package managers make them, but not to folders.
        let metadata = fs::metadata(entry.path())?;
        if metadata.is_file() {
            *left = left.checked_sub(metadata.len()).ok_or_else(|| {
                let message = format!("{} is too large for a web app", folder.display());
                io::Error::new(io::ErrorKind::FileTooLarge, message)
            })?;
            found.insert(path, fs::read(entry.path())?);
        } else if entry.file_type()?.is_dir() && depth > 0 {
            collect(&entry.path(), &path, depth - 1, left, found)?;
        }
    }
    Ok(())
}

fn is_packed(name: &str, found: &HashMap<String, Vec<u8>>) -> bool {
    let original = name
        .strip_suffix(".br")
        .or_else(|| name.strip_suffix(".gz"));
    original.is_some_and(|original| found.contains_key(original))
}

/// Whether a name ends in `-<16 hex digits>.<extension>`, as the build writes it.
fn has_hash(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    let Some((before, hash)) = stem.rsplit_once('-') else {
        return false;
    };
    let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    !before.is_empty() && hash.len() == 16 && hash.bytes().all(is_hex)
}

fn mime(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "txt" | "ftl" | "md" => "text/plain; charset=utf-8",
        "xml" => "text/xml; charset=utf-8",
        "svg" => "image/svg+xml; charset=utf-8",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "gif" => "image/gif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "ttf" => "font/ttf",
        "ogg" | "opus" => "audio/ogg",
        "mp3" => "audio/mpeg",
        "wav" => "audio/wav",
        "m4a" => "audio/mp4",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "pdf" => "application/pdf",
        "apk" => "application/vnd.android.package-archive",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_builds_own_pattern_is_a_hash() {
        assert!(has_hash("/parlor-0123456789abcdef.wasm"));
        assert!(has_hash("/assets/main-icon-00ff00ff00ff00ff.svg"));
        for plain in [
            "/index.html",
            "/parlor-0123456789abcde.js",
            "/parlor-0123456789ABCDEF.js",
            "/0123456789abcdef.js",
            "/-0123456789abcdef.js",
            "/some-0123456789abcdef/page.html",
        ] {
            assert!(!has_hash(plain), "{plain}");
        }
    }
}
