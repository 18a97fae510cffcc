// How a video's state looks: a pill with its name, a sentence, a bar while it is worked on.

import { el, setText } from "../dom";
import type { Video } from "../types";
import { stateWords } from "../words";

export class StateBlock {
  private readonly pill = el("span", { class: "pill" });
  private readonly detail = el("span", { class: "state-detail" });
  private readonly bar = el("progress", { max: 100, "aria-label": "Progress" });
  readonly element = el("div", { class: "state" }, [
    el("p", { class: "state-line" }, [this.pill, this.detail]),
    this.bar,
  ]);

  show(video: Video): void {
    const words = stateWords(video);
    setText(this.pill, words.label);
    this.pill.className = `pill pill-${words.tone}`;
    setText(this.detail, words.detail);
    const working = video.state === "received" || video.state === "processing";
    this.bar.hidden = !working;
    if (video.state === "received") this.bar.removeAttribute("value");
    else this.bar.value = video.progressPercent;
  }
}
