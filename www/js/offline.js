// Keeps the whole page in this browser, so that it opens without a network, and tells when a later version of it is ready.
// Nothing is ever reloaded unless the person says so.

/** The first visit has better things to load. */
const PATIENCE_MILLIS = 3_000;
const LOOK_AGAIN_MILLIS = 60 * 60 * 1_000;

let waiting = null;
let reloading = false;

/** `src/shell/update.rs` shows it. */
function offer(worker) {
  waiting = worker;
  document.documentElement.dataset.update = "ready";
  window.dispatchEvent(new Event("stepyard-update"));
}

function watch(registration) {
  const installed = (worker) => {
    // Without a former one this is the first: there is nothing to update.
    if (worker.state === "installed" && navigator.serviceWorker.controller) offer(worker);
  };
  if (registration.waiting) installed(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const worker = registration.installing;
    worker?.addEventListener("statechange", () => installed(worker));
  });
  let looked = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible" || Date.now() - looked < LOOK_AGAIN_MILLIS) return;
    looked = Date.now();
    registration.update().catch(() => {});
  });
}

async function start() {
  try {
    watch(await navigator.serviceWorker.register("./service-worker.js", { updateViaCache: "none" }));
  } catch {
    // Not allowed here, as in a frame without an origin: the page works while there is a network.
  }
}

// A frame in somebody else's page keeps nothing; without an origin it may not even ask.
const framed = new URLSearchParams(location.search).has("embed") || window.origin === "null";

if (!framed && "serviceWorker" in navigator && window.isSecureContext) {
  window.addEventListener("load", () => setTimeout(start, PATIENCE_MILLIS));
  window.addEventListener("stepyard-reload", () => {
    reloading = true;
    if (waiting) waiting.postMessage("activate");
    else location.reload();
  });
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (reloading) location.reload();
  });
}
