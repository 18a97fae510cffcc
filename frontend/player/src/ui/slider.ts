// A horizontal slider by pointer, touch and keyboard, as the ARIA slider pattern describes it.
// Values run from 0 to 1; what they mean is the owner's matter.

import { el } from "../dom";

export interface SliderPorts {
  readonly label: string;
  readonly className: string;
  /** While dragging, `done` is false; the last call of a drag has it true. */
  readonly change: (share: number, done: boolean) => void;
  /** The share that a key press leads to, or null when the key means nothing. */
  readonly key: (key: string) => number | null;
  readonly hover?: (share: number | null) => void;
}

export class Slider {
  readonly element: HTMLElement;
  readonly track: HTMLElement;
  #dragging = false;

  constructor(private readonly ports: SliderPorts) {
    this.track = el("div", { class: "fh-slider-track" });
    const knob = el("div", { class: "fh-slider-knob" });
    this.element = el("div", {
      class: `fh-slider ${ports.className}`,
      role: "slider",
      tabindex: 0,
      "aria-label": ports.label,
      "aria-valuemin": 0,
      "aria-orientation": "horizontal",
    }, [this.track, knob]);
    this.#listen();
  }

  get dragging(): boolean {
    return this.#dragging;
  }

  /** Shows a value: its share of the track and the words a screen reader says. */
  show(share: number, value: { now: number; max: number; text: string }): void {
    const bounded = Math.min(1, Math.max(0, share || 0));
    this.element.style.setProperty("--fh-value", String(bounded));
    const { element } = this;
    element.setAttribute("aria-valuemax", String(Math.round(value.max)));
    element.setAttribute("aria-valuenow", String(Math.round(value.now)));
    element.setAttribute("aria-valuetext", value.text);
  }

  #share(event: PointerEvent): number {
    const box = this.track.getBoundingClientRect();
    if (box.width === 0) return 0;
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  }

  #listen(): void {
    const { element, ports } = this;
    element.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      element.setPointerCapture(event.pointerId);
      this.#dragging = true;
      element.classList.add("fh-dragging");
      ports.change(this.#share(event), false);
    });
    element.addEventListener("pointermove", (event) => {
      const share = this.#share(event);
      if (this.#dragging) ports.change(share, false);
      ports.hover?.(share);
    });
    const finish = (event: PointerEvent, cancelled: boolean): void => {
      if (!this.#dragging) return;
      this.#dragging = false;
      element.classList.remove("fh-dragging");
      if (!cancelled) ports.change(this.#share(event), true);
      if (event.pointerType !== "mouse") ports.hover?.(null);
    };
    element.addEventListener("pointerup", (event) => finish(event, false));
    element.addEventListener("pointercancel", (event) => finish(event, true));
    element.addEventListener("pointerleave", () => {
      if (!this.#dragging) ports.hover?.(null);
    });
    element.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const share = ports.key(event.key);
      if (share === null) return;
      event.preventDefault();
      ports.change(Math.min(1, Math.max(0, share)), true);
    });
  }
}
