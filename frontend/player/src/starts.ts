// Films whose media come with the first play: the config has no manifests but a startUrl, which trades
// the permission to watch for them. Only that counts a play, so it happens at a play and not before.

import { awaitsStart, type PlayerConfig } from "./config";
import { sendForm } from "./status_client";

const TICKET = /\/media\/([^/?#]+)\//;

export class Starts {
  #url: string | null = null;
  #previous = "";

  /** Whether this film's media come by a start. */
  get possible(): boolean {
    return this.#url !== null;
  }

  /** Takes from each config what the next start needs: the latest URL and the latest ticket. */
  learn(config: PlayerConfig): void {
    this.#url = config.startUrl ?? this.#url;
    const manifest = config.manifests.dash ?? config.manifests.hls ?? "";
    this.#previous = TICKET.exec(manifest)?.[1] ?? this.#previous;
  }

  /**
   * A config with manifests, or one that says why not; null when the server cannot be reached. The
   * ticket of an earlier start goes along, so that going on after it ran out is the same play.
   */
  async request(): Promise<PlayerConfig | null> {
    if (this.#url === null) return null;
    const { config } = await sendForm(this.#url, { previous: this.#previous });
    return config !== null && awaitsStart(config) ? null : config; // asked to ask again: later, like any bad answer
  }
}
