// One viewer in front of one video: from what the server says (playable, processing, a prompt, denied,
// failed) to what is on the screen, polling while there is something to wait for.

import { awaitsStart, type PlayerConfig } from "./config";
import { promptFor } from "./prompts";
import { Recovery } from "./recovery";
import { Starts } from "./starts";
import { fetchStatus, PollDelay } from "./status_client";
import { resumePosition, saveResume } from "./storage";
import { fetchEngineAhead, type Tech } from "./tech";
import { applyTheme } from "./theme";
import type { Shell } from "./ui/shell";

const SAVE_EVERY_MS = 5000;

export class Session {
  readonly recovery: Recovery;
  readonly #delay = new PollDelay();
  readonly #starts = new Starts();
  #config: PlayerConfig;
  #poll: number | undefined;
  #savedAtMs = 0;

  constructor(
    config: PlayerConfig,
    private readonly shell: Shell,
    private readonly root: HTMLElement,
    private readonly forced: Tech | null,
    private readonly learned: (config: PlayerConfig) => void,
  ) {
    this.#config = config;
    this.recovery = new Recovery(shell.player, {
      load: (next, startS) => this.#load(next, startS),
      refetch: async () => (this.#starts.possible ? this.#starts.request() : (await this.#status()).config),
      show: (next) => this.apply(next),
    });
    this.recovery.events.on("problem", (problem) => {
      if (problem === null) return shell.showFilm();
      shell.cover();
      shell.panels.problem(problem, () => void this.recovery.retry());
    });
    const { player } = shell;
    player.events.on("wish", () => {
      if (player.held && player.wantsPlay) void this.recovery.begin(this.#config);
    });
    player.events.on("refused", () => {
      // The owner asked for a moving picture: without sound it may start by itself.
      if (!this.#config.autoplay || player.video.muted) return;
      player.setMuted(true);
      void player.play();
    });
    this.#remember();
  }

  /** Shows a config, whatever its state; the first one and each later answer of the server. */
  apply(config: PlayerConfig): void {
    const waited = this.#config.state === "processing";
    window.clearTimeout(this.#poll);
    applyTheme(this.root, config.themeColor);
    this.#take(config);
    if (config.state !== "playable") {
      this.shell.player.suspend();
      this.shell.cover();
    }
    switch (config.state) {
      case "playable":
        return this.#play(waited && document.visibilityState === "visible");
      case "processing":
        this.shell.panels.processing(config);
        return this.#pollLater(null);
      case "password":
      case "login":
      case "contact":
        return this.shell.panels.prompt(promptFor(config, (next) => this.apply(next)));
      case "failed":
        return this.shell.panels.failed(config);
      case "denied":
        return this.shell.panels.denied(config);
    }
  }

  #take(config: PlayerConfig): void {
    this.#config = config;
    this.#starts.learn(config);
    this.shell.configure(config);
    this.learned(config);
  }

  async #load(config: PlayerConfig, startS: number): Promise<void> {
    this.#take(config);
    await this.shell.player.load(config, startS, this.forced);
  }

  #play(waited: boolean): void {
    const config = this.#config;
    const { player } = this.shell;
    this.shell.showFilm();
    if (config.muted) player.setMuted(true);
    const startS = this.#startS(config);
    const playsByItself = config.autoplay || waited;
    if (awaitsStart(config)) {
      player.hold(config, startS);
      if (playsByItself || player.wantsPlay) void player.play();
      else fetchEngineAhead(this.forced);
      return;
    }
    void this.recovery.start(config, startS).then(() => {
      if (playsByItself && player.loaded && !player.wantsPlay) void player.play();
    });
  }

  /** Where the film was, if a prompt or a new ticket came in between. */
  #startS(config: PlayerConfig): number {
    const { currentTime } = this.shell.player;
    if (currentTime > 0) return currentTime;
    if (config.startMs > 0) return config.startMs / 1000;
    return config.resume ? resumePosition(config.videoId, Date.now()) : 0;
  }

  #status(): ReturnType<typeof fetchStatus> {
    const { statusUrl } = this.#config;
    if (statusUrl === null) return Promise.resolve({ config: this.#config, status: 0, retryAfterS: null });
    return fetchStatus(statusUrl);
  }

  #pollLater(retryAfterS: number | null): void {
    if (this.#config.statusUrl === null) return;
    this.#poll = window.setTimeout(() => void this.#pollNow(), this.#delay.next(retryAfterS));
  }

  async #pollNow(): Promise<void> {
    const { config, retryAfterS } = await this.#status();
    if (config === null) return this.#pollLater(retryAfterS);
    if (config.progressPercent !== this.#config.progressPercent) this.#delay.reset();
    this.apply(config);
    if (config.state === "processing" && retryAfterS !== null) {
      window.clearTimeout(this.#poll);
      this.#pollLater(retryAfterS);
    }
  }

  /** Keeps the position for next time: now and then, on a pause, and when the page goes. */
  #remember(): void {
    const { player } = this.shell;
    const save = (): void => {
      if (!this.#config.resume || !player.loaded || player.engine?.isLive()) return;
      this.#savedAtMs = Date.now();
      const positionS = player.ended ? 0 : player.currentTime;
      saveResume(this.#config.videoId, positionS, player.duration, this.#savedAtMs);
    };
    player.events.on("pause", save);
    player.events.on("ended", save);
    player.events.on("time", () => {
      if (player.wantsPlay && Date.now() - this.#savedAtMs > SAVE_EVERY_MS) save();
    });
    window.addEventListener("pagehide", save);
  }
}
