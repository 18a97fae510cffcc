// The control bar: puts the widgets in order and keeps their looks in step with the player.

import type { PlayerConfig } from "../config";
import { el, setText, setVisible } from "../dom";
import { clockTime } from "../format";
import type { Player } from "../player";
import { STRINGS } from "../strings";
import { IconButton } from "./button";
import { Menu } from "./menu";
import { type Offer, Offers } from "./offers";
import { Screen } from "./screen";
import { SeekBar } from "./seekbar";
import { Settings } from "./settings";
import { VolumeControl } from "./volume";

export class Controls {
  readonly element: HTMLElement;
  readonly menu: Menu;
  readonly screen: Screen;
  readonly #offers: Offers;
  readonly #seekbar: SeekBar;
  readonly #play: IconButton;
  readonly #captions: IconButton;
  readonly #chapters: IconButton;
  readonly #download: IconButton;
  readonly #share: IconButton;
  readonly #settings: IconButton;
  readonly #pip: IconButton;
  readonly #fullscreen: IconButton;
  readonly #now = el("span", { class: "fh-time-now" });
  readonly #end = el("span", { class: "fh-time-end" });
  readonly #live = el("span", { class: "fh-live", hidden: true }, [STRINGS.live]);
  readonly #chapterName = el("span", { class: "fh-chapter-name", dir: "auto" });

  constructor(private readonly player: Player, root: HTMLElement, menuChanged: (open: boolean) => void) {
    this.menu = new Menu((open, opener) => {
      for (const button of this.#menuButtons()) button.expanded = open && opener === button.element;
      menuChanged(open);
    });
    this.#offers = new Offers(this.menu);
    const settings = new Settings(player, this.menu, this.#offers);
    this.screen = new Screen(root, player.video, () => this.#updateScreen());
    this.#seekbar = new SeekBar(player);
    this.#play = new IconButton("play", STRINGS.play, () => player.toggle(), "fh-play");
    this.#captions = new IconButton("captions", STRINGS.captions, () => player.toggleCaptions(), "fh-captions");
    this.#chapters = new IconButton(
      "chapters", STRINGS.chapters, () => settings.toggleChapters(this.#chapters.element), "fh-chapters");
    this.#settings = new IconButton(
      "settings", STRINGS.settings, () => settings.toggle(this.#settings.element), "fh-settings");
    this.#download = new IconButton(
      "download", STRINGS.download, () => this.#toggle(this.#offers.download, this.#download), "fh-download");
    this.#share = new IconButton(
      "share", STRINGS.share, () => this.#toggle(this.#offers.share, this.#share), "fh-share");
    for (const button of this.#menuButtons()) {
      button.element.setAttribute("aria-haspopup", "menu");
      button.expanded = false;
    }
    this.#pip = new IconButton("pip", STRINGS.pip, () => this.screen.togglePip(), "fh-pip");
    this.#fullscreen = new IconButton(
      "fullscreen", STRINGS.fullscreen, () => this.screen.toggleFullscreen(), "fh-fullscreen");
    this.element = this.#build();
    this.#listen();
    this.#updateScreen();
    this.#updateTracks();
  }

  configure(config: PlayerConfig): void {
    this.#seekbar.configure(config);
    this.#chapters.visible = config.chapters.length > 0;
    this.#offers.configure(config);
    this.#download.visible = this.#offers.download !== null;
    this.#share.visible = this.#offers.share !== null;
    this.#updateTime();
  }

  #menuButtons(): readonly IconButton[] {
    return [this.#chapters, this.#download, this.#share, this.#settings];
  }

  #toggle(offer: Offer | null, { element }: IconButton): void {
    if (this.menu.opener === element) this.menu.close(true);
    else offer?.show(element);
  }

  #build(): HTMLElement {
    const time = el("div", { class: "fh-time" }, [this.#now, this.#end, this.#live, this.#chapterName]);
    const volume = new VolumeControl(this.player);
    const row = el("div", { class: "fh-row" }, [
      this.#play.element,
      volume.element,
      time,
      this.#captions.element,
      this.#chapters.element,
      this.#download.element,
      this.#share.element,
      this.#settings.element,
      this.#pip.element,
      this.#fullscreen.element,
    ]);
    return el("div", { class: "fh-controls", role: "group", "aria-label": STRINGS.player }, [
      this.menu.element,
      this.#seekbar.element,
      row,
    ]);
  }

  #listen(): void {
    const { events } = this.player;
    for (const name of ["play", "pause", "ended", "ready", "loading", "wish"] as const) {
      events.on(name, () => this.#updatePlay());
    }
    events.on("seek", () => this.#updatePlay());
    events.on("time", () => this.#updateTime());
    events.on("ready", () => this.#updateTime());
    events.on("tracks", () => this.#updateTracks());
    events.on("captionChosen", () => this.#updateTracks());
  }

  #updatePlay(): void {
    const { ended, wantsPlay } = this.player;
    this.#play.icon = ended ? "replay" : wantsPlay ? "pause" : "play";
    this.#play.label = ended ? STRINGS.replay : wantsPlay ? STRINGS.pause : STRINGS.play;
  }

  #updateTime(): void {
    const { player } = this;
    const live = player.engine?.isLive() === true;
    setVisible(this.#live, live);
    setVisible(this.#end, !live);
    setText(this.#now, clockTime(player.currentTime));
    setText(this.#end, clockTime(player.duration));
    setText(this.#chapterName, player.chapterAt(player.currentTime)?.title ?? "");
  }

  #updateTracks(): void {
    const captions = this.player.captions();
    this.#captions.visible = captions.length > 0;
    this.#captions.pressed = captions.some((track) => track.active);
  }

  #updateScreen(): void {
    const { screen } = this;
    this.#fullscreen.visible = screen.canFullscreen;
    this.#fullscreen.icon = screen.isFullscreen ? "exitFullscreen" : "fullscreen";
    this.#fullscreen.label = screen.isFullscreen ? STRINGS.exitFullscreen : STRINGS.fullscreen;
    this.#pip.visible = screen.canPip;
    this.#pip.label = screen.isPip ? STRINGS.exitPip : STRINGS.pip;
  }
}
