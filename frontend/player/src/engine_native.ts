// Engine on the browser's own HLS (Safari on iPhones without Media Source Extensions). The browser
// chooses the quality by itself; audio and captions go through the media element's track lists.

import { Emitter } from "./emitter";
import {
  captionLabel, type Engine, type EngineEvents, type Quality, type Range, type Source, type TrackOption,
} from "./engine";
import { fromMediaError } from "./failure";
import { languageName, qualityName } from "./format";

/** HTML's AudioTrackList, which only Safari has and TypeScript's DOM library leaves out. */
interface NativeAudioTrack {
  readonly id: string;
  readonly label: string;
  readonly language: string;
  enabled: boolean;
}
type WithAudioTracks = HTMLVideoElement & { readonly audioTracks?: Iterable<NativeAudioTrack> };

export function supportsNativeHls(video: HTMLVideoElement): boolean {
  return video.canPlayType("application/vnd.apple.mpegurl") !== "";
}

export class NativeEngine implements Engine {
  readonly kind = "native";
  readonly events = new Emitter<EngineEvents>();
  readonly #listeners = new AbortController();
  #loaded = false;

  constructor(private readonly video: HTMLVideoElement) {
    const { signal } = this.#listeners;
    const changed = (): void => this.events.emit("tracks", null);
    video.addEventListener("resize", changed, { signal });
    video.textTracks.addEventListener("change", changed, { signal });
    video.textTracks.addEventListener("addtrack", changed, { signal });
    video.addEventListener("progress", () => this.events.emit("progress", null), { signal });
    video.addEventListener("error", () => {
      if (this.#loaded) this.events.emit("failure", fromMediaError(video.error));
    }, { signal });
  }

  load(source: Source): Promise<void> {
    this.#loaded = false;
    for (const old of this.video.querySelectorAll("track")) old.remove();
    for (const caption of source.captions) {
      const track = document.createElement("track");
      Object.assign(track, { kind: caption.kind, label: caption.label, src: caption.url });
      track.srclang = caption.language;
      this.video.append(track);
    }
    return new Promise((resolve, reject) => {
      const done = new AbortController();
      const { signal } = done;
      this.video.addEventListener("loadedmetadata", () => {
        if (source.startS > 0) this.video.currentTime = source.startS;
        this.#loaded = true;
        done.abort();
        resolve();
      }, { signal });
      this.video.addEventListener("error", () => {
        done.abort();
        reject(new NativeLoadError(this.video.error));
      }, { signal });
      this.video.src = source.url;
      this.video.load();
    });
  }

  retry(): boolean {
    return false;
  }

  range(): Range {
    const { seekable, duration } = this.video;
    if (seekable.length > 0) return { start: seekable.start(0), end: seekable.end(seekable.length - 1) };
    return { start: 0, end: Number.isFinite(duration) ? duration : 0 };
  }

  isLive(): boolean {
    return this.video.duration === Number.POSITIVE_INFINITY;
  }

  qualities(): readonly Quality[] {
    return [];
  }

  chosenQuality(): string | null {
    return null;
  }

  chooseQuality(): void {
    // The browser's own HLS offers no choice.
  }

  activeQuality(): Quality | null {
    const { videoWidth: width, videoHeight: height } = this.video;
    if (width === 0) return null;
    return { id: `${width}x${height}`, name: qualityName(width, height), width, height };
  }

  audioTracks(): readonly TrackOption[] {
    return [...((this.video as WithAudioTracks).audioTracks ?? [])].map((track) => ({
      id: track.id,
      label: track.label || languageName(track.language),
      language: track.language,
      active: track.enabled,
    }));
  }

  chooseAudio(id: string): void {
    for (const track of (this.video as WithAudioTracks).audioTracks ?? []) track.enabled = track.id === id;
    this.events.emit("tracks", null);
  }

  captions(): readonly TrackOption[] {
    return this.#texts().map((track, index) => ({
      id: String(index),
      label: captionLabel(track.label, track.language),
      language: track.language,
      active: track.mode === "showing",
    }));
  }

  chooseCaption(id: string | null): void {
    for (const [index, track] of this.#texts().entries()) {
      track.mode = String(index) === id ? "showing" : "disabled";
    }
  }

  setEager(): void {
    this.video.preload = "auto";
  }

  destroy(): Promise<void> {
    this.#listeners.abort();
    this.video.removeAttribute("src");
    this.video.load();
    return Promise.resolve();
  }

  #texts(): TextTrack[] {
    return [...this.video.textTracks].filter((track) => track.kind !== "metadata");
  }
}

/** A load that the media element refused; `failure` says why. */
export class NativeLoadError extends Error {
  readonly failure;

  constructor(error: MediaError | null) {
    super("the browser could not load the stream");
    this.failure = fromMediaError(error);
  }
}
