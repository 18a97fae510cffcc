// Which calls to action are due at the playhead. Knows nothing of how they are shown.

import { parseUrl } from "./address";
import type { CallToAction } from "./config";
import { Emitter } from "./emitter";
import type { Player } from "./player";

interface CallEvents {
  /** The list of what is due, in the config's order, whenever it differs from the one before. */
  due: readonly CallToAction[];
  display: CallToAction;
  interaction: CallToAction;
  skip: CallToAction;
}

/** Links a page may have: a script in an address would run as ours. */
const PROTOCOLS: readonly string[] = ["http:", "https:", "mailto:", "tel:"];

function isSafe(call: CallToAction): boolean {
  return PROTOCOLS.includes(parseUrl(call.url, document.baseURI)?.protocol ?? "");
}

export class CallsToAction {
  readonly events = new Emitter<CallEvents>();
  #calls: readonly CallToAction[] = [];
  #due: readonly CallToAction[] = [];
  /** Skipped, or shown until their end was passed: they do not come back. */
  readonly #done = new Set<string>();
  #begun = false;

  constructor(private readonly player: Player) {
    player.events.on("play", () => {
      this.#begun = true;
      this.#update();
    });
    player.events.on("time", () => this.#update());
  }

  /** Takes over a new config's list; what was skipped stays so. */
  configure(calls: readonly CallToAction[]): void {
    this.#calls = calls.filter(isSafe);
    this.#update();
  }

  skip(call: CallToAction): void {
    this.#done.add(call.id);
    this.events.emit("skip", call);
    this.#update();
  }

  /** The viewer opens its page in a new tab: the film waits meanwhile. */
  follow(call: CallToAction): void {
    this.events.emit("interaction", call);
    this.player.pause();
  }

  #update(): void {
    if (!this.#begun) return;
    const ms = this.player.currentTime * 1000;
    const isOver = (call: CallToAction): boolean => call.endMs !== null && ms >= call.endMs;
    for (const call of this.#due.filter(isOver)) this.#done.add(call.id);
    const due = this.#calls.filter((call) => call.startMs <= ms && !isOver(call) && !this.#done.has(call.id));
    const before = this.#due;
    if (due.length === before.length && due.every((call, index) => call === before[index])) return;
    this.#due = due;
    this.events.emit("due", due);
    const known = new Set(before.map((call) => call.id));
    for (const call of due.filter(({ id }) => !known.has(id))) this.events.emit("display", call);
  }
}
