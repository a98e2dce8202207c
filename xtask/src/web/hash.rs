//! Names that change with the content, and stamps that tell whether something changed.

use sha2::{Digest, Sha256};

/// The first 64 bits of SHA-256 in hexadecimal: enough to tell apart what we built, not a defence.
pub(crate) fn hash(parts: &[&[u8]]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part);
    }
    digest
        .finalize()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// `main.css` becomes `main-0123456789abcdef.css`.
pub(crate) fn name(file: &str, content: &[u8]) -> String {
    let (stem, extension) = file.rsplit_once('.').unwrap_or((file, "bin"));
    format!("{stem}-{}.{extension}", hash(&[content]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_changes_with_the_content() {
        let first = name("main.css", b"a{}");
        assert_eq!(first, name("main.css", b"a{}"));
        assert_ne!(first, name("main.css", b"b{}"));
        assert_eq!(first.len(), "main-0123456789abcdef.css".len());
        assert!(first.starts_with("main-") && first.ends_with(".css"));
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(hash(&[b"ab", b"c"]), hash(&[b"a", b"bc"]));
    }
}
