// The facts of one video in a list: when what happened, what it is, what can be fetched.

import { el } from "../dom";
import { between, bytes, clock, moment } from "../format";
import { icon } from "../icons";
import type { Video } from "../types";

export class Facts {
  private readonly list = el("dl", { class: "fact-list" });
  private readonly downloads = el("div", { class: "downloads" });
  readonly element = el("section", { class: "card" }, [el("h2", {}, ["Facts"]), this.list, this.downloads]);
  private shown = "";

  show(video: Video): void {
    const facts = factsOf(video);
    const state = JSON.stringify([facts, video.downloads]);
    if (state === this.shown) return;
    this.shown = state;
    this.list.replaceChildren(
      ...facts.map(([name, value]) => el("div", {}, [el("dt", {}, [name]), el("dd", {}, [value])])),
    );
    this.downloads.replaceChildren(
      ...(video.downloads ?? []).map((file) =>
        el("a", { class: "button button-plain", href: file.url, download: true }, [
          icon("download"),
          el("span", {}, [`${file.name} (${bytes(file.sizeBytes)})`]),
        ]),
      ),
    );
  }
}

function factsOf(video: Video): [string, string][] {
  const facts: [string, string][] = [];
  const { receivedAt, playableAt, completeAt } = video;
  if (receivedAt) facts.push(["Received", moment(receivedAt)]);
  if (receivedAt && playableAt) facts.push(["Playable", `after ${between(receivedAt, playableAt)}`]);
  if (receivedAt && completeAt) facts.push(["Complete", `after ${between(receivedAt, completeAt)}`]);
  if (video.durationMs !== null) facts.push(["Length", clock(video.durationMs)]);
  if (video.width && video.height) facts.push(["Picture", `${video.width} × ${video.height}`]);
  facts.push(["File", `${video.fileName} (${bytes(video.sizeBytes)})`]);
  facts.push(["Id", video.id]);
  return facts;
}
