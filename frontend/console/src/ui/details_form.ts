// Title, description, privacy and password of one video. What a person has typed is never overwritten.

import { api, ApiError } from "../api";
import { el } from "../dom";
import type { Privacy, Video, VideoChanges } from "../types";
import { PRIVACY } from "../words";
import { field } from "./field";
import { toast } from "./toast";

const CHOICES: readonly Privacy[] = ["public", "private", "password"];

export class DetailsForm {
  private readonly title = field("Title", el("input", { type: "text", maxlength: 1000, required: true }));
  private readonly description = field("Description", el("textarea", { rows: 4, maxlength: 20000 }));
  private readonly privacy = field("Who may watch", el("select"));
  private readonly password = field("Password", el("input", { type: "text", maxlength: 1000, autocomplete: "off" }));
  private readonly save = el("button", { type: "submit", class: "button button-primary" }, ["Save"]);
  readonly element = el("form", { class: "card details-form", novalidate: true }, [
    el("h2", {}, ["Details"]),
    this.title.element,
    this.description.element,
    this.privacy.element,
    this.password.element,
    el("div", { class: "row row-end" }, [this.save]),
  ]);

  constructor(
    private video: Video,
    mayWrite: boolean,
    private readonly saved: (video: Video, accessChanged: boolean) => void,
  ) {
    const choices = CHOICES.includes(video.privacy) ? CHOICES : [...CHOICES, video.privacy];
    this.privacy.control.append(...choices.map((choice) => el("option", { value: choice }, [PRIVACY[choice].label])));
    for (const { control } of this.fields) control.disabled = !mayWrite;
    this.save.hidden = !mayWrite;
    this.fill();
    for (const name of ["input", "change"]) this.element.addEventListener(name, () => this.look());
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.send();
    });
  }

  /** What was read again; shown unless somebody is editing. */
  show(video: Video): void {
    const editing = Object.keys(this.changes()).length > 0;
    this.video = video;
    if (!editing) this.fill();
  }

  private get fields() {
    return [this.title, this.description, this.privacy, this.password] as const;
  }

  private fill(): void {
    this.title.control.value = this.video.title;
    this.description.control.value = this.video.description ?? "";
    this.privacy.control.value = this.video.privacy;
    this.password.control.value = "";
    this.look();
  }

  private look(): void {
    const privacy = this.privacy.control.value as Privacy;
    this.privacy.setHint(PRIVACY[privacy].hint);
    this.password.element.hidden = privacy !== "password";
    this.password.setHint(this.video.hasPassword ? "Leave it empty to keep the password it has." : "");
    this.save.disabled = Object.keys(this.changes()).length === 0;
  }

  private changes(): VideoChanges {
    const changes: VideoChanges = {};
    const description = this.description.control.value;
    const privacy = this.privacy.control.value as Privacy;
    if (this.title.control.value.trim() !== this.video.title) changes.title = this.title.control.value.trim();
    if (description !== (this.video.description ?? "")) changes.description = description || null;
    if (privacy !== this.video.privacy) changes.privacy = privacy;
    if (privacy === "password" && this.password.control.value) changes.password = this.password.control.value;
    return changes;
  }

  private async send(): Promise<void> {
    const changes = this.changes();
    const needsPassword = this.privacy.control.value === "password" && !this.video.hasPassword && !changes.password;
    this.title.setError(this.title.control.value.trim() ? "" : "A video needs a title.");
    this.password.setError(needsPassword ? "Choose a password." : "");
    if (changes.title === "") return this.title.control.focus();
    if (needsPassword) return this.password.control.focus();
    this.save.disabled = true;
    try {
      this.video = await api.change(this.video.id, changes);
      this.fill();
      this.saved(this.video, changes.privacy !== undefined || changes.password !== undefined);
      toast("Saved.");
    } catch (error) {
      this.look();
      if (error instanceof ApiError) this.showErrors(error);
      else throw error;
    }
  }

  private showErrors(error: ApiError): void {
    const known = { title: this.title, description: this.description, privacy: this.privacy, password: this.password };
    for (const [name, shown] of Object.entries(known)) {
      const text = error.fields[name];
      shown.setError(text ? `${text.charAt(0).toUpperCase()}${text.slice(1)}.` : "");
    }
    toast(error.message, "bad");
  }
}
