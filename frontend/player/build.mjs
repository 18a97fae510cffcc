// Bundles the player with esbuild into one directory of content-hashed files plus manifest.json
// (logical name -> file). Usage: node build.mjs --out DIR. Installing is scripts/build-web.py's work.

import { build } from "esbuild";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { readFileSync } from "node:fs";

const outFlag = process.argv.indexOf("--out");
const outDir = resolve(outFlag > 0 ? process.argv[outFlag + 1] : "dist");

await rm(outDir, { recursive: true, force: true });
await mkdir(outDir, { recursive: true });

const result = await build({
  entryPoints: { player: "src/main.ts", style: "styles/player.css" },
  bundle: true,
  format: "esm",
  splitting: true, // each of Shaka's two builds is its own file, fetched only when it plays
  minify: true,
  target: ["chrome105", "firefox110", "safari16"], // the first with container queries
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  legalComments: "eof", // Shaka's licence notice stays with its code
  metafile: true,
  outdir: outDir,
  logLevel: "warning",
});

const LOGICAL = {
  "src/main.ts": "player.js",
  "styles/player.css": "player.css",
  "node_modules/shaka-player/dist/shaka-player.dash-es2021.js": "shaka-dash.js",
  "node_modules/shaka-player/dist/shaka-player.hls-es2021.js": "shaka-hls.js",
};

const manifest = {};
for (const [path, output] of Object.entries(result.metafile.outputs)) {
  const logical = LOGICAL[output.entryPoint ?? ""];
  if (logical !== undefined) manifest[logical] = basename(path);
  const gzipped = gzipSync(readFileSync(path), { level: 9 }).length;
  console.log(`${basename(path)}  ${output.bytes} bytes, ${gzipped} gzipped`);
}
for (const name of Object.values(LOGICAL)) {
  if (!(name in manifest)) throw new Error(`the build produced no ${name}`);
}
await writeFile(`${outDir}/manifest.json`, JSON.stringify(manifest, null, 2) + "\n");
