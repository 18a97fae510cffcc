// Bundles the console with esbuild into one directory of content-hashed files plus manifest.json
// (logical name -> file). Usage: node build.mjs --out DIR. Installing is scripts/build-web.py's work.

import { build } from "esbuild";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { basename, resolve } from "node:path";

const outFlag = process.argv.indexOf("--out");
const outDir = resolve(outFlag > 0 ? process.argv[outFlag + 1] : "dist");

await rm(outDir, { recursive: true, force: true });
await mkdir(outDir, { recursive: true });

const result = await build({
  entryPoints: { console: "src/main.ts", style: "styles/console.css" },
  bundle: true,
  format: "esm",
  minify: true,
  target: ["chrome105", "firefox110", "safari16"], // as the player: the first with container queries
  entryNames: "[name]-[hash]",
  metafile: true,
  outdir: outDir,
  logLevel: "warning",
});

const LOGICAL = { "src/main.ts": "console.js", "styles/console.css": "console.css" };

const manifest = {};
for (const [path, output] of Object.entries(result.metafile.outputs)) {
  const logical = LOGICAL[output.entryPoint ?? ""];
  if (logical !== undefined) manifest[logical] = basename(path);
  console.log(`${basename(path)}  ${output.bytes} bytes`);
}
for (const name of Object.values(LOGICAL)) {
  if (!(name in manifest)) throw new Error(`the build produced no ${name}`);
}
await writeFile(`${outDir}/manifest.json`, JSON.stringify(manifest, null, 2) + "\n");
