// The seek bar: played and buffered parts, chapter marks, and the preview bubble with time, chapter
// and storyboard picture that follows the pointer.

import type { PlayerConfig } from "../config";
import { el, setText, setVisible } from "../dom";
import { clockTime, spokenTime } from "../format";
import type { Player } from "../player";
import { fetchStoryboard, type Tile, tileAt } from "../storyboard";
import { STRINGS } from "../strings";
import { Slider } from "./slider";

/** A drag seeks at most this often; the last position always counts. */
const DRAG_SEEK_EVERY_MS = 150;
const PREVIEW_WIDTH_PX = 160;

export class SeekBar {
  readonly element: HTMLElement;
  readonly #slider: Slider;
  readonly #buffered = el("div", { class: "fh-seek-buffered" });
  readonly #marks = el("div", { class: "fh-seek-marks" });
  readonly #picture = el("div", { class: "fh-preview-picture", hidden: true });
  readonly #caption = el("div", { class: "fh-preview-text" });
  readonly #preview = el("div", { class: "fh-preview", hidden: true, "aria-hidden": "true" });
  #tiles: readonly Tile[] | null = null;
  #storyboardUrl: string | null = null;
  #lastDragMs = 0;

  constructor(private readonly player: Player) {
    this.#slider = new Slider({
      label: STRINGS.seek,
      className: "fh-seek",
      change: (share, done) => this.#drag(share, done),
      key: (key) => this.#key(key),
      hover: (share) => this.#hover(share),
    });
    this.#slider.track.append(this.#buffered, el("div", { class: "fh-seek-played" }), this.#marks);
    this.#preview.append(this.#picture, this.#caption);
    this.element = el("div", { class: "fh-seekbar" }, [this.#slider.element, this.#preview]);
    player.events.on("time", () => this.#update());
    player.events.on("ready", () => this.#update());
  }

  /** Takes over what belongs to a new config: chapters and the storyboard (fetched at first hover). */
  configure(config: PlayerConfig): void {
    if (config.storyboard !== this.#storyboardUrl) this.#tiles = null;
    this.#storyboardUrl = config.storyboard;
    const durationMs = config.durationMs ?? 0;
    const starts = durationMs > 0 ? config.chapters.filter((chapter) => chapter.startMs > 0) : [];
    this.#marks.replaceChildren(...starts.map((chapter) => {
      const mark = el("span", { class: "fh-seek-mark" });
      mark.style.left = `${Math.min(100, (chapter.startMs / durationMs) * 100)}%`;
      return mark;
    }));
    this.#update();
  }

  #time(share: number): number {
    const { start, end } = this.player.range;
    return start + (end - start) * share;
  }

  #share(time: number): number {
    const { start, end } = this.player.range;
    return end > start ? (time - start) / (end - start) : 0;
  }

  #update(): void {
    const { player } = this;
    const { start, end } = player.range;
    if (!this.#slider.dragging) this.#show(player.currentTime);
    const ahead = player.buffered().find((range) => range.start <= player.currentTime + 0.5 && player.currentTime <= range.end);
    const to = ahead && end > start ? this.#share(ahead.end) : 0;
    this.#buffered.style.setProperty("--fh-buffered", String(Math.min(1, to)));
  }

  #show(time: number): void {
    const { end } = this.player.range;
    const text = `${spokenTime(time)} of ${spokenTime(end)}`;
    this.#slider.show(this.#share(time), { now: time, max: end, text });
  }

  #drag(share: number, done: boolean): void {
    const nowMs = performance.now();
    this.#show(this.#time(share));
    if (!done && nowMs - this.#lastDragMs < DRAG_SEEK_EVERY_MS) return;
    this.#lastDragMs = nowMs;
    this.player.seek(this.#time(share));
  }

  #key(key: string): number | null {
    const { currentTime, range } = this.player;
    const step = Math.max(10, (range.end - range.start) / 10);
    const moves: Record<string, number> = {
      ArrowLeft: currentTime - 5,
      ArrowRight: currentTime + 5,
      ArrowDown: currentTime - 5,
      ArrowUp: currentTime + 5,
      PageDown: currentTime - step,
      PageUp: currentTime + step,
      Home: range.start,
      End: range.end,
    };
    const target = moves[key];
    return target === undefined ? null : this.#share(target);
  }

  #hover(share: number | null): void {
    setVisible(this.#preview, share !== null && this.player.duration > 0);
    if (share === null) return;
    this.#loadTiles();
    const time = this.#time(share);
    const chapter = this.player.chapterAt(time);
    setText(this.#caption, chapter ? `${clockTime(time)} · ${chapter.title}` : clockTime(time));
    this.#showTile(tileAt(this.#tiles ?? [], time));
    const width = this.element.clientWidth;
    const half = Math.min(this.#preview.offsetWidth, width) / 2;
    const left = Math.min(Math.max(share * width, half), width - half);
    this.#preview.style.left = `${left}px`;
  }

  #loadTiles(): void {
    if (this.#tiles !== null || this.#storyboardUrl === null) return;
    this.#tiles = [];
    void fetchStoryboard(this.#storyboardUrl).then((tiles) => {
      this.#tiles = tiles;
    });
  }

  #showTile(tile: Tile | null): void {
    setVisible(this.#picture, tile !== null && this.element.clientWidth >= 300);
    if (tile === null) return;
    const scale = PREVIEW_WIDTH_PX / Math.max(tile.width, (tile.height * 16) / 9);
    const { style } = this.#picture;
    style.width = `${tile.width}px`;
    style.height = `${tile.height}px`;
    style.zoom = String(scale);
    style.backgroundImage = `url("${tile.url.replace(/["\\]/g, encodeURIComponent)}")`;
    style.backgroundPosition = `-${tile.x}px -${tile.y}px`;
  }
}
