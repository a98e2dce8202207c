// Runs before every page's own scripts.
(() => {
  if (window.__connections) return;
  const connections = [];
  Object.defineProperty(window, "__connections", { value: connections });
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class RTCPeerConnection extends Native {
    constructor(...given) {
      super(...given);
      connections.push(this);
    }
    setLocalDescription(description) {
      if (description?.type === "rollback") window.__rollbacks = (window.__rollbacks ?? 0) + 1;
      return super.setLocalDescription(description);
    }
  };
  // A page that has the room's key and tells nonsense: what it says is sealed like the truth.
  if (window.__lies === "descriptions") {
    const nonsense = (description) => description && { type: description.type, sdp: "v=0\r\nnonsense" };
    const { get } = Object.getOwnPropertyDescriptor(Native.prototype, "localDescription");
    Object.defineProperty(Native.prototype, "localDescription", {
      get() {
        return window.__honest ? get.call(this) : nonsense(get.call(this));
      },
    });
  }
  if (window.__lies === "candidates") {
    const { get } = Object.getOwnPropertyDescriptor(RTCIceCandidate.prototype, "candidate");
    Object.defineProperty(RTCIceCandidate.prototype, "candidate", {
      get() {
        return window.__honest ? get.call(this) : "candidate:nonsense 1 udp everywhere";
      },
    });
  }
  // A network in which nobody is found by the name that a browser gives in place of an address.
  if (window.__multicast === false) {
    const { addIceCandidate, setRemoteDescription } = Native.prototype;
    const isName = (line) => /\.local\b/.test(line);
    Native.prototype.addIceCandidate = function (candidate, ...more) {
      if (isName(candidate?.candidate ?? "")) return Promise.resolve();
      return addIceCandidate.call(this, candidate, ...more);
    };
    Native.prototype.setRemoteDescription = function ({ type, sdp }) {
      const lines = sdp.split("\r\n").filter((line) => !(line.startsWith("a=candidate:") && isName(line)));
      return setRemoteDescription.call(this, { type, sdp: lines.join("\r\n") });
    };
  }
  // Every track of a device of ours, copies too: a device is in use as long as one of them lives.
  const tracks = [];
  Object.defineProperty(window, "__tracks", { value: tracks });
  const devices = navigator.mediaDevices;
  if (devices) {
    const open = devices.getUserMedia.bind(devices);
    const list = devices.enumerateDevices.bind(devices);
    const unplugged = new Set();
    const isThere = ({ label }) => !unplugged.has(label);
    devices.enumerateDevices = async () =>
      window.__devices === "none" ? [] : (await list()).filter(isThere);
    devices.getUserMedia = async (wish) => {
      window.__requests = (window.__requests ?? 0) + 1;
      if (window.__devices === "refused") throw new DOMException("refused", "NotAllowedError");
      if (window.__devices === "none") throw new DOMException("none", "NotFoundError");
      if (window.__devices === "busy") throw new DOMException("busy", "NotReadableError");
      const stream = await open(wish);
      if (!stream.getTracks().every(isThere)) {
        stream.getTracks().forEach((track) => track.stop());
        throw new OverconstrainedError("deviceId", "unplugged");
      }
      tracks.push(...stream.getTracks());
      return stream;
    };
    // Screens are no devices: the stops that the browser offers for them are made up by `__stopScreen`.
    const screens = [];
    Object.defineProperty(window, "__screens", { value: screens });
    if (devices.getDisplayMedia) {
      const show = devices.getDisplayMedia.bind(devices);
      devices.getDisplayMedia = async (wish) => {
        const stream = await show(wish);
        screens.push(...stream.getTracks());
        return stream;
      };
    }
    window.__stopScreen = () => {
      for (const track of screens) {
        track.stop();
        track.dispatchEvent(new Event("ended"));
      }
    };
    const live = (isMeant) => tracks.filter((one) => one.readyState === "live" && isMeant(one));
    // By its label. The tracks of a device that is pulled out end.
    window.__unplug = (label) => {
      unplugged.add(label);
      for (const track of live((one) => one.label === label)) {
        track.stop();
        track.dispatchEvent(new Event("ended"));
      }
      devices.dispatchEvent(new Event("devicechange"));
    };
    window.__plug = (label) => {
      unplugged.delete(label);
      devices.dispatchEvent(new Event("devicechange"));
    };
    // What a system does whose own switch is used.
    window.__mute = (kind, muted) => {
      for (const track of live((one) => one.kind === kind)) {
        Object.defineProperty(track, "muted", { value: muted, configurable: true });
        track.dispatchEvent(new Event(muted ? "mute" : "unmute"));
      }
    };
    window.__live = (kind) => [...new Set(live((one) => one.kind === kind).map((one) => one.label))].join();
  }
  // Somebody who closes the question without an answer can be asked again.
  const permissions = navigator.permissions;
  if (permissions) {
    const query = permissions.query.bind(permissions);
    permissions.query = (what) => {
      const isDevice = ["camera", "microphone"].includes(what.name);
      return window.__devices === "refused" && isDevice ? Promise.resolve({ state: "prompt" }) : query(what);
    };
  }
  const locks = [];
  Object.defineProperty(window, "__locks", { value: locks });
  if (navigator.wakeLock) {
    const request = navigator.wakeLock.request.bind(navigator.wakeLock);
    navigator.wakeLock.request = async (type) => {
      const lock = await request(type);
      locks.push(lock);
      return lock;
    };
  }
  const { clone } = MediaStreamTrack.prototype;
  MediaStreamTrack.prototype.clone = function () {
    const copy = clone.call(this);
    if (tracks.includes(this)) tracks.push(copy);
    return copy;
  };
  addEventListener("securitypolicyviolation", (event) => {
    console.error(`policy: ${event.violatedDirective} forbids ${event.blockedURI}`);
  });
})();
