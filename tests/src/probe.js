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
  };
  // Every track of a device of ours, copies too: a device is in use as long as one of them lives.
  const tracks = [];
  Object.defineProperty(window, "__tracks", { value: tracks });
  const devices = navigator.mediaDevices;
  if (devices) {
    const open = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (wish) => {
      const stream = await open(wish);
      tracks.push(...stream.getTracks());
      return stream;
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
