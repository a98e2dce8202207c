//! Parlor in Firefox, with itself and with Chromium. Without a Firefox these tests count as ignored.

mod calls;

use std::future::Future;
use std::iter;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use parlor_tests::has_firefox;

/// Flags of the harness that take the next word as their value.
const WITH_VALUE: [&str; 6] = [
    "-Z",
    "--color",
    "--format",
    "--logfile",
    "--skip",
    "--test-threads",
];

fn main() -> ExitCode {
    let (names, flags) = split(std::env::args().skip(1));
    let mut arguments = Arguments::from_iter(iter::once("firefox".to_owned()).chain(flags));
    arguments.test_threads = arguments.test_threads.or(Some(2));
    let mut trials = vec![
        trial(
            "two_firefoxes_meet_call_chat_and_enter_again",
            calls::two_firefoxes,
        ),
        trial("firefox_calls_chromium", calls::firefox_calls_chromium),
        trial("chromium_calls_firefox", calls::chromium_calls_firefox),
        Trial::test("a_test_runs_if_any_of_several_names_matches", several_names),
    ];
    trials.retain(|trial| is_named(trial, &names, &arguments));
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Splits the command line into names of tests and flags. The harness takes one name, libtest takes
/// several, and cargo gives both the same words.
fn split(words: impl Iterator<Item = String>) -> (Vec<String>, Vec<String>) {
    let mut is_value = false;
    words.partition(|word| {
        let is_name = !is_value && !word.starts_with('-');
        is_value = WITH_VALUE.contains(&word.as_str());
        is_name
    })
}

fn is_named(trial: &Trial, names: &[String], arguments: &Arguments) -> bool {
    let matches = |name: &String| {
        let filter = Some(name.clone());
        let alone = Arguments {
            filter,
            ..arguments.clone()
        };
        !alone.is_filtered_out(trial)
    };
    names.is_empty() || names.iter().any(matches)
}

fn several_names() -> Result<(), Failed> {
    let words = "calls --skip chromium meet --test-threads=2 --exact";
    let (names, flags) = split(words.split(' ').map(str::to_owned));
    assert_eq!(names, ["calls", "meet"]);
    assert_eq!(flags, ["--skip", "chromium", "--test-threads=2", "--exact"]);
    let is_named = |test: &str, arguments: &Arguments| {
        is_named(&Trial::test(test, || Ok(())), &names, arguments)
    };
    let parts = Arguments::default();
    assert!(is_named("firefox_calls_chromium", &parts) && is_named("two_meet", &parts));
    assert!(!is_named("two_part", &parts));
    let exact = Arguments {
        exact: true,
        ..parts
    };
    assert!(is_named("meet", &exact) && !is_named("two_meet", &exact));
    Ok(())
}

fn trial<F: Future<Output = ()>>(
    name: &'static str,
    test: impl Fn() -> F + Send + 'static,
) -> Trial {
    let run = move || {
        // Its name is that of the pictures that a failure leaves.
        let thread = std::thread::Builder::new().name(name.to_owned());
        let running = thread.spawn(move || {
            let runtime = tokio::runtime::Runtime::new().expect("a runtime");
            runtime.block_on(test());
        });
        let ended = running.map_err(Failed::from)?.join();
        ended.map_err(|_| Failed::from("it panicked; see above"))
    };
    let trial = Trial::test(name, run);
    match has_firefox() {
        true => trial,
        false => trial.with_kind("no firefox-esr").with_ignored_flag(true),
    }
}
