// The list of videos, newest first, kept up to date while it is open.

import { api, BASE } from "../api";
import { arrange, el, setText } from "../dom";
import { icon } from "../icons";
import { listen } from "../live";
import type { Video } from "../types";
import { button, routeLink } from "../ui/button";
import { toastError } from "../ui/toast";
import { VideoRow } from "../ui/video_row";
import type { View } from "./view";

const PAGE = 24;
const READ_MAX = 100; // what one request may ask for
const TYPING_MS = 250;

export class LibraryView implements View {
  readonly title = "Library";
  readonly element: HTMLElement;
  private readonly rows = new Map<string, VideoRow>();
  private readonly list = el("ul", { class: "videos" });
  private readonly count = el("p", { class: "count", "aria-live": "polite" });
  private readonly empty = el("div", { class: "empty", hidden: true });
  private readonly more = button("Show more", "plain", () => this.showMore());
  private readonly search = el("input", { type: "search", placeholder: "Search", "aria-label": "Search videos" });
  private readonly stopListening: () => void;
  private shown: string[] = [];
  private typing = 0;
  private reading = 0;

  constructor(private readonly mayWrite: boolean) {
    this.search.addEventListener("input", () => {
      window.clearTimeout(this.typing);
      this.typing = window.setTimeout(() => this.refresh(PAGE), TYPING_MS);
    });
    this.more.hidden = true;
    this.element = el("main", { class: "page", id: "main" }, [
      el("div", { class: "page-head" }, [
        el("div", {}, [el("h1", {}, ["Library"]), this.count]),
        el("label", { class: "search" }, [icon("search"), this.search]),
      ]),
      this.list,
      this.empty,
      el("div", { class: "row row-center" }, [this.more]),
    ]);
    this.stopListening = listen({
      ready: () => this.refresh(),
      video: (video) => this.changed(video),
      list: () => this.refresh(),
    });
    this.refresh(PAGE);
  }

  dispose(): void {
    window.clearTimeout(this.typing);
    this.reading += 1;
    this.stopListening();
  }

  private get words(): string {
    return this.search.value.trim();
  }

  private refresh(count = Math.max(PAGE, this.shown.length)): void {
    void this.read(0, Math.min(count, READ_MAX)).catch(toastError);
  }

  private async showMore(): Promise<void> {
    await this.read(this.shown.length, PAGE);
  }

  private async read(offset: number, limit: number): Promise<void> {
    const reading = ++this.reading;
    const { videos, total } = await api.videos(offset, limit, this.words);
    if (reading !== this.reading) return; // something newer was asked meanwhile
    const before = this.shown.slice(0, offset);
    this.shown = [...before, ...videos.map(({ id }) => id).filter((id) => !before.includes(id))];
    for (const video of videos) this.row(video);
    for (const id of this.rows.keys()) if (!this.shown.includes(id)) this.rows.delete(id);
    arrange(this.list, this.shown.map((id) => this.rows.get(id)?.element).filter((row) => row !== undefined));
    this.summarise(total);
  }

  private row(video: Video): void {
    const known = this.rows.get(video.id);
    if (known) known.show(video);
    else this.rows.set(video.id, new VideoRow(video));
  }

  private summarise(total: number): void {
    setText(this.count, `${total} ${total === 1 ? "video" : "videos"}${this.words ? " found" : ""}`);
    this.more.hidden = this.shown.length >= total;
    this.empty.hidden = total > 0;
    if (total > 0) return;
    const hint = this.words ? "No title or description has these words." : "Nothing here yet.";
    const upload = routeLink("/upload", BASE, { class: "button button-primary" }, [icon("upload"), "Upload a video"]);
    this.empty.replaceChildren(icon("film"), el("p", {}, [hint]), ...(this.words || !this.mayWrite ? [] : [upload]));
  }

  private changed(video: Video): void {
    this.rows.get(video.id)?.show(video);
  }
}
