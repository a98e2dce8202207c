//! The browser that the tests drive.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    apt,
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
            None => fail(
                "the tests need Chromium and its driver: install `chromium` and `chromedriver` \
                 (Debian: `apt-get install chromium chromium-driver`), or name them in \
                 PARLOR_CHROMIUM and PARLOR_CHROMEDRIVER",
            ),
        }
    }

    /// Tells the tests where the browser is.
    pub(crate) fn describe_to(&self, command: &mut Command) {
        command
            .env("PARLOR_CHROMIUM", &self.chromium)
            .env("PARLOR_CHROMEDRIVER", &self.driver);
    }

    fn find() -> Option<Self> {
        let named = |variable| {
            std::env::var_os(variable)
                .map(PathBuf::from)
                .filter(|path| path.is_file())
        };
        let chromium = ["chromium", "chromium-browser", "google-chrome"];
        Some(Self {
            chromium: named("PARLOR_CHROMIUM")
                .or_else(|| chromium.into_iter().find_map(process::find))?,
            driver: named("PARLOR_CHROMEDRIVER").or_else(|| process::find("chromedriver"))?,
        })
    }
}
