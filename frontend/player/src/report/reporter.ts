// Reports what is watched to the server, if the config says where: an impression when the film is shown, then what the
// watcher sees, in small batches while it goes on and the last one when the page goes.

import type { CallsToAction } from "../calls_to_action";
import type { PlayerConfig, ReportConfig } from "../config";
import type { Player } from "../player";
import { clientId } from "./client_id";
import { ServerClock } from "./clock";
import type { Fact } from "./facts";
import { Ledger } from "./ledger";
import { Outbox } from "./outbox";
import { Watcher } from "./watcher";

const SOON_MS = 1000;
/** A page on which nothing plays is still there. */
const IDLE_EVERY_MS = 60_000;

class Reporter {
  readonly #clock: ServerClock;
  readonly #outbox: Outbox;
  readonly #ledger: Ledger;
  readonly #watcher: Watcher;
  readonly #presence: Fact;
  #soon: number | undefined;
  #lastMs = 0;

  constructor(
    player: Player,
    calls: CallsToAction,
    report: ReportConfig,
  ) {
    this.#clock = new ServerClock(report.nowMs);
    this.#outbox = new Outbox(destination(report), this.#clock, report.persistent);
    this.#ledger = new Ledger(this.#clock, this.#outbox);
    const sinceMs = Math.round(performance.now());
    this.#ledger.begin("impression", {
      pageLoadMs: sinceMs,
      playerStartupMs: sinceMs - Math.round(scriptStartMs),
      hidden: document.visibilityState === "hidden",
    });
    this.#presence = this.#ledger.begin("presence", { finishedAtMs: this.#clock.now(), finished: false });
    this.#watcher = new Watcher(player, this.#ledger, (urgent) => this.#soonSend(urgent ? 0 : SOON_MS));
    const names = { display: "shown", interaction: "clicked", skip: "skipped" } as const;
    for (const event of ["display", "interaction", "skip"] as const) {
      calls.events.on(event, (call) => this.#called(names[event], call.id, player.currentTime));
    }
    window.setInterval(() => this.#tick(), report.everyMs);
    window.addEventListener("pagehide", () => this.#leave());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.#flushOpen();
    });
    this.#soonSend(SOON_MS);
    void this.#outbox.sendStored();
  }

  get unsent(): number {
    return this.#outbox.unsent;
  }

  renew(report: ReportConfig): void {
    this.#outbox.renew({ ...this.#outbox.destination, url: report.url, ticket: report.ticket });
  }

  #called(action: string, label: string, positionS: number): void {
    this.#ledger.begin("call", { action, label, fromMs: Math.round(positionS * 1000) });
    this.#soonSend(action === "clicked" ? 0 : SOON_MS);
  }

  #tick(): void {
    const idle = !this.#watcher.watching;
    const dueMs = this.#lastMs + (idle ? IDLE_EVERY_MS : 0);
    if (performance.now() < dueMs || (idle && document.visibilityState === "hidden")) return;
    this.#send();
  }

  #send(): void {
    this.#lastMs = performance.now();
    this.#watcher.update();
    this.#ledger.change(this.#presence, { finishedAtMs: this.#clock.now(), finished: false });
    this.#outbox.send();
  }

  #soonSend(afterMs: number): void {
    if (this.#soon !== undefined) return;
    this.#soon = window.setTimeout(() => {
      this.#soon = undefined;
      this.#send();
    }, afterMs);
  }

  /** The page may be gone before it is seen again, without another word. */
  #flushOpen(): void {
    this.#watcher.update();
    this.#outbox.flush();
  }

  #leave(): void {
    this.#watcher.close();
    this.#ledger.change(this.#presence, { finishedAtMs: this.#clock.now(), finished: true });
    this.#outbox.flush();
  }
}

const scriptStartMs = performance.now();

function destination(report: ReportConfig): Outbox["destination"] {
  const { url, ticket, persistent } = report;
  return { url, ticket, client: clientId(persistent), page: document.referrer };
}

export interface ReportHandle {
  /** Each config of the server; the first that may be reported on begins. */
  readonly learn: (config: PlayerConfig) => void;
  readonly unsent: () => number;
}

export function connectReporter(player: Player, calls: CallsToAction): ReportHandle {
  let reporter: Reporter | null = null;
  return {
    learn: ({ report, state }) => {
      if (report === null || state !== "playable") return;
      if (reporter === null) reporter = new Reporter(player, calls, report);
      else reporter.renew(report);
    },
    unsent: () => reporter?.unsent ?? 0,
  };
}
