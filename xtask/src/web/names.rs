//! The names that script and module know each other's functions by.

/// How wasm-bindgen ends each: a hash in hexadecimal, which no compression makes smaller.
const HASH: usize = 16;

/// Puts numbers of the same length where hashes stood, in the script and in the module. Some
/// kilobytes of the app after Brotli.
pub(crate) fn number(script: &str, wasm: &[u8]) -> (String, Vec<u8>) {
    let (mut script, mut wasm) = (script.to_owned(), wasm.to_vec());
    for (number, name) in hashed_names(&script).into_iter().enumerate() {
        let (start, _) = name.split_at(name.len() - HASH);
        let numbered = format!("{start}{number:0HASH$}");
        script = script.replace(&name, &numbered);
        replace(&mut wasm, name.as_bytes(), numbered.as_bytes());
    }
    (script, wasm)
}

/// Each once, in their order.
fn hashed_names(script: &str) -> Vec<String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let words = script.split(|c| !is_part(c));
    let mut names: Vec<String> = Vec::new();
    for word in words.filter(|word| word.starts_with("__wbg_") && ends_in_hash(word)) {
        if !names.iter().any(|known| known == word) {
            names.push(word.to_owned());
        }
    }
    names
}

fn ends_in_hash(word: &str) -> bool {
    let Some((_, hash)) = word.rsplit_once('_') else {
        return false;
    };
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    hash.len() == HASH && hash.bytes().all(is_digit)
}

/// Both have the same length, so that nothing moves.
fn replace(bytes: &mut [u8], old: &[u8], new: &[u8]) {
    let mut at = 0;
    while let Some(found) = bytes[at..].windows(old.len()).position(|it| it == old) {
        bytes[at + found..at + found + old.len()].copy_from_slice(new);
        at += found + old.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_become_numbers_on_both_sides() {
        let script = "__wbg_get_0123456789abcdef: f(), __wbg_get_fedcba9876543210: g(), \
                      __wbg_get_0123456789abcdef, __wbg_short_abc, other_0123456789abcdef";
        let wasm = b"\x1b__wbg_get_fedcba9876543210\x00\x1b__wbg_get_0123456789abcdef\x01";
        let (script, wasm) = number(script, wasm);
        assert_eq!(
            script,
            "__wbg_get_0000000000000000: f(), __wbg_get_0000000000000001: g(), \
             __wbg_get_0000000000000000, __wbg_short_abc, other_0123456789abcdef"
        );
        assert_eq!(
            wasm,
            b"\x1b__wbg_get_0000000000000001\x00\x1b__wbg_get_0000000000000000\x01"
        );
    }
}
