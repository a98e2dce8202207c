//! Node.js, which runs the tests' client in JavaScript, and the packages that the client is built on.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    apt,
    doctor::{State, Tool},
    error::{Explain, Result},
    npm, process,
    project::Project,
};

/// The oldest that runs the client and its packages.
const OLDEST: &str = "18";
/// The files that say which packages there are.
const LISTS: [&str; 2] = ["package.json", "package-lock.json"];

const NODE_WAY: &str = "install Node.js 18 or newer (Debian: `apt-get install nodejs`), or name its `node` in \
                        PARLOR_NODE";
const PACKAGES_WAY: &str = "install npm, which gets them (Debian: `apt-get install npm`), or run `npm ci` in \
                            tests/node-client and name its `node_modules` in PARLOR_NODE_PACKAGES";

/// What the client in JavaScript needs.
#[derive(Debug)]
pub(crate) struct Node {
    program: PathBuf,
    packages: PathBuf,
}

impl Node {
    /// `None` where it cannot be had: then the tests that need it fail and say so, and the others run.
    pub(crate) fn find_or_install(project: &Project) -> Option<Self> {
        if find_program().is_none() {
            // Whether that worked is seen below.
            let _ = apt::install(&["nodejs"]);
        }
        let Some(program) = find_program().filter(|program| is_new_enough(program)) else {
            eprintln!("note: tests of the client in JavaScript will fail: {NODE_WAY}");
            return None;
        };
        let installed = || install(project).ok().and_then(|()| find_packages(project));
        let Some(packages) = find_packages(project).or_else(installed) else {
            eprintln!("note: tests of the client in JavaScript will fail: {PACKAGES_WAY}");
            return None;
        };
        Some(Self { program, packages })
    }

    /// Tells the tests where it is.
    pub(crate) fn describe_to(&self, command: &mut Command) {
        command.env("PARLOR_NODE", &self.program);
        command.env("PARLOR_NODE_PACKAGES", &self.packages);
    }
}

/// Describes the program and the packages.
pub(crate) fn tools(project: &Project) -> [Tool; 2] {
    let node = find_program().map_or(State::Missing, |program| state(&program));
    let node = Tool::new("node", node, "test (client in JavaScript)", NODE_WAY);
    let packages = match find_packages(project) {
        Some(_) => State::Here("as locked".to_owned()),
        None => State::Missing,
    };
    let packages = Tool::new(
        "packages of tests/node-client",
        packages,
        "test (client in JavaScript)",
        PACKAGES_WAY,
    );
    let packages = packages.for_tests().by_xtask(npm::can_be_had());
    [node.for_tests().by_apt(), packages]
}

fn find_program() -> Option<PathBuf> {
    process::find_or_named(&["node"], "PARLOR_NODE")
}

fn state(program: &Path) -> State {
    // `node --version` has a letter before the number.
    State::of_run(program, &["-p", "process.versions.node"]).at_least(OLDEST)
}

fn is_new_enough(program: &Path) -> bool {
    matches!(state(program), State::Here(_))
}

fn folder(project: &Project) -> PathBuf {
    project.tools().join("node-client")
}

fn source(project: &Project) -> PathBuf {
    project.root.join("tests/node-client")
}

fn find_packages(project: &Project) -> Option<PathBuf> {
    let named = std::env::var_os("PARLOR_NODE_PACKAGES").map(PathBuf::from);
    let named = named.filter(|folder| folder.is_dir());
    named.or_else(|| installed(&source(project), &folder(project)))
}

/// Returns the packages in a folder if they are those that the source asks for.
fn installed(source: &Path, folder: &Path) -> Option<PathBuf> {
    let packages = folder.join("node_modules");
    // npm writes this file last.
    let is_whole = packages.join(".package-lock.json").is_file();
    let is_same = |list: &&str| {
        let wanted = fs::read(source.join(list));
        wanted.is_ok_and(|wanted| fs::read(folder.join(list)).is_ok_and(|there| there == wanted))
    };
    (is_whole && LISTS.iter().all(is_same)).then_some(packages)
}

fn install(project: &Project) -> Result<()> {
    let (source, folder) = (source(project), folder(project));
    let explain = || format!("cannot write {}", folder.display());
    fs::create_dir_all(&folder).explain(explain)?;
    for list in LISTS {
        fs::copy(source.join(list), folder.join(list)).explain(explain)?;
    }
    let step = "install the packages of tests/node-client with npm";
    npm::run(&folder, &["ci"], step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_of_another_list_are_not_taken() {
        let folder = std::env::temp_dir().join(format!("parlor-node-{}", std::process::id()));
        let (source, tools) = (folder.join("source"), folder.join("tools"));
        let packages = tools.join("node_modules");
        for folder in [&source, &packages] {
            fs::create_dir_all(folder).unwrap();
        }
        for list in LISTS {
            fs::write(source.join(list), "one").unwrap();
            fs::write(tools.join(list), "one").unwrap();
        }
        assert_eq!(installed(&source, &tools), None, "npm did not end");
        fs::write(packages.join(".package-lock.json"), "{}").unwrap();
        assert_eq!(installed(&source, &tools), Some(packages));
        fs::write(source.join(LISTS[1]), "another").unwrap();
        assert_eq!(installed(&source, &tools), None);
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn the_list_names_no_registry() {
        let list = include_str!("../../tests/node-client/package-lock.json");
        assert!(list.contains("\"integrity\""));
        assert!(
            !list.contains("\"resolved\""),
            "write it with `npm install --package-lock-only --omit-lockfile-registry-resolved`"
        );
    }
}
