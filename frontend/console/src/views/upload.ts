// Choosing files and watching them go; what an earlier visit began can be continued or given up.

import { api } from "../api";
import { arrange, el } from "../dom";
import { bytes, moment } from "../format";
import { icon } from "../icons";
import { iconButton } from "../ui/button";
import { toast, toastError } from "../ui/toast";
import { TransferRow } from "../ui/transfer_row";
import { allRemembered, forget, type Remembered } from "../upload/memory";
import { uploads } from "../upload/queue";
import type { Transfer } from "../upload/transfer";
import type { View } from "./view";

const KINDS = "video/*,audio/*,.mkv,.ts,.m2ts,.mxf,.mov,.avi,.flv,.wmv,.mpg";

/** Takes files into the queue and says which were refused. */
export function takeFiles(files: FileList | null): void {
  for (const { file, reason } of uploads.add(files ?? [])) toast(`${file.name} ${reason}.`, "bad");
}

export class UploadView implements View {
  readonly title = "Upload";
  readonly element: HTMLElement;
  private readonly list = el("ul", { class: "transfers", "aria-label": "Uploads" });
  private readonly unfinished = el("section", { class: "unfinished" });
  private readonly rows = new Map<Transfer, TransferRow>();
  private readonly stopListening = uploads.listen(() => this.show());
  private unfinishedKeys = "";

  constructor() {
    const input = el("input", { type: "file", multiple: true, accept: KINDS, class: "offscreen", id: "files" });
    input.addEventListener("change", () => {
      takeFiles(input.files);
      input.value = "";
    });
    // A label is a button for the mouse already; the input inside it is one for the keyboard.
    const zone = el("label", { class: "dropzone", for: "files" }, [
      icon("upload"),
      el("span", { class: "dropzone-title" }, ["Drop files here, or choose them"]),
      el("span", { class: "facts" }, ["Video or audio of any common kind. A broken upload continues where it stopped."]),
      input,
    ]);
    this.element = el("main", { class: "page page-narrow", id: "main" }, [
      el("div", { class: "page-head" }, [el("h1", {}, ["Upload"])]),
      zone,
      this.list,
      this.unfinished,
    ]);
    this.show();
  }

  dispose(): void {
    this.stopListening();
  }

  private show(): void {
    const { transfers } = uploads;
    for (const transfer of transfers) {
      const row = this.rows.get(transfer);
      if (row) row.show();
      else this.rows.set(transfer, new TransferRow(transfer));
    }
    for (const transfer of this.rows.keys()) if (!transfers.includes(transfer)) this.rows.delete(transfer);
    arrange(this.list, transfers.map((transfer) => this.rows.get(transfer)?.element).filter((row) => row !== undefined));
    this.showUnfinished();
  }

  private showUnfinished(): void {
    const present = new Set(uploads.transfers.map(({ key }) => key));
    const left = allRemembered().filter(([key]) => !present.has(key));
    const keys = left.map(([key]) => key).join("\n");
    if (keys === this.unfinishedKeys) return;
    this.unfinishedKeys = keys;
    this.unfinished.replaceChildren();
    if (left.length === 0) return;
    const rows = left.map(([key, upload]) => this.unfinishedRow(key, upload));
    this.unfinished.append(
      el("h2", {}, ["Unfinished"]),
      el("p", { class: "facts" }, ["Choose the same file again to continue where it stopped."]),
      el("ul", { class: "transfers" }, rows),
    );
  }

  private unfinishedRow(key: string, upload: Remembered): HTMLLIElement {
    const discard = iconButton(`Discard ${upload.name}`, "trash", async () => {
      forget(key);
      this.show();
      await api.abortUpload(upload.uploadId).catch(toastError);
    });
    const began = moment(new Date(upload.startedAtMs).toISOString());
    return el("li", { class: "transfer" }, [
      el("div", { class: "transfer-text" }, [
        el("p", { class: "transfer-name" }, [upload.name]),
        el("p", { class: "facts" }, [`${bytes(upload.sizeBytes)} · began ${began}`]),
      ]),
      discard,
    ]);
  }
}
