// Which streaming technique plays a config: DASH first (one manifest request, the smaller engine),
// HLS next, the browser's own HLS where Media Source Extensions are missing.

import type { PlayerConfig } from "./config";
import type { Engine } from "./engine";
import { NativeEngine, supportsNativeHls } from "./engine_native";
import { createShakaEngine, importShaka } from "./engine_shaka";

export type Tech = "dash" | "hls" | "native";

/** The technique asked for by `?tech=` in the address, for tests and for support. */
export function forcedTech(search: string): Tech | null {
  const asked = new URLSearchParams(search).get("tech");
  return asked === "dash" || asked === "hls" || asked === "native" ? asked : null;
}

/** Techniques to try, best first. Never empty: an empty offer fails at its first request. */
export function techsFor(config: PlayerConfig, forced: Tech | null): readonly Tech[] {
  if (forced !== null) return [forced];
  const offered: Tech[] = [];
  if (config.manifests.dash !== null) offered.push("dash");
  if (config.manifests.hls !== null) offered.push("hls");
  return offered.length > 0 ? offered : ["dash"];
}

/** Fetches the code that will play, ahead of a film that will be offered in both formats. */
export function fetchEngineAhead(forced: Tech | null): void {
  if (forced !== "native") void importShaka(forced ?? "dash").catch(() => undefined); // asked for again at the play
}

/** No engine of this player runs in this browser. Shaped as Shaka's own "unsupported" error. */
class UnsupportedBrowser extends Error {
  readonly category = 4;
  readonly code = 4032;
  readonly severity = 2;
  readonly data: readonly unknown[] = [];
}

/** Makes an engine for `tech`, or the native one where Shaka cannot run. Throws UnsupportedBrowser. */
export async function createEngine(
  tech: Tech,
  video: HTMLVideoElement,
  textContainer: HTMLElement,
  config: PlayerConfig,
): Promise<Engine> {
  if (tech !== "native") {
    const engine = await createShakaEngine(tech, video, textContainer);
    if (engine !== null) return engine;
  }
  if (config.manifests.hls !== null && supportsNativeHls(video)) return new NativeEngine(video);
  throw new UnsupportedBrowser("no way to play this video in this browser");
}
