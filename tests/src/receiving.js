// What arrives on every connection that is up.
const done = arguments[arguments.length - 1];
const read = async (connection, index) => {
  const stream = { connection: index, frames: 0, width: 0, height: 0, energy: 0, bytes: 0 };
  for (const entry of (await connection.getStats()).values()) {
    if (entry.type !== "inbound-rtp") continue;
    stream.bytes += entry.bytesReceived ?? 0;
    if (entry.kind === "video") {
      stream.frames += entry.framesDecoded ?? 0;
      stream.width = Math.max(stream.width, entry.frameWidth ?? 0);
      stream.height = Math.max(stream.height, entry.frameHeight ?? 0);
    } else {
      stream.energy += entry.totalAudioEnergy ?? 0;
    }
  }
  return stream;
};
Promise.all(
  window.__connections.map((connection, index) =>
    connection.connectionState === "connected" ? read(connection, index) : null,
  ),
).then((streams) => done(streams.filter(Boolean)));
