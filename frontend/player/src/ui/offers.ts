// What the owner offers besides watching: files to download, a link and embed code to copy. Each is a
// page of the menu, reached by its own button or, where that has no room, from the settings.

import type { Download, PlayerConfig } from "../config";
import { STRINGS } from "../strings";
import { copyText } from "./copy";
import type { Menu, MenuItem } from "./menu";

export interface Offer {
  readonly title: string;
  /** Shows its page; `back` leads to where it was opened from. */
  readonly show: (opener: HTMLElement, back?: () => void) => void;
}

export class Offers {
  #downloads: readonly Download[] = [];
  #texts: readonly { label: string; text: string }[] = [];

  constructor(private readonly menu: Menu) {}

  configure({ downloads, sharing }: PlayerConfig): void {
    this.#downloads = downloads;
    const pageUrl = sharing?.pageUrl ? new URL(sharing.pageUrl, document.baseURI).href : "";
    this.#texts = [
      { label: STRINGS.copyLink, text: pageUrl },
      { label: STRINGS.copyEmbed, text: sharing?.embedCode ?? "" },
    ].filter(({ text }) => text !== "");
  }

  get download(): Offer | null {
    if (this.#downloads.length === 0) return null;
    return { title: STRINGS.download, show: (opener, back) => this.#showDownloads(opener, back) };
  }

  get share(): Offer | null {
    if (this.#texts.length === 0) return null;
    return { title: STRINGS.share, show: (opener, back) => this.#showTexts(opener, back, null, "") };
  }

  available(): readonly Offer[] {
    return [this.download, this.share].filter((offer) => offer !== null);
  }

  #showDownloads(opener: HTMLElement, back?: () => void): void {
    const items = this.#downloads.map(({ label, url }): MenuItem => ({ label, href: url, choose: () => undefined }));
    this.menu.show({ title: STRINGS.download, items, back }, opener);
  }

  /** `told` stands beside the text that was just copied, or could not be. */
  #showTexts(opener: HTMLElement, back: (() => void) | undefined, acted: number | null, told: string): void {
    const items = this.#texts.map(({ label, text }, index): MenuItem => ({
      label,
      detail: index === acted ? told : "",
      choose: () => {
        void copyText(text).then((copied) => {
          this.#showTexts(opener, back, index, copied ? STRINGS.copied : STRINGS.copyFailed);
        });
      },
    }));
    this.menu.show({ title: STRINGS.share, items, back, focused: acted ?? 0 }, opener);
  }
}
