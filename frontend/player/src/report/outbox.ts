// Facts on their way: kept until the server has them, sent again after whatever went wrong. The server knows a fact by
// its number and version, so that sending twice is as good as once.

import type { ServerClock } from "./clock";
import type { Fact } from "./facts";

const FACTS_MAX = 200;
const KEPT_MAX = 1000;
const BEACON_BYTES_MAX = 60_000;
const RETRY_MS = { first: 1000, most: 60_000 };
const KEY = "framehouse:unsent";
const STORED_BYTES_MAX = 100_000;
const STORED_MAX_AGE_MS = 24 * 3600 * 1000;

export interface Destination {
  readonly url: string;
  readonly ticket: string;
  readonly client: string;
  readonly page: string;
}

interface Answer {
  readonly nowMs?: number;
  readonly refused?: readonly { readonly n: number }[];
}

export class Outbox {
  readonly #facts = new Map<number, Fact>();
  #sending = false;
  #closed = false;
  #failures = 0;
  #timer: number | undefined;
  #atOnce = FACTS_MAX;

  constructor(
    public destination: Destination,
    private readonly clock: ServerClock,
    private readonly persistent: boolean,
  ) {
    window.addEventListener("online", () => this.send());
  }

  get unsent(): number {
    return this.#facts.size;
  }

  put(fact: Fact): void {
    if (this.#closed) return;
    this.#facts.set(fact.n, { ...fact });
    for (const [n, kept] of this.#facts) {
      if (this.#facts.size <= KEPT_MAX) break;
      if (kept.kind !== "segment" && kept.kind !== "play" && kept.kind !== "impression") this.#facts.delete(n);
    }
    if (this.#facts.size > KEPT_MAX) this.#facts.delete(this.#facts.keys().next().value ?? -1);
  }

  /** Sends what there is, unless something is on its way or a pause after a failure is not over. */
  send(): void {
    if (this.#sending || this.#facts.size === 0 || this.#closed || this.#timer !== undefined) return;
    void this.#post();
  }

  /** The page goes: what is left is handed to the browser, or kept for the next time. */
  flush(): void {
    const facts = [...this.#facts.values()];
    while (facts.length > 0) {
      let count = Math.min(facts.length, FACTS_MAX);
      let body = this.#body(facts.slice(0, count));
      while (body.length > BEACON_BYTES_MAX && count > 1) {
        count = Math.ceil(count / 2);
        body = this.#body(facts.slice(0, count));
      }
      if (!navigator.onLine || this.#failures > 0 || !navigator.sendBeacon(this.destination.url, body)) break;
      facts.splice(0, count);
    }
    if (facts.length > 0 && this.persistent) this.#store(this.#body(facts.slice(0, FACTS_MAX)));
  }

  /** Sends what an earlier page kept. */
  async sendStored(): Promise<void> {
    try {
      const stored: unknown = JSON.parse(window.localStorage.getItem(KEY) ?? "null");
      if (typeof stored !== "object" || stored === null) return;
      const { url, body, atMs } = stored as { url?: unknown; body?: unknown; atMs?: unknown };
      const fresh = typeof atMs === "number" && Date.now() - atMs < STORED_MAX_AGE_MS;
      if (typeof url !== "string" || typeof body !== "string" || !fresh) return window.localStorage.removeItem(KEY);
      const { status } = await fetch(url, { method: "POST", body, credentials: "omit" });
      if (status < 500 && status !== 429) window.localStorage.removeItem(KEY);
    } catch {
      // Storage is blocked, or there is still no connection: another page will try.
    }
  }

  async #post(): Promise<void> {
    this.#sending = true;
    const facts = [...this.#facts.values()].slice(0, this.#atOnce);
    let retryMs: number | null = null;
    try {
      const body = this.#body(facts);
      const answer = await fetch(this.destination.url, { method: "POST", body, credentials: "omit" });
      retryMs = await this.#take(answer, facts);
    } catch {
      retryMs = this.#pauseMs();
    }
    this.#sending = false;
    if (retryMs === null) this.#failures = 0;
    else {
      this.#failures += 1;
      this.#timer = window.setTimeout(() => {
        this.#timer = undefined;
        this.send();
      }, retryMs);
    }
  }

  /** How long to wait before the next try; null when there is nothing to try again. */
  async #take(answer: Response, facts: readonly Fact[]): Promise<number | null> {
    if (answer.ok) {
      const { nowMs } = (await answer.json()) as Answer;
      if (typeof nowMs === "number") this.clock.learn(nowMs);
      this.#forget(facts); // those that were refused would be refused again
      return null;
    }
    if (answer.status === 413 && this.#atOnce > 1) {
      this.#atOnce = Math.ceil(this.#atOnce / 2);
      return 0;
    }
    if (answer.status === 429 || answer.status >= 500) {
      const afterS = Number(answer.headers.get("retry-after"));
      return Math.max(this.#pauseMs(), Number.isFinite(afterS) ? afterS * 1000 : 0);
    }
    if (answer.status === 403) this.#closed = true; // the ticket is too old: a later config brings another
    this.#forget(facts);
    return null;
  }

  /** A later config's ticket, under which reports go from now on. */
  renew(destination: Destination): void {
    this.destination = destination;
    this.#closed = false;
  }

  #forget(sent: readonly Fact[]): void {
    for (const { n, version } of sent) if (this.#facts.get(n)?.version === version) this.#facts.delete(n);
  }

  #pauseMs(): number {
    const pauseMs = Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** this.#failures);
    return pauseMs * (0.75 + Math.random() / 2);
  }

  #body(facts: readonly Fact[]): string {
    const { ticket, client, page } = this.destination;
    return JSON.stringify({ ticket, client, page, facts });
  }

  #store(body: string): void {
    if (body.length > STORED_BYTES_MAX) return;
    try {
      const { url } = this.destination;
      window.localStorage.setItem(KEY, JSON.stringify({ url, body, atMs: Date.now() }));
    } catch {
      // Blocked or full: these facts are lost.
    }
  }
}
