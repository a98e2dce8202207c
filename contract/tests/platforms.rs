//! Runs every behaviour on the native back-end, over loopback, and on the fake, in virtual time.
//!
//! What came of each is left in `<target>/conformance`, from which `docs/conformance.md` is written.

use std::collections::BTreeMap;
use std::fs;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use libtest_mimic::{Arguments, Failed, Trial};
use parlor_contract::{Behaviour, Outcome, Pair, Reason, all};
use parlor_engine::{Configuration, Engine, fake};

/// Far longer than any behaviour takes, also where two others run beside it.
const DEADLINE: Duration = Duration::from_secs(60);
/// The same in virtual time, which costs nothing.
const VIRTUAL_DEADLINE: Duration = Duration::from_secs(600);

/// Runs a behaviour on one platform.
type Runner = fn(Behaviour) -> Outcome;
type Verdicts = Arc<Mutex<BTreeMap<&'static str, String>>>;

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // A connection's handshake keeps a core busy; more at once only make each slower.
    arguments.test_threads = arguments.test_threads.or(Some(2));
    let platforms: [(&str, Runner); 2] = [("fake", on_fake), ("native", on_native)];
    let mut trials = Vec::new();
    let mut verdicts = Vec::new();
    for (platform, run) in platforms {
        let told = Verdicts::default();
        verdicts.push((platform, told.clone()));
        for behaviour in all() {
            let told = told.clone();
            let name = format!("{platform}::{}: {}", behaviour.id, behaviour.title);
            trials.push(Trial::test(name, move || judge(behaviour, run, &told)));
        }
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    for (platform, told) in verdicts {
        keep(platform, &told.lock().expect("no test holds it any more"));
    }
    conclusion.exit_code()
}

fn judge(behaviour: Behaviour, run: Runner, told: &Verdicts) -> Result<(), Failed> {
    let outcome = run(behaviour);
    let verdict = match &outcome {
        Ok(()) => "passes".to_owned(),
        Err(reason) => reason.to_string(),
    };
    if let Ok(mut told) = told.lock() {
        told.insert(behaviour.id, verdict);
    }
    match outcome {
        Err(Reason::Failed(text)) => Err(text.into()),
        Ok(()) | Err(Reason::NotPossible(_)) => Ok(()),
    }
}

fn on_native(behaviour: Behaviour) -> Outcome {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let outcome = runtime.block_on(async {
        let configuration = Configuration {
            local_addresses: vec![Ipv4Addr::LOCALHOST.into()],
            ..Configuration::default()
        };
        let engine = || Engine::new(Pair::config());
        let pair = Pair::new(engine()?, engine()?, configuration);
        let running = tokio::time::timeout(DEADLINE, behaviour.run(pair.clone()));
        let outcome = running.await;
        pair.left.close();
        pair.right.close();
        outcome.unwrap_or_else(|_| Err(late(DEADLINE)))
    });
    runtime.shutdown_timeout(Duration::from_secs(5));
    outcome
}

fn on_fake(behaviour: Behaviour) -> Outcome {
    let world = fake::World::new();
    let engine = |host| Engine::on_fake(&world, fake::HostId(host), Pair::config());
    let pair = Pair::new(engine(1)?, engine(2)?, Configuration::default());
    let outcome = world.run_until(VIRTUAL_DEADLINE, async move { behaviour.run(pair).await });
    outcome.unwrap_or_else(|| Err(late(VIRTUAL_DEADLINE)))
}

fn late(deadline: Duration) -> Reason {
    let seconds = deadline.as_secs();
    Reason::Failed(format!("it had not come to its end after {seconds} s"))
}

/// Only a whole run is worth keeping: one of a filter would empty the table.
fn keep(platform: &str, told: &BTreeMap<&'static str, String>) {
    if told.len() < all().len() {
        return;
    }
    let lines: String = all()
        .iter()
        .map(|it| format!("{}\t{}\t{}\n", it.id, it.title, told[it.id]))
        .collect();
    let folder = target().join("conformance");
    let kept = fs::create_dir_all(&folder)
        .and_then(|()| fs::write(folder.join(platform).with_extension("tsv"), lines));
    kept.expect("the target folder can be written");
}

/// Cargo's target folder: tests run from `<target>/<profile>/deps`.
fn target() -> PathBuf {
    let program = std::env::current_exe().expect("a program has a path");
    let target = program.ancestors().nth(3).map(Into::into);
    target.expect("tests are run by cargo, from its target folder")
}
