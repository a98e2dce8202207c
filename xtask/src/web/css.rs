//! Every style of the app in one file.

use std::path::PathBuf;

use crate::{error::Result, project::Project, web::files};

/// The files with styles in the order in which they apply: tokens first, then each component and
/// view by path.
pub(crate) fn sources(project: &Project) -> Result<Vec<PathBuf>> {
    let mut sources = vec![project.root.join("assets/main.css")];
    sources.retain(|path| path.is_file());
    for folder in ["app/components", "app/views"] {
        let files = files::below(&project.root.join(folder))?;
        sources.extend(files.into_iter().filter(|path| path.ends_with("style.css")));
    }
    Ok(sources)
}

pub(crate) fn join(project: &Project) -> Result<String> {
    let sources = sources(project)?;
    let texts = sources
        .iter()
        .map(|path| files::read_text(path))
        .collect::<Result<Vec<_>>>()?;
    Ok(minify(&texts.join("\n")))
}

/// Takes out comments and needless space, and nothing that needs an understanding of CSS: Brotli
/// makes the rest small.
pub(crate) fn minify(css: &str) -> String {
    let mut small = String::with_capacity(css.len());
    let mut rest = css.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '/' if rest.peek() == Some(&'*') => {
                rest.next();
                skip_comment(&mut rest);
                space(&mut small);
            }
            '"' | '\'' => copy_string(c, &mut rest, &mut small),
            c if c.is_ascii_whitespace() => space(&mut small),
            '{' | '}' | ';' | ',' => {
                if small.ends_with(' ') {
                    small.pop();
                }
                if c == '}' && small.ends_with(';') {
                    small.pop();
                }
                small.push(c);
            }
            c => small.push(c),
        }
    }
    small.trim_end().to_owned()
}

/// Adds one space where one may be needed.
fn space(small: &mut String) {
    if !small.is_empty() && !small.ends_with([' ', '{', '}', ';', ',']) {
        small.push(' ');
    }
}

fn skip_comment(rest: &mut impl Iterator<Item = char>) {
    let mut before = ' ';
    for c in rest {
        if before == '*' && c == '/' {
            return;
        }
        before = c;
    }
}

fn copy_string(quote: char, rest: &mut impl Iterator<Item = char>, small: &mut String) {
    small.push(quote);
    while let Some(c) = rest.next() {
        small.push(c);
        match c {
            '\\' => small.extend(rest.next()),
            c if c == quote => return,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_needless_space_go() {
        let css = "/* tokens */\n:root {\n  --gap: 4px; /* small */\n}\n\n.a .b:hover,\n.c > .d { margin: calc(1px + 2px) auto; }\n";
        assert_eq!(
            minify(css),
            ":root{--gap: 4px}.a .b:hover,.c > .d{margin: calc(1px + 2px) auto}"
        );
    }

    #[test]
    fn strings_stay_as_they_are() {
        let css = r#".a::after { content: "/* {  } \" */ '"; }"#;
        assert_eq!(minify(css), r#".a::after{content: "/* {  } \" */ '"}"#);
    }

    #[test]
    fn a_descendant_stays_a_descendant() {
        assert_eq!(
            minify("a /* x */ :hover { color: red }"),
            "a :hover{color: red}"
        );
        assert_eq!(minify("@media (a) and (b) { }"), "@media (a) and (b){}");
    }
}
