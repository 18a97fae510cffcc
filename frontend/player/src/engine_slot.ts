// The one engine at the <video>: made for the technique a config is played with, exchanged when that
// changes, taken away when the film may not go on.

import type { PlayerConfig } from "./config";
import { Emitter } from "./emitter";
import type { Engine, EngineEvents } from "./engine";
import { createEngine, type Tech } from "./tech";

export class EngineSlot {
  readonly events = new Emitter<EngineEvents>();
  #engine: Engine | null = null;
  /** The last engine going away: the next one may not touch the <video> before. */
  #closing: Promise<void> = Promise.resolve();

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly textContainer: HTMLElement,
  ) {}

  get engine(): Engine | null {
    return this.#engine;
  }

  /** Rejects with the engine's error. */
  async load(tech: Tech, config: PlayerConfig, startS: number): Promise<void> {
    const { hls, dash } = config.manifests;
    const engine = this.#engine?.kind === tech ? this.#engine : await this.#exchange(tech, config);
    const url = tech === "dash" && engine.kind !== "native" ? dash : hls;
    await engine.load({
      url: new URL(url ?? "", document.baseURI).href,
      startS,
      captions: config.captions,
      clearKeyUrl: config.license && new URL(config.license.clearKeyUrl, document.baseURI).href,
    });
  }

  close(): void {
    if (this.#engine) this.#closing = this.#engine.destroy();
    this.#engine = null;
  }

  async #exchange(tech: Tech, config: PlayerConfig): Promise<Engine> {
    this.close();
    await this.#closing;
    const engine = await createEngine(tech, this.video, this.textContainer, config);
    engine.events.on("failure", (failure) => this.events.emit("failure", failure));
    engine.events.on("progress", () => this.events.emit("progress", null));
    engine.events.on("tracks", () => this.events.emit("tracks", null));
    this.#engine = engine;
    return engine;
  }
}
