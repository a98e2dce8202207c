use std::collections::BTreeMap;

use tokio::io::AsyncReadExt as _;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::super::pace::{BURST, PERIOD};
use super::super::stream::{BATCH, up};
use super::channel_data;

/// On a clock that moves on only when everybody waits.
#[tokio::test(start_paused = true)]
async fn a_burst_goes_into_a_stream_in_parts() {
    const DATAGRAMS: usize = 100;
    let datagram = channel_data(0x4000, &[7; 1_000]);
    let (queue, mut queued) = mpsc::channel(DATAGRAMS);
    for _ in 0..DATAGRAMS {
        queue.try_send(datagram.clone()).unwrap();
    }
    drop(queue);
    let (near, mut far) = tokio::io::duplex(1024 * 1024);
    let sending = tokio::spawn(async move {
        let first = queued.recv().await.unwrap();
        up(near, first, &mut queued).await
    });
    let began = Instant::now();
    let mut came = BTreeMap::<_, usize>::new();
    let mut buffer = vec![0; 1024 * 1024];
    loop {
        let length = far.read(&mut buffer).await.unwrap();
        if length == 0 {
            break;
        }
        *came.entry(began.elapsed()).or_default() += length;
    }
    sending.await.unwrap().unwrap();
    let bytes = DATAGRAMS * datagram.len();
    assert_eq!(came.values().sum::<usize>(), bytes);
    let most = BURST + BATCH * datagram.len();
    assert!(came.values().all(|&it| it < most), "too much: {came:?}");
    assert!(began.elapsed() <= PERIOD * 2 * (bytes / BURST) as u32);
}
