// What the page fetches only when it is used: the code editor and the worker that runs handlers. Both lie in one folder
// whose name changes with what is in it (www/build/finish.mjs), so that a page never meets a later version's files. In
// the single HTML file they are in the page itself (www/build/single.mjs).

const folder = () => {
  const named = document.querySelector('meta[name="stepyard-later"]');
  return new URL(named ? named.content : "./", document.baseURI);
};

/** The module `editor.js`. */
export function importEditor() {
  const single = globalThis.stepyardSingleFile;
  return single ? Promise.resolve(single.editor) : import(new URL("editor.js", folder()));
}

/** A new worker that runs handlers. Throws where there are no workers. */
export function startWorker() {
  const single = globalThis.stepyardSingleFile;
  if (single) return single.startWorker();
  return window.origin === "null" ? startFramedWorker() : new Worker(new URL("handler-worker_loader.js", folder()));
}

/** A frame without an origin may start no worker from a file, but one whose script names the files. */
function startFramedWorker() {
  const file = (name) => JSON.stringify(new URL(name, folder()).href);
  const script = `importScripts(${file("handler-worker.js")});
    wasm_bindgen({ module_or_path: ${file("handler-worker_bg.wasm")} });`;
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const worker = new Worker(url);
  URL.revokeObjectURL(url);
  return worker;
}
