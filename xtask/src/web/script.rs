//! What wasm-bindgen writes for people to read, left out of what a browser loads.

/// Takes comments on lines of their own and indentation out of wasm-bindgen's script, which has no
/// text of several lines that would change with it. Nearly a kilobyte of the app after Brotli.
pub(crate) fn slim(script: &str) -> String {
    let mut slim = String::with_capacity(script.len());
    let mut in_comment = false;
    for line in script.lines().map(str::trim) {
        in_comment |= line.starts_with("/**");
        if !in_comment && !line.is_empty() && !line.starts_with("//") {
            slim.push_str(line);
            slim.push('\n');
        }
        in_comment &= !line.ends_with("*/");
    }
    slim
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_nobody_runs_goes() {
        let script = "/* first */ let a = 1;\n\n/**\n * Adds.\n * @param {number} b\n */\n\
                      function add(b) {\n    // One more.\n    return a / b; // not this\n}\n";
        let slim_one = "/* first */ let a = 1;\nfunction add(b) {\nreturn a / b; // not this\n}\n";
        assert_eq!(slim(script), slim_one);
        assert_eq!(slim(slim_one), slim_one);
    }
}
