//! The page before the app runs: its script, its styles and its texts.

use std::path::Path;

use crate::{
    error::{Result, fail},
    project::Project,
    web::{css, files, script},
};

/// The keys of the texts that are shown without the app.
const PREFIX: &str = "boot-";

/// The files that the boot script loads or watches.
#[derive(Debug)]
pub(crate) struct Files<'a> {
    pub(crate) script: &'a str,
    pub(crate) module: &'a str,
    /// The module's size in bytes, before any compression.
    pub(crate) size: usize,
}

/// The texts of one language, by their keys.
#[derive(Debug)]
pub(crate) struct Texts {
    language: String,
    texts: Vec<(String, String)>,
}

/// The boot script: the follower of translations, then the loader with its texts and files.
pub(crate) fn script(project: &Project, texts: &[Texts], files: &Files<'_>) -> Result<String> {
    let read = |name: &str| files::read_text(&project.root.join("app").join(name));
    let call = call(&read("boot.js")?, texts, files);
    Ok(script::slim(&format!("{}{call}", read("translation.js")?)))
}

fn call(function: &str, texts: &[Texts], files: &Files<'_>) -> String {
    let languages: Vec<String> = texts.iter().map(Texts::to_script).collect();
    format!(
        "{}({{ {} }}, {{ script: {:?}, module: {:?}, size: {} }});\n",
        function.trim_end(),
        languages.join(", "),
        files.script,
        files.module,
        files.size
    )
}

/// The styles, which stand in the page itself.
pub(crate) fn style(project: &Project) -> Result<String> {
    Ok(css::minify(&files::read_text(
        &project.root.join("app/boot.css"),
    )?))
}

/// The boot texts of every language.
pub(crate) fn texts(project: &Project) -> Result<Vec<Texts>> {
    let mut all = Vec::new();
    for path in files::below(&project.root.join("assets/locales"))? {
        all.push(Texts::read(&path, &files::read_text(&path)?)?);
    }
    Ok(all)
}

impl Texts {
    fn read(path: &Path, source: &str) -> Result<Self> {
        let lines = source.lines().filter(|line| line.starts_with(PREFIX));
        let texts: Option<Vec<(String, String)>> = lines
            .map(|line| {
                let (key, text) = line.split_once(" = ")?;
                let is_plain = !text.is_empty() && !text.contains(['{', '}', '<', '&', '\\']);
                is_plain.then(|| (key.to_owned(), text.to_owned()))
            })
            .collect();
        match texts {
            Some(texts) if !texts.is_empty() => Ok(Self {
                language: path
                    .file_stem()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned(),
                texts,
            }),
            _ => fail(format!(
                "{}: each text `{PREFIX}…` is one line without values, markup and backslashes",
                path.display()
            )),
        }
    }

    /// `en: { "boot-again": "Try again" }`. Plain texts are quoted alike in Rust and JavaScript.
    fn to_script(&self) -> String {
        let texts: Vec<String> = self
            .texts
            .iter()
            .map(|(key, text)| format!("{key:?}: {text:?}"))
            .collect();
        format!("{:?}: {{ {} }}", self.language, texts.join(", "))
    }

    /// The page's placeholders for these texts, such as `en boot-late`. Only those that it has: the
    /// others are for the script alone.
    pub(crate) fn placeholders<'a>(&'a self, page: &str) -> Vec<(String, &'a str)> {
        let named = self
            .texts
            .iter()
            .map(|(key, text)| (format!("{} {key}", self.language), text.as_str()));
        named
            .filter(|(name, _)| page.contains(&format!("{{{{{name}}}}}")))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn english(source: &str) -> Result<Texts> {
        Texts::read(Path::new("locales/en.ftl"), source)
    }

    #[test]
    fn the_script_is_called_with_texts_and_files() {
        let texts = english("send = Send\nboot-again = Try \"again\"\n").unwrap();
        let files = Files {
            script: "/a.js",
            module: "/a.wasm",
            size: 7,
        };
        assert_eq!(
            call("(function (texts, files) {})\n", &[texts], &files),
            "(function (texts, files) {})({ \"en\": { \"boot-again\": \"Try \\\"again\\\"\" } }, \
             { script: \"/a.js\", module: \"/a.wasm\", size: 7 });\n"
        );
    }

    #[test]
    fn the_page_takes_the_texts_that_it_has_a_place_for() {
        let texts = english("boot-late = Late\nboot-again = Again\n").unwrap();
        assert_eq!(
            texts.placeholders("<p>{{en boot-late}}</p>"),
            [("en boot-late".to_owned(), "Late")]
        );
    }

    #[test]
    fn texts_that_the_script_cannot_show_are_errors() {
        assert!(english("boot-late = { $count }\n").is_err());
        assert!(english("boot-late =\n    Late\n").is_err());
        assert!(english("boot-late = <b>\n").is_err());
        assert!(english("send = Send\n").is_err());
    }
}
