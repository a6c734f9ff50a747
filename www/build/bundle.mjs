// Bundles with esbuild: `editor` is the page's code editor, `e2e` the helpers that browser tests inject.
//
//   node www/build/bundle.mjs editor <directory>
//   node www/build/bundle.mjs e2e <directory>

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const www = dirname(dirname(fileURLToPath(import.meta.url)));

/** esbuild, installing the locked packages first where `trunk build` runs on a fresh clone. */
export async function esbuild() {
  if (!existsSync(join(www, "node_modules", "esbuild"))) {
    console.error("installing the npm packages of www/ (about 15 seconds)");
    const npm = process.platform === "win32" ? "npm.cmd" : "npm";
    execFileSync(npm, ["ci", "--ignore-scripts"], { cwd: www, stdio: ["ignore", 2, 2] });
  }
  return import(pathToFileURL(join(www, "node_modules", "esbuild", "lib", "main.js")).href);
}

/**
 * CodeMirror puts its styles into a `<style>` element, which our Content-Security-Policy forbids. Its style module can
 * also use constructed style sheets, but only does so in a shadow root; here it always does.
 */
const constructedStyleSheets = {
  name: "constructed-style-sheets",
  setup(build) {
    build.onLoad({ filter: /style-mod[\\/]src[\\/]style-mod\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const condition = "!root.head && root.adoptedStyleSheets";
      if (!source.includes(condition)) throw new Error(`${path} has changed: look at ${import.meta.url}`);
      return { contents: source.replace(condition, "root.adoptedStyleSheets"), loader: "js" };
    });
  },
};

/** Writes `editor.js`, an ES module, into the directory. */
export async function bundleEditor(directory) {
  const { build } = await esbuild();
  await build({
    entryPoints: [join(www, "js", "editor.js")],
    outfile: join(directory, "editor.js"),
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    legalComments: "none",
    plugins: [constructedStyleSheets],
    logLevel: "warning",
  });
}

/** Writes `e2e.js`, a classic script, into the directory. */
async function bundleTestHelpers(directory) {
  const { build } = await esbuild();
  await build({
    entryPoints: [join(www, "build", "e2e.js")],
    outfile: join(directory, "e2e.js"),
    bundle: true,
    format: "iife",
    target: "es2022",
    logLevel: "warning",
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [what, directory] = process.argv.slice(2);
  const bundles = { editor: bundleEditor, e2e: bundleTestHelpers };
  if (!(what in bundles) || !directory) {
    console.error("usage: node www/build/bundle.mjs editor|e2e <directory>");
    process.exit(2);
  }
  await bundles[what](directory);
}
