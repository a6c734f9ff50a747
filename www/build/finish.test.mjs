import assert from "node:assert/strict";
import { test } from "node:test";

import { addToHead, extractScripts, isForOffline, manifest, modernLoader, serviceWorker } from "./finish.mjs";

test("inline scripts become files", () => {
  const { page, files } = extractScripts(
    `<head><script type="module">import init from './a.js';</script></head><body><script>const a = '{{__TRUNK_ADDRESS__}}';</script></body>`,
  );
  assert.equal(
    page,
    `<head><script type="module" src="./start.js"></script></head><body><script defer src="./start-2.js"></script></body>`,
  );
  assert.deepEqual(files, [
    { name: "start.js", body: "import init from './a.js';" },
    { name: "start-2.js", body: "const a = window.location.host;" },
  ]);
});

test("scripts that are files stay", () => {
  const html = `<script src="./a.js"></script><script type=module src=./b.js></script>`;
  assert.deepEqual(extractScripts(html), { page: html, files: [] });
});

test("a worker's loader names its wasm in an object", () => {
  assert.equal(
    modernLoader(`importScripts("./a.js");wasm_bindgen("./a_bg.wasm");`),
    `importScripts("./a.js");wasm_bindgen({ module_or_path: "./a_bg.wasm" });`,
  );
});

test("only what is published is kept for offline use", () => {
  const served = "<script>'{{__TRUNK_ADDRESS__}}'</script>";
  assert.equal(isForOffline("", { TRUNK_PROFILE: "release" }), true);
  assert.equal(isForOffline("", { TRUNK_PROFILE: "debug", STEPYARD_OFFLINE: "1" }), true);
  assert.equal(isForOffline("", { TRUNK_PROFILE: "debug" }), false);
  assert.equal(isForOffline(served, { TRUNK_PROFILE: "release", STEPYARD_OFFLINE: "1" }), false);
});

test("a service worker knows its version and its files", () => {
  const made = serviceWorker('const V = "__VERSION__"; const F = __FILES__;', "ab", ["./a.js"]);
  assert.equal(made, 'const V = "ab"; const F = [\n  "./a.js"\n];');
});

test("the head and the manifest stay relative to the page", () => {
  assert.equal(addToHead("<head></head>", ["<meta>"]), "<head><meta></head>");
  const { start_url, scope, icons } = JSON.parse(manifest("icon-1.svg"));
  assert.deepEqual([start_url, scope, icons[0].src], ["./", "./", "./icon-1.svg"]);
});
