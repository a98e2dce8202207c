// What the app asks of its page; app/platform/webview has the other end.
window.parlor = (() => {
  const nodes = new Map();
  const stops = new Map();
  const isField = (element) => ["INPUT", "TEXTAREA", "SELECT"].includes(element?.tagName);

  return {
    // Dioxus keeps the numbers of its elements to itself. The app asks it to focus an element right
    // after this, and that one call tells which element it is.
    expect(key) {
      const interpreter = window.interpreter;
      interpreter.setFocus = (id) => {
        delete interpreter.setFocus;
        nodes.set(key, interpreter.nodes[id]);
        return true;
      };
    },
    forget(key) {
      nodes.delete(key);
    },
    setCss(key, property, value) {
      nodes.get(key)?.style.setProperty(property, value);
    },
    setAttribute(key, name, value) {
      nodes.get(key)?.setAttribute(name, value);
    },
    focus(key) {
      nodes.get(key)?.focus();
    },
    select(key) {
      nodes.get(key)?.focus();
      nodes.get(key)?.select?.();
    },
    fitHeight(key) {
      const node = nodes.get(key);
      if (!node) return;
      node.style.height = "auto";
      node.style.height = `${node.scrollHeight + node.offsetHeight - node.clientHeight}px`;
    },
    showModal(key) {
      const node = nodes.get(key);
      if (node?.showModal && !node.open) node.showModal();
    },
    setOnRoot(name, value) {
      const root = document.documentElement;
      if (value === null) root.removeAttribute(name);
      else root.setAttribute(name, value);
    },
    // Not every web view has a clipboard for pages; all copy what is selected.
    async copy(text) {
      try {
        await navigator.clipboard.writeText(text);
        return true;
      } catch {
        const field = document.createElement("textarea");
        const focused = document.activeElement;
        field.value = text;
        field.style.cssText = "position: fixed; opacity: 0";
        // What is below an open dialog cannot be selected.
        (document.querySelector("dialog[open]") ?? document.body).append(field);
        field.select();
        const copied = document.execCommand("copy");
        field.remove();
        focused?.focus();
        return copied;
      }
    },
    // Sends keys that are pressed while no text is being written, until `stop`.
    keys(key, dioxus) {
      return new Promise((resolve) => {
        const listener = (event) => {
          const modified = event.ctrlKey || event.altKey || event.metaKey;
          if (isField(event.target) || modified || event.repeat || event.isComposing) return;
          dioxus.send(event.key);
        };
        document.addEventListener("keydown", listener);
        stops.set(key, () => {
          document.removeEventListener("keydown", listener);
          resolve();
        });
      });
    },
    stop(key) {
      stops.get(key)?.();
      stops.delete(key);
    },
  };
})();
