//! Over loopback: the engine beside the crate that it is built on.

use std::future::Future;
use std::net::Ipv4Addr;
use std::time::Duration;

use parlor_bench::{
    Comparison, Pair, ROUNDS, SET_UP_GOAL, SET_UPS, SIZES, THROUGHPUT_GOAL, receive, send,
};
use parlor_engine::{Config, Configuration, Engine, Result};
use tokio::time::{Instant, timeout};

use crate::bare;

/// Far longer than anything that is measured takes.
const DEADLINE: Duration = Duration::from_secs(60);

pub(crate) fn compare() -> Vec<Comparison> {
    let mut set_up = Comparison::new("native: set-up", "ms", SET_UP_GOAL);
    for round in 0..SET_UPS {
        eprintln!("native: set-up {} of {SET_UPS}", round + 1);
        set_up.add(alone(bare::set_up()), alone(engine_set_up()));
    }
    let mut all = vec![set_up];
    all.extend(SIZES.map(|size| {
        let what = format!("native: messages of {size} bytes");
        Comparison::new(what, "Mbit/s", THROUGHPUT_GOAL)
    }));
    for round in 0..ROUNDS {
        eprintln!("native: round {} of {ROUNDS}", round + 1);
        for (comparison, size) in all.iter_mut().skip(1).zip(SIZES) {
            let bare = alone(bare::throughput(size));
            comparison.add(bare, alone(engine_throughput(size)));
        }
    }
    all
}

/// Measures in a runtime of its own, of which nothing is left that could disturb the next one.
fn alone<T, E: std::fmt::Display>(measuring: impl Future<Output = std::result::Result<T, E>>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let outcome = runtime.block_on(async { timeout(DEADLINE, measuring).await });
    runtime.shutdown_timeout(DEADLINE);
    match outcome.expect("a measurement comes to its end") {
        Ok(value) => value,
        Err(error) => panic!("nothing was measured: {error}"),
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
