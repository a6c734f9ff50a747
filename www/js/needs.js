// Says in words why the page cannot start: what the browser lacks, or what could not be loaded. It runs before everything
// else and in browsers that know nothing newer, so it is written as of old.

(function () {
  var started = function () {
    return document.querySelector(".app, .taken, .embed, .present, #crash") !== null;
  };

  function say(title, text) {
    var place = document.getElementById("app");
    if (!place || started() || document.getElementById("cannot-start")) return;
    var main = document.createElement("main");
    main.id = "cannot-start";
    main.className = "crash";
    var said = main.appendChild(document.createElement("div"));
    said.setAttribute("role", "alert");
    said.appendChild(document.createElement("h1")).textContent = title;
    said.appendChild(document.createElement("p")).textContent = text;
    place.textContent = "";
    place.appendChild(main);
  }

  // A module with what Rust's compiler takes for granted: bulk memory, sign extension, saturating conversions, references.
  var MODULE = [
    0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 127, 3, 2, 1, 0, 4, 4, 1, 111, 0, 1, 5, 3, 1, 0, 1, 10, 21, 1, 19, 0, 65,
    0, 65, 0, 65, 0, 252, 11, 0, 67, 0, 0, 0, 0, 252, 0, 192, 11,
  ];

  function lacking() {
    var missing = [];
    if (typeof WebAssembly !== "object") missing.push("WebAssembly");
    else if (!WebAssembly.validate(new Uint8Array(MODULE))) missing.push("the later parts of WebAssembly");
    if (!("noModule" in document.createElement("script"))) missing.push("JavaScript modules");
    if (document.getElementById("stepyard-wasm") && typeof DecompressionStream !== "function") {
      missing.push("DecompressionStream, with which this file unpacks itself");
    }
    return missing;
  }

  function check() {
    var missing = lacking();
    if (missing.length > 0) {
      say(
        "This browser cannot run Stepyard",
        "It lacks " + missing.join(" and ") + ". Any Chrome, Edge, Firefox or Safari of the last two years has it.",
      );
    }
  }

  function failed(what) {
    say(
      "Stepyard could not be loaded",
      "This did not load: " + what + ". Check the connection and reload the page. What you made is kept in this browser.",
    );
  }

  // A script or a style sheet that is not there; such errors do not bubble.
  window.addEventListener(
    "error",
    function (event) {
      var from = event.target;
      if (from && from !== window && (from.src || from.href)) failed(from.src || from.href);
    },
    true,
  );
  window.addEventListener("unhandledrejection", function (event) {
    var why = event.reason && event.reason.message ? event.reason.message : String(event.reason);
    if (lacking().length === 0) failed(why);
  });
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", check);
  else check();
})();
