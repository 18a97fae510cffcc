// The player's frame: the layers over each other (picture, captions, gradient, controls, panels) and
// the pieces that belong to the picture itself: big play button, spinner, title, jump mark.

import { CallsToAction } from "../calls_to_action";
import type { PlayerConfig } from "../config";
import { el, setText, setVisible } from "../dom";
import { Player } from "../player";
import { STRINGS } from "../strings";
import { Activity } from "./activity";
import { Announcer } from "./announcer";
import { IconButton } from "./button";
import { CallsLayer } from "./calls_layer";
import { Controls } from "./controls";
import { connectGestures } from "./gestures";
import { Panels } from "./panels";

const SPINNER_AFTER_MS = 250;

export class Shell {
  readonly player: Player;
  readonly calls: CallsToAction;
  readonly controls: Controls;
  readonly panels = new Panels();
  readonly activity: Activity;
  readonly #title = el("h1", { class: "fh-title", dir: "auto" });
  readonly #spinner = el("div", { class: "fh-spinner", hidden: true, "aria-hidden": "true" });
  readonly #jump = el("div", { class: "fh-jump", hidden: true, "aria-hidden": "true" });
  readonly #start: IconButton;
  #spinnerTimer: number | undefined;

  constructor(private readonly root: HTMLElement) {
    const video = el("video", { class: "fh-video", playsinline: true, preload: "metadata", tabindex: -1 });
    const text = el("div", { class: "fh-text" });
    const surface = el("div", { class: "fh-surface" });
    this.player = new Player(video, text);
    this.calls = new CallsToAction(this.player);
    this.activity = new Activity(root, this.player);
    this.controls = new Controls(this.player, root, (open) => {
      root.classList.toggle("fh-menu-open", open);
      this.activity.hold(open);
    });
    this.#start = new IconButton("play", STRINGS.play, () => this.#begin(), "fh-start");
    const calls = new CallsLayer(this.calls, () => this.#focusPlay());
    root.setAttribute("role", "region");
    root.replaceChildren(
      video, surface, el("div", { class: "fh-scrim" }), text, this.#title, this.#spinner, this.#jump,
      this.#start.element, calls.element, this.controls.element, this.panels.element,
      new Announcer(this.player).element,
    );
    connectGestures(surface, this.player, this.activity, {
      toggleFullscreen: () => this.controls.screen.toggleFullscreen(),
      jumped: (direction) => this.#showJump(direction),
    });
    this.#listen();
  }

  configure(config: PlayerConfig): void {
    const title = config.title.trim();
    setText(this.#title, title);
    setVisible(this.#title, title !== "");
    this.root.setAttribute("aria-label", title === "" ? STRINGS.player : `${STRINGS.player}: ${title}`);
    if (config.poster !== null && this.player.video.poster !== new URL(config.poster, document.baseURI).href) {
      this.player.video.poster = config.poster;
    }
    this.controls.configure(config);
    this.calls.configure(config.callsToAction);
  }

  /** Controls are of use only while the film, or a problem with it, is shown. */
  showFilm(): void {
    const hadFocus = this.panels.element.contains(document.activeElement);
    this.panels.hide();
    this.root.classList.remove("fh-covered");
    this.#update();
    if (hadFocus) this.#focusPlay();
  }

  cover(): void {
    this.root.classList.add("fh-covered");
    this.controls.menu.close(false);
    setVisible(this.#spinner, false);
  }

  #begin(): void {
    void this.player.play();
    this.#focusPlay();
  }

  #focusPlay(): void {
    this.controls.element.querySelector<HTMLElement>(".fh-play")?.focus({ preventScroll: true });
  }

  #listen(): void {
    const { events } = this.player;
    for (const name of ["play", "pause", "ended", "ready", "loading", "seek", "wish"] as const) {
      events.on(name, () => this.#update());
    }
    events.on("waiting", (waiting) => this.#spin(waiting));
    events.on("loading", () => this.#spin(true));
    events.on("ready", () => this.#spin(false));
    events.on("wish", () => this.#spin(this.player.wantsPlay));
    events.on("time", () => {
      if (this.player.currentTime > 0 && this.player.wantsPlay) this.root.classList.add("fh-started");
    });
  }

  #update(): void {
    const { wantsPlay, ended, loaded, held } = this.player;
    this.root.classList.toggle("fh-playing", wantsPlay);
    this.root.classList.toggle("fh-ended", ended);
    this.#start.visible = !wantsPlay && (loaded || held);
    this.#start.icon = ended ? "replay" : "play";
    this.#start.label = ended ? STRINGS.replay : STRINGS.play;
  }

  #spin(waiting: boolean): void {
    window.clearTimeout(this.#spinnerTimer);
    if (!waiting) setVisible(this.#spinner, false);
    else this.#spinnerTimer = window.setTimeout(() => {
      setVisible(this.#spinner, !this.root.classList.contains("fh-covered"));
    }, SPINNER_AFTER_MS);
  }

  #showJump(direction: 1 | -1): void {
    this.#jump.classList.toggle("fh-jump-back", direction < 0);
    setText(this.#jump, direction < 0 ? "−10 s" : "+10 s");
    setVisible(this.#jump, true);
    window.setTimeout(() => setVisible(this.#jump, false), 600);
  }
}
