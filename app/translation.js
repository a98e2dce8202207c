// Keeps the app in step with a browser that translates the page.
//
// Such a browser takes text nodes out of the page and puts <font> elements in their places. The
// app goes on with its own text nodes, and what it writes into them, or puts beside them, would not
// be seen. So a text node goes back to its place before the app touches it; the browser then
// translates it again.
(function () {
  "use strict";
  if (!window.MutationObserver || !window.WeakMap || !CharacterData.prototype.replaceWith) return;
  // What stands in the place of a text node.
  var standIns = new WeakMap();

  function isFont(node) {
    return !!node && node.nodeName === "FONT";
  }

  function putBack(node) {
    var standIn = standIns.get(node);
    if (!standIn) return;
    standIns.delete(node);
    if (!node.parentNode && standIn.parentNode) standIn.parentNode.replaceChild(node, standIn);
  }

  new MutationObserver(function (records) {
    records.forEach(function (record) {
      var around = [record.addedNodes[0], record.previousSibling, record.nextSibling];
      var standIn = around.filter(isFont)[0];
      if (!standIn) return;
      [].forEach.call(record.removedNodes, function (node) {
        if (node.nodeType === Node.TEXT_NODE && !node.parentNode) standIns.set(node, standIn);
      });
    });
  }).observe(document.documentElement, { childList: true, subtree: true });

  ["after", "before", "remove", "replaceWith"].forEach(function (name) {
    var own = CharacterData.prototype[name];
    CharacterData.prototype[name] = function () {
      putBack(this);
      return own.apply(this, arguments);
    };
  });

  var text = Object.getOwnPropertyDescriptor(Node.prototype, "textContent");
  Object.defineProperty(Text.prototype, "textContent", {
    configurable: true,
    enumerable: true,
    get: text.get,
    set: function (value) {
      putBack(this);
      text.set.call(this, value);
    },
  });
})();
