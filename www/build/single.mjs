// Makes one HTML file of a built page, which works from a disk: everything is in it, and its Content-Security-Policy
// allows its own scripts and styles by their hashes and nothing else, no connection at all.
//
//   node www/build/single.mjs <built page> <file.html>

import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { deflateRawSync } from "node:zlib";

import { esbuild } from "./bundle.mjs";

const hash = (text) => `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;

/** Text inside `<script>`: nothing in it may end the element. */
export const inScript = (text) => text.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");

/** Bytes as text that `unpack` below takes apart again. */
export const pack = (bytes) => deflateRawSync(bytes, { level: 9 }).toString("base64");

/** The policy: what may run and look is named by its hash. */
export function policy(scripts, styles) {
  return [
    "default-src 'none'",
    `script-src ${scripts.map(hash).join(" ")} 'wasm-unsafe-eval'`,
    `style-src ${styles.map(hash).join(" ")}`,
    "style-src-attr 'unsafe-inline'",
    "worker-src blob:",
    "img-src data: blob:",
    "connect-src 'none'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/** The worker's script takes its wasm from the first message. */
const WORKER_START = `
onmessage = ({ data }) => {
  onmessage = null;
  wasm_bindgen({ module_or_path: data });
};
`;

const START = (main) => `
import init from ${JSON.stringify(main)};
import * as editor from "stepyard-editor";

async function unpack(id) {
  const packed = atob(document.getElementById(id).textContent);
  const bytes = Uint8Array.from(packed, (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(stream).arrayBuffer();
}

function startWorker() {
  const source = document.getElementById("stepyard-worker").textContent;
  const url = URL.createObjectURL(new Blob([JSON.parse(source)], { type: "text/javascript" }));
  const worker = new Worker(url);
  URL.revokeObjectURL(url);
  unpack("stepyard-worker-wasm").then((wasm) => worker.postMessage(wasm));
  return worker;
}

globalThis.stepyardSingleFile = { editor, startWorker };
await init({ module_or_path: await unpack("stepyard-wasm") });
`;

async function bundle(main, editor) {
  const { build } = await esbuild();
  const built = await build({
    stdin: { contents: START(main), resolveDir: "/" },
    alias: { "stepyard-editor": editor },
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    legalComments: "none",
    write: false,
    // wasm-bindgen's code names a module once for each of its users, which esbuild would warn of.
    logLevel: "error",
    // The generated code looks there for its wasm only when it is given none.
    define: { "import.meta.url": '""' },
  });
  return inScript(built.outputFiles[0].text);
}

/** The one file of a built page. */
export async function single(dist) {
  const page = await readFile(join(dist, "index.html"), "utf8");
  const names = await readdir(dist);
  const one = (start, end, among = names) => {
    const found = among.filter((name) => name.startsWith(start) && name.endsWith(end));
    if (found.length !== 1) throw new Error(`${found.length} files ${start}…${end} in the built page`);
    return found[0];
  };
  const read = (...path) => readFile(join(dist, ...path));
  const later = /name="stepyard-later" content="\.\/([^"]+)\/"/.exec(page)?.[1];
  if (!later) throw new Error("the built page does not say where it has what is fetched later");
  const apart = await readdir(join(dist, later));

  const sheets = [...page.matchAll(/<link\b[^>]*\brel="?stylesheet"?[^>]*>/g)].map(([link]) => /href="?([^"\s>]+)/.exec(link)[1]);
  const style = (await Promise.all(sheets.map((sheet) => read(sheet)))).join("\n");
  const needs = inScript(await read("needs.js").then(String));
  const main = await bundle(join(dist, one("stepyard-app-", ".js")), join(dist, later, "editor.js"));
  const icon = `data:image/svg+xml;base64,${(await read(one("icon", ".svg"))).toString("base64")}`;
  const workerGlue = apart.find((name) => /^handler-worker[^_]*\.js$/.test(name));
  const workerSource = JSON.stringify((await read(later, workerGlue)).toString() + WORKER_START);
  const data = (id, text) => `<script type="text/plain" id="${id}">${inScript(text)}</script>\n`;

  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta http-equiv="Content-Security-Policy" content="${policy([needs, main], [style])}" />
<meta name="color-scheme" content="light dark" />
<title>Stepyard</title>
<link rel="icon" href="${icon}" />
<style>${style}</style>
</head>
<body>
<noscript>Stepyard is a WebAssembly app: it needs JavaScript.</noscript>
<div id="app"></div>
${data("stepyard-wasm", pack(await read(one("stepyard-app-", "_bg.wasm"))))}${data("stepyard-worker", workerSource)}${data(
    "stepyard-worker-wasm",
    pack(await read(later, one("handler-worker", "_bg.wasm", apart))),
  )}${data("stepyard-lessons", await read("lessons.txt").then(String))}<script>${needs}</script>
<script type="module">${main}</script>
</body>
</html>
`;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [dist, file] = process.argv.slice(2);
  if (!file) {
    console.error(`usage: node ${fileURLToPath(import.meta.url)} <built page> <file.html>`);
    process.exit(2);
  }
  await writeFile(file, await single(resolve(dist)));
}
