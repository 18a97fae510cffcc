// What the player does about a failure before it bothers the viewer: waits and tries again, asks
// for a fresh ticket once, reloads once after a decoding error. What is left becomes a Problem.

import { awaitsStart, type PlayerConfig } from "./config";
import { Emitter } from "./emitter";
import { type Failure, type FailureKind, isInterrupted, toFailure } from "./failure";
import { NativeLoadError } from "./engine_native";
import type { Player } from "./player";

export interface Problem {
  readonly kind: FailureKind;
  readonly detail: string;
  /** Wall clock of the next automatic attempt, or null when only the viewer can try again. */
  readonly retryAtMs: number | null;
}

export interface RecoveryPorts {
  /** Loads `config`; recovery only decides when and where. */
  readonly load: (config: PlayerConfig, startS: number) => Promise<void>;
  /** A fresh config, with new media if it is playable, or null when the server cannot be reached. */
  readonly refetch: () => Promise<PlayerConfig | null>;
  /** Shows a config that is not playable (any more). */
  readonly show: (config: PlayerConfig) => void;
}

const DELAYS_S = [1, 2, 4, 8, 15, 30];
const REFETCH_EVERY_MS = 60_000;
const RELOAD_EVERY_MS = 30_000;
/** After this long without a failure the next one is a new story: waits start small again. */
const CALM_MS = 60_000;

export class Recovery {
  readonly events = new Emitter<{ problem: Problem | null }>();
  #config: PlayerConfig | null = null;
  #attempt = 0;
  #failedAtMs = Number.NEGATIVE_INFINITY;
  /** An attempt is under way, so that data or playback now prove it worked. */
  #trying = false;
  /** While a load or a renewal runs, failures of the old stream are not news. */
  #busy = false;
  #beginning = false;
  #duringLoad: Failure | null = null;
  #timer: number | null = null;
  #pending: Problem | null = null;
  #refetchedAtMs = Number.NEGATIVE_INFINITY;
  #reloadedAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly player: Player,
    private readonly ports: RecoveryPorts,
  ) {
    player.events.on("failure", (failure) => {
      if (!failure.fatal && failure.kind !== "expired") return;
      if (this.#busy) this.#duringLoad = failure;
      else void this.#handle(failure);
    });
    player.events.on("progress", () => this.#proveRecovered());
    player.events.on("waiting", (waiting) => {
      if (!waiting) this.#proveRecovered();
      else if (this.#pending) this.events.emit("problem", this.#pending);
    });
    window.addEventListener("online", () => {
      if (this.#timer !== null) void this.retry();
    });
  }

  /** Loads a config; a failure goes the same ways as one while playing. */
  async start(config: PlayerConfig, startS: number): Promise<void> {
    this.#config = config;
    this.#busy = true;
    this.#duringLoad = null;
    let failure: Failure | null = null;
    try {
      await this.ports.load(config, startS);
      failure = this.#duringLoad;
    } catch (error) {
      if (isInterrupted(error)) return;
      failure = error instanceof NativeLoadError ? error.failure : toFailure(error);
    }
    this.#busy = false;
    if (failure) await this.#handle(failure);
    else this.#clear();
  }

  /** Brings the media of a film that is held (see Player.hold); nothing while that is under way already. */
  async begin(config: PlayerConfig): Promise<void> {
    if (this.#beginning) return;
    this.#beginning = true;
    this.#cancel();
    this.#config = config;
    await this.#renew({ kind: "network", detail: "start", fatal: true });
    this.#beginning = false;
  }

  /** The viewer's "Try again", and every automatic attempt. */
  async retry(): Promise<void> {
    this.#cancel();
    this.#trying = true;
    const kind = this.#pending?.kind;
    if (kind === "network" && this.player.loaded && this.player.engine?.retry()) return;
    if (this.#config === null) return;
    if (kind === "network" && !awaitsStart(this.#config)) return this.start(this.#config, this.player.currentTime);
    await this.#renew({ kind: kind ?? "unknown", detail: this.#pending?.detail ?? "", fatal: true });
  }

  async #handle(failure: Failure): Promise<void> {
    const nowMs = Date.now();
    if (failure.kind === "network") return this.#wait(failure);
    if (failure.kind === "expired" || failure.kind === "notfound") {
      if (nowMs - this.#refetchedAtMs > REFETCH_EVERY_MS) {
        this.#refetchedAtMs = nowMs;
        return this.#renew(failure);
      }
    }
    if (failure.kind === "decode" && nowMs - this.#reloadedAtMs > RELOAD_EVERY_MS && this.#config) {
      this.#reloadedAtMs = nowMs;
      return this.start(this.#config, this.player.currentTime);
    }
    this.#report({ kind: failure.kind, detail: failure.detail, retryAtMs: null });
  }

  /** Asks for the config again (a new ticket, new URLs) and goes on at the same position. */
  async #renew(failure: Failure): Promise<void> {
    this.#busy = true;
    const config = await this.ports.refetch();
    this.#busy = false;
    if (config === null) return this.#wait({ ...failure, kind: "network" });
    if (config.state === "playable" && !awaitsStart(config)) return this.start(config, this.player.currentTime);
    this.#clear();
    this.ports.show(config);
  }

  /** Tries again later: quietly while the buffer lasts, with a countdown once it is empty. */
  #wait(failure: Failure): void {
    const nowMs = Date.now();
    if (nowMs - this.#failedAtMs > CALM_MS) this.#attempt = 0;
    this.#failedAtMs = nowMs;
    const delayS = DELAYS_S[Math.min(this.#attempt, DELAYS_S.length - 1)] ?? 30;
    this.#attempt += 1;
    this.#cancel();
    this.#timer = window.setTimeout(() => void this.retry(), delayS * 1000);
    this.#report({ kind: "network", detail: failure.detail, retryAtMs: nowMs + delayS * 1000 });
  }

  /** One stream's data alone (audio, while the picture still fails) is no proof. */
  #proveRecovered(): void {
    if (!this.#trying || this.#busy) return;
    if (this.player.video.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA) this.#clear();
  }

  #report(problem: Problem): void {
    this.#pending = problem;
    this.#trying = false;
    const canStillPlay =
      this.player.loaded &&
      problem.retryAtMs !== null &&
      this.player.video.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA;
    if (!canStillPlay) this.events.emit("problem", problem);
  }

  #clear(): void {
    this.#cancel();
    this.#trying = false;
    if (this.#pending === null) return;
    this.#pending = null;
    this.events.emit("problem", null);
  }

  #cancel(): void {
    if (this.#timer !== null) window.clearTimeout(this.#timer);
    this.#timer = null;
  }
}
