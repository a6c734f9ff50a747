// Trunk's last step (see Trunk.toml): adds the editor's bundle to the built page and moves inline scripts into files.
// The page's Content-Security-Policy allows scripts from files only.

import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { bundleEditor } from "./bundle.mjs";

/** Each `<script>` with a body becomes one with a `src`; returns the new page and the files to write. */
export function extractScripts(html) {
  const files = [];
  const page = html.replace(/<script\b([^>]*)>([\s\S]*?)<\/script>/g, (whole, attributes, body) => {
    if (/\bsrc\s*=/.test(attributes) || !body.trim()) return whole;
    const name = files.length === 0 ? "start.js" : `start-${files.length + 1}.js`;
    // `trunk serve` writes its own address into pages only, so the reloading script has to look for it itself.
    const own = body
      .replaceAll("'{{__TRUNK_ADDRESS__}}'", "window.location.host")
      .replaceAll("'{{__TRUNK_WS_BASE__}}'", "new URL('.', document.baseURI).pathname");
    files.push({ name, body: own });
    // Trunk's reloading script appends to the body, so it must not run before there is one.
    const defer = /\btype\s*=\s*["']?module/.test(attributes) ? "" : " defer";
    return `<script${attributes}${defer} src="./${name}"></script>`;
  });
  return { page, files };
}

/** Trunk's loader of a worker calls wasm-bindgen in a way that it warns of. */
export function modernLoader(source) {
  return source.replace(/wasm_bindgen\(("[^"]+")\)/, "wasm_bindgen({ module_or_path: $1 })");
}

/** All lessons and examples as one text, so that they are fetched at once: before each stands a line with its path. */
export async function bundleLessons(source) {
  let text = "";
  for (const folder of ["lessons", "examples"]) {
    const names = (await readdir(join(source, folder))).filter((name) => name.endsWith(".md")).sort();
    for (const name of names) text += `\u001e${folder}/${name}\n${await readFile(join(source, folder, name), "utf8")}`;
  }
  return text;
}

async function finish(staging) {
  for (const name of (await readdir(staging)).filter((name) => name.endsWith("_loader.js"))) {
    const loader = join(staging, name);
    await writeFile(loader, modernLoader(await readFile(loader, "utf8")));
  }
  const index = join(staging, "index.html");
  const { page, files } = extractScripts(await readFile(index, "utf8"));
  for (const { name, body } of files) await writeFile(join(staging, name), body.trim() + "\n");
  await writeFile(index, page);
  await bundleEditor(staging);
  const lessons = fileURLToPath(new URL("../../crates/lessons/", import.meta.url));
  await writeFile(join(staging, "lessons.txt"), await bundleLessons(lessons));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const staging = process.env.TRUNK_STAGING_DIR;
  if (!staging) {
    console.error("finish.mjs is run by Trunk, which names the directory in TRUNK_STAGING_DIR");
    process.exit(2);
  }
  await finish(staging);
}
