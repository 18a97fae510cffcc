// The player itself, without a face: one <video>, the engine that feeds it, and the commands and
// events that controls, keyboard, parent page and recovery share. Times in seconds.

import type { Chapter, PlayerConfig } from "./config";
import { Emitter } from "./emitter";
import type { Engine, Quality, Range, TrackOption } from "./engine";
import { EngineSlot } from "./engine_slot";
import type { Failure } from "./failure";
import { Playhead } from "./playhead";
import { readPreferences, savePreferences } from "./storage";
import { techsFor, type Tech } from "./tech";

export interface PlayerEvents {
  loading: null;
  ready: null;
  play: null;
  pause: null;
  ended: null;
  time: null;
  /** True while playback waits for data. */
  waiting: boolean;
  volume: null;
  speed: number;
  tracks: null;
  seek: number;
  /** The viewer wants it played or paused while there is nothing loaded that could. */
  wish: null;
  /** The browser did not let it start by itself. */
  refused: null;
  captionChosen: TrackOption | null;
  qualityChosen: Quality | null;
  failure: Failure;
  progress: null;
}

export const SPEEDS: readonly number[] = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];

export class Player {
  readonly events = new Emitter<PlayerEvents>();
  readonly #slot: EngineSlot;
  readonly #playhead: Playhead;
  #config: PlayerConfig | null = null;
  #loaded = false;
  #held = false;
  #wantsPlay = false;
  #speed = 1;

  constructor(
    readonly video: HTMLVideoElement,
    textContainer: HTMLElement,
  ) {
    this.#slot = new EngineSlot(video, textContainer);
    this.#playhead = new Playhead(video);
    for (const name of ["progress", "tracks"] as const) {
      this.#slot.events.on(name, () => this.events.emit(name, null));
    }
    this.#slot.events.on("failure", (failure) => this.events.emit("failure", failure));
    this.#listen();
    const { volume } = readPreferences();
    if (typeof volume === "number") video.volume = Math.min(1, Math.max(0, volume));
  }

  get loaded(): boolean {
    return this.#loaded;
  }
  /** Shown, and its media not asked for yet: a wish to play brings them. */
  get held(): boolean {
    return this.#held;
  }
  /** Whether the viewer means to watch: stays true over stalls and reloads. */
  get wantsPlay(): boolean {
    return this.#wantsPlay;
  }
  get ended(): boolean {
    return this.#loaded && this.video.ended;
  }
  get currentTime(): number {
    return this.#playhead.position(this.#loaded);
  }
  get range(): Range {
    const known = { start: 0, end: (this.#config?.durationMs ?? 0) / 1000 };
    const range = this.#loaded ? this.engine?.range() : undefined;
    return range && range.end > 0 ? range : known;
  }
  get duration(): number {
    return this.range.end;
  }
  get speed(): number {
    return this.#speed;
  }
  get engine(): Engine | null {
    return this.#slot.engine;
  }
  get chapters(): readonly Chapter[] {
    return this.#config?.chapters ?? [];
  }

  /** Shows what is known of a film whose media come with its first play. */
  hold(config: PlayerConfig, startS: number): void {
    this.suspend();
    this.#config = config;
    this.#held = true;
    this.#playhead.remember(startS);
    this.events.emit("ready", null);
  }

  /** Takes the media away from a film that may not go on. Position and the viewer's wish to play stay. */
  suspend(): void {
    this.#playhead.remember(this.currentTime);
    const wasPlaying = this.#loaded && !this.video.paused;
    this.#loaded = false;
    this.#held = false;
    this.#slot.close();
    if (wasPlaying) this.events.emit("pause", null);
  }

  /**
   * Loads what the config offers, at `startS`, and goes on playing if the viewer was. A manifest
   * that cannot be read is tried in the other format before giving up. Rejects with the engine's error.
   */
  async load(config: PlayerConfig, startS: number, forced: Tech | null): Promise<void> {
    this.#config = config;
    this.#loaded = false;
    this.#held = false;
    this.#playhead.expect(startS);
    this.video.loop = config.loop;
    this.events.emit("loading", null);
    const techs = techsFor(config, forced);
    for (const [index, tech] of techs.entries()) {
      try {
        await this.#slot.load(tech, config, startS);
        break;
      } catch (error) {
        const isManifest = (error as { category?: number }).category === 4;
        if (!isManifest || index === techs.length - 1) throw error;
      }
    }
    this.#loaded = true;
    this.#restoreCaptions();
    this.video.playbackRate = this.#speed;
    this.events.emit("ready", null);
    this.events.emit("tracks", null);
    if (this.#wantsPlay) void this.play(); // not awaited: it waits for data that may fail to come
  }

  /** Starts playing, now or as soon as there is something to play. */
  async play(): Promise<void> {
    this.#wantsPlay = true;
    if (!this.#loaded) {
      // Safari lets a film be started later only if its element was loaded during the viewer's gesture.
      if (this.#held && this.engine === null) this.video.load();
      return this.events.emit("wish", null);
    }
    this.engine?.setEager();
    try {
      await this.video.play();
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "NotAllowedError")) return;
      this.#wantsPlay = false;
      this.events.emit("refused", null); // who hears it may find another way
      if (!this.#wantsPlay) this.events.emit("pause", null);
    }
  }

  pause(): void {
    this.#wantsPlay = false;
    if (this.#loaded) this.video.pause();
    else this.events.emit("wish", null);
  }

  toggle(): void {
    if (this.#wantsPlay && !this.ended) this.pause();
    else void this.play();
  }

  seek(seconds: number): void {
    if (!Number.isFinite(seconds)) return;
    const { start, end } = this.range;
    const target = Math.min(Math.max(seconds, start), end);
    if (this.#loaded) this.#playhead.moveTo(target);
    else this.#playhead.remember(target);
    this.events.emit("seek", target);
    this.events.emit("time", null);
  }

  setVolume(volume: number): void {
    if (!Number.isFinite(volume)) return;
    this.video.volume = Math.min(1, Math.max(0, volume));
    this.video.muted = this.video.volume === 0;
    savePreferences({ volume: this.video.volume });
  }

  setMuted(muted: boolean): void {
    if (!muted && this.video.volume === 0) this.video.volume = 0.5;
    this.video.muted = muted;
  }

  setSpeed(speed: number): void {
    if (!Number.isFinite(speed) || speed < 0.25 || speed > 4 || speed === this.#speed) return;
    this.#speed = speed;
    this.video.playbackRate = speed;
    this.events.emit("speed", speed);
  }

  /** One step up or down the list of speeds. */
  stepSpeed(direction: 1 | -1): void {
    const sorted = direction === 1 ? SPEEDS : [...SPEEDS].reverse();
    const next = sorted.find((speed) => (speed - this.#speed) * direction > 0);
    if (next !== undefined) this.setSpeed(next);
  }

  chooseQuality(id: string | null): void {
    this.engine?.chooseQuality(id);
    const quality = this.engine?.qualities().find((candidate) => candidate.id === id) ?? null;
    this.events.emit("qualityChosen", quality);
  }

  chooseCaption(id: string | null): void {
    this.engine?.chooseCaption(id);
    const track = this.captions().find((candidate) => candidate.id === id) ?? null;
    savePreferences({ captions: track?.language ?? null });
    this.events.emit("captionChosen", track);
  }

  /** Captions on (in the language last chosen, or the first) or off. */
  toggleCaptions(): void {
    const tracks = this.captions();
    if (tracks.some((track) => track.active)) return this.chooseCaption(null);
    const wished = readPreferences().captions ?? navigator.language.slice(0, 2);
    const track = tracks.find((candidate) => candidate.language.startsWith(wished)) ?? tracks[0];
    if (track) this.chooseCaption(track.id);
  }

  captions(): readonly TrackOption[] {
    return this.#loaded ? (this.engine?.captions() ?? []) : [];
  }

  chapterAt(seconds: number): Chapter | null {
    const ms = seconds * 1000 + 1; // a seek to a start may land a rounding error before it
    return this.chapters.find((chapter) => chapter.startMs <= ms && ms < chapter.endMs) ?? null;
  }

  buffered(): readonly Range[] {
    const { buffered } = this.video;
    return Array.from({ length: buffered.length }, (_, index) => ({
      start: buffered.start(index),
      end: buffered.end(index),
    }));
  }

  #restoreCaptions(): void {
    const wished = readPreferences().captions;
    const track = wished ? this.captions().find((candidate) => candidate.language === wished) : null;
    if (track) this.engine?.chooseCaption(track.id);
  }

  #listen(): void {
    const { video, events } = this;
    const on = (name: keyof HTMLMediaElementEventMap, handler: () => void): void => {
      video.addEventListener(name, () => {
        if (this.#loaded || name === "volumechange") handler();
      });
    };
    on("play", () => {
      this.#wantsPlay = true;
      events.emit("play", null);
    });
    on("pause", () => {
      if (video.ended) return; // "ended" follows and says more
      this.#wantsPlay = false;
      events.emit("pause", null);
    });
    on("ended", () => {
      this.#wantsPlay = false;
      events.emit("ended", null);
    });
    on("timeupdate", () => {
      if (!this.#playhead.arriving) events.emit("time", null);
    });
    on("waiting", () => events.emit("waiting", true));
    for (const name of ["playing", "canplay", "seeked"] as const) {
      on(name, () => events.emit("waiting", false));
    }
    on("durationchange", () => events.emit("time", null));
    on("progress", () => events.emit("time", null));
    on("volumechange", () => events.emit("volume", null));
  }
}
