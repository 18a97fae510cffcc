// What the work on a video has done, does and waits for: read only while it is unfolded.

import { api } from "../api";
import { el } from "../dom";
import { toastError } from "./toast";

const PAUSE_MS = 700; // progress is told twice a second; these lines need not be that fresh

export class WorkLines {
  private readonly lines = el("pre", { class: "work-lines", tabindex: "0" });
  private readonly details = el("details", { class: "card work" }, [
    el("summary", {}, [el("h2", {}, ["Work on this video"])]),
    this.lines,
  ]);
  readonly element = this.details;
  private timer = 0;

  constructor(private readonly id: string) {
    this.details.addEventListener("toggle", () => this.changed());
  }

  /** The video changed: its lines may have, too. */
  changed(): void {
    if (!this.details.open || this.timer !== 0) return;
    void this.read();
    this.timer = window.setTimeout(() => {
      this.timer = 0;
      void this.read();
    }, PAUSE_MS);
  }

  stop(): void {
    window.clearTimeout(this.timer);
    this.details.open = false;
  }

  private async read(): Promise<void> {
    if (!this.details.open) return;
    try {
      const { lines } = await api.work(this.id);
      this.lines.textContent = lines.join("\n") || "No work is recorded.";
    } catch (error) {
      toastError(error);
    }
  }
}
