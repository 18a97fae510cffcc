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

const OPTIONS = {
  bundle: true,
  format: "esm",
  minify: true,
  target: ["chrome105", "firefox110", "safari16"], // the first with container queries
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  legalComments: "eof", // Shaka's licence notice stays with its code
  metafile: true,
  outdir: outDir,
  logLevel: "warning",
};
const results = await Promise.all([
  build({
    ...OPTIONS,
    entryPoints: { player: "src/main.ts", style: "styles/player.css" },
    splitting: true, // each of Shaka's two builds is its own file, fetched only when it plays
  }),
  // By itself: modules shared with the player would be one more file for both pages to wait for.
  build({ ...OPTIONS, entryPoints: { playlist: "src/playlist.ts", "playlist-style": "styles/playlist.css" } }),
]);

const LOGICAL = {
  "src/main.ts": "player.js",
  "styles/player.css": "player.css",
  "src/playlist.ts": "playlist.js",
  "styles/playlist.css": "playlist.css",
  "node_modules/shaka-player/dist/shaka-player.dash-es2021.js": "shaka-dash.js",
  "node_modules/shaka-player/dist/shaka-player.hls-es2021.js": "shaka-hls.js",
};

const manifest = {};
for (const [path, output] of results.flatMap(({ metafile }) => Object.entries(metafile.outputs))) {
  const logical = LOGICAL[output.entryPoint ?? ""];
  if (logical !== undefined) manifest[logical] = basename(path);
  const gzipped = gzipSync(readFileSync(path), { level: 9 }).length;
  console.log(`${basename(path)}  ${output.bytes} bytes, ${gzipped} gzipped`);
}
for (const name of Object.values(LOGICAL)) {
  if (!(name in manifest)) throw new Error(`the build produced no ${name}`);
}
await writeFile(`${outDir}/manifest.json`, JSON.stringify(manifest, null, 2) + "\n");
