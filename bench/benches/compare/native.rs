//! Compares the engine over loopback with the crate that it is built on.

use std::future::Future;
use std::net::Ipv4Addr;
use std::time::Duration;

use parlor_bench::{
    Comparison, Pair, ROUNDS, SET_UP_GOAL, SET_UPS, SIZES, THROUGHPUT_GOAL, receive, send,
};
use parlor_engine::{Config, Configuration, Engine, Result};
use tokio::time::{Instant, timeout};

use crate::bare::{self, Sockets};

/// The time after which a measurement has stalled: far longer than any takes.
const DEADLINE: Duration = Duration::from_secs(20);

pub(crate) fn compare() -> Vec<Comparison> {
    let mut set_up = Comparison::new("native: set-up", "ms", SET_UP_GOAL);
    for round in 0..SET_UPS {
        eprintln!("native: set-up {} of {SET_UPS}", round + 1);
        if let (Some(bare), Some(engine)) = (alone(bare::set_up()), alone(engine_set_up())) {
            set_up.add(bare, engine);
        }
    }
    let rows = |what: &str, goal| {
        SIZES.map(|size| {
            let what = format!("native: {size} bytes{what}");
            Comparison::new(what, "Mbit/s", goal)
        })
    };
    let mut beside_it = rows("", THROUGHPUT_GOAL);
    let mut beside_large = rows(", large sockets", THROUGHPUT_GOAL);
    for round in 0..ROUNDS {
        eprintln!("native: round {} of {ROUNDS}", round + 1);
        for (place, size) in SIZES.into_iter().enumerate() {
            let bare = |sockets| alone(bare::throughput(size, sockets)).unwrap_or(0.0);
            let (as_it_comes, large) = (bare(Sockets::AsTheyCome), bare(Sockets::Large));
            let engine = alone(engine_throughput(size)).unwrap_or(0.0);
            eprintln!("native: {size} bytes: {as_it_comes:.0}, {large:.0} and {engine:.0} Mbit/s");
            beside_it[place].add(as_it_comes, engine);
            beside_large[place].add(large, engine);
        }
    }
    [set_up]
        .into_iter()
        .chain(beside_it)
        .chain(beside_large)
        .collect()
}

/// Measures in a runtime of its own, of which nothing is left to disturb the next measurement.
/// Returns `None` if it stalled, which happens at times for an unknown reason.
fn alone<T, E: std::fmt::Display>(
    measuring: impl Future<Output = std::result::Result<T, E>>,
) -> Option<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let outcome = runtime.block_on(async { timeout(DEADLINE, measuring).await });
    runtime.shutdown_timeout(DEADLINE);
    match outcome {
        Ok(Ok(value)) => Some(value),
        Ok(Err(error)) => panic!("nothing was measured: {error}"),
        Err(_) => {
            eprintln!("native: nothing more came for {} s", DEADLINE.as_secs());
            None
        }
    }
}

fn configuration() -> Configuration {
    Configuration {
        local_addresses: vec![Ipv4Addr::LOCALHOST.into()],
        ..Configuration::default()
    }
}

async fn engine_set_up() -> Result<f64> {
    let engine = Engine::new(Config::alone())?;
    let start = Instant::now();
    let _pair = Pair::open(&engine, &configuration()).await?;
    Ok(start.elapsed().as_secs_f64() * 1e3)
}

async fn engine_throughput(size: usize) -> Result<f64> {
    let engine = Engine::new(Config::alone())?;
    let pair = Pair::open(&engine, &configuration()).await?;
    tokio::spawn(send(pair.from.clone(), size));
    let to = pair.to.clone();
    // In a task like the sender: the thread that waits for it is not one of the two.
    let received = tokio::spawn(async move { receive(&to, &engine).await });
    received.await.expect("receiving does not panic")
}
