// Mute button and volume slider. On phones the hardware keys do this: the slider stays hidden there
// (by CSS, where no pointer can hover).

import { el } from "../dom";
import type { Player } from "../player";
import { STRINGS } from "../strings";
import { IconButton } from "./button";
import { Slider } from "./slider";

export class VolumeControl {
  readonly element: HTMLElement;
  readonly #button: IconButton;
  readonly #slider: Slider;

  constructor(private readonly player: Player) {
    this.#button = new IconButton("volume", STRINGS.mute, () => player.setMuted(!player.video.muted));
    this.#slider = new Slider({
      label: STRINGS.volume,
      className: "fh-volume-slider",
      change: (share) => player.setVolume(share),
      key: (key) => this.#key(key),
    });
    this.element = el("div", { class: "fh-volume" }, [this.#button.element, this.#slider.element]);
    player.events.on("volume", () => this.#update());
    this.#update();
  }

  #key(key: string): number | null {
    const { volume } = this.player.video;
    const moves: Record<string, number> = {
      ArrowLeft: volume - 0.05,
      ArrowDown: volume - 0.05,
      ArrowRight: volume + 0.05,
      ArrowUp: volume + 0.05,
      PageDown: volume - 0.2,
      PageUp: volume + 0.2,
      Home: 0,
      End: 1,
    };
    return moves[key] ?? null;
  }

  #update(): void {
    const { volume, muted } = this.player.video;
    const heard = muted ? 0 : volume;
    this.#button.icon = heard === 0 ? "muted" : heard < 0.5 ? "volumeLow" : "volume";
    this.#button.label = muted ? STRINGS.unmute : STRINGS.mute;
    const percent = Math.round(heard * 100);
    this.#slider.show(heard, { now: percent, max: 100, text: muted ? STRINGS.muted : `${percent}%` });
  }
}
