// The server's clock as the player knows it: what the page was told, and the time that has passed since.

/** A device that slept has a clock that stood still: only what is more than this is put right. */
const DRIFT_MS = 2000;

export class ServerClock {
  #offsetMs: number;

  constructor(serverNowMs: number) {
    this.#offsetMs = serverNowMs - performance.now();
  }

  now(): number {
    return Math.round(performance.now() + this.#offsetMs);
  }

  /** Takes the server's word for what begins from now on. */
  learn(serverNowMs: number): void {
    if (Math.abs(serverNowMs - this.now()) > DRIFT_MS) this.#offsetMs = serverNowMs - performance.now();
  }
}
