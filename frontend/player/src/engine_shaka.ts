// Engine on Shaka Player: DASH or HLS over Media Source Extensions. Two small builds of Shaka
// (DASH only, HLS only) instead of the full one; a page fetches the one it plays with.

import type shaka from "shaka-player/dist/shaka-player.dash-es2021.js";
import { Emitter } from "./emitter";
import {
  captionLabel, type Engine, type EngineEvents, type Quality, type Range, type Source, type TrackOption,
} from "./engine";
import { toFailure } from "./failure";
import { languageName, qualityName } from "./format";

type Shaka = typeof shaka;
type ShakaPlayer = shaka.Player;
type AudioTrack = shaka.extern.AudioTrack;
type TextTrack = shaka.extern.TextTrack;

/** Ahead of the first play only the first seconds are worth anyone's bandwidth. */
const IDLE_GOAL_S = 6;
const WATCHING_GOAL_S = 30;

const KEPT_AT_SWITCH_S = 8;

const RETRY = { maxAttempts: 3, baseDelay: 400, backoffFactor: 2, fuzzFactor: 0.5, timeout: 20_000 };

/** Fetches and runs a build of Shaka; the browser does so once. */
export async function importShaka(kind: "dash" | "hls"): Promise<Shaka> {
  if (kind === "dash") return (await import("shaka-player/dist/shaka-player.dash-es2021.js")).default;
  // The two builds differ in parsers only; every type used here is in both.
  return (await import("shaka-player/dist/shaka-player.hls-es2021.js")).default as unknown as Shaka;
}

/** Makes the engine, or null where Media Source Extensions are missing (older iPhones). */
export async function createShakaEngine(
  kind: "dash" | "hls",
  video: HTMLVideoElement,
  textContainer: HTMLElement,
): Promise<Engine | null> {
  const module = await importShaka(kind);
  module.polyfill.installAll();
  if (!module.Player.isBrowserSupported()) return null;
  const player = new module.Player();
  player.setVideoContainer(textContainer);
  await player.attach(video);
  return new ShakaEngine(kind, player, module);
}

function audioKey(track: AudioTrack): string {
  return [track.language, track.label ?? "", track.roles.join("+")].join("|");
}

function audioLabel(track: AudioTrack, index: number): string {
  const name = track.label ?? "";
  if (name !== "") return name;
  return languageName(track.language) || `Track ${index + 1}`;
}

function textLabel(track: TextTrack): string {
  return captionLabel(track.label ?? "", track.language) || "Captions";
}

class ShakaEngine implements Engine {
  readonly events = new Emitter<EngineEvents>();
  #chosen: string | null = null;
  #licenseUrl: string | null = null;

  constructor(
    readonly kind: "dash" | "hls",
    private readonly player: ShakaPlayer,
    private readonly module: Shaka,
  ) {
    player.configure({
      manifest: { retryParameters: RETRY },
      drm: { retryParameters: RETRY },
      streaming: {
        retryParameters: RETRY,
        bufferingGoal: IDLE_GOAL_S,
        bufferBehind: 30,
        // A seek right after another quality was chosen may hang for ever on the prefetched init segment, which
        // the seek has interrupted and Shaka 5.2.12 keeps (shaka-player issue 10569).
        segmentPrefetchLimit: 0,
        failureCallback: (_error: unknown) => undefined, // the player's own recovery decides when to retry
      },
    });
    player.getNetworkingEngine()?.registerRequestFilter(async (type, request) => {
      if (type === module.net.NetworkingEngine.RequestType.LICENSE) await this.#askLicenseServer(request);
    });
    const changed = (): void => this.events.emit("tracks", null);
    for (const name of ["trackschanged", "adaptation", "variantchanged", "textchanged"]) {
      player.addEventListener(name, changed);
    }
    player.addEventListener("segmentappended", () => this.events.emit("progress", null));
    player.addEventListener("error", (event) => {
      this.events.emit("failure", toFailure((event as unknown as { detail: unknown }).detail));
    });
  }

  async load(source: Source): Promise<void> {
    this.#chosen = null;
    this.#licenseUrl = source.clearKeyUrl;
    this.player.configure({
      abr: { enabled: true },
      drm: { servers: source.clearKeyUrl ? { "org.w3.clearkey": source.clearKeyUrl } : {} },
    });
    await this.player.load(source.url, source.startS > 0 ? source.startS : null);
    await this.#addCaptions(source);
  }

  /** Captions the manifest does not carry itself. One that cannot be read must not stop the film. */
  async #addCaptions(source: Source): Promise<void> {
    const own = new Set(this.player.getTextTracks().map((track) => track.language));
    for (const caption of source.captions) {
      if (caption.embedded && own.has(caption.language)) continue;
      const url = new URL(caption.url, document.baseURI).href;
      try {
        await this.player.addTextTrackAsync(
          url, caption.language, caption.kind, "text/vtt", undefined, caption.label,
        );
      } catch (error) {
        this.events.emit("failure", { ...toFailure(error), fatal: false });
      }
    }
  }

  /**
   * Shaka takes an HLS playlist's data: URI of KEYFORMAT="identity" for the key itself (RFC 8216, 4.3.2.4)
   * and would answer its own licence request with it. Ours names the key only: the key comes from the licence
   * endpoint, as in DASH. A filter cannot change a request's scheme, so the answer is put in as data.
   */
  async #askLicenseServer(request: shaka.extern.Request): Promise<void> {
    const networking = this.player.getNetworkingEngine();
    if (this.#licenseUrl === null || networking === null || !request.uris[0]?.startsWith("data:")) return;
    const { NetworkingEngine } = this.module.net;
    const real = NetworkingEngine.makeRequest([this.#licenseUrl], request.retryParameters);
    Object.assign(real, { method: "POST", body: request.body });
    const answer = await networking.request(NetworkingEngine.RequestType.LICENSE, real).promise;
    const bytes = String.fromCharCode(...new Uint8Array(answer.data as ArrayBuffer));
    request.uris = [`data:application/json;base64,${window.btoa(bytes)}`];
  }

  retry(): boolean {
    return this.player.retryStreaming();
  }

  range(): Range {
    return this.player.seekRange();
  }

  isLive(): boolean {
    return this.player.isLive();
  }

  qualities(): readonly Quality[] {
    const bySize = new Map<string, Quality>();
    for (const track of this.player.getVideoTracks()) {
      const { width, height } = track;
      if (!width || !height) continue;
      const id = `${width}x${height}`;
      bySize.set(id, { id, name: qualityName(width, height), width, height });
    }
    return [...bySize.values()].sort((a, b) => a.width * a.height - b.width * b.height);
  }

  chosenQuality(): string | null {
    return this.#chosen;
  }

  chooseQuality(id: string | null): void {
    this.#chosen = this.#trackOf(id) ? id : null;
    this.player.configure({ abr: { enabled: this.#chosen === null } });
    this.#switchToChosen();
    this.events.emit("tracks", null);
  }

  #trackOf(id: string | null): shaka.extern.VideoTrack | undefined {
    return this.player
      .getVideoTracks()
      .filter((track) => `${track.width}x${track.height}` === id)
      .sort((a, b) => b.bandwidth - a.bandwidth)[0];
  }

  /** The buffer is kept for two segments' time, so that the change is soon seen without a pause. */
  #switchToChosen(): void {
    const video = this.player.getMediaElement();
    // Shaka may fetch no picture any more when it is to switch in the first moments of a seek.
    if (video?.seeking) return video.addEventListener("seeked", () => this.#switchToChosen(), { once: true });
    const track = this.#trackOf(this.#chosen);
    if (!track || track.active) return;
    const keptUntilS = (video?.currentTime ?? 0) + KEPT_AT_SWITCH_S;
    // Clearing from behind the end leaves Shaka waiting for a last segment that it has.
    if (keptUntilS < this.range().end) this.player.selectVideoTrack(track, true, KEPT_AT_SWITCH_S);
    else this.player.selectVideoTrack(track, false);
  }

  activeQuality(): Quality | null {
    const active = this.player.getVideoTracks().find((track) => track.active);
    return this.qualities().find((q) => q.id === `${active?.width}x${active?.height}`) ?? null;
  }

  audioTracks(): readonly TrackOption[] {
    const byKey = new Map<string, TrackOption>();
    for (const track of this.player.getAudioTracks()) {
      const id = audioKey(track);
      const active = track.active || (byKey.get(id)?.active ?? false);
      const label = audioLabel(track, byKey.size);
      byKey.set(id, { id, label, language: track.language, active });
    }
    return [...byKey.values()];
  }

  chooseAudio(id: string): void {
    const track = this.player.getAudioTracks().find((candidate) => audioKey(candidate) === id);
    if (track) this.player.selectAudioTrack(track);
    this.events.emit("tracks", null);
  }

  captions(): readonly TrackOption[] {
    return this.player.getTextTracks().map((track) => ({
      id: String(track.id),
      label: textLabel(track),
      language: track.language,
      active: track.active,
    }));
  }

  chooseCaption(id: string | null): void {
    const track = this.player.getTextTracks().find((candidate) => String(candidate.id) === id);
    this.player.selectTextTrack(track ?? null);
    this.events.emit("tracks", null);
  }

  setEager(): void {
    this.player.configure("streaming.bufferingGoal", WATCHING_GOAL_S);
  }

  async destroy(): Promise<void> {
    await this.player.destroy();
  }
}
