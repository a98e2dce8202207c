//! A runtime that notices when one of its tasks panics: tokio itself keeps that to the task.

use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};
use std::time::Duration;

use proptest::test_runner::TestCaseError;

/// Names of threads that saw a panic.
static PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn panics() -> MutexGuard<'static, Vec<String>> {
    PANICS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs something on threads of its own and ends what it left behind.
pub(crate) fn run(
    test: impl Future<Output = Result<(), TestCaseError>>,
) -> Result<(), TestCaseError> {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    watch();
    let threads = format!("run {}", RUNS.fetch_add(1, Ordering::Relaxed));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name(&threads)
        .enable_all()
        .build()
        .expect("a runtime");
    let outcome = runtime.block_on(test);
    runtime.shutdown_timeout(Duration::from_secs(5));
    if panics().contains(&threads) {
        return Err(TestCaseError::fail("a task panicked; see above"));
    }
    outcome
}

fn watch() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if let Some(thread) = std::thread::current().name() {
                panics().push(thread.to_owned());
            }
            usual(panic);
        }));
    });
}

#[test]
fn a_panic_in_a_task_is_noticed() {
    let panics = async {
        let task = tokio::spawn(async { panic!("as a mistake in the engine would") });
        let _ = task.await;
        Ok(())
    };
    run(panics).expect_err("it went by unnoticed");
    run(async { Ok(()) }).expect("it is not held against others");
}
