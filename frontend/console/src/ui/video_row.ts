// One video in the library's list.

import { BASE } from "../api";
import { el, setText } from "../dom";
import { bytes, clock, moment } from "../format";
import { icon } from "../icons";
import type { Video } from "../types";
import { embedCode, PRIVACY, timesLine } from "../words";
import { button, routeLink } from "./button";
import { copy } from "./copy";
import { StateBlock } from "./state";

export class VideoRow {
  private video: Video;
  private readonly title: HTMLAnchorElement;
  private readonly picture = el("img", { alt: "", loading: "lazy", width: 320, height: 180 });
  private readonly noPicture = icon("film");
  private readonly length = el("span", { class: "poster-length" });
  private readonly facts = el("p", { class: "facts" });
  private readonly times = el("p", { class: "facts" });
  private readonly state = new StateBlock();
  private readonly watch: HTMLAnchorElement;
  private readonly actions: HTMLElement;
  readonly element: HTMLLIElement;

  constructor(video: Video) {
    this.video = video;
    const path = `/videos/${video.id}`;
    this.title = routeLink(path, BASE, { class: "video-title" }, []);
    // The title is the link for keyboards and screen readers; the poster is a larger target for the same.
    const poster = routeLink(path, BASE, { class: "poster", tabindex: "-1", "aria-hidden": "true" }, [
      this.noPicture,
      this.picture,
      this.length,
    ]);
    this.watch = el("a", { class: "button button-plain", target: "_blank", rel: "noopener" }, [
      icon("external"),
      el("span", {}, ["Watch"]),
    ]);
    const copyCode = button("Copy embed code", "plain", () => copy(embedCode(this.video), "Embed code copied."), "copy");
    this.actions = el("div", { class: "video-actions" }, [this.watch, copyCode]);
    this.element = el("li", { class: "video-row", "data-id": video.id }, [
      poster,
      el("div", { class: "video-text" }, [this.title, this.facts, this.state.element, this.times]),
      this.actions,
    ]);
    this.picture.addEventListener("error", () => (this.picture.hidden = true));
    this.show(video);
  }

  show(video: Video): void {
    this.video = video;
    setText(this.title, video.title || "Untitled");
    if (video.posterUrl && this.picture.getAttribute("src") !== video.posterUrl) this.picture.src = video.posterUrl;
    this.picture.hidden = video.posterUrl === null;
    this.length.hidden = video.durationMs === null;
    setText(this.length, video.durationMs === null ? "" : clock(video.durationMs));
    const facts = [PRIVACY[video.privacy].label, bytes(video.sizeBytes)];
    if (video.width && video.height) facts.push(`${video.width} × ${video.height}`);
    if (video.receivedAt) facts.push(`received ${moment(video.receivedAt)}`);
    setText(this.facts, facts.join(" · "));
    setText(this.times, timesLine(video).replace(/^./, (letter) => letter.toUpperCase()));
    this.state.show(video);
    this.actions.hidden = video.state === "failed" && !video.playable; // nothing to show to anybody
    this.watch.href = video.watchPath;
    this.watch.setAttribute("aria-label", `Watch ${video.title} on its page`);
  }
}
