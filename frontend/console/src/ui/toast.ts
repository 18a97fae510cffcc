// Short messages at the edge of the window, spoken by screen readers.

import { el } from "../dom";

const STAYS_MS = 5000;
const region = el("div", { class: "toasts", role: "status", "aria-live": "polite" });

export function mountToasts(): void {
  document.body.append(region);
}

export function toast(text: string, tone: "calm" | "bad" = "calm"): void {
  const message = el("p", { class: `toast toast-${tone}` }, [text]);
  region.append(message);
  window.setTimeout(() => message.remove(), STAYS_MS);
}

/** Shows why something failed; anything may have been thrown. */
export function toastError(error: unknown): void {
  toast(error instanceof Error ? error.message : String(error), "bad");
}
