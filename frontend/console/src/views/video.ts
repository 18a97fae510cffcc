// One video: its player, its details to edit, its work, and its end.

import { api, ApiError, BASE } from "../api";
import { el, setText } from "../dom";
import { icon } from "../icons";
import { listen } from "../live";
import { go } from "../router";
import type { Permissions, Video } from "../types";
import { button, routeLink } from "../ui/button";
import { copy } from "../ui/copy";
import { DetailsForm } from "../ui/details_form";
import { confirmLoss } from "../ui/dialog";
import { Facts } from "../ui/facts";
import { StateBlock } from "../ui/state";
import { toast, toastError } from "../ui/toast";
import { WorkLines } from "../ui/work_lines";
import { absolute, embedCode } from "../words";
import type { View } from "./view";

const PLAYER_MAY = "autoplay; fullscreen; picture-in-picture; encrypted-media";

export class VideoView implements View {
  readonly title = "Video";
  readonly element = el("main", { class: "page", id: "main", "aria-busy": "true" });
  private readonly heading = el("h1", { class: "video-heading" });
  private readonly player = el("iframe", { class: "player", allow: PLAYER_MAY });
  private readonly state = new StateBlock();
  private readonly facts = new Facts();
  private readonly work: WorkLines;
  private readonly cancel = button("Cancel the encode", "plain", async () => this.show(await api.cancel(this.id)), "close");
  private readonly rerun = button("Run again", "plain", async () => this.runAgain(), "retry");
  private readonly watch = el("a", { class: "button button-plain", target: "_blank", rel: "noopener" }, [
    icon("external"),
    el("span", {}, ["Open its page"]),
  ]);
  private form: DetailsForm | null = null;
  private video: Video | null = null;
  private stopListening = (): void => {};
  private disposed = false;

  constructor(
    private readonly id: string,
    private readonly may: Permissions,
  ) {
    this.work = new WorkLines(id);
    this.stopListening = listen({
      ready: () => this.read(),
      video: (video) => video.id === this.id && this.changed(video),
      list: () => this.read(), // it may be this one that went
    });
    this.read();
  }

  dispose(): void {
    this.disposed = true;
    this.stopListening();
    this.work.stop();
  }

  private read(): void {
    api.video(this.id).then(
      (video) => this.show(video),
      (error: unknown) => (error instanceof ApiError && error.status === 404 ? this.gone() : toastError(error)),
    );
  }

  /** A change that was told: the downloads come with the next reading, once it is complete. */
  private changed(video: Video): void {
    const completed = video.state === "complete" && this.video?.state !== "complete";
    this.show({ ...video, downloads: this.video?.downloads ?? [] });
    if (completed) this.read();
  }

  private show(video: Video): void {
    if (this.disposed) return;
    this.video = video;
    if (this.form === null) this.build(video);
    else this.form.show(video);
    setText(this.heading, video.title || "Untitled");
    document.title = `${video.title} – Framehouse`;
    this.player.title = `Player: ${video.title}`;
    this.state.show(video);
    this.facts.show(video);
    this.work.changed();
    this.watch.href = video.watchPath;
    this.cancel.hidden = !this.may.upload || video.state !== "processing";
    this.rerun.hidden = !this.may.upload || video.state !== "failed";
  }

  private build(video: Video): void {
    this.player.src = video.embedPath;
    this.form = new DetailsForm(video, this.may.change, (saved, accessChanged) => {
      this.show({ ...saved, downloads: saved.downloads ?? [] });
      if (accessChanged) this.reloadPlayer(); // its ticket is no longer good
    });
    const copyCode = () => this.video && copy(embedCode(this.video), "Embed code copied.");
    const copyLink = () => this.video && copy(absolute(this.video.watchPath), "Link copied.");
    const code = button("Copy embed code", "plain", copyCode, "copy");
    const link = button("Copy link", "plain", copyLink, "copy");
    const remove = button("Delete", "danger", () => this.remove(), "trash");
    this.element.removeAttribute("aria-busy");
    this.element.replaceChildren(
      routeLink("/", BASE, { class: "back" }, [icon("back"), "Library"]),
      this.heading,
      el("div", { class: "columns" }, [
        el("div", { class: "column" }, [
          el("div", { class: "player-frame" }, [this.player]),
          el("div", { class: "card status" }, [
            this.state.element,
            el("div", { class: "row" }, [this.watch, link, code, this.cancel, this.rerun]),
          ]),
          this.work.element,
        ]),
        el("div", { class: "column" }, [this.form.element, this.facts.element, this.may.delete ? removal(remove) : ""]),
      ]),
    );
  }

  private reloadPlayer(): void {
    if (this.video) this.player.src = this.video.embedPath;
  }

  private async runAgain(): Promise<void> {
    this.show(await api.runAgain(this.id));
    this.reloadPlayer();
  }

  private async remove(): Promise<void> {
    const title = this.video?.title ?? "";
    const text = "Its pages and embeds stop working at once, and its files are removed. This cannot be undone.";
    if (!(await confirmLoss(`Delete “${title}”?`, text, "Delete"))) return;
    this.stopListening();
    await api.remove(this.id);
    toast(`“${title}” was deleted.`);
    go("/", true);
  }

  private gone(): void {
    if (this.disposed) return;
    this.element.removeAttribute("aria-busy");
    const back = routeLink("/", BASE, { class: "button button-plain" }, ["Back to the library"]);
    const told = [el("h1", {}, ["This video is not here"]), el("p", {}, ["It may have been deleted."])];
    this.element.replaceChildren(el("div", { class: "empty" }, [icon("film"), ...told, back]));
  }
}

function removal(remove: HTMLButtonElement): HTMLElement {
  const text = el("p", { class: "facts" }, ["Removes the video and all its files."]);
  return el("section", { class: "card removal" }, [text, remove]);
}
