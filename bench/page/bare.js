// The peer of the comparison: RTCPeerConnection as a careful page uses it, in the same steps as the
// engine's.

const tell = (from, to) => {
  let found = [];
  const give = (candidate) => to.addIceCandidate(candidate).catch(() => {});
  from.onicecandidate = ({ candidate }) => {
    if (!candidate) return;
    if (found) found.push(candidate);
    else give(candidate);
  };
  // Candidates are taken after the description that they belong to.
  return () => {
    for (const candidate of found) give(candidate);
    found = null;
  };
};

const opened = (channel) =>
  new Promise((done, failed) => {
    if (channel.readyState === "open") done();
    channel.onopen = () => done();
    channel.onclose = () => failed(new Error("the channel closed"));
  });

const open = async () => {
  const left = new RTCPeerConnection();
  const right = new RTCPeerConnection();
  const ready = [tell(left, right), tell(right, left)];
  const announced = new Promise((done) => {
    right.ondatachannel = ({ channel }) => done(channel);
  });
  const from = left.createDataChannel("bench");
  await left.setLocalDescription();
  await right.setRemoteDescription(left.localDescription);
  await right.setLocalDescription();
  await left.setRemoteDescription(right.localDescription);
  for (const give of ready) give();
  const to = await announced;
  await Promise.all([opened(from), opened(to)]);
  const close = () => {
    left.close();
    right.close();
  };
  return { from, to, close };
};

// Milliseconds until two new connections have an open channel.
const set_up = async () => {
  const start = performance.now();
  const pair = await open();
  const time = performance.now() - start;
  pair.close();
  return time;
};

const send = (channel, size, low, high) => {
  const message = new Uint8Array(size);
  const fill = () => {
    while (channel.readyState === "open" && channel.bufferedAmount < high) channel.send(message);
  };
  channel.bufferedAmountLowThreshold = low;
  channel.onbufferedamountlow = fill;
  fill();
};

// Mbit/s of messages of that size, after a warm-up and for a fixed time, both in milliseconds.
const receive = (channel, warm_up, measured) =>
  new Promise((done) => {
    const began = performance.now();
    let since = null;
    let bytes = 0;
    channel.binaryType = "arraybuffer";
    channel.onmessage = ({ data }) => {
      const now = performance.now();
      if (since === null) {
        if (now - began >= warm_up) since = now;
        return;
      }
      bytes += data.byteLength;
      if (now - since >= measured) done((bytes * 8) / (now - since) / 1e3);
    };
  });

const throughput = async (size, { warm_up, measured, low, high }) => {
  const pair = await open();
  const received = receive(pair.to, warm_up, measured);
  send(pair.from, size, low, high);
  const rate = await received;
  pair.close();
  return rate;
};

// Pairs of milliseconds: of this and of the engine's, in turns, since the first one meets a browser
// that has waited longer. Whoever drives the page has nothing to do with it meanwhile, and a pause
// before each one lets go what the last one left behind.
const set_ups = async (rounds, pause) => {
  const measure = async (set_up) => {
    await new Promise((done) => setTimeout(done, pause));
    return set_up();
  };
  const pairs = [];
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2) {
      const engine = await measure(globalThis.engine.set_up);
      pairs.push([await measure(set_up), engine]);
    } else {
      pairs.push([await measure(set_up), await measure(globalThis.engine.set_up)]);
    }
  }
  return pairs;
};

globalThis.bare = { set_ups, throughput };
