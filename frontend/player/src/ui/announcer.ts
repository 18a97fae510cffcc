// The live region: says what changed to people who do not see it (ARIA status role).

import { el } from "../dom";
import type { Player } from "../player";
import { STRINGS } from "../strings";
import { clockTime, speedName } from "../format";

/** Waiting shorter than this is not worth a word. */
const LOADING_AFTER_MS = 1200;

export class Announcer {
  readonly element = el("div", { class: "fh-announcer", role: "status", "aria-live": "polite" });

  constructor(player: Player) {
    let timer: number | undefined;
    const { events } = player;
    events.on("play", () => this.say(STRINGS.playing));
    events.on("pause", () => this.say(STRINGS.paused));
    events.on("ended", () => this.say(STRINGS.ended));
    events.on("seek", (seconds) => this.say(clockTime(seconds)));
    events.on("speed", (speed) => this.say(`${STRINGS.speed}: ${speedName(speed)}`));
    events.on("qualityChosen", (quality) => this.say(`${STRINGS.quality}: ${quality?.name ?? STRINGS.auto}`));
    events.on("captionChosen", (track) => this.say(`${STRINGS.captions}: ${track?.label ?? STRINGS.captionsOff}`));
    events.on("waiting", (waiting) => {
      window.clearTimeout(timer);
      if (waiting) timer = window.setTimeout(() => this.say(STRINGS.loading), LOADING_AFTER_MS);
    });
  }

  say(words: string): void {
    this.element.textContent = words;
  }
}
