// A bare connection that negotiates perfectly, as the impolite side, and what the tests ask of it.
// What it has to say waits in `out`, and `take` is given what the other side says.
window.interop = ((configuration) => {
  const pc = new RTCPeerConnection(configuration);
  const far = { pc, out: [], channels: {}, heard: {}, tracks: [] };
  let making = false;
  let ignoring = false;
  const describe = async () => {
    await pc.setLocalDescription();
    const { type, sdp } = pc.localDescription;
    far.out.push({ description: { type, sdp } });
  };
  pc.onnegotiationneeded = async () => {
    making = true;
    await describe().finally(() => (making = false));
  };
  pc.onicecandidate = ({ candidate }) =>
    far.out.push({ candidate: candidate && candidate.candidate ? candidate.toJSON() : null });
  const take = async ({ description, candidate }) => {
    if (!description) {
      await pc.addIceCandidate(candidate).catch((error) => {
        if (!ignoring) throw error;
      });
      return;
    }
    const isOffer = description.type === "offer";
    ignoring = isOffer && (making || pc.signalingState !== "stable");
    if (ignoring) return;
    await pc.setRemoteDescription(description);
    if (isOffer) await describe();
  };
  let taken = Promise.resolve();
  far.take = (signal) => (taken = taken.then(() => take(signal)));

  // Channels by their labels; `echo` sends back what it hears.
  far.adopt = (channel) => {
    channel.binaryType = "arraybuffer";
    far.channels[channel.label] = channel;
    far.heard[channel.label] = [];
    channel.onmessage = ({ data }) => {
      if (channel.label.startsWith("echo")) channel.send(data);
      else far.heard[channel.label].push(data);
    };
    return channel;
  };
  pc.ondatachannel = ({ channel }) => far.adopt(channel);

  // Media: elements that play what comes, or nothing would be decoded.
  pc.ontrack = ({ track, streams }) => {
    const element = document.createElement(track.kind);
    element.autoplay = true;
    element.muted = track.kind === "video";
    element.srcObject = new MediaStream([track]);
    document.body.append(element);
    far.tracks.push({ kind: track.kind, streams: streams.map((stream) => stream.id) });
  };
  // Sends what this device has, pictures with this codec alone.
  far.open = async (codec) => {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
    for (const track of stream.getTracks()) {
      const sender = pc.addTrack(track, stream);
      const transceiver = pc.getTransceivers().find((one) => one.sender === sender);
      if (track.kind !== "video") continue;
      const { codecs } = RTCRtpReceiver.getCapabilities("video");
      const wanted = codecs.filter(({ mimeType, sdpFmtpLine = "" }) =>
        mimeType === "video/rtx" ||
        (mimeType === codec &&
          (codec !== "video/H264" || /packetization-mode=1.*profile-level-id=42e0/.test(sdpFmtpLine))));
      transceiver.setCodecPreferences(wanted);
    }
    return stream.id;
  };
  far.inbound = async () => {
    const found = {};
    for (const entry of (await pc.getStats()).values()) {
      if (entry.type === "inbound-rtp") found[entry.kind] = entry;
    }
    return {
      frames: found.video?.framesDecoded ?? 0,
      width: found.video?.frameWidth ?? 0,
      energy: found.audio?.totalAudioEnergy ?? 0,
    };
  };
  far.fragment = () => /a=ice-ufrag:(\S+)/.exec(pc.currentLocalDescription?.sdp)?.[1];
  return far;
})(CONFIGURATION);
