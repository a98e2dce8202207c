//! The browser that the tests drive.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    apt,
    doctor::{State, Tool},
    error::{Result, fail},
    process,
};

/// Fonts that the screenshots of the tests need: without them letters come out as empty boxes.
const FONTS: [(&str, &str); 2] = [
    (
        "fonts-noto-cjk",
        "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    ),
    (
        "fonts-noto-color-emoji",
        "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf",
    ),
];

const WAY: &str = "install `chromium` and `chromedriver` (Debian: `apt-get install chromium \
                   chromium-driver`), or name them in PARLOR_CHROMIUM and PARLOR_CHROMEDRIVER";

/// A Chromium and the driver that belongs to it.
#[derive(Debug)]
pub(crate) struct Browser {
    chromium: PathBuf,
    driver: PathBuf,
}

impl Browser {
    pub(crate) fn find_or_install() -> Result<Self> {
        let found = Self::find();
        let mut missing: Vec<&str> = match found {
            Some(_) => Vec::new(),
            None => vec!["chromium", "chromium-driver"],
        };
        if cfg!(target_os = "linux") {
            missing.extend(
                FONTS
                    .iter()
                    .filter(|font| !Path::new(font.1).exists())
                    .map(|font| font.0),
            );
        }
        let installed = !missing.is_empty() && apt::install(&missing)?;
        match found.or_else(Self::find) {
            Some(browser) => {
                if !missing.is_empty() && !installed {
                    eprintln!(
                        "note: screenshots may lack letters without {}",
                        missing.join(" and ")
                    );
                }
                Ok(browser)
            }
            None => fail(format!("the tests need Chromium and its driver: {WAY}")),
        }
    }

    /// Tells the tests where the browser is.
    pub(crate) fn describe_to(&self, command: &mut Command) {
        command
            .env("PARLOR_CHROMIUM", &self.chromium)
            .env("PARLOR_CHROMEDRIVER", &self.driver);
    }

    fn find() -> Option<Self> {
        Some(Self {
            chromium: chromium()?,
            driver: driver()?,
        })
    }
}

/// Describes Chromium, its driver and the fonts.
pub(crate) fn tools() -> Vec<Tool> {
    let program = |name, path| {
        let tool = Tool::new(name, State::of(path), "test, bench web", WAY);
        tool.for_tests().by_apt()
    };
    let mut tools = vec![
        program("chromium", chromium()),
        program("chromedriver", driver()),
    ];
    if cfg!(target_os = "linux") {
        tools.extend(FONTS.map(|(package, file)| font(package, file)));
    }
    tools
}

fn font(package: &str, file: &str) -> Tool {
    let state = match Path::new(file).exists() {
        true => State::Here("here".to_owned()),
        false => State::Missing,
    };
    let way = format!("install the font {file} (Debian: `apt-get install {package}`)");
    Tool::new(package, state, "test (letters in pictures)", &way).by_apt()
}

fn chromium() -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    process::find_or_named(&names, "PARLOR_CHROMIUM")
}

fn driver() -> Option<PathBuf> {
    process::find_or_named(&["chromedriver"], "PARLOR_CHROMEDRIVER")
}
