// When the controls are seen: while paused, while something is touched, moved or focused, and for a
// moment after. Sets classes on the root; CSS does the rest.

import type { Player } from "../player";

const IDLE_AFTER_MS = 2600;

export class Activity {
  #timer: number | null = null;
  #held = false;

  constructor(
    private readonly root: HTMLElement,
    private readonly player: Player,
  ) {
    root.addEventListener("pointermove", (event) => {
      if (event.pointerType === "mouse") this.wake();
    });
    root.addEventListener("pointerdown", () => this.wake());
    root.addEventListener("focusin", () => this.wake());
    root.addEventListener("keydown", () => this.wake());
    root.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") this.#sleep();
    });
    for (const name of ["play", "pause", "ended", "ready", "wish"] as const) {
      player.events.on(name, () => this.wake());
    }
  }

  get visible(): boolean {
    return !this.root.classList.contains("fh-idle");
  }

  /** An open menu keeps the controls. */
  hold(held: boolean): void {
    this.#held = held;
    this.wake();
  }

  wake(): void {
    this.root.classList.remove("fh-idle");
    if (this.#timer !== null) window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#sleep(), IDLE_AFTER_MS);
  }

  hide(): void {
    this.#sleep();
  }

  #sleep(): void {
    if (this.#held || !this.player.wantsPlay) return;
    if (this.root.querySelector(".fh-dragging") !== null) return;
    this.root.classList.add("fh-idle");
  }
}
