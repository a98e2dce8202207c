//! Parlor in Firefox, with itself and with Chromium. Without a Firefox these tests count as ignored.

mod calls;

use std::future::Future;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use parlor_tests::has_firefox;

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads = arguments.test_threads.or(Some(2));
    let trials = vec![
        trial(
            "two_firefoxes_meet_call_chat_and_enter_again",
            calls::two_firefoxes,
        ),
        trial("firefox_calls_chromium", calls::firefox_calls_chromium),
        trial("chromium_calls_firefox", calls::chromium_calls_firefox),
    ];
    libtest_mimic::run(&arguments, trials).exit_code()
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
