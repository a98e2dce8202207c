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
  addEventListener("securitypolicyviolation", (event) => {
    console.error(`policy: ${event.violatedDirective} forbids ${event.blockedURI}`);
  });
})();
