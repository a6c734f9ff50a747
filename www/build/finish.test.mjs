import assert from "node:assert/strict";
import { test } from "node:test";

import { extractScripts, modernLoader } from "./finish.mjs";

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
