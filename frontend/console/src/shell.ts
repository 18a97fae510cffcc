// What stays around every page: the head with its navigation, how uploads are doing, dropping files anywhere.

import { BASE } from "./api";
import { el, setText } from "./dom";
import { icon, mark } from "./icons";
import { go } from "./router";
import type { Session } from "./types";
import { button, routeLink } from "./ui/button";
import { uploads } from "./upload/queue";
import { takeFiles } from "./views/upload";
import type { View } from "./views/view";

export class Shell {
  private readonly place = el("div", { class: "place" });
  private readonly library = routeLink("/", BASE, { class: "nav-link" }, ["Library"]);
  private readonly uploading = el("span", { class: "uploading", hidden: true });
  private readonly upload = routeLink("/upload", BASE, { class: "button button-primary nav-upload" }, [
    icon("upload"),
    el("span", {}, ["Upload"]),
    this.uploading,
  ]);
  private view: View | null = null;

  constructor(root: HTMLElement, session: Session, signOut: () => Promise<void>) {
    this.upload.hidden = !session.may.upload;
    const who = el("span", { class: "who", title: session.user.email }, [session.tenant.name]);
    const leave = button("Sign out", "quiet", signOut, "leave");
    leave.classList.add("sign-out");
    leave.title = "Sign out";
    root.replaceChildren(
      el("a", { class: "skip", href: "#main", onclick: (event: Event) => this.skip(event) }, ["Skip to the content"]),
      el("header", { class: "head" }, [
        routeLink("/", BASE, { class: "brand", "aria-label": "Framehouse" }, [mark(), el("span", {}, ["Framehouse"])]),
        el("nav", { "aria-label": "Console" }, [this.library]),
        el("div", { class: "head-end" }, [who, this.upload, leave]),
      ]),
      this.place,
    );
    uploads.listen(() => this.showUploading());
    if (session.may.upload) this.acceptDrops();
  }

  show(view: View, path: string): void {
    const isFirst = this.view === null;
    this.view?.dispose?.();
    this.view = view;
    this.place.replaceChildren(view.element);
    document.title = `${view.title} – Framehouse`;
    for (const [link, own] of [[this.library, "/"], [this.upload, "/upload"]] as const) {
      if (path === own) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    window.scrollTo(0, 0);
    // The focus follows to the new page, as it would with a real one.
    view.element.tabIndex = -1;
    if (!isFirst) view.element.focus({ preventScroll: true });
  }

  close(): void {
    this.view?.dispose?.();
    this.view = null;
  }

  private skip(event: Event): void {
    event.preventDefault();
    this.view?.element.focus();
  }

  private showUploading(): void {
    const active = uploads.transfers.filter(({ isOver }) => !isOver);
    const total = active.reduce((sum, { file }) => sum + file.size, 0);
    const sent = active.reduce((sum, { sentBytes }) => sum + sentBytes, 0);
    this.uploading.hidden = active.length === 0;
    setText(this.uploading, active.length === 0 ? "" : `${Math.floor((sent / total) * 100)}%`);
  }

  private acceptDrops(): void {
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
    window.addEventListener("dragover", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      document.body.classList.add("dropping");
    });
    for (const name of ["dragleave", "drop"] as const) {
      window.addEventListener(name, (event) => {
        if (name === "drop" || event.relatedTarget === null) document.body.classList.remove("dropping");
      });
    }
    window.addEventListener("drop", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      takeFiles(event.dataTransfer?.files ?? null);
      if (this.view?.title !== "Upload") go("/upload");
    });
  }
}
