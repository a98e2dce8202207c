// Runs before every page's own scripts.
(() => {
  if (window.__stale) return;
  const stale = [];
  Object.defineProperty(window, "__stale", { value: stale });
  const taken = new WeakSet();
  const words = /\p{Letter}|\d/u;

  const note = (node, what) => {
    if (taken.has(node) && !node.isConnected) stale.push(`${what}: ${node.data}`);
  };
  for (const name of ["after", "before", "remove", "replaceWith"]) {
    const own = CharacterData.prototype[name];
    CharacterData.prototype[name] = function (...given) {
      note(this, name);
      return own.apply(this, given);
    };
  }
  const text = Object.getOwnPropertyDescriptor(Node.prototype, "textContent");
  Object.defineProperty(Node.prototype, "textContent", {
    ...text,
    set(value) {
      note(this, `text ${value} for`);
      text.set.call(this, value);
    },
  });

  const translate = (node) => {
    const parent = node.parentElement;
    const kept = "font, noscript, script, style, textarea, title";
    if (!parent?.translate || !words.test(node.data) || parent.closest(kept)) return;
    const font = document.createElement("font");
    font.append(document.createElement("font"));
    font.firstChild.append(`«${node.data}»`);
    taken.add(node);
    node.parentNode.replaceChild(font, node);
  };
  const translateAll = (root) => {
    if (root.nodeType === Node.TEXT_NODE) translate(root);
    if (root.nodeType !== Node.ELEMENT_NODE || root.nodeName === "FONT") return;
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const nodes = [];
    while (walker.nextNode()) nodes.push(walker.currentNode);
    nodes.forEach(translate);
  };
  new MutationObserver((records) => {
    for (const { addedNodes, target, type } of records) {
      if (type === "characterData") translate(target);
      addedNodes.forEach(translateAll);
    }
  }).observe(document, { characterData: true, childList: true, subtree: true });
})();
