// The list of a playlist page: thumbnail, title and length of each video, the current one marked.

import { el, setAttribute } from "./dom";
import { clockTime } from "./format";
import { PLAYLIST_STRINGS } from "./strings";

export interface Item {
  readonly videoId: string;
  readonly title: string;
  readonly durationMs: number | null;
  readonly posterUrl: string | null;
  readonly embedUrl: string;
}

export class ItemList {
  readonly #links: readonly HTMLAnchorElement[];

  constructor(private readonly place: HTMLElement, items: readonly Item[], choose: (index: number) => void) {
    this.#links = items.map((item, index) => link(item, index, choose));
    place.replaceChildren(el("ol", {}, this.#links.map((each) => el("li", {}, [each]))));
  }

  mark(current: number): void {
    for (const [index, each] of this.#links.entries()) {
      setAttribute(each, "aria-current", index === current ? "true" : null);
    }
    const marked = this.#links[current];
    if (marked) this.#bringIntoView(marked);
  }

  /** Scrolls the list only: scrollIntoView would move the page around it as well. */
  #bringIntoView(element: HTMLElement): void {
    const list = this.place.getBoundingClientRect();
    const box = element.getBoundingClientRect();
    if (box.top < list.top || box.bottom > list.bottom) this.place.scrollTop += box.top - list.top;
  }
}

/** A real link into the frame, so that opening it in a tab of its own works as everywhere. */
function link(item: Item, index: number, choose: (index: number) => void): HTMLAnchorElement {
  const { title, durationMs, posterUrl, embedUrl } = item;
  const picture = posterUrl === null ? [] : [el("img", { src: posterUrl, alt: "", loading: "lazy", width: 128, height: 72 })];
  const length = durationMs === null ? [] : [el("span", { class: "length" }, [clockTime(Math.round(durationMs / 1000))])];
  const anchor = el("a", { href: embedUrl, target: "player" }, [
    el("span", { class: "picture" }, [...picture, ...length]),
    el("span", { class: "title", dir: "auto" }, [title.trim() || PLAYLIST_STRINGS.untitled]),
  ]);
  anchor.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a tab or window of its own
    event.preventDefault();
    choose(index);
  });
  return anchor;
}
