// Loads the app's module, shows how far it is, and says so where something is missing.
//
// It is a script of its own, because the content security policy forbids scripts in the page, and
// it stays in the syntax of old browsers, because it also tells those that they are too old. The
// build calls it with the texts of every language (`boot-*` of assets/locales) and with the files
// to load.
(function (texts, files) {
  "use strict";
  // Without any progress for so long the page says so, in milliseconds.
  var PATIENCE = 8000;
  var EVERY = 250;
  // A quicker load shows nothing: a text that flashes helps nobody.
  var QUICK = 1000;
  // A file that came damaged may be in a cache. So long a new copy may take before the page is
  // loaded again without it.
  var FRESH_WITHIN = 5000;

  var language = preferred();
  var received = 0;
  var seen = 0;
  var hasModule = false;
  var isScriptRunning = false;
  var passed = 0;
  var quiet = 0;
  var failure = null;
  var hasStopped = false;
  var isLeaving = false;
  var shown = "";
  var timer = setInterval(look, EVERY);

  function preferred() {
    var wanted = navigator.languages || [navigator.language || ""];
    try {
      wanted = [localStorage.getItem("parlor.settings.language") || ""].concat([].slice.call(wanted));
    } catch (error) {
      // Nothing can be kept here, so nothing was chosen.
    }
    for (var place = 0; place < wanted.length; place += 1) {
      var tag = wanted[place].split("-")[0].toLowerCase();
      if (Object.prototype.hasOwnProperty.call(texts, tag)) return tag;
    }
    return "en";
  }

  function say(key) {
    return texts[language][key];
  }

  function hasStarted() {
    var main = document.getElementById("main");
    return !!main && !!main.firstChild;
  }

  // Shows what there is to show. Asks again and again, because a connection that hangs has no event.
  function look() {
    if (isLeaving) return;
    passed += EVERY;
    quiet = received === seen ? quiet + EVERY : 0;
    seen = received;
    if (hasStopped) {
      showStopped();
    } else if (hasStarted()) {
      clearInterval(timer);
      show("started", []);
    } else if (failure) {
      showFailure();
    } else if (quiet >= PATIENCE && !(hasModule && isScriptRunning)) {
      showStalled();
    } else if (passed >= QUICK) {
      showProgress();
    } else {
      show("quiet", []);
    }
  }

  function showProgress() {
    if (shown !== "loading") {
      var bar = document.createElement("progress");
      bar.max = files.size;
      bar.setAttribute("aria-label", say("boot-loading"));
      show("loading", [element("p", say("boot-loading")), bar]);
    }
    var visible = document.querySelector("#boot progress");
    if (visible) visible.value = Math.min(received, files.size);
  }

  function showStalled() {
    var missing = isScriptRunning ? "boot-module" : "boot-script";
    show("stalled", [
      element("h1", say("boot-stalled-title")),
      element("p", say("boot-stalled")),
      element("p", say(missing)),
      element("p", say("boot-remedy")),
      button("boot-again", reload),
    ]);
  }

  function showFailure() {
    var isBrowser = failure.key === "boot-old" || failure.key === "boot-no-module";
    show("failed", [
      element("h1", say("boot-failed-title")),
      element("p", say(failure.key)),
      element("p", say(isBrowser ? "boot-browser" : "boot-remedy")),
      button("boot-again", isBrowser ? reload : loadAfresh),
      element("small", failure.detail),
    ]);
  }

  function showStopped() {
    var main = document.getElementById("main");
    if (main) main.inert = true;
    show("stopped", [
      element("h1", say("boot-stopped-title")),
      element("p", say("boot-stopped")),
      button("boot-reload", reload),
    ]);
  }

  // Shows a state of the page, once. Nothing happens while the parser has not come so far.
  function show(state, children) {
    var boot = document.getElementById("boot");
    if (!boot || shown === state) return;
    shown = state;
    boot.setAttribute("data-state", state);
    boot.setAttribute("lang", language);
    boot.setAttribute("translate", "no");
    boot.textContent = "";
    if (children.length === 0) return;
    var card = document.createElement("main");
    card.setAttribute("data-test", "boot-" + state);
    var words = document.createElement("div");
    words.setAttribute("role", state === "loading" ? "status" : "alert");
    card.appendChild(words);
    boot.appendChild(card);
    for (var place = 0; place < children.length; place += 1) words.appendChild(children[place]);
    var action = card.querySelector("button");
    if (action && state === "stopped") action.focus();
  }

  function element(name, text) {
    var made = document.createElement(name);
    made.textContent = text;
    return made;
  }

  function button(key, action) {
    var made = element("button", say(key));
    made.type = "button";
    made.setAttribute("data-test", key);
    made.addEventListener("click", function () {
      made.disabled = true;
      action();
    });
    return made;
  }

  function reload() {
    location.reload();
  }

  function loadAfresh() {
    var copies = [files.script, files.module].map(function (file) {
      return fetch(file, { cache: "reload" }).then(function (response) {
        return response.arrayBuffer();
      });
    });
    var late = new Promise(function (resolve) {
      setTimeout(resolve, FRESH_WITHIN);
    });
    Promise.race([Promise.all(copies), late]).then(reload, reload);
  }

  // The first failure counts: the others follow from it.
  function fail(key, detail) {
    failure = failure || { key: key, detail: String(detail).slice(0, 200) };
    look();
  }

  function failModule(error) {
    if (isTrap(error)) {
      stop();
    } else {
      fail("boot-module", files.module + ": " + (error && error.message ? error.message : error));
    }
  }

  // A module that trapped, as a panic makes it, runs no further.
  function isTrap(error) {
    return typeof WebAssembly === "object" && error instanceof WebAssembly.RuntimeError;
  }

  function stop() {
    hasStopped = true;
    look();
  }

  // Counts what arrives, on a copy: the module's compiler takes the response itself, and waits for
  // the script, which may be slower.
  function count(body) {
    if (!body || !body.getReader) return;
    var reader = body.getReader();
    function next() {
      return reader.read().then(function (part) {
        if (part.done) {
          hasModule = true;
          return null;
        }
        received += part.value.length;
        return next();
      });
    }
    next().catch(failModule);
  }

  function load() {
    return fetch(files.module).then(function (response) {
      if (!response.ok) throw new Error(response.status + " " + response.statusText);
      count(response.clone().body);
      return response;
    });
  }

  // A script that did not load, or one of those that it imports.
  document.addEventListener("error", function (event) {
    var target = event.target;
    if (target && target.tagName === "SCRIPT" && target.type === "module") fail("boot-script", files.script);
  }, true);

  window.addEventListener("error", function (event) {
    var isOurs = (event.filename || "").indexOf(location.origin + "/") === 0;
    if (isTrap(event.error)) {
      stop();
    } else if (isOurs && !isScriptRunning) {
      // It cannot be read: it was cut, or is newer than the browser.
      fail("boot-script", files.script + ": " + event.message);
    }
  });

  window.addEventListener("unhandledrejection", function (event) {
    if (isTrap(event.reason)) stop();
  });

  // What was on its way is given up with the page, and that is no failure.
  window.addEventListener("pagehide", function () {
    isLeaving = true;
  });
  window.addEventListener("pageshow", function () {
    isLeaving = false;
  });

  if (typeof WebAssembly !== "object") {
    fail("boot-no-module", "WebAssembly");
  } else if (!window.fetch || !window.Promise || !("noModule" in document.createElement("script"))) {
    fail("boot-old", navigator.userAgent);
  } else {
    var module = load();
    module.catch(failModule);
    window.parlorBoot = {
      module: function () {
        isScriptRunning = true;
        return module;
      },
      failed: failModule,
    };
  }
})
