// One file of the upload list: how far it is, and what can be done about it.

import { BASE } from "../api";
import { el, setText } from "../dom";
import { bytes, span } from "../format";
import type { Transfer, TransferState } from "../upload/transfer";
import { uploads } from "../upload/queue";
import { iconButton, routeLink } from "./button";
import { toastError } from "./toast";

const WORDS: Readonly<Record<TransferState, string>> = {
  waiting: "Waits for the files before it",
  sending: "Uploading",
  finishing: "Putting the parts together",
  paused: "Paused",
  done: "Uploaded",
  failed: "Failed",
};
const SPEED_WINDOW_MS = 5000;

export class TransferRow {
  private readonly status = el("p", { class: "facts" });
  private readonly bar: HTMLProgressElement;
  private readonly pause: HTMLButtonElement;
  private readonly resume: HTMLButtonElement;
  private readonly cancel: HTMLButtonElement;
  private readonly open = el("span", {});
  private samples: [number, number][] = [];
  readonly element: HTMLLIElement;

  constructor(private readonly transfer: Transfer) {
    const { name } = transfer.file;
    this.bar = el("progress", { max: 1, "aria-label": `Upload of ${name}` });
    this.pause = iconButton(`Pause ${name}`, "pause", () => uploads.pause(transfer));
    this.resume = iconButton(`Continue ${name}`, "play", () => uploads.resume(transfer));
    this.cancel = iconButton(`Cancel ${name}`, "close", () => uploads.cancel(transfer).catch(toastError));
    this.element = el("li", { class: "transfer" }, [
      el("div", { class: "transfer-text" }, [el("p", { class: "transfer-name" }, [name]), this.status, this.bar]),
      el("div", { class: "row" }, [this.open, this.pause, this.resume, this.cancel]),
    ]);
    this.show();
  }

  show(): void {
    const { transfer } = this;
    const { state, file, video } = transfer;
    this.element.dataset["state"] = state;
    this.bar.value = transfer.sentBytes / file.size;
    this.bar.hidden = state === "done";
    this.pause.hidden = state !== "sending" && state !== "waiting";
    this.resume.hidden = state !== "paused" && state !== "failed";
    this.cancel.hidden = state === "done" || state === "finishing";
    setText(this.status, this.told(state));
    if (state === "done" && video !== null && this.open.childElementCount === 0) {
      this.open.append(routeLink(`/videos/${video.id}`, BASE, { class: "button button-plain" }, ["Open"]));
    }
  }

  private told(state: TransferState): string {
    const { transfer } = this;
    const size = bytes(transfer.file.size);
    if (state === "done") return `${WORDS.done} · ${size}`;
    if (transfer.message) return transfer.message;
    if (state === "waiting") return `${WORDS.waiting} · ${size}`;
    return `${WORDS[state]} · ${bytes(transfer.sentBytes)} of ${size}${state === "sending" ? this.speed() : ""}`;
  }

  /** Over the last seconds, so that it neither jumps nor lags. */
  private speed(): string {
    const now = performance.now();
    this.samples.push([now, this.transfer.sentBytes]);
    this.samples = this.samples.filter(([time]) => now - time < SPEED_WINDOW_MS);
    const [first, last] = [this.samples[0], this.samples.at(-1)];
    if (!first || !last || last[0] - first[0] < 1000 || last[1] <= first[1]) return "";
    const perSecond = ((last[1] - first[1]) / (last[0] - first[0])) * 1000;
    return ` · ${bytes(perSecond)}/s, ${span(((this.transfer.file.size - last[1]) / perSecond) * 1000)} left`;
  }
}
