// Entry of the playlist page: renders the list beside the player's frame, goes on to the next video
// when one has ended, and remembers which one was last. The page and its JSON are edge/playlist_page.py.

import { parseUrl } from "./address";
import { type Item, ItemList } from "./playlist_list";
import { lastItem, saveLastItem } from "./storage";
import { PLAYLIST_STRINGS } from "./strings";

interface PlaylistConfig {
  readonly playlistId: string;
  readonly items: readonly Item[];
  readonly autoplayNext: boolean;
}

class Playlist {
  readonly #list: ItemList;
  #current = 0;

  constructor(
    private readonly config: PlaylistConfig,
    private readonly frame: HTMLIFrameElement,
    place: HTMLElement,
  ) {
    this.#list = new ItemList(place, config.items, (index) => this.#play(index));
    window.addEventListener("message", (event: MessageEvent<unknown>) => this.#hear(event));
    this.#return();
  }

  /** Marks the first item, which the frame holds already, or goes back to the one that was last. */
  #return(): void {
    const { playlistId, items } = this.config;
    const last = items.findIndex((item) => item.videoId === lastItem(playlistId));
    const isAutoplay = parseUrl(this.frame.src)?.searchParams.has("autoplay") ?? false;
    if (last > 0) this.#open(last, isAutoplay);
    else this.#show(0);
  }

  #play(index: number): void {
    this.#open(index, true);
    this.frame.focus({ preventScroll: true }); // the player's keys work at once
  }

  #open(index: number, autoplay: boolean): void {
    const item = this.config.items[index];
    if (item === undefined) return;
    const url = new URL(item.embedUrl, document.baseURI);
    if (autoplay) url.searchParams.set("autoplay", "1");
    // Replaced, so that the browser's way back leads to the page before this one and not through the list.
    this.frame.contentWindow?.location.replace(url);
    saveLastItem(this.config.playlistId, item.videoId);
    this.#show(index);
  }

  #show(index: number): void {
    this.#current = index;
    this.#list.mark(index);
    this.frame.title = this.config.items[index]?.title.trim() || PLAYLIST_STRINGS.untitled;
  }

  #hear({ source, origin, data }: MessageEvent<unknown>): void {
    if (source !== this.frame.contentWindow || origin !== window.location.origin) return;
    const { event, data: about } = (data ?? {}) as { event?: unknown; data?: { id?: unknown } };
    const { items, autoplayNext, playlistId } = this.config;
    if (event !== "ended" || about?.id !== items[this.#current]?.videoId) return;
    const next = this.#current + 1;
    if (next === items.length) saveLastItem(playlistId, null);
    else if (autoplayNext) this.#open(next, true);
  }
}

const text = document.getElementById("framehouse-playlist")?.textContent;
const frame = document.getElementById("player");
const place = document.getElementById("list");
if (text && frame instanceof HTMLIFrameElement && place) {
  new Playlist(JSON.parse(text) as PlaylistConfig, frame, place);
}
