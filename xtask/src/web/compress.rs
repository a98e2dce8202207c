//! What a web server sends instead of a file, made once and as small as it gets.

use std::{io::Write, path::Path};

use crate::{
    error::{Explain, Result},
    web::files,
};

/// Extensions of files that are not compressed already.
const COMPRESSIBLE: [&str; 10] = [
    "css",
    "html",
    "ico",
    "js",
    "json",
    "svg",
    "txt",
    "wasm",
    "webmanifest",
    "xml",
];

pub(crate) fn is_worthwhile(name: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, extension)| COMPRESSIBLE.contains(&extension))
}

/// Writes `file.br` and `file.gz`; gives the size of the first. They are taken from `before`, an
/// older site, when that has the same file.
pub(crate) fn write_siblings(path: &Path, before: &Path, content: &[u8]) -> Result<u64> {
    let is_same = std::fs::read(before).is_ok_and(|older| older == content);
    let sibling = |extension: &str, compress: fn(&[u8]) -> std::io::Result<Vec<u8>>| {
        let kept = is_same
            .then(|| std::fs::read(with(before, extension)).ok())
            .flatten();
        let compressed = match kept {
            Some(kept) => kept,
            None => compress(content).explain(|| format!("cannot compress {}", path.display()))?,
        };
        files::write(&with(path, extension), &compressed)?;
        Ok(compressed.len() as u64)
    };
    sibling("gz", gzip)?;
    sibling("br", brotli)
}

fn with(path: &Path, extension: &str) -> std::path::PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    name.into()
}

fn gzip(content: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content)?;
    encoder.finish()
}

/// The highest quality; the window is the largest that every browser accepts (4 MB).
fn brotli(content: &[u8]) -> std::io::Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: content.len(),
        ..Default::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &content[..], &mut compressed, &parameters)?;
    Ok(compressed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_left_alone() {
        assert!(is_worthwhile("main-0.css"));
        assert!(!is_worthwhile("icon-192.png"));
        assert!(!is_worthwhile("LICENSE"));
    }

    #[test]
    fn brotli_gives_back_what_went_in() {
        let content = b"the same words, the same words, the same words".repeat(40);
        let compressed = brotli(&content).unwrap();
        let mut plain = Vec::new();
        brotli::BrotliDecompress(&mut &compressed[..], &mut plain).unwrap();
        assert_eq!(plain, content);
        assert!(compressed.len() < content.len() / 10);
    }
}
