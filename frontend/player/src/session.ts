// One viewer in front of one video: from what the server says (playable, processing, password,
// denied, failed) to what is on the screen, polling while there is something to wait for.

import type { PlayerConfig } from "./config";
import { Recovery } from "./recovery";
import { fetchStatus, PollDelay, sendPassword } from "./status_client";
import { resumePosition, saveResume } from "./storage";
import { STRINGS } from "./strings";
import type { Tech } from "./tech";
import { applyTheme } from "./theme";
import { passwordForm } from "./ui/password_form";
import type { Shell } from "./ui/shell";

const SAVE_EVERY_MS = 5000;

export class Session {
  readonly recovery: Recovery;
  readonly #delay = new PollDelay();
  #config: PlayerConfig;
  #poll: number | undefined;
  #savedAtMs = 0;

  constructor(
    config: PlayerConfig,
    private readonly shell: Shell,
    private readonly root: HTMLElement,
    private readonly forced: Tech | null,
  ) {
    this.#config = config;
    this.recovery = new Recovery(shell.player, {
      load: (next, startS) => this.#load(next, startS),
      refetch: async () => (await this.#status()).config,
      show: (next) => this.apply(next),
    });
    this.recovery.events.on("problem", (problem) => {
      if (problem === null) return shell.showFilm();
      shell.cover();
      shell.panels.problem(problem, () => void this.recovery.retry());
    });
    this.#remember();
  }

  /** Shows a config, whatever its state; the first one and each later answer of the server. */
  apply(config: PlayerConfig): void {
    const waited = this.#config.state === "processing";
    this.#config = config;
    window.clearTimeout(this.#poll);
    applyTheme(this.root, config.themeColor);
    this.shell.configure(config);
    if (config.state !== "playable") this.shell.cover();
    switch (config.state) {
      case "playable":
        return this.#play(waited && config.state === "playable");
      case "processing":
        this.shell.panels.processing(config);
        return this.#pollLater(null);
      case "password":
        return this.#askPassword(config);
      case "failed":
        return this.shell.panels.failed(config);
      case "denied":
        return this.shell.panels.denied(config);
    }
  }

  async #load(config: PlayerConfig, startS: number): Promise<void> {
    this.#config = config;
    this.shell.configure(config);
    await this.shell.player.load(config, startS, this.forced);
  }

  #play(waited: boolean): void {
    const config = this.#config;
    const { player } = this.shell;
    this.shell.showFilm();
    if (config.muted) player.setMuted(true);
    void this.recovery.start(config, this.#startS(config)).then(async () => {
      if (player.wantsPlay || !player.loaded) return;
      if (config.autoplay) await this.#autoplay();
      else if (waited && document.visibilityState === "visible") await player.play();
    });
  }

  /** With sound if the browser lets us, else muted: the owner asked for a moving picture. */
  async #autoplay(): Promise<void> {
    const { player } = this.shell;
    if (await player.play()) return;
    player.setMuted(true);
    await player.play();
  }

  #startS(config: PlayerConfig): number {
    if (config.startMs > 0) return config.startMs / 1000;
    return config.resume ? resumePosition(config.videoId, Date.now()) : 0;
  }

  #status(): ReturnType<typeof fetchStatus> {
    const { statusUrl } = this.#config;
    if (statusUrl === null) return Promise.resolve({ config: this.#config, retryAfterS: null });
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

  #askPassword(config: PlayerConfig): void {
    const form = passwordForm(async (password) => {
      if (config.passwordUrl === null) return STRINGS.passwordUnreachable;
      try {
        const { config: next } = await sendPassword(config.passwordUrl, password);
        if (next === null) return STRINGS.passwordUnreachable;
        if (next.state === "password") return next.message ?? STRINGS.passwordWrong;
        this.apply(next);
        return null;
      } catch {
        return STRINGS.passwordUnreachable;
      }
    });
    this.shell.panels.password(form, config.message ?? "");
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
