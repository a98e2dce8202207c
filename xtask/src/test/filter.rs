//! The words after `cargo xtask test`.

/// Flags of `cargo test` that take the next word as their value.
const WITH_VALUE: [&str; 19] = [
    "-F",
    "-Z",
    "-j",
    "-p",
    "--bench",
    "--bin",
    "--color",
    "--config",
    "--example",
    "--exclude",
    "--features",
    "--jobs",
    "--manifest-path",
    "--message-format",
    "--package",
    "--profile",
    "--target",
    "--target-dir",
    "--test",
];

/// A selection of tests, with flags.
#[derive(Debug, PartialEq)]
pub(super) struct Filter {
    /// For cargo, with one name at most: it takes no more.
    cargo: Vec<String>,
    /// For the programs with tests, which take any number of names.
    programs: Vec<String>,
}

impl Filter {
    pub(super) fn new(words: &[String]) -> Self {
        let mut words = words.iter().cloned();
        let (mut cargo, mut names) = (Vec::new(), Vec::new());
        let mut is_value = false;
        for word in words.by_ref().take_while(|word| word != "--") {
            let is_flag = word.starts_with('-');
            let is_name = !is_flag && !is_value;
            is_value = WITH_VALUE.contains(&word.as_str());
            if is_name { &mut names } else { &mut cargo }.push(word);
        }
        let mut names = names.into_iter();
        cargo.extend(names.next());
        Self {
            cargo,
            programs: names.chain(words).collect(),
        }
    }

    /// Returns the arguments for `cargo test`.
    pub(super) fn arguments(&self) -> Vec<&str> {
        let separator = (!self.programs.is_empty()).then_some("--");
        let words = self.cargo.iter().map(String::as_str);
        let programs = self.programs.iter().map(String::as_str);
        words.chain(separator).chain(programs).collect()
    }

    /// Returns `true` if the words choose packages; otherwise all packages are tested.
    pub(super) fn names_packages(&self) -> bool {
        self.cargo.iter().any(|word| {
            word == "-p"
                || word.starts_with("--package")
                || word == "--workspace"
                || word == "--all"
        })
    }

    /// Returns `true` if this package is among the named ones.
    pub(super) fn names(&self, package: &str) -> bool {
        self.names_packages() && self.cargo.iter().any(|word| word == package)
    }

    /// Returns `true` if cargo can compile these tests without running them. It refuses that for
    /// documentation.
    pub(super) fn may_compile_apart(&self) -> bool {
        let mut words = self.cargo.iter();
        !words.any(|word| word == "--doc" || word == "--no-run")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(line: &str) -> Filter {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Filter::new(&words)
    }

    fn arguments(line: &str) -> String {
        filter(line).arguments().join(" ")
    }

    #[test]
    fn it_may_name_packages() {
        assert!(filter("-p parlor-engine glare").names_packages());
        assert!(filter("-p parlor-tests").names("parlor-tests"));
        assert!(!filter("parlor-tests").names("parlor-tests"));
        assert!(!filter("glare -- -p").names_packages());
    }

    #[test]
    fn cargo_takes_one_name_and_the_programs_the_others() {
        assert_eq!(arguments("a b c"), "a -- b c");
        assert_eq!(arguments("a b -- --exact c"), "a -- b --exact c");
        assert_eq!(arguments("a"), "a");
        assert_eq!(arguments("-- a b"), "-- a b");
        assert_eq!(arguments(""), "");
    }

    #[test]
    fn values_of_flags_are_no_names() {
        assert_eq!(
            arguments("-p parlor-tests --test firefox a --release b"),
            "-p parlor-tests --test firefox --release a -- b"
        );
        assert_eq!(arguments("--jobs=1 a b"), "--jobs=1 a -- b");
    }

    #[test]
    fn documentation_does_not_compile_apart() {
        assert!(filter("-p parlor-engine --lib").may_compile_apart());
        assert!(!filter("-p parlor-engine --doc").may_compile_apart());
    }
}
