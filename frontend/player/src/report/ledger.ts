// The facts of this page load: numbers them, changes those that are still going on, hands each change to the outbox.

import type { ServerClock } from "./clock";
import type { Details, Fact, Kind } from "./facts";
import type { Outbox } from "./outbox";

export class Ledger {
  #next = 0;

  constructor(
    readonly clock: ServerClock,
    private readonly outbox: Outbox,
  ) {}

  /** Something that happened now, or goes on from now (or from `startedAtMs`). */
  begin(kind: Kind, details: Details, startedAtMs = this.clock.now()): Fact {
    const fact = { ...this.draft(kind, startedAtMs), ...details };
    this.outbox.put(fact);
    return fact;
  }

  /** A fact that is not told yet, since it may turn out to be nothing. */
  draft(kind: Kind, startedAtMs: number): Fact {
    return { n: this.#next++, kind, startedAtMs, version: 1 };
  }

  take(fact: Fact): void {
    this.outbox.put(fact);
  }

  change(fact: Fact, details: Details): void {
    Object.assign(fact, details);
    fact.version += 1;
    this.outbox.put(fact);
  }
}
