// All files that this page sends, a few at a time; it outlives the views, so that one may look around meanwhile.

import { fingerprint } from "./memory";
import { Slots } from "./slots";
import { Transfer } from "./transfer";

const FILES_AT_ONCE = 3;
const PARTS_AT_ONCE = 3; // browsers open six connections to one host; the console needs some itself
const LOST_PAUSE_MS = 20_000;

export interface Rejected {
  readonly file: File;
  readonly reason: string;
}

export class UploadQueue {
  readonly transfers: Transfer[] = [];
  private readonly slots = new Slots(PARTS_AT_ONCE);
  private readonly listeners = new Set<() => void>();
  private frame = 0;

  constructor() {
    window.addEventListener("beforeunload", (event) => {
      if (this.isBusy) event.preventDefault();
    });
    window.addEventListener("online", () => this.resumeLost());
    window.setInterval(() => this.resumeLost(), LOST_PAUSE_MS); // the server may have been what was away
  }

  get isBusy(): boolean {
    return this.transfers.some(({ state }) => state === "sending" || state === "finishing" || state === "waiting");
  }

  /** Returns the files that were not taken, with the reason. */
  add(files: Iterable<File>): Rejected[] {
    const rejected: Rejected[] = [];
    for (const file of files) {
      const key = fingerprint(file);
      const known = this.transfers.find((transfer) => transfer.key === key && transfer.state !== "done");
      if (file.size === 0) rejected.push({ file, reason: "is empty" });
      else if (known && !known.isOver) this.resume(known);
      else this.transfers.unshift(new Transfer(file, this.slots, this.changed));
    }
    this.pump();
    return rejected;
  }

  resume(transfer: Transfer): void {
    if (transfer.state !== "paused" && transfer.state !== "failed") return;
    transfer.state = "waiting";
    transfer.message = "";
    this.pump();
  }

  private resumeLost(): void {
    for (const transfer of this.transfers) if (transfer.isLost) this.resume(transfer);
  }

  pause(transfer: Transfer): void {
    transfer.pause();
    this.pump();
  }

  pauseAll(): void {
    for (const transfer of this.transfers) if (!transfer.isOver) transfer.pause();
  }

  async cancel(transfer: Transfer): Promise<void> {
    this.dismiss(transfer);
    await transfer.cancel();
    this.pump();
  }

  dismiss(transfer: Transfer): void {
    const index = this.transfers.indexOf(transfer);
    if (index >= 0) this.transfers.splice(index, 1);
    this.changed();
  }

  /** Tells at most once a frame; returns how to stop. */
  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private readonly changed = (): void => {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.listeners.forEach((listener) => listener());
    });
  };

  private pump(): void {
    const active = this.transfers.filter(({ state }) => state === "sending" || state === "finishing").length;
    // The newest stands first in the list; the oldest is sent first.
    const waiting = this.transfers.filter(({ state }) => state === "waiting").reverse();
    for (const transfer of waiting.slice(0, Math.max(0, FILES_AT_ONCE - active))) {
      void transfer.run().then(() => this.pump());
    }
    this.changed();
  }
}

export const uploads = new UploadQueue();
