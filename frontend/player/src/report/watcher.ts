// From what the <video> does to facts: plays, the stretches that were really watched, pauses, seeks, buffering.

import type { Player } from "../player";
import type { Fact } from "./facts";
import type { Ledger } from "./ledger";

/** Shorter waits are how decoders breathe. */
const BUFFERING_AFTER_MS = 250;
/** How far a position is carried on from where it was last seen. */
const CARRY_MS = 500;
const SHORTEST_MS = 50;

interface Stretch {
  readonly fact: Fact;
  sent: boolean;
}

export class Watcher {
  #play: Fact | null = null;
  #segment: Stretch | null = null;
  #pause: Fact | null = null;
  #seek: Fact | null = null;
  #buffer: Fact | null = null;
  #positionMs = 0;
  #seenAtMs = 0;
  #waitTimer: number | undefined;
  #moved = false;
  #heightPx = 0;

  /** `changed` is called when something is worth a report soon. */
  constructor(
    private readonly player: Player,
    private readonly ledger: Ledger,
    private readonly changed: (urgent: boolean) => void,
  ) {
    this.#listen();
  }

  get watching(): boolean {
    return this.#segment !== null || this.#buffer !== null;
  }

  /** A new version of what goes on, for the next report. */
  update(): void {
    const nowMs = this.#now();
    if (this.#segment) this.#growSegment(nowMs, false);
    for (const open of [this.#pause, this.#buffer]) {
      if (open) this.ledger.change(open, { finishedAtMs: nowMs, finished: false });
    }
  }

  /** The page goes: nothing stays open. */
  close(): void {
    const nowMs = this.#now();
    this.#endSegment();
    this.#endRange("pause", nowMs);
    this.#endRange("buffer", nowMs);
    this.#endRange("seek", nowMs);
  }

  #listen(): void {
    const { player } = this;
    const { video, events } = player;
    const on = (name: keyof HTMLMediaElementEventMap, handler: () => void): void =>
      video.addEventListener(name, () => {
        if (this.#play) handler();
      });
    events.on("wish", () => {
      if (player.wantsPlay) this.#beginPlay();
    });
    video.addEventListener("play", () => this.#beginPlay());
    on("playing", () => this.#playing());
    on("timeupdate", () => this.#seen());
    on("pause", () => this.#paused());
    on("seeking", () => this.#seeking());
    on("seeked", () => this.#seeked());
    on("waiting", () => this.#waiting());
    on("ratechange", () => this.#speedChanged());
    on("resize", () => this.#resized());
    on("ended", () => this.#ended());
    on("emptied", () => this.close());
    events.on("failure", (failure) => this.#failed(failure.kind, failure.detail));
  }

  #beginPlay(): void {
    if (this.#play) return;
    const { video } = this.player;
    this.#moved = false;
    this.#play = this.ledger.begin("play", { startupMs: null, autoplay: !navigator.userActivation?.hasBeenActive, muted: video.muted });
    this.changed(true);
  }

  #playing(): void {
    const { video } = this.player;
    const play = this.#play;
    if (!play || video.paused || video.seeking) return;
    const nowMs = this.#now();
    window.clearTimeout(this.#waitTimer);
    this.#endRange("pause", nowMs);
    this.#endRange("buffer", nowMs);
    if (!this.#moved) {
      this.#moved = true;
      const heightPx = this.#heightNow();
      this.#heightPx = heightPx;
      const streamFormat = this.player.engine?.kind === "dash" ? "dash" : "hls";
      this.ledger.change(play, { startupMs: nowMs - play.startedAtMs, heightPx, streamFormat });
      this.changed(false);
    }
    if (!this.#segment) this.#beginSegment(nowMs);
  }

  #beginSegment(nowMs: number): void {
    const { video } = this.player;
    this.#positionMs = video.currentTime * 1000;
    this.#seenAtMs = performance.now();
    const fromMs = Math.round(this.#positionMs);
    const details = { ...this.#ofPlay(), fromMs, toMs: fromMs, speed: video.playbackRate };
    const fact: Fact = { ...this.ledger.draft("segment", nowMs), ...details, finishedAtMs: nowMs, finished: false };
    this.#segment = { fact, sent: false };
  }

  #growSegment(nowMs: number, finished: boolean): void {
    const segment = this.#segment;
    if (!segment) return;
    const { fact } = segment;
    const toMs = Math.max(fact.fromMs ?? 0, Math.round(this.#carried()));
    if (!segment.sent && toMs - (fact.fromMs ?? 0) < SHORTEST_MS) return; // nothing that anybody saw
    const grown = { toMs, finishedAtMs: Math.max(nowMs, fact.startedAtMs), finished };
    if (segment.sent) this.ledger.change(fact, grown);
    else this.ledger.take(Object.assign(fact, grown));
    segment.sent = true;
  }

  #endSegment(): void {
    this.#growSegment(this.#now(), true);
    this.#segment = null;
  }

  #seen(): void {
    const { video } = this.player;
    if (video.seeking || video.paused) return;
    this.#positionMs = video.currentTime * 1000;
    this.#seenAtMs = performance.now();
    if (!this.#segment && !this.#buffer && video.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA) this.#playing();
  }

  /** Where the film was a moment ago: a seek has moved the element's own position already. */
  #carried(): number {
    const { video } = this.player;
    if (!video.seeking && !video.ended) return video.currentTime * 1000;
    if (video.ended) return video.duration * 1000;
    const passedMs = Math.min(CARRY_MS, performance.now() - this.#seenAtMs);
    return this.#positionMs + (this.#segment ? passedMs * video.playbackRate : 0);
  }

  #paused(): void {
    const { video } = this.player;
    window.clearTimeout(this.#waitTimer);
    if (video.ended || video.seeking) return this.#endSegment();
    this.#endSegment();
    this.#endRange("buffer", this.#now());
    this.#pause ??= this.#beginRange("pause", video.currentTime * 1000);
    this.changed(false);
  }

  #seeking(): void {
    const fromMs = this.#carried();
    window.clearTimeout(this.#waitTimer);
    this.#endSegment();
    const nowMs = this.#now();
    this.#endRange("buffer", nowMs);
    this.#endRange("pause", nowMs);
    this.#seek ??= this.#beginRange("seek", fromMs);
  }

  #seeked(): void {
    const { video } = this.player;
    if (video.seeking) return;
    this.#positionMs = video.currentTime * 1000;
    this.#seenAtMs = performance.now();
    this.#endRange("seek", this.#now(), video.currentTime * 1000);
    if (video.paused && !video.ended) this.#pause ??= this.#beginRange("pause", video.currentTime * 1000);
    this.changed(false);
  }

  #waiting(): void {
    const { video } = this.player;
    if (!this.#moved || video.seeking) return;
    const atMs = this.#now();
    const positionMs = video.currentTime * 1000;
    window.clearTimeout(this.#waitTimer);
    this.#waitTimer = window.setTimeout(() => {
      if (video.paused || video.seeking || video.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA) return;
      this.#growSegment(atMs, true);
      this.#segment = null;
      this.#buffer ??= this.#beginRange("buffer", positionMs, atMs);
    }, BUFFERING_AFTER_MS);
  }

  #speedChanged(): void {
    const { video } = this.player;
    this.ledger.begin("speed", { ...this.#ofPlay(), fromMs: Math.round(video.currentTime * 1000), speed: video.playbackRate });
    if (!this.#segment) return;
    this.#endSegment();
    this.#beginSegment(this.#now());
  }

  #resized(): void {
    const heightPx = this.#heightNow();
    if (!this.#moved || heightPx === 0 || heightPx === this.#heightPx) return;
    this.#heightPx = heightPx;
    const auto = this.player.engine?.chosenQuality() === null;
    this.ledger.begin("quality", { ...this.#ofPlay(), fromMs: Math.round(this.player.video.currentTime * 1000), heightPx, auto });
  }

  #ended(): void {
    this.close();
    this.#play = null; // playing it again is another play
    this.changed(true);
  }

  #failed(code: string, label: string): void {
    const fromMs = Math.round(this.player.currentTime * 1000);
    this.ledger.begin("error", { ...(this.#play ? this.#ofPlay() : {}), code: code.slice(0, 200), label: label.slice(0, 200), fromMs });
    this.changed(true);
  }

  #beginRange(kind: "pause" | "seek" | "buffer", positionMs: number, atMs = this.#now()): Fact {
    const fromMs = Math.max(0, Math.round(positionMs));
    const details = { ...this.#ofPlay(), fromMs, toMs: fromMs, finishedAtMs: atMs, finished: false };
    return this.ledger.begin(kind, details, atMs);
  }

  #endRange(kind: "pause" | "seek" | "buffer", nowMs: number, toMs?: number): void {
    const open = { pause: this.#pause, seek: this.#seek, buffer: this.#buffer }[kind];
    if (!open) return;
    const where = toMs === undefined ? {} : { toMs: Math.round(toMs) };
    this.ledger.change(open, { ...where, finishedAtMs: Math.max(nowMs, open.startedAtMs), finished: true });
    if (kind === "pause") this.#pause = null;
    if (kind === "seek") this.#seek = null;
    if (kind === "buffer") this.#buffer = null;
  }

  #ofPlay(): { play?: number } {
    return this.#play ? { play: this.#play.n } : {};
  }

  #heightNow(): number {
    return this.player.engine?.activeQuality()?.height ?? this.player.video.videoHeight;
  }

  #now(): number {
    return this.ledger.clock.now();
  }
}
