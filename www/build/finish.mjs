// Trunk's last step (see Trunk.toml): moves inline scripts into files, as the page's Content-Security-Policy allows no
// others; adds the editor's bundle and sets apart what is fetched later; and makes published builds work offline.

import { createHash } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { bundleEditor } from "./bundle.mjs";

const www = dirname(dirname(fileURLToPath(import.meta.url)));

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

/** Puts lines into the page's head. */
export function addToHead(html, lines) {
  return html.replace("</head>", `${lines.join("")}</head>`);
}

/** What a system shows of the installed page. */
export function manifest(icon) {
  return JSON.stringify({
    name: "Stepyard",
    short_name: "Stepyard",
    description: "A cloud account small enough to live in a browser tab: workflows, queues and functions, simulated.",
    start_url: "./",
    scope: "./",
    display: "standalone",
    background_color: "#ffffff",
    theme_color: "#ffffff",
    icons: [{ src: `./${icon}`, sizes: "any", type: "image/svg+xml", purpose: "any" }],
  });
}

/** Fills in the service worker's constants. */
export function serviceWorker(source, version, files) {
  return source.replace('"__VERSION__"', JSON.stringify(version)).replace("__FILES__", JSON.stringify(files, null, 2));
}

async function filesIn(folder, below = "") {
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  const found = entries.map((entry) => {
    const path = below ? `${below}/${entry.name}` : entry.name;
    return entry.isDirectory() ? filesIn(folder, path) : [path];
  });
  return (await Promise.all(found)).flat().sort();
}

async function hashOf(folder, files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(file).update(await readFile(join(folder, file)));
  return hash.digest("hex").slice(0, 16);
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

/** What is fetched when it is used goes into a folder that is named by its content; returns the folder's name. */
async function setApart(staging) {
  await bundleEditor(staging);
  const worker = (await readdir(staging)).filter((name) => name.startsWith("handler-worker"));
  for (const loader of worker.filter((name) => name.endsWith("_loader.js")).map((name) => join(staging, name))) {
    await writeFile(loader, modernLoader(await readFile(loader, "utf8")));
  }
  const files = ["editor.js", ...worker].sort();
  const folder = `later-${await hashOf(staging, files)}`;
  await mkdir(join(staging, folder), { recursive: true });
  for (const file of files) await rename(join(staging, file), join(staging, folder, file));
  return folder;
}

/** Makes the page work without a network. */
async function goOffline(staging, page) {
  const icon = (await readdir(staging)).find((name) => name.startsWith("icon") && name.endsWith(".svg"));
  await writeFile(join(staging, "manifest.webmanifest"), manifest(icon));
  await copyFile(join(www, "js", "offline.js"), join(staging, "offline.js"));
  const head = ['<link rel="manifest" href="./manifest.webmanifest" />', '<script defer src="./offline.js"></script>'];
  await writeFile(join(staging, "index.html"), addToHead(page, head));
  const files = (await filesIn(staging)).filter((file) => file !== "service-worker.js");
  const source = await readFile(join(www, "js", "service-worker.js"), "utf8");
  const version = await hashOf(staging, files);
  await writeFile(join(staging, "service-worker.js"), serviceWorker(source, version, files.map((file) => `./${file}`)));
}

/** Published builds are kept for offline use, and those of the browser tests; what `trunk serve` reloads is not. */
export function isForOffline(html, environment) {
  if (html.includes("{{__TRUNK_ADDRESS__}}")) return false;
  return environment.STEPYARD_OFFLINE === "1" || environment.TRUNK_PROFILE === "release";
}

async function finish(staging) {
  const index = join(staging, "index.html");
  const html = await readFile(index, "utf8");
  const { page, files } = extractScripts(html);
  for (const { name, body } of files) await writeFile(join(staging, name), body.trim() + "\n");
  const later = await setApart(staging);
  const lessons = fileURLToPath(new URL("../../crates/lessons/", import.meta.url));
  await writeFile(join(staging, "lessons.txt"), await bundleLessons(lessons));
  const finished = addToHead(page, [`<meta name="stepyard-later" content="./${later}/" />`]);
  if (isForOffline(html, process.env)) return goOffline(staging, finished);
  await writeFile(index, finished);
  await copyFile(join(www, "js", "no-service-worker.js"), join(staging, "service-worker.js"));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const staging = process.env.TRUNK_STAGING_DIR;
  if (!staging) {
    console.error("finish.mjs is run by Trunk, which names the directory in TRUNK_STAGING_DIR");
    process.exit(2);
  }
  await finish(staging);
}
