//! The page itself, from a template with `{{placeholders}}`.

use crate::error::{Result, fail};

/// Fills a template. A placeholder that nobody fills is an error, and so is a value that has no
/// place: either would show only in a browser.
pub(crate) fn fill(template: &str, values: &[(&str, &str)]) -> Result<String> {
    let mut page = String::with_capacity(template.len());
    let mut used = vec![false; values.len()];
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, after)) = after.split_once("}}") else {
            return fail("app/index.html has a `{{` without `}}`");
        };
        let Some(index) = values.iter().position(|value| value.0 == name.trim()) else {
            let known: Vec<&str> = values.iter().map(|value| value.0).collect();
            return fail(format!(
                "app/index.html has the placeholder {name:?}, but there are only {}",
                known.join(", ")
            ));
        };
        page.push_str(before);
        page.push_str(values[index].1);
        used[index] = true;
        rest = after;
    }
    page.push_str(rest);
    match used.iter().position(|is_used| !is_used) {
        Some(index) => fail(format!(
            "app/index.html misses the placeholder {{{{{}}}}}",
            values[index].0
        )),
        None => Ok(page),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled() {
        let page = fill("<a {{x}} {{ y }} {{x}}>", &[("x", "1"), ("y", "{{2}}")]).unwrap();
        assert_eq!(page, "<a 1 {{2}} 1>");
    }

    #[test]
    fn unknown_and_missing_placeholders_are_errors() {
        assert!(fill("{{z}}", &[("x", "1")]).is_err());
        assert!(fill("nothing", &[("x", "1")]).is_err());
        assert!(fill("{{x", &[("x", "1")]).is_err());
    }
}
